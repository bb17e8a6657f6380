package topic

import (
	"context"
	"slices"
	"time"

	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/directive"
	"sochibo/internal/fault"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
)

// Service holds the use cases of topics.
type Service struct {
	db *database.DB
}

// New returns the service.
func New(db *database.DB, _ calendar.Zone) *Service { return &Service{db: db} }

// Input is a topic to be recorded.
type Input struct {
	ID             ID // zero: a new one
	Code           *string
	OrganizationID *org.ID
	Category       Category
	Title          string
	Outline        *string
	Links          []Link
	DirectiveID    *directive.ID
	RetiredOn      *calendar.Date
}

// Record adds a topic to the library. Whoever may write registries anywhere may record one for everybody; one with an owner takes the
// right on the owner.
//
// Faults: forbidden, topic_invalid (field_required, word_unknown, text_too_long, reference_unknown, list_too_long, address_malformed),
// id_taken, code_taken.
func (s *Service) Record(ctx context.Context, actor auth.Actor, in Input) (Topic, error) {
	return audit.Write(ctx, s.db, actor.Act("topic.record"), func(tx *database.Tx) (Topic, error) {
		if err := mayRecord(ctx, tx, actor, in.OrganizationID); err != nil {
			return Topic{}, err
		}
		t := Topic{
			ID: in.ID, Code: in.Code, OrganizationID: in.OrganizationID, Category: in.Category, Title: in.Title, Outline: in.Outline,
			Links: slices.Clone(in.Links), DirectiveID: in.DirectiveID, RetiredOn: in.RetiredOn,
			Version: 1, CreatedAt: tx.Now, UpdatedAt: tx.Now,
		}
		if t.ID == (ID{}) {
			t.ID = NewID()
		}
		if err := check(ctx, tx, &t); err != nil {
			return Topic{}, err
		}
		if err := insert(ctx, tx, &t); err != nil {
			return Topic{}, err
		}
		return t, nil
	})
}

// mayRecord asks for the right on the owner, or for one anywhere; an owner out of reach is an unknown reference of the body.
func mayRecord(ctx context.Context, tx *database.Tx, actor auth.Actor, owner *org.ID) error {
	if owner == nil {
		return org.AuthorizeAnywhere(ctx, tx, actor, auth.RegistryWrite)
	}
	return org.AuthorizeNamed(ctx, tx, actor, auth.RegistryWrite, *owner, "topic_invalid")
}

// mayEdit asks for the right on the owner of a topic that the actor sees.
func mayEdit(ctx context.Context, tx *database.Tx, actor auth.Actor, owner *org.ID) error {
	if owner == nil {
		return org.AuthorizeAnywhere(ctx, tx, actor, auth.RegistryWrite)
	}
	return org.AuthorizeSeen(ctx, tx, actor, auth.RegistryWrite, *owner)
}

// Get returns a topic with its links; faults: topic_unknown, forbidden.
func (s *Service) Get(ctx context.Context, actor auth.Actor, id ID) (Topic, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) (Topic, error) {
		return Seen(ctx, tx, actor, id)
	})
}

// Change is what an edit alters; what is not set stays.
type Change struct {
	Code        httpapi.Optional[string]
	Category    httpapi.Optional[Category]
	Title       httpapi.Optional[string]
	Outline     httpapi.Optional[string]
	Links       httpapi.Optional[[]Link]
	DirectiveID httpapi.Optional[directive.ID]
	RetiredOn   httpapi.Optional[calendar.Date]
}

// apply alters the topic; null empties what may not be empty, which the check then refuses.
func (c Change) apply(t *Topic) {
	c.Code.Apply(&t.Code)
	c.DirectiveID.Apply(&t.DirectiveID)
	c.Outline.Apply(&t.Outline)
	c.RetiredOn.Apply(&t.RetiredOn)
	if c.Links.Set {
		t.Links = slices.Clone(c.Links.Value)
	}
	if c.Category.Set {
		t.Category = c.Category.Value
	}
	if c.Title.Set {
		t.Title = c.Title.Value
	}
}

// Edit changes a topic if match is the current version.
//
// Faults: topic_unknown, forbidden, version_stale, code_taken, topic_invalid as in Record.
func (s *Service) Edit(ctx context.Context, actor auth.Actor, id ID, match int64, change Change) (Topic, error) {
	return audit.Write(ctx, s.db, actor.Act("topic.edit"), func(tx *database.Tx) (Topic, error) {
		t, err := Seen(ctx, tx, actor, id)
		if err != nil {
			return Topic{}, err
		}
		if err := mayEdit(ctx, tx, actor, t.OrganizationID); err != nil {
			return Topic{}, err
		}
		if t.Version != match {
			return Topic{}, stale(ctx, tx, id)
		}
		change.apply(&t)
		if err := check(ctx, tx, &t); err != nil {
			return Topic{}, err
		}
		if err := save(ctx, tx, &t); err != nil {
			return Topic{}, err
		}
		return t, nil
	})
}

// check tidies the topic and refuses what is wrong with it, an unknown directive among it.
func check(ctx context.Context, tx *database.Tx, t *Topic) error {
	var f fault.Fields
	t.tidy(&f)
	if t.DirectiveID != nil {
		known, err := directive.LookupAll(ctx, tx, []directive.ID{*t.DirectiveID})
		if err != nil {
			return err
		}
		f.Check(len(known) == 1, "/directive_id", "reference_unknown")
	}
	return f.Err(fault.Invalid, "topic_invalid")
}

// Order is the order of a list of topics.
type Order string

// The orders: the Vietnamese order of titles, or the last change.
const (
	ByTitle   Order = "title"
	ByUpdated Order = "updated"
)

// Filter says which topics to list; zero fields do not narrow.
type Filter struct {
	OfferedTo    *org.ID // offered to this organisation today
	Organization *org.ID // owned by this organisation
	Retired      *bool   // retired today, or not
	Code         string
	Category     Category
	Directive    *directive.ID
	Query        string
	UpdatedSince *time.Time
	Order        Order
	After        *Position
	Limit        int
}

// Position is the last row of the page before.
type Position struct {
	SortKey   string
	UpdatedAt time.Time
	ID        ID
}

// List returns the topics of the filter that the actor sees, one more than the limit if there are more.
//
// Faults: forbidden; organization_unknown where OfferedTo is out of reach.
func (s *Service) List(ctx context.Context, actor auth.Actor, filter Filter) ([]Topic, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) ([]Topic, error) {
		if filter.OfferedTo != nil {
			if err := org.Authorize(ctx, tx, actor, auth.RegistryRead, *filter.OfferedTo); err != nil {
				return nil, err
			}
		}
		return list(ctx, tx, actor, filter)
	})
}
