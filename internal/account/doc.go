// Package account is the administration of users: who sees whom, who adds, edits, disables and resets whom, and whose login sessions
// somebody may list and end.
//
// It owns no table: users, credentials and sessions are auth's, grants and the tree org's; account joins the two.
//
// Invariants: an administrator sees users with a grant within the own scope, or with none, and changes only those who have no grant
// outside it; nobody learns another's password; nobody disables or enables the own account.
//
// It may call fault, calendar, text, database, httpapi, audit, auth and org.
package account
