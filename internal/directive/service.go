package directive

import (
	"context"
	"time"

	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
)

// Service holds the use cases of directives.
type Service struct {
	db *database.DB
}

// New returns the service.
func New(db *database.DB, _ calendar.Zone) *Service { return &Service{db: db} }

// Input is a directive to be recorded.
type Input struct {
	ID       ID // zero: a new one
	Code     *string
	Number   string
	Issuer   *string
	IssuedOn calendar.Date
	Title    *string
}

// Record adds a directive to the registry.
//
// Faults: forbidden, directive_invalid (field_required, text_too_long, code_with_semicolon), id_taken, code_taken, directive_exists.
func (s *Service) Record(ctx context.Context, actor auth.Actor, in Input) (Directive, error) {
	return audit.Write(ctx, s.db, actor.Act("directive.record"), func(tx *database.Tx) (Directive, error) {
		if err := org.AuthorizeAnywhere(ctx, tx, actor, auth.RegistryWrite); err != nil {
			return Directive{}, err
		}
		d := Directive{
			ID: in.ID, Code: in.Code, Number: in.Number, Issuer: in.Issuer, IssuedOn: in.IssuedOn, Title: in.Title,
			Version: 1, CreatedAt: tx.Now, UpdatedAt: tx.Now,
		}
		if d.ID == (ID{}) {
			d.ID = NewID()
		}
		var f fault.Fields
		d.tidy(&f)
		if err := f.Err(fault.Invalid, "directive_invalid"); err != nil {
			return Directive{}, err
		}
		if err := refuseSecond(ctx, tx, d); err != nil {
			return Directive{}, err
		}
		if err := insert(ctx, tx, &d); err != nil {
			return Directive{}, err
		}
		return d, nil
	})
}

// Get returns a directive; faults: directive_unknown, forbidden.
func (s *Service) Get(ctx context.Context, actor auth.Actor, id ID) (Directive, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) (Directive, error) {
		if err := org.AuthorizeAnywhere(ctx, tx, actor, auth.RegistryRead); err != nil {
			return Directive{}, err
		}
		return Find(ctx, tx, id)
	})
}

// Change is what an edit alters; what is not set stays.
type Change struct {
	Code     httpapi.Optional[string]
	Number   httpapi.Optional[string]
	Issuer   httpapi.Optional[string]
	IssuedOn httpapi.Optional[calendar.Date]
	Title    httpapi.Optional[string]
}

// apply alters the directive; null empties what may not be empty, which the check then refuses.
func (c Change) apply(d *Directive) {
	c.Code.Apply(&d.Code)
	c.Issuer.Apply(&d.Issuer)
	c.Title.Apply(&d.Title)
	if c.Number.Set {
		d.Number = c.Number.Value
	}
	if c.IssuedOn.Set {
		d.IssuedOn = c.IssuedOn.Value
	}
}

// Edit changes a directive if match is the current version.
//
// Faults: directive_unknown, forbidden, version_stale, code_taken, directive_exists, directive_invalid as in Record.
func (s *Service) Edit(ctx context.Context, actor auth.Actor, id ID, match int64, change Change) (Directive, error) {
	return audit.Write(ctx, s.db, actor.Act("directive.edit"), func(tx *database.Tx) (Directive, error) {
		if err := org.AuthorizeAnywhere(ctx, tx, actor, auth.RegistryWrite); err != nil {
			return Directive{}, err
		}
		d, err := Find(ctx, tx, id)
		if err != nil {
			return Directive{}, err
		}
		if d.Version != match {
			return Directive{}, stale(ctx, tx, id)
		}
		var f fault.Fields
		change.apply(&d)
		d.tidy(&f)
		if err := f.Err(fault.Invalid, "directive_invalid"); err != nil {
			return Directive{}, err
		}
		if err := refuseSecond(ctx, tx, d); err != nil {
			return Directive{}, err
		}
		if err := save(ctx, tx, &d); err != nil {
			return Directive{}, err
		}
		return d, nil
	})
}

// Order is the order of a list of directives.
type Order string

// The orders: the day of issue, or the last change.
const (
	ByIssued  Order = "issued"
	ByUpdated Order = "updated"
)

// Filter says which directives to list; zero fields do not narrow.
type Filter struct {
	Code         string
	Number       string
	From         *calendar.Date // issued on this day or later
	To           *calendar.Date // issued on this day or earlier
	Query        string
	UpdatedSince *time.Time
	Order        Order
	After        *Position
	Limit        int
}

// Position is the last row of the page before.
type Position struct {
	IssuedOn  calendar.Date
	UpdatedAt time.Time
	ID        ID
}

// List returns the directives of the filter, one more than the limit if there are more; fault: forbidden.
func (s *Service) List(ctx context.Context, actor auth.Actor, filter Filter) ([]Directive, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) ([]Directive, error) {
		if err := org.AuthorizeAnywhere(ctx, tx, actor, auth.RegistryRead); err != nil {
			return nil, err
		}
		return list(ctx, tx, filter)
	})
}
