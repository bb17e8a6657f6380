// Package experiment reports what an experiment of docs/reliability.md found, as one line of JSON.
//
// It owns the form of that line and the switch for the long forms. It calls no other room.
package experiment
