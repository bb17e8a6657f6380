// Package meeting keeps the sittings of the bodies: their heads, rolls, minutes and record versions.
//
// It owns the tables meeting, meeting_content_item, meeting_directive, attendance, minutes_line, meeting_vote, meeting_totals,
// meeting_editor, record_version, meeting_event and tombstone. Resolutions and tasks belong to the room resolution, but are written in a meeting's transaction.
//
// Invariants: a draft (scheduled, held) may be edited, a record that is in (submitted, accepted) may not; submitting freezes the
// canonical bytes of record and roll as a numbered version and posts them to the ledger in the same transaction; withdrawing and
// returning reverse that posting; nobody accepts or returns what they edited; a cancelled meeting stays cancelled; whoever is on a
// frozen roll keeps the standing of that day; an accepted record gets its next version from a confirmed amendment alone, and the bytes of a
// version give way to nothing but the tombstone of an erasure. A roll of a draft names only what was recorded: not recorded is not absent. A meeting has a roll or totals,
// never both; one whose text is kept on paper has no text here.
//
// Locks are taken in this order: tree (shared), organisation, meeting, ledger.
//
// It may call fault, calendar, text, database, httpapi, auth, org, member, rules, ledger, topic, directive, briefing and resolution.
package meeting
