package org

import (
	"context"
	"fmt"
	"time"

	"sochibo/internal/database"
	"sochibo/internal/httpapi"
)

// The orders of the list of organisations.
const (
	SortName    = "name"
	SortCode    = "code"
	SortUpdated = "updated"
)

// Filter says which organisations a list shows, and in which order; the zero value of a field is no condition.
type Filter struct {
	Kind         Kind
	ParentID     *ID // the parent of today
	Code         string
	Within       *ID // with Scope: this organisation, or the tree of today below it
	Scope        string
	Search       string
	UpdatedSince time.Time
	Sort         string
	Page         httpapi.Page
}

// sorting returns the sort expression and the kind of its key in a cursor.
func sorting(sort string) (column string, key httpapi.Key) {
	switch sort {
	case SortCode:
		return "coalesce(code, '')", httpapi.KeyText
	case SortUpdated:
		return "updated_at", httpapi.KeyInstant
	default:
		return "sort_key", httpapi.KeyText
	}
}

// keysOf returns the sort keys of a row, for a cursor.
func keysOf(sort string) func(Organization) []string {
	return func(o Organization) []string {
		key := o.SortKey
		switch {
		case sort == SortUpdated:
			key = o.UpdatedAt.Format(time.RFC3339Nano)
		case sort == SortCode && o.Code != nil:
			key = *o.Code
		case sort == SortCode:
			key = ""
		}
		return []string{key, o.ID.String()}
	}
}

const childOfQuery = "id IN (SELECT organization_id FROM placement WHERE parent_id = ? AND " + holds + ")"

// list returns one row more than the page has, if there is one.
func list(ctx context.Context, tx *database.Tx, sight Sight, f Filter) ([]Organization, error) {
	sight, err := sight.ForPage(ctx, tx)
	if err != nil {
		return nil, err
	}
	query, err := database.Search(ctx, tx, database.Of[Organization](database.Gorm(ctx, tx)), f.Search)
	if err != nil {
		return nil, err
	}
	condition, args := sight.Where("organization.id")
	query = query.Where(condition, args...)
	if f.Kind != "" {
		query = query.Where("kind = ?", f.Kind)
	}
	if f.ParentID != nil {
		query = query.Where(childOfQuery, *f.ParentID, tx.Today(), tx.Today())
	}
	if f.Code != "" {
		query = query.Where("code = ?", f.Code)
	}
	if f.Within != nil {
		within, err := Within(ctx, tx, *f.Within, f.Scope)
		if err != nil {
			return nil, err
		}
		condition, args := within.Where("organization.id")
		query = query.Where(condition, args...)
	}
	if !f.UpdatedSince.IsZero() {
		query = query.Where("updated_at >= ?", f.UpdatedSince)
	}
	column, _ := sorting(f.Sort)
	if after := f.Page.After; after != nil {
		key, id, err := position(f.Sort, after)
		if err != nil {
			return nil, err
		}
		query = query.Where("("+column+", id) > (?, ?)", key, id)
	}
	rows, err := query.Order(column + ", id").Limit(f.Page.Limit + 1).Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("list organisations: %w", err)
	}
	return rows, nil
}

// position reads the keys of a cursor, which the caller has checked.
func position(sort string, after httpapi.Cursor) (key any, id ID, err error) {
	if id, err = ParseID(after[1]); err != nil {
		return nil, ID{}, fmt.Errorf("cursor: %w", err)
	}
	if sort != SortUpdated {
		return after[0], id, nil
	}
	instant, err := time.Parse(time.RFC3339Nano, after[0])
	return instant.UTC(), id, err
}
