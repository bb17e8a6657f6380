package org

import (
	"context"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/httpapi"
)

// Service answers questions about organisations and rights, and grants roles.
type Service struct {
	db *database.DB
}

// New returns the service on the store.
func New(db *database.DB, _ calendar.Zone) *Service { return &Service{db: db} }

// List returns a page of the organisations the actor can see, and the cursor of the next page.
func (s *Service) List(ctx context.Context, actor auth.Actor, f Filter) (details []Detail, next *string, err error) {
	details, err = database.Read(ctx, s.db, func(tx *database.Tx) ([]Detail, error) {
		sight, err := Scope(ctx, tx, actor, auth.OrganizationRead)
		if err != nil {
			return nil, err
		}
		rows, err := list(ctx, tx, sight, f)
		if err != nil {
			return nil, err
		}
		rows, next = httpapi.Cut(rows, f.Page, f.keys)
		return DetailsOn(ctx, tx, rows, tx.Today())
	})
	return details, next, err
}

// Get returns an organisation with its parent and the bodies in office today.
//
// Faults: organization_unknown.
func (s *Service) Get(ctx context.Context, actor auth.Actor, id ID) (Detail, error) {
	return read(ctx, s, actor, id, func(tx *database.Tx, o Organization) (Detail, error) {
		return DetailOn(ctx, tx, o, tx.Today())
	})
}

// Placements returns an organisation and where it stood and stands.
//
// Faults: organization_unknown.
func (s *Service) Placements(ctx context.Context, actor auth.Actor, id ID) (Parts[Placement], error) {
	return read(ctx, s, actor, id, func(tx *database.Tx, o Organization) (Parts[Placement], error) {
		return partsOf[Placement](o)(Placements(ctx, tx, id))
	})
}

// Terms returns an organisation and when its bodies were and are in office; of one body, or of all where none is named.
//
// Faults: organization_unknown.
func (s *Service) Terms(ctx context.Context, actor auth.Actor, id ID, body Body) (Parts[BodyTerm], error) {
	return read(ctx, s, actor, id, func(tx *database.Tx, o Organization) (Parts[BodyTerm], error) {
		if body == "" {
			return partsOf[BodyTerm](o)(TermsOf(ctx, tx, id))
		}
		return partsOf[BodyTerm](o)(Terms(ctx, tx, id, body))
	})
}

// ExcusedMonths returns an organisation and the months of its bodies that were set aside; of one body, or of all where none is named.
//
// Faults: organization_unknown.
func (s *Service) ExcusedMonths(ctx context.Context, actor auth.Actor, id ID, body Body) (Parts[ExcusedMonth], error) {
	return read(ctx, s, actor, id, func(tx *database.Tx, o Organization) (Parts[ExcusedMonth], error) {
		if body == "" {
			return partsOf[ExcusedMonth](o)(ExcusedOf(ctx, tx, id))
		}
		return partsOf[ExcusedMonth](o)(Excused(ctx, tx, id, body))
	})
}

// Parts are rows that belong to an organisation and change with its version.
type Parts[T any] struct {
	Organization Organization
	Rows         []T
}

func partsOf[T any](o Organization) func([]T, error) (Parts[T], error) {
	return func(rows []T, err error) (Parts[T], error) { return Parts[T]{Organization: o, Rows: rows}, err }
}

// read runs a question about an organisation that the actor may read.
func read[T any](ctx context.Context, s *Service, actor auth.Actor, id ID, ask func(*database.Tx, Organization) (T, error)) (T, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) (T, error) {
		var none T
		if err := Authorize(ctx, tx, actor, auth.OrganizationRead, id); err != nil {
			return none, err
		}
		o, err := Find(ctx, tx, id)
		if err != nil {
			return none, err
		}
		return ask(tx, o)
	})
}

// Tree is an organisation with what stands below it.
type Tree struct {
	Detail
	Children []*Tree
}

// ErrTreeTooLarge asks for a smaller piece of the tree.
var ErrTreeTooLarge = fault.New(fault.Invalid, "tree_too_large")

// largestTree bounds one answer.
const largestTree = 20000

// TreeOn returns the tree below an organisation as it was on a day, the zero day meaning today, down to a depth. What the actor cannot
// see is left out, with all below it.
//
// Faults: organization_unknown, tree_too_large.
func (s *Service) TreeOn(ctx context.Context, actor auth.Actor, id ID, on calendar.Date, depth int) (*Tree, error) {
	return read(ctx, s, actor, id, func(tx *database.Tx, _ Organization) (*Tree, error) {
		if on.IsZero() {
			on = tx.Today()
		}
		sight, err := Scope(ctx, tx, actor, auth.OrganizationRead)
		if err != nil {
			return nil, err
		}
		nodes, err := listTree(ctx, tx, id, on, sight, depth, largestTree+1)
		if err != nil {
			return nil, err
		}
		if len(nodes) > largestTree {
			return nil, fault.With(ErrTreeTooLarge, fault.Args{"limit": largestTree})
		}
		organizations := make([]Organization, len(nodes))
		for i, n := range nodes {
			organizations[i] = n.Organization
		}
		details, err := DetailsOn(ctx, tx, organizations, on)
		if err != nil {
			return nil, err
		}
		return hang(details, nodes), nil
	})
}

// hang builds the tree of nodes that come parents first; the first one is the root.
func hang(details []Detail, nodes []node) *Tree {
	trees := make(map[ID]*Tree, len(nodes))
	var root *Tree
	for i, n := range nodes {
		tree := &Tree{Detail: details[i], Children: []*Tree{}}
		if root == nil {
			root = tree
		} else if above, ok := trees[n.ParentID]; ok {
			above.Children = append(above.Children, tree)
		} else {
			continue
		}
		trees[n.ID] = tree
	}
	return root
}
