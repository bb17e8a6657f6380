// Package directive keeps the documents that meetings study: number, issuer, date and title.
//
// It owns the table directive, one registry for the whole installation. Numbers repeat, so a document is known by number and date.
//
// Invariants: every directive has a number and the day it was issued.
//
// It may call fault, calendar, text, database, httpapi, auth and org.
package directive
