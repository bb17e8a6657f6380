package directive

import "sochibo/internal/audit"

// Sealed is what the log commits to of a directive.
func Sealed() audit.Kind {
	return audit.Kind{Name: "directive", Parts: []audit.Part{{Model: Directive{}, Key: "id"}}}
}
