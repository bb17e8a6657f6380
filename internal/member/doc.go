// Package member keeps the members of the Party, where each of them belongs and what holds for them, day by day.
//
// It owns the tables member, membership, member_status and office, the roster of a body on a day and the rules that say how a
// member on the roster counts: in the attendance base, on the roster only, or as temporarily here.
//
// Invariants: a member has at most one home cell on a day; every dated row lies within the life of its organisation; a change of
// a membership, status or office changes the version of its member. Nothing here touches a roll that was handed in.
//
// It may call fault, calendar, text, database, httpapi, auth and org.
package member
