// Package resolution keeps what meetings decide: resolutions, and the tasks they give to members.
//
// It owns the tables resolution and task. Both belong to a meeting and are written while its record is a draft: by the meeting room
// within its own transaction, or through the routes here, which lock the meeting's row, give it a new version and note the editor.
// What became of a task may be recorded at any time.
//
// Invariants: no resolution and no task is added to a record that was handed in; a task has a done day only when it is done; no two
// resolutions that were numbered here have the same place in the series of an organisation, kind, letters and term (docs/adr/0023).
//
// It may call fault, calendar, text, database, httpapi, audit, auth, org, member and rules; it reads the meetings' table, since the meeting room
// stands to its right.
package resolution
