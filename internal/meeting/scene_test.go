package meeting_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/ledger"
	"sochibo/internal/meeting"
	"sochibo/internal/member"
	"sochibo/internal/org"
	"sochibo/internal/rules"
)

func ptr[T any](value T) *T { return &value }

// scene is a party organisation with a cell of six: four plain members, one exempt, one suspended; and one temporarily here from a
// second cell.
type scene struct {
	db        *database.DB
	zone      calendar.Zone
	service   *meeting.Service
	root      org.ID
	cell      org.ID
	other     org.ID
	people    []member.ID
	exempt    member.ID
	suspended member.ID
	here      member.ID
	secretary auth.Actor
	superior  auth.Actor
}

func newScene(t *testing.T, db *database.DB) *scene {
	t.Helper()
	zone, err := calendar.LoadZone("")
	if err != nil {
		t.Fatal(err)
	}
	s := &scene{db: db, zone: zone, service: meeting.New(db, zone)}
	s.root = s.organization(t, org.KindBaseParty, "Đảng bộ", nil)
	s.cell = s.organization(t, org.KindCell, "Chi bộ 1", &s.root)
	s.other = s.organization(t, org.KindCell, "Chi bộ 2", &s.root)
	s.settle(t)
	for i := range 4 {
		s.people = append(s.people, s.member(t, s.cell, fmt.Sprintf("Nguyễn Văn %c", 'A'+i)).ID)
	}
	exempt, suspended := s.member(t, s.cell, "Trần Thị Hoa"), s.member(t, s.cell, "Lê Văn Bình")
	here := s.member(t, s.other, "Phạm Thị Cúc")
	s.exempt, s.suspended, s.here = exempt.ID, suspended.ID, here.ID
	s.status(t, exempt, member.Exempt, nil)
	s.status(t, suspended, member.Suspended, nil)
	s.status(t, here, member.TemporarilyHere, &s.cell)
	s.secretary = s.user(t, "secretary", auth.RoleSecretary, &s.cell)
	s.superior = s.user(t, "superior", auth.RoleSuperior, &s.root)
	return s
}

func (s *scene) organization(t *testing.T, kind org.Kind, name string, parent *org.ID) org.ID {
	t.Helper()
	founded := calendar.MustDate("2010-01-01")
	o := org.Organization{ID: org.NewID(), Kind: kind, Name: name, FoundedOn: &founded}
	must(t, write(t, s.db, func(ctx context.Context, tx *database.Tx) error {
		if err := org.Insert(ctx, tx, &o); err != nil || parent == nil {
			return err
		}
		return org.InsertPlacement(ctx, tx, &org.Placement{
			ID: uuid.Must(uuid.NewV7()), OrganizationID: o.ID, ParentID: *parent, ValidFrom: founded, CreatedAt: tx.Now,
		})
	}))
	return o.ID
}

// settle posts what the organisations owe, as founding them would.
func (s *scene) settle(t *testing.T) {
	t.Helper()
	must(t, write(t, s.db, func(ctx context.Context, tx *database.Tx) error {
		if err := org.HoldTree(ctx, tx); err != nil {
			return err
		}
		book, err := ledger.Open(ctx, tx)
		if err != nil {
			return err
		}
		if err := book.SettleAll(ctx, []org.ID{s.root, s.cell, s.other}); err != nil {
			return err
		}
		_, err = book.Close(ctx)
		return err
	}))
}

func (s *scene) term(t *testing.T, organization org.ID, body org.Body) {
	t.Helper()
	must(t, write(t, s.db, func(ctx context.Context, tx *database.Tx) error {
		return org.InsertTerm(ctx, tx, &org.BodyTerm{
			ID: uuid.Must(uuid.NewV7()), OrganizationID: organization, Body: body, ValidFrom: calendar.MustDate("2015-01-01"),
			CreatedAt: tx.Now,
		})
	}))
	s.settle(t)
}

func (s *scene) member(t *testing.T, cell org.ID, name string) member.View {
	t.Helper()
	view, err := member.New(s.db, s.zone, rules.CountingOn).Admit(t.Context(), auth.InstallationActor(), member.AdmissionInput{
		FullName: name, AdmittedOn: ptr(calendar.MustDate("2009-01-01")), OfficialOn: ptr(calendar.MustDate("2010-01-01")),
		Home: &member.MembershipInput{OrganizationID: cell, From: calendar.MustDate("2010-01-01")},
	})
	must(t, err)
	return view
}

