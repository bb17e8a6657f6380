package inspection

import "sochibo/internal/audit"

// Sealed is what the log commits to of an inspection: the round, its objects and its findings.
func Sealed() audit.Kind {
	return audit.Kind{Name: "inspection", Parts: []audit.Part{
		{Model: Inspection{}, Key: "id"},
		{Model: Object{}, Key: "inspection_id"},
		{Model: Finding{}, Key: "inspection_id"},
	}}
}

// SealedPlan is what the log commits to of a plan's head; its planned rounds are records of their own.
func SealedPlan() audit.Kind {
	return audit.Kind{Name: "inspection_plan", Parts: []audit.Part{{Model: Plan{}, Key: "id"}}}
}

// SealedPlanItem is what the log commits to of a planned round, with its objects.
func SealedPlanItem() audit.Kind {
	return audit.Kind{Name: "inspection_plan_item", Parts: []audit.Part{{Model: PlanItem{}, Key: "id"}, {Model: PlanObject{}, Key: "item_id"}}}
}

// SealedSample is what the log commits to of a sample: how it was drawn, from what, and what was drawn.
func SealedSample() audit.Kind {
	return audit.Kind{Name: "inspection_sample", Parts: []audit.Part{
		{Model: Sample{}, Key: "id"}, {Model: SampleOrganization{}, Key: "sample_id"}, {Model: SampleMeeting{}, Key: "sample_id"},
	}}
}

// SealedRemedy is what the log commits to of a remedy, with its re-checks.
func SealedRemedy() audit.Kind {
	return audit.Kind{Name: "remedy", Parts: []audit.Part{{Model: Remedy{}, Key: "id"}, {Model: Check{}, Key: "remedy_id"}}}
}
