package resolution

import "sochibo/internal/audit"

// Sealed is what the log commits to of a resolution.
func Sealed() audit.Kind {
	return audit.Kind{Name: "resolution", Parts: []audit.Part{{Model: Resolution{}, Key: "id"}}}
}

// SealedTask is what the log commits to of a task.
func SealedTask() audit.Kind {
	return audit.Kind{Name: "task", Parts: []audit.Part{{Model: Task{}, Key: "id"}}}
}
