package study

import (
	"context"
	"slices"

	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/briefing"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/directive"
	"sochibo/internal/httpapi"
	"sochibo/internal/ledger"
	"sochibo/internal/meeting"
	"sochibo/internal/org"
	"sochibo/internal/topic"
)

// Service answers what was studied and keeps plans and joint sessions.
type Service struct {
	db *database.DB
}

// New returns the service.
func New(db *database.DB, _ calendar.Zone) *Service { return &Service{db: db} }

// Scope narrows to an organisation of today, alone or with all below it; nil does not narrow.
type Scope struct {
	Organization *org.ID
	Scope        string
}

// page reads a page of sessions under conditions that begin builds in the transaction.
func (s *Service) page(
	ctx context.Context, actor auth.Actor, page httpapi.Page, begin func(tx *database.Tx) ([]condition, error),
) ([]Session, *string, error) {
	rows, err := database.Read(ctx, s.db, func(tx *database.Tx) ([]Session, error) {
		narrow, err := begin(tx)
		if err != nil {
			return nil, err
		}
		return listSessions(ctx, tx, actor, page, narrow...)
	})
	if err != nil {
		return nil, nil, err
	}
	data, next := httpapi.Cut(rows, page, Session.keys)
	return data, next, nil
}

// OfTopic returns a page of the sessions that were held on a topic, as far as the actor may know of them.
//
// Faults: topic_unknown, forbidden.
func (s *Service) OfTopic(ctx context.Context, actor auth.Actor, id topic.ID, in Scope, page httpapi.Page) ([]Session, *string, error) {
	return s.page(ctx, actor, page, func(tx *database.Tx) ([]condition, error) {
		if _, err := topic.Seen(ctx, tx, actor, id); err != nil {
			return nil, err
		}
		narrow := []condition{heldOn(id)}
		if in.Organization != nil {
			narrow = append(narrow, within(ctx, tx, *in.Organization, in.Scope))
		}
		return narrow, nil
	})
}

// UsesOf returns a page of the sessions that used a briefing, as far as the actor may know of them.
//
// Faults: briefing_unknown, forbidden.
func (s *Service) UsesOf(ctx context.Context, actor auth.Actor, id briefing.ID, page httpapi.Page) ([]Session, *string, error) {
	return s.page(ctx, actor, page, func(tx *database.Tx) ([]condition, error) {
		_, err := briefing.Seen(ctx, tx, actor, id)
		where, args := briefing.UsedBy(id, "m.id")
		return []condition{{where, args}}, err
	})
}

// Use notes that a meeting used a briefing.
//
// Faults: briefing_unknown, meeting_unknown, forbidden, briefing_not_offered, meeting_cancelled, briefing_use_exists.
func (s *Service) Use(ctx context.Context, actor auth.Actor, id briefing.ID, of meeting.ID) (briefing.Use, error) {
	return audit.Write(ctx, s.db, actor.Act("briefing.use"), func(tx *database.Tx) (briefing.Use, error) {
		b, err := briefing.Seen(ctx, tx, actor, id)
		if err != nil {
			return briefing.Use{}, err
		}
		m, err := writable(ctx, tx, actor, of)
		if err != nil {
			return briefing.Use{}, err
		}
		chain, err := org.ChainOn(ctx, tx, m.OrganizationID, tx.Today())
		if err != nil {
			return briefing.Use{}, err
		}
		if !slices.Contains(chain, b.OrganizationID) {
			return briefing.Use{}, ErrNotOffered
		}
		if m.Status == meeting.Cancelled {
			return briefing.Use{}, ErrCancelled
		}
		return briefing.AddUse(ctx, tx, id, of.UUID)
	})
}

// Unuse takes back that a meeting used a briefing.
//
// Faults: briefing_unknown, meeting_unknown, forbidden, briefing_use_unknown.
func (s *Service) Unuse(ctx context.Context, actor auth.Actor, id briefing.ID, of meeting.ID) error {
	_, err := audit.Write(ctx, s.db, actor.Act("briefing.unuse"), func(tx *database.Tx) (struct{}, error) {
		if _, err := briefing.Seen(ctx, tx, actor, id); err != nil {
			return struct{}{}, err
		}
		if _, err := writable(ctx, tx, actor, of); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, briefing.RemoveUse(ctx, tx, id, of.UUID)
	})
	return err
}

// writable returns a meeting that the actor may write on, in whatever status, since its record stays as it is. Faults: meeting_unknown,
// forbidden.
func writable(ctx context.Context, tx *database.Tx, actor auth.Actor, id meeting.ID) (meeting.Meeting, error) {
	m, err := meeting.Seen(ctx, tx, actor, id)
	if err != nil {
		return m, err
	}
	return m, org.Authorize(ctx, tx, actor, auth.MeetingWrite, m.OrganizationID)
}

// CoverageOf returns what thematic sessions covered at and below an organisation.
//
// Faults: organization_unknown, forbidden.
func (s *Service) CoverageOf(ctx context.Context, actor auth.Actor, id org.ID, period calendar.Period, basis ledger.Basis) (Coverage, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) (Coverage, error) {
		if err := org.Authorize(ctx, tx, actor, auth.SummaryRead, id); err != nil {
			return Coverage{}, err
		}
		sessions, err := heldThrough(ctx, tx, id, period, basis)
		if err != nil {
			return Coverage{}, err
		}
		obligations, err := owedThrough(ctx, tx, id, period.To, basis)
		if err != nil {
			return Coverage{}, err
		}
		out := Coverage{OrganizationID: id, From: period.From, To: period.To, Basis: basis}
		out.Rows = compose(period, tx.Today(), sessions, obligations)
		for _, h := range sessions {
			*out.Total.of(h.Category) += h.Sessions
			out.Total.Total += h.Sessions
		}
		return out, nameRows(ctx, tx, actor, out.Rows)
	})
}

