package org_test

import (
	"context"
	"errors"
	"testing"

	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/org"
	"sochibo/internal/testkit/apitest"
)

// TestTheStoreNamesAnOverlap writes past the rules, as one of two who write at the same instant would after the other: the store refuses
// it by a fault of the caller's, not one of ours.
func TestTheStoreNamesAnOverlap(t *testing.T) {
	t.Parallel()
	eachGrants(t, func(t *testing.T, w apitest.World) {
		a1, day := w.Orgs["a1"], calendar.MustDate("2018-01-01")
		for what, insert := range map[string]func(ctx context.Context, tx *database.Tx) error{
			"placement": func(ctx context.Context, tx *database.Tx) error {
				return org.InsertPlacement(ctx, tx, &org.Placement{OrganizationID: a1, ParentID: w.Orgs["b"], ValidFrom: day})
			},
			"term": func(ctx context.Context, tx *database.Tx) error {
				one := org.BodyTerm{OrganizationID: a1, Body: org.CellCommittee, ValidFrom: day}
				other := one
				if err := org.InsertTerm(ctx, tx, &one); err != nil {
					return err
				}
				return org.InsertTerm(ctx, tx, &other)
			},
		} {
			_, err := database.Write(t.Context(), w.DB, func(tx *database.Tx) (struct{}, error) { return struct{}{}, insert(t.Context(), tx) })
			if !errors.Is(err, database.ErrOverlap) {
				t.Errorf("%s: %v", what, err)
			}
		}
	})
}
