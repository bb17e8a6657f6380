// Package amendment changes accepted records, which nobody edits: a change is asked for with its reason and the document it rests on,
// checked like a submission, and kept; it counts once a superior who had no part in it confirms it.
//
// It owns the table amendment. The record itself is the room meeting's: that room checks what is proposed and makes a confirmed proposal
// the next version of the record.
//
// Invariants: a meeting has at most one amendment that waits; nobody confirms or rejects what they asked for, nor the amendment of a
// record they wrote on; what was decided is never decided again; until it is confirmed an amendment changes no figure.
//
// It may call what meeting may, and meeting.
package amendment
