package briefing

import "sochibo/internal/audit"

// Sealed is what the log commits to of a briefing: its row and its lines.
func Sealed() audit.Kind {
	return audit.Kind{Name: "briefing", Parts: []audit.Part{
		{Model: Briefing{}, Key: "id"},
		{Model: Line{}, Key: "briefing_id"},
	}}
}

// SealedUse is what the log commits to of a use. It is a record of its own: many use one briefing, and none waits for another.
func SealedUse() audit.Kind {
	return audit.Kind{Name: "briefing_use", Parts: []audit.Part{{Model: Use{}, Key: "id"}}}
}
