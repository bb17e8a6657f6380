package meeting

import "sochibo/internal/audit"

// Sealed is what the log commits to of a meeting: the head, the roll, the minutes and lists, who wrote and what happened, and the
// fingerprints of its record versions, whose bytes they stand for.
func Sealed() audit.Kind {
	return audit.Kind{Name: "meeting", Parts: []audit.Part{
		{Model: Meeting{}, Key: "id"},
		{Model: ContentItem{}, Key: "meeting_id"},
		{Model: StudiedDirective{}, Key: "meeting_id"},
		{Model: Attendance{}, Key: "meeting_id"},
		{Model: MinutesLine{}, Key: "meeting_id"},
		{Model: Vote{}, Key: "meeting_id"},
		{Model: Totals{}, Key: "meeting_id"},
		{Model: Event{}, Key: "meeting_id"},
		{Model: Editor{}, Key: "meeting_id"},
		{Model: RecordVersion{}, Key: "meeting_id", Omit: []string{"content"}},
		{Model: Tombstone{}, Key: "id"},
	}}
}
