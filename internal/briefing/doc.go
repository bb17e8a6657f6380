// Package briefing keeps what superiors ask the meetings of a month to take up: points of the agenda, directives to study, material.
//
// It owns the tables briefing, briefing_line and briefing_use, the last of which says which meetings used a briefing; meeting stands to the
// right, so a use names a meeting by its bare id, and the room study, which knows both, asks who may note one.
//
// Invariants: a briefing belongs to an organisation and a month, and its organisation never changes; it is offered to its organisation and to
// all that stand below it today; it has at least one line; a meeting uses a briefing once.
//
// It may call fault, calendar, text, database, httpapi, audit, auth, org, rules and directive.
package briefing
