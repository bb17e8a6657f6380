package topic

import "sochibo/internal/audit"

// Sealed is what the log commits to of a topic.
func Sealed() audit.Kind {
	return audit.Kind{Name: "topic", Parts: []audit.Part{{Model: Topic{}, Key: "id"}}}
}
