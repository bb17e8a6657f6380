package org_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sochibo/internal/calendar"
	"sochibo/internal/fault"
	"sochibo/internal/org"
)

func ptr[T any](value T) *T { return &value }

func TestCheck(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		in   org.Organization
		want []string
	}{
		{"right", org.Organization{Kind: org.KindCell, Name: " Chi  bộ 1 ", CellType: ptr(org.CellAgency), Code: ptr("38.1")}, nil},
		{"nothing", org.Organization{}, []string{"/kind: field_required", "/name: field_required"}},
		{"words", org.Organization{Kind: "league", Name: "A", CellType: ptr(org.CellType("farm"))}, []string{
			"/kind: word_unknown", "/cell_type: word_unknown", "/cell_type: cell_type_without_cell",
		}},
		{
			"type of a committee", org.Organization{Kind: org.KindBaseParty, Name: "A", CellType: ptr(org.CellAgency)},
			[]string{"/cell_type: cell_type_without_cell"},
		},
		{"long", org.Organization{Kind: org.KindCell, Name: strings.Repeat("ộ", 301), Code: ptr(strings.Repeat("1", 65))}, []string{
			"/name: text_too_long", "/code: text_too_long",
		}},
		{"invisible", org.Organization{Kind: org.KindCell, Name: "A\u200b", ShortName: ptr("A\nB")}, []string{
			"/name: text_invisible", "/short_name: text_control",
		}},
		{"reversed life", org.Organization{
			Kind: org.KindCell, Name: "A", FoundedOn: ptr(calendar.MustDate("2018-02-01")), DissolvedOn: ptr(calendar.MustDate("2018-01-31")),
		}, []string{"/dissolved_on: dissolved_before_founded"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var faults fault.Fields
			test.in.Check(&faults)
			var got []string
			for _, f := range faults.All() {
				got = append(got, f.String())
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCheckCleans(t *testing.T) {
	t.Parallel()
	o := org.Organization{Kind: org.KindCell, Name: " Chi  bộ Đá ", ShortName: ptr(" "), Code: ptr("38.1")}
	var faults fault.Fields
	o.Check(&faults)
	if faults.Len() != 0 || o.Name != "Chi bộ Đá" || o.ShortName != nil || o.SearchKey != "chi bo da 38.1" || o.SortKey == "" {
		t.Errorf("%+v %v", o, faults.All())
	}
}

func TestLife(t *testing.T) {
	t.Parallel()
	first, last := calendar.MustDate("2018-01-10"), calendar.MustDate("2018-01-20")
	lived := org.Organization{FoundedOn: &first, DissolvedOn: &last}
	for day, want := range map[string]bool{"2018-01-09": false, "2018-01-10": true, "2018-01-20": true, "2018-01-21": false} {
		on := calendar.MustDate(day)
		if lived.ExistsOn(on) != want || lived.Life().Contains(on) != want {
			t.Errorf("%s: not %v", day, want)
		}
	}
	if !(org.Organization{}).ExistsOn(first) || !(org.Organization{}).Life().Covers(first.Month()) {
		t.Error("an organisation of unknown age does not exist")
	}
}

func TestBodiesOfKinds(t *testing.T) {
	t.Parallel()
	for _, kind := range org.Kinds() {
		var got []string
		for _, body := range org.Bodies {
			if kind.May(body) {
				got = append(got, string(body))
			}
		}
		want := "cell_committee party_committee standing_committee conference inspection_commission"
		if kind == org.KindCell {
			want = "cell cell_committee"
		}
		if kind == org.KindBaseCell {
			want = "cell " + want
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v", kind, got)
		}
	}
	if org.KindCell.May("choir") {
		t.Error("an unknown body")
	}
}

func TestInOffice(t *testing.T) {
	t.Parallel()
	day := calendar.MustDate("2018-01-10")
	last := day.Add(5)
	cell := org.Organization{ID: org.NewID(), Kind: org.KindCell, DissolvedOn: ptr(day.Add(3))}
	term := org.BodyTerm{OrganizationID: cell.ID, Body: org.CellCommittee, ValidFrom: day, ValidTo: &last}
	tests := []struct {
		body  org.Body
		terms []org.BodyTerm
		on    calendar.Date
		want  bool
	}{
		{org.Cell, nil, day, true},
		{org.Cell, nil, day.Add(4), false},
		{org.CellCommittee, nil, day, false},
		{org.CellCommittee, []org.BodyTerm{term}, day, true},
		{org.CellCommittee, []org.BodyTerm{term}, day.Add(-1), false},
		{org.CellCommittee, []org.BodyTerm{term}, day.Add(4), false}, // dissolved
		{org.CellCommittee, []org.BodyTerm{{OrganizationID: org.NewID(), Body: org.CellCommittee, ValidFrom: day}}, day, false},
		{org.PartyCommittee, []org.BodyTerm{{OrganizationID: cell.ID, Body: org.PartyCommittee, ValidFrom: day}}, day, false},
	}
	for i, test := range tests {
		if got := org.InOffice(cell, test.body, test.terms, test.on); got != test.want {
			t.Errorf("%d: %s on %s: %v", i, test.body, test.on, got)
		}
	}
}

func TestForestEndsCycles(t *testing.T) {
	t.Parallel()
	a, b, c := org.NewID(), org.NewID(), org.NewID()
	day := calendar.MustDate("2018-01-10")
	forest := org.NewForest([]org.Placement{
		{OrganizationID: a, ParentID: b, ValidFrom: day}, {OrganizationID: b, ParentID: a, ValidFrom: day},
	})
	if diff := cmp.Diff([]org.ID{a, b}, forest.ChainOn(a, day)); diff != "" {
		t.Error(diff)
	}
	if forest.Reaches(a, c, calendar.Span{From: day}) || !forest.Reaches(a, b, calendar.Span{From: day}) {
		t.Error("the walk through a cycle is wrong")
	}
}
