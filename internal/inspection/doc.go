// Package inspection keeps rounds of inspection and supervision: who inspects, when, and which organisations and members; what a round
// found, what has to be done about it, and how that was checked again; and which records were drawn at random to be looked at;
// what is planned for a year, and which cells rounds have reached.
//
// It owns the tables inspection, inspection_object, inspection_finding, remedy, remedy_check, inspection_sample,
// inspection_sample_organization, inspection_sample_meeting, inspection_plan, inspection_plan_item and inspection_plan_object. A round and
// each of its objects is posted to the ledger in the transaction that records it, in the month and by the tree of the round's first day;
// findings and remedies count in no figure.
//
// Invariants: an object is in a round once; the inspecting organisation exists on the first day and can have the inspecting body; a
// finding is about an object of its round or about the whole; who reported what became of a remedy does not check it; a re-check never
// changes; a sample never changes, and the ledger, its seed and its filter give it again.
//
// It may call fault, calendar, text, database, httpapi, audit, auth, org, member, rules, ledger and meeting.
package inspection
