package structure_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/org"
	"sochibo/internal/structure"
	"sochibo/internal/testkit/dbtest"
)

// estate is a province with two party organisations; a has the cells a1 and a2, b has none.
type estate struct {
	t       *testing.T
	service *structure.Service
	orgs    *org.Service
	ids     map[string]org.ID
}

func each(t *testing.T, fn func(e *estate)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		e := &estate{t: t, service: structure.New(db, calendar.Zone{}), orgs: org.New(db, calendar.Zone{}), ids: map[string]org.ID{}}
		e.found("p", org.KindProvincial, "")
		e.found("a", org.KindBaseParty, "p")
		e.found("b", org.KindBaseParty, "p")
		e.found("a1", org.KindCell, "a")
		e.found("a2", org.KindCell, "a")
		fn(e)
	})
}

func (e *estate) found(code string, kind org.Kind, parent string) {
	e.t.Helper()
	e.want(e.tryFound(code, kind, parent), "")
}

func (e *estate) tryFound(code string, kind org.Kind, parent string) error {
	founded := calendar.MustDate("2010-01-01")
	in := structure.FoundInput{Organization: org.Organization{ID: org.NewID(), Code: &code, Kind: kind, Name: code, FoundedOn: &founded}}
	if parent != "" {
		id := e.ids[parent]
		in.ParentID = &id
	}
	e.ids[code] = in.Organization.ID
	_, err := e.service.Found(e.t.Context(), auth.InstallationActor(), in)
	return err
}

func (e *estate) version(code string) int64 {
	e.t.Helper()
	d, err := e.orgs.Get(e.t.Context(), auth.InstallationActor(), e.ids[code])
	if err != nil {
		e.t.Fatal(err)
	}
	return d.Version
}

// move places an organisation; an empty to leaves it there for good.
func (e *estate) move(code, parent, from, to string) error {
	in := structure.MoveInput{ParentID: e.ids[parent], From: calendar.MustDate(from)}
	if to != "" {
		day := calendar.MustDate(to)
		in.To = &day
	}
	_, err := e.service.Move(e.t.Context(), auth.InstallationActor(), e.ids[code], e.version(code), in)
	return err
}

func (e *estate) dissolve(code, on, into string) error {
	in := structure.DissolveInput{On: calendar.MustDate(on)}
	if into != "" {
		id := e.ids[into]
		in.Into = &id
	}
	_, err := e.service.Dissolve(e.t.Context(), auth.InstallationActor(), e.ids[code], e.version(code), in)
	return err
}

// stood compares below whom an organisation stood, and when.
func (e *estate) stood(code string, want ...string) {
	e.t.Helper()
	rows, err := e.orgs.Placements(e.t.Context(), auth.InstallationActor(), e.ids[code])
	if err != nil {
		e.t.Fatal(err)
	}
	var got []string
	for _, p := range rows.Rows {
		for parent, id := range e.ids {
			if id == p.ParentID {
				got = append(got, parent+" "+p.Span().String())
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		e.t.Errorf("%s (-want +got): %s", code, diff)
	}
}

func (e *estate) excuse(code, month string) error {
	in := structure.ExcuseInput{Body: org.Cell, Month: calendar.MustMonth(month)}
	_, err := e.service.Excuse(e.t.Context(), auth.InstallationActor(), e.ids[code], e.version(code), in)
	return err
}

// want compares the code of an error, or that of its only field.
func (e *estate) want(err error, code string) {
	e.t.Helper()
	got := fault.CodeOf(err)
	if f, ok := fault.As(err); ok && len(f.Fields) == 1 {
		got = f.Fields[0].Code
	}
	if got != code {
		e.t.Errorf("want %q, got %v", code, err)
	}
}

// TestNothingOutlivesItsOrganization refuses, or ends, whatever would stand outside the life of an organisation.
func TestNothingOutlivesItsOrganization(t *testing.T) {
	t.Parallel()
	const outside = "outside_organization_life"
	each(t, func(e *estate) {
		e.want(e.excuse("a1", "2009-12"), outside)
		e.want(e.excuse("a1", "2016-05"), "")
		e.want(e.excuse("a1", "2016-07"), "")
		e.want(e.dissolve("a1", "2016-06-30", ""), "")
		rows, err := e.orgs.ExcusedMonths(t.Context(), auth.InstallationActor(), e.ids["a1"], org.Cell)
		if err != nil || len(rows.Rows) != 1 || rows.Rows[0].Month != calendar.MustMonth("2016-05") {
			t.Errorf("excused months after the dissolution: %v, %v", rows.Rows, err)
		}
		e.want(e.excuse("a1", "2016-07"), outside)
		e.want(e.move("a1", "b", "2016-07-01", ""), outside)
		e.want(e.move("a1", "b", "2016-06-01", ""), "")
		e.stood("a1", "a 2010-01-01/2016-05-31", "b 2016-06-01/2016-06-30")

		e.want(e.move("a2", "b", "2017-01-01", ""), "")
		e.want(e.dissolve("b", "2016-06-30", ""), "organization_in_use")
		e.want(e.dissolve("b", "2016-06-30", "a"), "organization_in_use")
		e.want(e.dissolve("a", "2016-12-31", ""), "")
		e.want(e.tryFound("a3", org.KindCell, "a"), outside)
		e.want(e.dissolve("b", "2018-12-31", "a"), outside)
	})
}

// TestMergerKeepsEnds merges an organisation below which a cell stands for a time only: it goes over for that time.
func TestMergerKeepsEnds(t *testing.T) {
	t.Parallel()
	each(t, func(e *estate) {
		e.want(e.move("a2", "p", "2017-01-01", ""), "")
		e.want(e.dissolve("a", "2016-06-30", "b"), "")
		e.stood("a2", "a 2010-01-01/2016-06-30", "b 2016-07-01/2016-12-31", "p 2017-01-01/..")
	})
}
