package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// asked is a list that is asked for: {root}, {district}, {unit}, {cell}, {meeting} and {member} stand for ids.
type asked struct{ what, path string }

// listsAsked are the lists and searches that people open most. Their pages are as long in the small store as in the large one.
func listsAsked() []asked {
	return []asked{
		{"members, first page", "/members?organization_id={root}"},
		{"members, a page deep in the list", "/members?organization_id={root}&after={after}"},
		{"members of a district", "/members?organization_id={district}"},
		{"members of a base organisation", "/members?organization_id={unit}"},
		{"members of a cell", "/members?organization_id={cell}"},
		{"members by a common name", "/members?q=nguyen"},
		{"members by a name that is begun, forty rows", "/members?q=nguyen+v&limit=40"},
		{"members by a name that one in a hundred has, ten rows", "/members?q=dinh+v&limit=10"},
		{"members by a name but for its last letters, ten rows", "/members?q=nguyen+van+h&limit=10"},
		{"members by a given name, twenty rows", "/members?q=hung&limit=20"},
		{"members by a name that two have", "/members?q=nguyen+thi+hoa"},
		{"members by a name that nobody has", "/members?q=nguyen+thi+hoai"},
		{"meetings, first page", "/meetings?organization_id={root}"},
		{"meetings of a month", "/meetings?organization_id={root}&period_from=2013-05&period_to=2013-05"},
		{"meetings of a district", "/meetings?organization_id={district}"},
		{"meetings of a base organisation", "/meetings?organization_id={unit}"},
		{"meetings of a cell", "/meetings?organization_id={cell}"},
		{"meetings by a title that all have", "/meetings?q=sinh+hoat"},
		{"meetings by a month in the title", "/meetings?q=thang+2013-05"},
		{"meetings that wait for the superior", "/meetings?status=submitted"},
		{"attendance, first page", "/attendances?organization_id={root}"},
		{"attendance of a district", "/attendances?organization_id={district}"},
		{"attendance, absent without a reason", "/attendances?status=unexcused"},
		{"attendance, absent without a reason in a month, twenty rows", "/attendances?status=unexcused&from=2013-05&to=2013-05&limit=20"},
		{"attendance of a meeting", "/attendances?meeting_id={meeting}"},
		{"attendance of a member", "/attendances?member_id={member}"},
		{"organizations by name", "/organizations?q=chi+bo"},
		{"organizations by code", "/organizations?sort=code"},
		{"ledger entries", "/ledger/entries?organization_id={root}"},
		{"ledger entries of a cell", "/ledger/entries?organization_id={cell}"},
	}
}

// lists compares lists on a small store with the same ones on a hundred times as much.
func (b *bench) lists(ctx context.Context) error {
	b.printf("\n### Lists and searches, by the size of the store\n\n")
	b.printf("| engine | list | %d members, %d attendance rows | %d members, %d attendance rows | large ÷ small |\n|---|---|---:|---:|---:|\n",
		b.size.fewRows.people(), b.size.fewRows.attendances(), b.size.manyRows.people(), b.size.manyRows.attendances())
	for _, s := range b.stores {
		if err := b.listsOn(ctx, s); err != nil {
			return fmt.Errorf("lists, %s: %w", s.engine, err)
		}
	}
	return nil
}

func (b *bench) listsOn(ctx context.Context, s store) (err error) {
	var trees []tree
	defer func() {
		for _, t := range trees {
			err = errors.Join(err, t.store.close(), t.served.stop())
		}
	}()
	for _, folder := range []shape{b.size.fewRows, b.size.manyRows} {
		t, err := b.plant(ctx, s, folder)
		if err != nil {
			return err
		}
		trees = append(trees, t)
	}
	var things []func() error
	for _, list := range listsAsked() {
		for i := range trees {
			path, err := trees[i].fill(ctx, list.path)
			if err != nil {
				return err
			}
			things = append(things, times(b.size.lists, func() error { return trees[i].served.inside(ctx, http.MethodGet, path, nil, http.StatusOK) }))
		}
	}
	spreads, err := taking(2*b.size.rounds+1, things...) // the ratios are near one, and a machine's moods are not
	if err != nil {
		return err
	}
	for i, list := range listsAsked() {
		small, large := spreads[2*i], spreads[2*i+1]
		b.printf("| %s | %s | %s | %s | %s |\n", s.engine, list.what, small.of(b.size.lists), large.of(b.size.lists), large.over(small))
	}
	return nil
}

// fill puts the ids of the tree into a path.
func (t *tree) fill(ctx context.Context, path string) (string, error) {
	ids := map[string]string{
		"{root}": "'" + rootCode + "'", "{district}": "'" + districtCode(0) + "'", "{unit}": "'" + unitCode(0) + "'", "{cell}": "'" + cellCode(7) + "'", "{meeting}": "'" + meetingCode(7, 4) + "'", "{member}": "'" + memberCode(7, 3) + "'",
	}
	tables := map[string]string{"{root}": "organization", "{district}": "organization", "{unit}": "organization", "{cell}": "organization", "{meeting}": "meeting", "{member}": "member"}
	path = "/api/v1" + path
	for name, code := range ids {
		if !strings.Contains(path, name) {
			continue
		}
		err := t.store.transact(ctx, true, func(s sender) error {
			id, err := s.ask(ctx, "SELECT CAST(id AS text) FROM "+tables[name]+" WHERE code = "+code)
			path = strings.ReplaceAll(path, name, fmt.Sprint(id))
			return err
		})
		if err != nil {
			return "", err
		}
	}
	before, deep := strings.CutSuffix(path, "&after={after}")
	if !deep {
		return path, nil
	}
	after, err := t.cursor(ctx, before)
	return before + "&after=" + url.QueryEscape(after), err
}

// cursor leads behind the first 800 rows of a list.
func (t *tree) cursor(ctx context.Context, path string) (after string, err error) {
	for range 4 {
		next := path + "&limit=200"
		if after != "" {
			next += "&after=" + url.QueryEscape(after)
		}
		answer, err := t.served.answer(ctx, http.MethodGet, next, nil, http.StatusOK)
		if err != nil {
			return "", err
		}
		var page struct{ Next string }
		if err := json.Unmarshal(answer, &page); err != nil {
			return "", err
		}
		after = page.Next
	}
	return after, nil
}
