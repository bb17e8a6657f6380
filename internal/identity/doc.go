// Package identity lets people log in through an identity provider (OpenID Connect): the authorization code flow with PKCE, state and
// nonce, and which user a person at the provider is.
//
// It owns the tables user_identity and login_exchange. Users and login sessions are auth's, and who may administer whom is account's;
// identity asks account before it links, and auth to open the session.
//
// Invariants: a person at the provider is issuer and subject, never a name or an e-mail address; logging in makes no account and gives no
// role; of a state and of a browser's secret only the SHA-256 is kept; an exchange is good once, for ten minutes, in the browser it began
// in; only tokens signed by a key of the provider with RS256, PS256, ES256 or EdDSA count; the provider is asked when it is needed and
// never before, so that the server starts without it.
//
// It may call fault, calendar, text, database, httpapi, audit, auth, org and account.
package identity