// nameRows fills in the codes and names of the organisations in reach.
func nameRows(ctx context.Context, tx *database.Tx, actor auth.Actor, rows []CoverageRow) error {
	var named []*Named
	for i := range rows {
		named = append(named, &rows[i].Organization)
		if rows[i].Cells == nil {
			continue
		}
		for n := range rows[i].Cells.Without {
			named = append(named, &rows[i].Cells.Without[n])
		}
	}
	ids := make([]org.ID, len(named))
	for i, n := range named {
		ids[i] = n.ID
	}
	sight, err := org.Scope(ctx, tx, actor, auth.OrganizationRead)
	if err != nil {
		return err
	}
	known, err := org.LookupSeen(ctx, tx, sight, ids)
	if err != nil {
		return err
	}
	for _, n := range named {
		if o, ok := known[n.ID]; ok {
			n.Code, n.Name = o.Code, &o.Name
		}
	}
	return nil
}

// StudiesOf says of every cell of today, at and below an organisation, whether it studied a directive, and by when it has to.
//
// Faults: directive_unknown, organization_unknown, forbidden.
func (s *Service) StudiesOf(ctx context.Context, actor auth.Actor, id directive.ID, of org.ID, scope string) ([]Cell, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) ([]Cell, error) {
		if err := org.Authorize(ctx, tx, actor, auth.SummaryRead, of); err != nil {
			return nil, err
		}
		if _, err := directive.Find(ctx, tx, id); err != nil {
			return nil, err
		}
		cells, err := cellsBelow(ctx, tx, of, scope)
		if err != nil {
			return nil, err
		}
		chains, above, err := chainsOf(ctx, tx, cells)
		if err != nil {
			return nil, err
		}
		required, err := directive.RequirementsOf(ctx, tx, &id, above)
		if err != nil {
			return nil, err
		}
		sessions, err := studiedBy(ctx, tx, actor, id, of, scope)
		if err != nil {
			return nil, err
		}
		rows := judged(cells, chains, required, sessions, tx.Today())
		return rows, markSeen(ctx, tx, actor, rows)
	})
}

// markSeen notes which of the cells the actor may read.
func markSeen(ctx context.Context, tx *database.Tx, actor auth.Actor, rows []Cell) error {
	sight, err := org.Scope(ctx, tx, actor, auth.OrganizationRead)
	if err != nil {
		return err
	}
	ids := make([]org.ID, len(rows))
	for i, row := range rows {
		ids[i] = row.Organization.ID
	}
	known, err := org.LookupSeen(ctx, tx, sight, ids)
	for i := range rows {
		_, rows[i].Seen = known[rows[i].Organization.ID]
	}
	return err
}

// chainsOf returns what stands above each cell today, itself first, and all of these together.
func chainsOf(ctx context.Context, tx *database.Tx, cells []org.Organization) (map[org.ID][]org.ID, []org.ID, error) {
	positions := make([]org.Position, len(cells))
	for i, o := range cells {
		positions[i] = org.Position{ID: o.ID, On: tx.Today()}
	}
	found, err := org.ChainsOn(ctx, tx, positions)
	if err != nil {
		return nil, nil, err
	}
	chains, seen := make(map[org.ID][]org.ID, len(cells)), map[org.ID]bool{}
	var all []org.ID
	for position, chain := range found {
		chains[position.ID] = chain
		for _, id := range chain {
			if !seen[id] {
				seen[id], all = true, append(all, id)
			}
		}
	}
	return chains, all, nil
}

// Suggest ranks what the next thematic session of an organisation could be about, on a day; the zero day is today.
//
// Faults: organization_unknown, forbidden.
func (s *Service) Suggest(ctx context.Context, actor auth.Actor, id org.ID, on calendar.Date) ([]Suggestion, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) ([]Suggestion, error) {
		if err := org.Authorize(ctx, tx, actor, auth.SummaryRead, id); err != nil {
			return nil, err
		}
		f := facts{day: on}
		if on.IsZero() {
			f.day = tx.Today()
		}
		var err error
		if f.offered, err = topic.Offered(ctx, tx, id, f.day); err != nil {
			return nil, err
		}
		if f.required, err = unstudied(ctx, tx, actor, id, f.day); err != nil {
			return nil, err
		}
		own := condition{"m.organization_id = ?", []any{id}}
		if f.own, err = countedThematic(ctx, tx, actor, own, calendar.Period{}); err != nil {
			return nil, err
		}
		year := calendar.Year(f.day.Year()).Period()
		if f.sisters, err = countedThematic(ctx, tx, actor, sistersOf(id, f.day), year); err != nil {
			return nil, err
		}
		return f.suggest(), nil
	})
}

// unstudied returns the directives that the organisation has to study and has not, each with its earliest day.
func unstudied(ctx context.Context, tx *database.Tx, actor auth.Actor, id org.ID, on calendar.Date) ([]requirement, error) {
	chain, err := org.ChainOn(ctx, tx, id, on)
	if err != nil {
		return nil, err
	}
	required, err := directive.RequirementsOf(ctx, tx, nil, chain)
	if err != nil {
		return nil, err
	}
	var open []requirement
	for _, r := range required {
		if slices.ContainsFunc(open, func(o requirement) bool { return o.DirectiveID == r.DirectiveID }) {
			continue
		}
		sessions, err := studiedBy(ctx, tx, actor, r.DirectiveID, id, org.ScopeOwn)
		if err != nil {
			return nil, err
		}
		if len(sessions) > 0 {
			continue
		}
		d, err := directive.Find(ctx, tx, r.DirectiveID)
		if err != nil {
			return nil, err
		}
		open = append(open, requirement{r, d})
	}
	return open, nil
}
