// Package auth says who is calling: users, their API tokens, and the roles a user can hold.
//
// It owns the tables user_account and api_token, the list of permissions and the table of what each role permits. Where a role is
// granted, and what follows for an organisation, is decided in org.
//
// Invariants: of a token only its SHA-256 is kept; a token belongs to one grant of its user and expires; an actor without a name is
// the installation itself, which only the command line is.
//
// It may call fault, calendar, text, database and httpapi.
package auth
