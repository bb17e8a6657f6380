// Package summary composes figures from the balances of the ledger: sessions, compliance, attendance, inspections and
// coverage of an organisation over a period, whole or in groups; and the map of compliance: how each body stands with each month, what is
// missing, and what waits for the superior.
//
// It owns no table. It may read those of others, but for what is counted it asks the ledger alone.
//
// Invariants: counts are integers, a rate is a numerator and a denominator, and a total rate is the sum of the numerators
// over the sum of the denominators. The definitions are those of docs/exchange-format.md, "How the figures follow".
//
// It may call fault, calendar, text, database, httpapi, auth, org, member, rules, ledger and meeting.
package summary
