// Package auth says who is calling: users, what they log in with, their login sessions and API tokens, and the roles a user can hold.
//
// It owns the tables user_account, user_credential, recovery_code, known_device, login_session, login_attempt, login_failure and
// api_token, the list of permissions and the table of what each role permits. Where a role is granted, and what follows for an
// organisation, is decided in org; who administers whom, in account.
//
// Invariants: of a token, a session and a code only the SHA-256 is kept, of a password its argon2id hash; a token belongs to one grant
// of its user and expires; an attempt to log in, or to prove again who one is, counts as failed before it is looked at; in a login
// session, what is weighty passes the guard with a fresh proof only; an actor without a name is the installation itself, which only the
// command line is.
//
// It may call fault, calendar, text, database and httpapi.
package auth
