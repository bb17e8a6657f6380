package member

import "sochibo/internal/audit"

// Sealed is what the log commits to of a member: the own row, homes, statuses and offices.
func Sealed() audit.Kind {
	return audit.Kind{Name: "member", Parts: []audit.Part{
		{Model: Member{}, Key: "id"},
		{Model: Membership{}, Key: "member_id"},
		{Model: Status{}, Key: "member_id"},
		{Model: Office{}, Key: "member_id"},
	}}
}
