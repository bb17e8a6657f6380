// Package directive keeps the documents that meetings study: number, issuer, date and title; who requires by when that they are studied; and
// the plans by which organisations carry them out.
//
// It owns the tables directive, one registry for the whole installation, study_requirement and implementing_plan. Numbers repeat, so a
// document is known by number, date and issuer.
//
// Invariants: every directive has a number and the day it was issued; an organisation requires a directive once, of itself and of all that
// stand below it, by a day not before that of the issue; requirements and plans are not changed, but taken back and made anew; they are seen
// by those whom their organisation reaches, and by those who reach it.
//
// It may call fault, calendar, text, database, httpapi, auth and org.
package directive
