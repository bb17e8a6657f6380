package inspection

import "sochibo/internal/audit"

// Sealed is what the log commits to of an inspection: the round and its objects.
func Sealed() audit.Kind {
	return audit.Kind{Name: "inspection", Parts: []audit.Part{
		{Model: Inspection{}, Key: "id"},
		{Model: Object{}, Key: "inspection_id"},
	}}
}
