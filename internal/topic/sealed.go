package topic

import "sochibo/internal/audit"

// Sealed is what the log commits to of a topic: its row and its links.
func Sealed() audit.Kind {
	return audit.Kind{Name: "topic", Parts: []audit.Part{
		{Model: Topic{}, Key: "id"},
		{Model: Link{}, Key: "topic_id"},
	}}
}
