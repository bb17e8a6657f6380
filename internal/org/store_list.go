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
	SortMatch   = "match" // with a search: what holds exactly what was typed first
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

// sorting returns the sort expression and the kinds of the keys in a cursor.
func sorting(sort string) (column string, keys []httpapi.Key) {
	switch sort {
	case SortCode:
		return "coalesce(code, '')", []httpapi.Key{httpapi.KeyText, httpapi.KeyUUID}
	case SortUpdated:
		return "updated_at", []httpapi.Key{httpapi.KeyInstant, httpapi.KeyUUID}
	case SortMatch:
		return "", []httpapi.Key{httpapi.KeyText, httpapi.KeyText, httpapi.KeyUUID}
	default:
		return "sort_key", []httpapi.Key{httpapi.KeyText, httpapi.KeyUUID}
	}
}

// keys returns the sort keys of a row, for a cursor.
func (f Filter) keys(o Organization) []string {
	id := o.ID.String()
	switch {
	case f.Sort == SortMatch:
		return database.MatchOf(f.Search, o.SearchKey, id).Keys()
	case f.Sort == SortUpdated:
		return []string{o.UpdatedAt.Format(time.RFC3339Nano), id}
	case f.Sort == SortCode && o.Code != nil:
		return []string{*o.Code, id}
	case f.Sort == SortCode:
		return []string{"", id}
	default:
		return []string{o.SortKey, id}
	}
}

const childOfQuery = "id IN (SELECT organization_id FROM placement WHERE parent_id = ? AND " + holds + ")"

// list returns one row more than the page has, if there is one.
func list(ctx context.Context, tx *database.Tx, sight Sight, f Filter) ([]Organization, error) {
	sight, err := sight.Within(ctx, tx, Given(f.Within), f.Scope, 1)
	if err != nil {
		return nil, err
	}
	condition, args := sight.Where("organization.id")
	query, err := f.sorted(ctx, tx, sight.Few())
	if err != nil {
		return nil, err
	}
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
	if !f.UpdatedSince.IsZero() {
		query = query.Where("updated_at >= ?", f.UpdatedSince)
	}
	rows, err := query.Limit(f.Page.Limit + 1).Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("list organisations: %w", err)
	}
	return rows, nil
}

// sorted begins the list: what is searched for, in its order, from the cursor on.
func (f Filter) sorted(ctx context.Context, tx *database.Tx, few bool) (database.Rows[Organization], error) {
	all := database.Of[Organization](database.Gorm(ctx, tx))
	if f.Sort == SortMatch {
		return database.Matches(all, f.Search, database.ParseMatch(f.Page.After), few), nil
	}
	query, err := database.Search(ctx, tx, all, f.Search)
	if err != nil {
		return query, err
	}
	column, _ := sorting(f.Sort)
	if after := f.Page.After; after != nil {
		key, id, err := position(f.Sort, after)
		if err != nil {
			return query, err
		}
		query = query.Where("("+column+", id) > (?, ?)", key, id)
	}
	return query.Order(column + ", id"), nil
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
