package directive

import "sochibo/internal/audit"

// Sealed is what the log commits to of a directive.
func Sealed() audit.Kind {
	return audit.Kind{Name: "directive", Parts: []audit.Part{{Model: Directive{}, Key: "id"}}}
}

// SealedRequirement is what the log commits to of a requirement to study.
func SealedRequirement() audit.Kind {
	return audit.Kind{Name: "study_requirement", Parts: []audit.Part{{Model: Requirement{}, Key: "id"}}}
}

// SealedPlan is what the log commits to of an implementing plan.
func SealedPlan() audit.Kind {
	return audit.Kind{Name: "implementing_plan", Parts: []audit.Part{{Model: Plan{}, Key: "id"}}}
}
