package org

import "sochibo/internal/audit"

// Sealed is what the log commits to of an organisation: its own row, its placements, bodies in office and excused months.
func Sealed() audit.Kind {
	return audit.Kind{Name: "organization", Parts: []audit.Part{
		{Model: Organization{}, Key: "id"},
		{Model: Placement{}, Key: "organization_id"},
		{Model: BodyTerm{}, Key: "organization_id"},
		{Model: ExcusedMonth{}, Key: "organization_id"},
	}}
}

// SealedGrant is what the log commits to of a grant.
func SealedGrant() audit.Kind {
	return audit.Kind{Name: "grant", Parts: []audit.Part{{Model: Grant{}, Key: "id"}}}
}
