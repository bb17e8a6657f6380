package member

import (
	"context"

	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
	"sochibo/internal/text"
)

// Service holds the use cases of members.
type Service struct {
	db     *database.DB
	counts func(calendar.Date) (Table, error)
}

// New returns the service; counts says who counts on a day, which is a matter of rules.
func New(db *database.DB, _ calendar.Zone, counts func(calendar.Date) (Table, error)) *Service {
	return &Service{db: db, counts: counts}
}

// View is a member with the home cell of today; Home is nil when there is none.
type View struct {
	Member

	Home *org.ID
}

// AdmissionInput is a member to be added, with the first home cell when it is known.
type AdmissionInput struct {
	ID         ID // zero: a new one
	Code       *string
	FullName   string
	Gender     *Gender
	BornOn     *calendar.Date
	AdmittedOn *calendar.Date
	OfficialOn *calendar.Date
	CardNumber *string
	Home       *MembershipInput
}

// Admit adds a member. Without a home cell only somebody who writes members everywhere may do it.
//
// Faults: member_invalid (field_required, name_mixed_scripts, word_unknown, text_too_long, admitted_before_born, official_before_admitted,
// reference_unknown, outside_organization_life, body_not_possible), id_taken, code_taken, forbidden.
func (s *Service) Admit(ctx context.Context, actor auth.Actor, in AdmissionInput) (View, error) {
	return audit.Write(ctx, s.db, actor.Act("member.admit"), func(tx *database.Tx) (View, error) {
		var f fault.Fields
		m := in.member(tx, &f)
		if in.Home != nil {
			in.Home.check(&f, "/membership")
		}
		if err := f.Err(fault.Invalid, "member_invalid"); err != nil {
			return View{}, err
		}
		if in.Home == nil {
			if err := authorizeEverywhere(ctx, tx, actor, auth.MemberWrite); err != nil {
				return View{}, err
			}
		}
		if err := org.ShareTree(ctx, tx); err != nil {
			return View{}, err
		}
		if err := insert(ctx, tx, &m); err != nil {
			return View{}, err
		}
		if in.Home != nil {
			if _, err := admitTo(ctx, tx, actor, m.ID, *in.Home, "/membership"); err != nil {
				return View{}, err
			}
		}
		return view(ctx, tx, m)
	})
}

// member makes the row and notes what is wrong with it.
func (in AdmissionInput) member(tx *database.Tx, f *fault.Fields) Member {
	m := Member{
		ID: in.ID, Code: in.Code, FullName: in.FullName, Gender: in.Gender, BornOn: in.BornOn, AdmittedOn: in.AdmittedOn,
		OfficialOn: in.OfficialOn, CardNumber: in.CardNumber, Version: 1, CreatedAt: tx.Now, UpdatedAt: tx.Now,
	}
	if m.ID == (ID{}) {
		m.ID = NewID()
	}
	m.tidy(f)
	return m
}

// tidy cleans the member's texts, makes the keys and notes what is wrong.
func (m *Member) tidy(f *fault.Fields) {
	text.OptionalAt(f, "/code", &m.Code, text.MaxCode)
	text.CleanAt(f, "/full_name", &m.FullName, text.MaxTitle)
	text.OptionalAt(f, "/card_number", &m.CardNumber, text.MaxCode)
	if m.Gender != nil {
		checkWord(f, "/gender", *m.Gender, Genders())
	}
	if text.MixedScripts(m.FullName) {
		f.Add(fault.Field{Pointer: "/full_name", Code: "name_mixed_scripts"})
	}
	m.check(f)
	m.SearchKey, m.SortKey = Keys(m.FullName)
}

// Get returns a member the actor may see; faults: member_unknown, forbidden.
func (s *Service) Get(ctx context.Context, actor auth.Actor, id ID) (View, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) (View, error) {
		m, err := findVisible(ctx, tx, actor, id)
		if err != nil {
			return View{}, err
		}
		return view(ctx, tx, m)
	})
}

// view adds the home cell of today.
func view(ctx context.Context, tx *database.Tx, m Member) (View, error) {
	home, ok, err := HomeOn(ctx, tx, m.ID, tx.Today())
	if err != nil || !ok {
		return View{Member: m}, err
	}
	return View{Member: m, Home: &home}, nil
}

// Change is what an edit alters; what is not set stays.
type Change struct {
	Code       httpapi.Optional[string]
	FullName   httpapi.Optional[string]
	Gender     httpapi.Optional[Gender]
	BornOn     httpapi.Optional[calendar.Date]
	AdmittedOn httpapi.Optional[calendar.Date]
	OfficialOn httpapi.Optional[calendar.Date]
	CardNumber httpapi.Optional[string]
}

// apply alters the member.
func (c Change) apply(m *Member) {
	c.Code.Apply(&m.Code)
	c.Gender.Apply(&m.Gender)
	c.BornOn.Apply(&m.BornOn)
	c.AdmittedOn.Apply(&m.AdmittedOn)
	c.OfficialOn.Apply(&m.OfficialOn)
	c.CardNumber.Apply(&m.CardNumber)
	if c.FullName.Set {
		m.FullName = c.FullName.Value // null is an empty name, which the check refuses
	}
}

// Edit changes a member's own data if match is the current version.
//
// Faults: member_unknown, forbidden, version_stale, member_erased, code_taken, member_invalid as in Admit.
func (s *Service) Edit(ctx context.Context, actor auth.Actor, id ID, match int64, change Change) (View, error) {
	return audit.Write(ctx, s.db, actor.Act("member.edit"), func(tx *database.Tx) (View, error) {
		m, err := findVisible(ctx, tx, actor, id)
		if err != nil {
			return View{}, err
		}
		if err := authorizeHome(ctx, tx, actor, id); err != nil {
			return View{}, err
		}
		if m.Version != match {
			return View{}, stale(ctx, tx, id)
		}
		if m.ErasureID != nil {
			return View{}, ErrErased
		}
		var f fault.Fields
		change.apply(&m)
		m.tidy(&f)
		if err := f.Err(fault.Invalid, "member_invalid"); err != nil {
			return View{}, err
		}
		if err := save(ctx, tx, &m); err != nil {
			return View{}, err
		}
		return view(ctx, tx, m)
	})
}