func (s *scene) status(t *testing.T, who member.View, kind member.StatusKind, at *org.ID) {
	t.Helper()
	_, err := member.New(s.db, s.zone, rules.CountingOn).AddStatus(t.Context(), auth.InstallationActor(), who.ID, who.Version, member.StatusInput{
		Status: kind, OrganizationID: at, From: calendar.MustDate("2014-01-01"),
	})
	must(t, err)
}

// user makes a user with a role below the organisation, or on the installation.
func (s *scene) user(t *testing.T, name string, role auth.Role, at *org.ID) auth.Actor {
	t.Helper()
	user, err := auth.New(s.db, s.zone).CreateUser(t.Context(), auth.InstallationActor(), name, name)
	must(t, err)
	grant, err := org.New(s.db, s.zone).AddGrant(t.Context(), auth.InstallationActor(), org.GrantInput{
		UserID: user.ID, Role: role, OrganizationID: at, Reach: org.ReachSubtree, From: calendar.MustDate("2010-01-01"),
	})
	must(t, err)
	return auth.Actor{UserID: user.ID, GrantID: grant.ID, Name: name}
}

// draft is a regular session of the cell in the month, on its third day.
func (s *scene) draft(month string) meeting.Creation {
	started := s.zone.Start(calendar.MustDate(month + "-03")).Add(14 * time.Hour)
	return meeting.Creation{OrganizationID: s.cell, Content: meeting.Content{
		Body: org.Cell, Forms: []meeting.Form{meeting.Regular}, PeriodMonth: calendar.MustMonth(month), StartedAt: started,
		EndedAt: ptr(started.Add(90 * time.Minute)), ChairID: &s.people[0], MinutesTakerID: &s.people[1],
	}}
}

// submitted is a draft handed in at once, one member of the base excused and the others present.
func (s *scene) submitted(t *testing.T, month string) meeting.Details {
	t.Helper()
	in := s.draft(month)
	in.Submit = true
	in.Roll = &meeting.RollInput{Others: meeting.Present, Rows: []meeting.RollEntry{{MemberID: s.people[3], Status: meeting.Excused}}}
	d, err := s.service.Create(t.Context(), s.secretary, in)
	must(t, err)
	return d
}

// balance returns the total of an organisation for a month of the body cell.
func (s *scene) balance(t *testing.T, id org.ID, month string, basis ledger.Basis) ledger.Counters {
	t.Helper()
	m := calendar.MustMonth(month)
	rows, err := database.Read(t.Context(), s.db, func(tx *database.Tx) ([]ledger.Row, error) {
		rows, _, err := ledger.Read(t.Context(), tx, ledger.Selection{
			Organization: id, Part: ledger.Whole, Period: calendar.Period{From: m, To: m}, Basis: basis,
		})
		return rows, err
	})
	must(t, err)
	var sum ledger.Counters
	for _, row := range rows {
		if row.Month == m && row.Body == org.Cell {
			sum = sum.Plus(row.Counters)
		}
	}
	return sum
}

// verify recounts the book.
func (s *scene) verify(t *testing.T) {
	t.Helper()
	found, err := database.Read(t.Context(), s.db, func(tx *database.Tx) ([]ledger.Mismatch, error) {
		return ledger.Verify(t.Context(), tx)
	})
	must(t, err)
	for _, mismatch := range found {
		t.Errorf("book: %+v", mismatch)
	}
}

// count returns the number a query gives.
func (s *scene) count(t *testing.T, query string, args ...any) int {
	t.Helper()
	n, err := database.Read(t.Context(), s.db, func(tx *database.Tx) (int, error) {
		var n int
		return n, database.Gorm(t.Context(), tx).Raw(query, args...).Scan(&n).Error
	})
	must(t, err)
	return n
}

func write(t *testing.T, db *database.DB, fn func(ctx context.Context, tx *database.Tx) error) error {
	t.Helper()
	_, err := database.Write(t.Context(), db, func(tx *database.Tx) (struct{}, error) { return struct{}{}, fn(t.Context(), tx) })
	return err
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

// wantCode fails unless err is a fault of the code.
func wantCode(tb testing.TB, err error, code string) {
	tb.Helper()
	if fault.CodeOf(err) != code {
		tb.Errorf("fault %v, want %s", err, code)
	}
}

// wantField fails unless err is meeting_invalid with the code at the pointer.
func wantField(tb testing.TB, err error, pointer, code string) {
	tb.Helper()
	f, ok := fault.As(err)
	if !ok || f.Code != "meeting_invalid" {
		tb.Errorf("fault %v, want %s at %s", err, code, pointer)
		return
	}
	for _, field := range f.Fields {
		if field.Pointer == pointer && field.Code == code {
			return
		}
	}
	tb.Errorf("fault %v lacks %s at %s", err, code, pointer)
}
