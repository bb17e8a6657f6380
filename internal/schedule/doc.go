// Package schedule keeps what is planned around sessions: the dates a cell registers for a month and what its superior says to them, the
// notice and documents of a meeting, the delegates by whom a superior follows cells, and the private addresses at which a calendar program
// reads a schedule. It composes the view of all dates of a reach, with deadlines, changes and clashes, as JSON, CSV and iCalendar.
//
// It owns the tables registration, registered_session, meeting_notice, delegate, delegate_attendance and calendar_feed. Planned sessions
// themselves are meetings, which the room meeting keeps; here is what was registered of them.
//
// Invariants: of a month the last registration counts, and while it is not returned there is no other; a delegate is a member and never
// on the roster or in the base of a session attended as a delegate; the secret of a feed is kept nowhere, and its reader sees what its
// owner may see at that moment.
//
// It may call fault, calendar, text, database, httpapi, audit, auth, org, member, rules, topic and meeting.
package schedule
