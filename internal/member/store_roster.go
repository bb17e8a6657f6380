package member

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/org"
)

// source is a query for member ids with its arguments.
type source struct {
	query string
	args  []any
}

const (
	atHome = `SELECT member_id FROM membership
		WHERE organization_id IN ? AND valid_from <= ? AND (valid_to IS NULL OR valid_to >= ?)`
	inOffice = `SELECT member_id FROM office
		WHERE organization_id IN ? AND body = ? AND valid_from <= ? AND (valid_to IS NULL OR valid_to >= ?)`
	receivedHere = `SELECT member_id FROM member_status
		WHERE status = 'temporarily_here' AND organization_id IN ? AND valid_from <= ? AND (valid_to IS NULL OR valid_to >= ?)`
)

// conferenceChunk is how many organisations one question names; a conference may span more.
const conferenceChunk = 500

// RosterOn returns the roster of the body of the organisation on the day, ordered the Vietnamese way: a cell has the members at home
// there, a conference those at home there or below, any other body those who hold an office in it.
func RosterOn(ctx context.Context, tx *database.Tx, organization org.ID, body org.Body, on calendar.Date) ([]Person, error) {
	switch body {
	case org.Cell:
		return people(ctx, tx, organization, on, source{atHome, []any{[]org.ID{organization}, on, on}})
	case org.Conference:
		return conferenceOn(ctx, tx, organization, on)
	default:
		return people(ctx, tx, organization, on, source{inOffice, []any{[]org.ID{organization}, body, on, on}})
	}
}

// TemporaryOn returns the members who are temporarily here, at the organisation, on the day.
func TemporaryOn(ctx context.Context, tx *database.Tx, organization org.ID, on calendar.Date) ([]Person, error) {
	return people(ctx, tx, organization, on, source{receivedHere, []any{[]org.ID{organization}, on, on}})
}

func conferenceOn(ctx context.Context, tx *database.Tx, organization org.ID, on calendar.Date) ([]Person, error) {
	cells, err := org.SubtreeOn(ctx, tx, organization, on)
	if err != nil {
		return nil, err
	}
	var all []Person
	for chunk := range slices.Chunk(cells, conferenceChunk) {
		found, err := people(ctx, tx, organization, on, source{atHome, []any{chunk, on, on}})
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	slices.SortFunc(all, func(a, b Person) int {
		return cmp.Or(cmp.Compare(a.Member.SortKey, b.Member.SortKey), slices.Compare(a.Member.ID.UUID[:], b.Member.ID.UUID[:]))
	})
	return all, nil
}

// people loads the members a source names, with their statuses on the day and their offices that day in the organisation.
func people(ctx context.Context, tx *database.Tx, organization org.ID, on calendar.Date, who source) ([]Person, error) {
	var members []Member
	q := `SELECT * FROM member WHERE id IN (` + who.query + `) ORDER BY sort_key, id`
	if err := database.Gorm(ctx, tx).Raw(q, who.args...).Scan(&members).Error; err != nil {
		return nil, fmt.Errorf("roster of %s: %w", organization, err)
	}
	statuses, err := wordsOn[StatusKind](ctx, tx, statusesOf+`(`+who.query+`) ORDER BY member_id, word`, append([]any{on, on}, who.args...))
	if err != nil {
		return nil, fmt.Errorf("statuses at %s: %w", organization, err)
	}
	offices, err := wordsOn[OfficeKind](ctx, tx, officesOf+`(`+who.query+`) ORDER BY member_id, word`,
		append([]any{organization, on, on}, who.args...))
	if err != nil {
		return nil, fmt.Errorf("offices at %s: %w", organization, err)
	}
	found := make([]Person, len(members))
	for i, m := range members {
		found[i] = Person{
			Member: m, Official: m.OfficialOnDay(on), Probationary: m.ProbationaryOnDay(on),
			Statuses: statuses[m.ID], Offices: offices[m.ID],
		}
	}
	return found, nil
}

const (
	statusesOf = `SELECT DISTINCT member_id, status AS word FROM member_status
		WHERE valid_from <= ? AND (valid_to IS NULL OR valid_to >= ?) AND member_id IN `
	officesOf = `SELECT DISTINCT member_id, office AS word FROM office
		WHERE organization_id = ? AND valid_from <= ? AND (valid_to IS NULL OR valid_to >= ?) AND member_id IN `
)

// wordsOn runs a query for (member_id, word) and gathers the words by member.
func wordsOn[W ~string](ctx context.Context, tx *database.Tx, query string, args []any) (map[ID][]W, error) {
	var rows []struct {
		MemberID ID
		Word     W
	}
	if err := database.Gorm(ctx, tx).Raw(query, args...).Scan(&rows).Error; err != nil {
		return nil, err
	}
	words := make(map[ID][]W)
	for _, row := range rows {
		words[row.MemberID] = append(words[row.MemberID], row.Word)
	}
	return words, nil
}

const homes = `SELECT member_id, organization_id FROM membership
	WHERE member_id IN ? AND valid_from <= ? AND (valid_to IS NULL OR valid_to >= ?)`

// HomeOn returns the home cell of the member on the day, and whether there is one.
func HomeOn(ctx context.Context, tx *database.Tx, id ID, on calendar.Date) (org.ID, bool, error) {
	found, err := homesOn(ctx, tx, []ID{id}, on)
	home, ok := found[id]
	return home, ok, err
}

// homesOn returns the home cells of the members on the day.
func homesOn(ctx context.Context, tx *database.Tx, ids []ID, on calendar.Date) (map[ID]org.ID, error) {
	return homesBy(ctx, tx, ids, homes, on, on)
}

const homesNow = `SELECT s.member_id, s.organization_id FROM membership s
	WHERE s.member_id IN ? AND s.valid_from = coalesce(
		(SELECT max(p.valid_from) FROM membership p WHERE p.member_id = s.member_id AND p.valid_from <= ?),
		(SELECT min(p.valid_from) FROM membership p WHERE p.member_id = s.member_id))`

// homesAt returns for each of the members the home that decides who may see and write them: the one of the day, else the last one
// before it, else the first one after it. A member who was never at home anywhere is absent.
func homesAt(ctx context.Context, tx *database.Tx, ids []ID, day calendar.Date) (map[ID]org.ID, error) {
	return homesBy(ctx, tx, ids, homesNow, day)
}

func homesBy(ctx context.Context, tx *database.Tx, ids []ID, query string, days ...any) (map[ID]org.ID, error) {
	found := make(map[ID]org.ID, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	var rows []struct {
		MemberID       ID
		OrganizationID org.ID
	}
	if err := database.Gorm(ctx, tx).Raw(query, append([]any{ids}, days...)...).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("homes of members: %w", err)
	}
	for _, row := range rows {
		found[row.MemberID] = row.OrganizationID
	}
	return found, nil
}
