package org

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"sochibo/internal/calendar"
	"sochibo/internal/database"
)

// Find returns the organisation, or ErrUnknown.
func Find(ctx context.Context, tx *database.Tx, id ID) (Organization, error) {
	o, err := database.Of[Organization](database.Gorm(ctx, tx)).Where("id = ?", id).Take(ctx)
	return o, unknown(err)
}

// FindByCode returns the organisation of the code, or ErrUnknown.
func FindByCode(ctx context.Context, tx *database.Tx, code string) (Organization, error) {
	o, err := database.Of[Organization](database.Gorm(ctx, tx)).Where("code = ?", code).Take(ctx)
	return o, unknown(err)
}

// Lock returns the organisation and keeps others from locking or changing it until the transaction ends; or ErrUnknown.
func Lock(ctx context.Context, tx *database.Tx, id ID) (Organization, error) {
	locking := clause.Locking{Strength: "NO KEY UPDATE"}
	o, err := database.Of[Organization](database.Gorm(ctx, tx), locking).Where("id = ?", id).Take(ctx)
	return o, unknown(err)
}

func unknown(err error) error {
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return ErrUnknown
	}
	return err
}

// chunk is how many ids one statement names; SQLite and PostgreSQL both bound the parameters of a statement.
const chunk = 1000

// LookupAll returns the organisations of the ids; an id that does not exist is missing from the answer.
func LookupAll(ctx context.Context, tx *database.Tx, ids []ID) (map[ID]Organization, error) {
	found := make(map[ID]Organization, len(ids))
	for part := range slices.Chunk(ids, chunk) {
		rows, err := database.Of[Organization](database.Gorm(ctx, tx)).Where("id IN ?", part).Find(ctx)
		if err != nil {
			return nil, fmt.Errorf("look up organisations: %w", err)
		}
		for _, o := range rows {
			found[o.ID] = o
		}
	}
	return found, nil
}

// LookupSeen returns those of the organisations that exist and are in sight.
func LookupSeen(ctx context.Context, tx *database.Tx, sight Sight, ids []ID) (map[ID]Organization, error) {
	found := make(map[ID]Organization, len(ids))
	where, args := sight.ForRow().Where("organization.id")
	for part := range slices.Chunk(ids, chunk) {
		rows, err := database.Of[Organization](database.Gorm(ctx, tx)).Where("id IN ?", part).Where(where, args...).Find(ctx)
		if err != nil {
			return nil, fmt.Errorf("look up organisations in sight: %w", err)
		}
		for _, o := range rows {
			found[o.ID] = o
		}
	}
	return found, nil
}

// Placements returns where the organisation stood and stands, the earliest first.
func Placements(ctx context.Context, tx *database.Tx, id ID) ([]Placement, error) {
	return database.Of[Placement](database.Gorm(ctx, tx)).Where("organization_id = ?", id).Order("valid_from").Find(ctx)
}

// PlacementsBelow returns what stood and stands directly below the organisation, by organisation and day.
func PlacementsBelow(ctx context.Context, tx *database.Tx, id ID) ([]Placement, error) {
	return database.Of[Placement](database.Gorm(ctx, tx)).Where("parent_id = ?", id).Order("organization_id, valid_from").Find(ctx)
}

// Terms returns when the body was and is in office, the earliest first.
func Terms(ctx context.Context, tx *database.Tx, id ID, body Body) ([]BodyTerm, error) {
	return database.Of[BodyTerm](database.Gorm(ctx, tx)).Where("organization_id = ? AND body = ?", id, body).Order("valid_from").Find(ctx)
}

// TermsOf returns the terms of all bodies of the organisation, by body and day.
func TermsOf(ctx context.Context, tx *database.Tx, id ID) ([]BodyTerm, error) {
	return database.Of[BodyTerm](database.Gorm(ctx, tx)).Where("organization_id = ?", id).Order("body, valid_from").Find(ctx)
}

// Excused returns the months of the body that were set aside, the earliest first.
func Excused(ctx context.Context, tx *database.Tx, id ID, body Body) ([]ExcusedMonth, error) {
	return database.Of[ExcusedMonth](database.Gorm(ctx, tx)).Where("organization_id = ? AND body = ?", id, body).Order("month").Find(ctx)
}

// ExcusedOf returns the months of all bodies of the organisation that were set aside, by month and body.
func ExcusedOf(ctx context.Context, tx *database.Tx, id ID) ([]ExcusedMonth, error) {
	return database.Of[ExcusedMonth](database.Gorm(ctx, tx)).Where("organization_id = ?", id).Order("month, body").Find(ctx)
}

// Detail is an organisation with what a day says about it: the organisation above and the bodies in office.
type Detail struct {
	Organization
	ParentID *ID
	Bodies   []Body
}

// DetailsOn adds to organisations what the day says about them.
func DetailsOn(ctx context.Context, tx *database.Tx, organizations []Organization, on calendar.Date) ([]Detail, error) {
	details := make([]Detail, 0, len(organizations))
	for part := range slices.Chunk(organizations, chunk) {
		ids := make([]ID, len(part))
		for i, o := range part {
			ids[i] = o.ID
		}
		db := database.Gorm(ctx, tx)
		placements, err := database.Of[Placement](db).Where("organization_id IN ? AND "+holds, ids, on, on).Find(ctx)
		if err != nil {
			return nil, fmt.Errorf("find parents: %w", err)
		}
		terms, err := database.Of[BodyTerm](db).Where("organization_id IN ? AND "+holds, ids, on, on).Find(ctx)
		if err != nil {
			return nil, fmt.Errorf("find bodies: %w", err)
		}
		details = append(details, detailsOn(part, placements, terms, on)...)
	}
	return details, nil
}

// holds is the condition that a dated row holds on a day, given twice.
const holds = "valid_from <= ? AND (valid_to IS NULL OR valid_to >= ?)"

func detailsOn(organizations []Organization, placements []Placement, terms []BodyTerm, on calendar.Date) []Detail {
	parents := make(map[ID]*ID, len(placements))
	for _, p := range placements {
		parents[p.OrganizationID] = &p.ParentID
	}
	byOrganization := make(map[ID][]BodyTerm, len(organizations))
	for _, term := range terms {
		byOrganization[term.OrganizationID] = append(byOrganization[term.OrganizationID], term)
	}
	details := make([]Detail, len(organizations))
	for i, o := range organizations {
		details[i] = Detail{Organization: o, ParentID: parents[o.ID], Bodies: []Body{}}
		for _, body := range Bodies {
			if InOffice(o, body, byOrganization[o.ID], on) {
				details[i].Bodies = append(details[i].Bodies, body)
			}
		}
	}
	return details
}

// DetailOn is DetailsOn for one organisation.
func DetailOn(ctx context.Context, tx *database.Tx, o Organization, on calendar.Date) (Detail, error) {
	details, err := DetailsOn(ctx, tx, []Organization{o}, on)
	if err != nil {
		return Detail{}, err
	}
	return details[0], nil
}
