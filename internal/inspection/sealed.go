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
