// Package provider starts an identity provider that nobody here wrote, the example of github.com/zitadel/oidc, and stands between it and
// the program under test: what is genuine stays genuine, and what a test changes on the way is what an attacker on the way would.
//
// It owns the way through the provider's pages and the forging of tokens. It calls no other room. The provider itself is a program of a
// module of its own, in example.
package provider
