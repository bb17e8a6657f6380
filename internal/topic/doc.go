// Package topic keeps the library of topics for thematic sessions.
//
// It owns the tables topic and topic_link. A topic belongs to an organisation, which offers it to itself and to all that stand below it
// today, or to nobody, and is then offered to everybody; it may name the directive that asks for it, and link to material.
//
// Invariants: every topic has a title and one of the categories; its owner never changes; a topic is seen by those whom its owner reaches,
// and by those who reach its owner; a link leads to an https address.
//
// It may call fault, calendar, text, database, httpapi, auth, org and directive.
package topic
