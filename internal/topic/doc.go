// Package topic keeps the library of topics for thematic sessions.
//
// It owns the table topic, one registry for the whole installation; a topic may name the directive that asks for it.
//
// Invariants: every topic has a title and one of the categories.
//
// It may call fault, calendar, text, database, httpapi, auth, org and directive.
package topic
