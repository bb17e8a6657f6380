package warning

import (
	"context"
	"strings"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
)

// sights is where the actor may do what brings duties.
type sights struct{ submit, write, receive org.Sight }

// where is the condition that any of them reaches the organisation.
func (s sights) where() (sql string, args []any) {
	var either []string
	for _, sight := range []org.Sight{s.submit, s.write, s.receive} {
		one, more := sight.Where("organization.id")
		either, args = append(either, one), append(args, more...)
	}
	return "(" + strings.Join(either, " OR ") + ")", args
}

// Owing is what is owed for one organisation.
type Owing struct {
	Organization org.Organization
	Duties       []Duty
}

// Duties returns, for a page of organisations, what the actor owes in the month: where the actor hands records in, writes or receives them.
// Whoever may do nothing of this owes nothing.
func (s *Service) Duties(ctx context.Context, actor auth.Actor, month calendar.Month, page httpapi.Page) ([]Owing, *string, error) {
	rows, err := database.Read(ctx, s.db, func(tx *database.Tx) ([]Owing, error) {
		where, err := sightsOf(ctx, tx, actor)
		if err != nil {
			return nil, err
		}
		return s.owing(ctx, tx, where, month, page)
	})
	data, next := httpapi.Cut(rows, page, func(o Owing) []string { return []string{o.Organization.SortKey, o.Organization.ID.String()} })
	return data, next, err
}

func sightsOf(ctx context.Context, tx *database.Tx, actor auth.Actor) (s sights, err error) {
	if s.submit, err = org.Scope(ctx, tx, actor, auth.MeetingSubmit); err != nil {
		return s, err
	}
	if s.write, err = org.Scope(ctx, tx, actor, auth.MeetingWrite); err != nil {
		return s, err
	}
	s.receive, err = org.Scope(ctx, tx, actor, auth.MeetingReceive)
	return s, err
}

func (s *Service) owing(ctx context.Context, tx *database.Tx, in sights, month calendar.Month, page httpapi.Page) ([]Owing, error) {
	where, args := in.where()
	if page.After != nil {
		where, args = where+" AND (sort_key, id) > (?, ?)", append(args, page.After[0], page.After[1])
	}
	organizations, err := listOrganizations(ctx, tx, where, args, place{}, page.Limit+1)
	if err != nil {
		return nil, err
	}
	all, err := s.load(ctx, tx, organizations, calendar.Period{From: month, To: month.Quarter().Last()})
	if err != nil {
		return nil, err
	}
	ids := make([]org.ID, len(organizations))
	for i, o := range organizations {
		ids[i] = o.ID
	}
	var may [3]map[org.ID]org.Organization
	for i, sight := range []org.Sight{in.submit, in.write, in.receive} {
		if may[i], err = org.LookupSeen(ctx, tx, sight, ids); err != nil {
			return nil, err
		}
	}
	rows := make([]Owing, len(all))
	for i, f := range all {
		rows[i] = Owing{f.organization, f.duties(month, mayOf(may, f.organization.ID))}
	}
	return rows, nil
}

func mayOf(seen [3]map[org.ID]org.Organization, id org.ID) may {
	_, submit := seen[0][id]
	_, write := seen[1][id]
	_, receive := seen[2][id]
	return may{submit, write, receive}
}
