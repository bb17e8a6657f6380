package summary_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/httpapi"
	"sochibo/internal/ledger"
	"sochibo/internal/meeting"
	"sochibo/internal/member"
	"sochibo/internal/org"
	"sochibo/internal/rules"
	"sochibo/internal/structure"
	"sochibo/internal/summary"
	"sochibo/internal/testkit/apitest"
)

// cells is the small installation of apitest in 2026, with a member in each cell.
type cells struct {
	apitest.World

	t         *testing.T
	clock     *apitest.Clock
	secretary apitest.Caller
	superior  apitest.Caller
	who       map[string]string
}

func eachCells(t *testing.T, fn func(t *testing.T, c *cells)) {
	t.Helper()
	zone := must[calendar.Zone](t)(calendar.LoadZone(""))
	routes := func(db *database.DB) []httpapi.Route {
		return slices.Concat(summary.New(db, zone).Routes(), meeting.New(db, zone).Routes(), structure.New(db, zone).Routes(),
			member.New(db, zone, rules.CountingOn).Routes(), org.New(db, zone).Routes())
	}
	apitest.EachClock(t, time.Date(2026, 5, 10, 5, 0, 0, 0, time.UTC), routes, func(t *testing.T, w apitest.World, clock *apitest.Clock) {
		c := &cells{World: w, t: t, clock: clock, secretary: w.As(t, auth.RoleSecretary, ""), superior: w.As(t, auth.RoleSuperior, "a"), who: map[string]string{}}
		w.Write(t, func(ctx context.Context, tx *database.Tx) error { return settle(ctx, tx, w) })
		for _, cell := range []string{"a1", "a2", "b1"} {
			c.who[cell] = c.secretary.Post(t, "/members", fmt.Sprintf(
				`{"full_name":"Nguyễn Văn %s","membership":{"organization_id":%q,"from":"2016-01-01"}}`, cell, w.Orgs[cell])).OK(t, 201).Field(t, "id")
		}
		fn(t, c)
	})
}

// settle posts what the organisations owe, as founding them would.
func settle(ctx context.Context, tx *database.Tx, w apitest.World) error {
	if err := org.HoldTree(ctx, tx); err != nil {
		return err
	}
	book, err := ledger.Open(ctx, tx)
	if err != nil {
		return err
	}
	var all []org.ID
	for _, id := range w.Orgs {
		all = append(all, id)
	}
	if err := book.SettleAll(ctx, all); err != nil {
		return err
	}
	_, err = book.Close(ctx)
	return err
}

func (c *cells) today(day string) {
	c.clock.Set(calendar.MustDate(day).Time().Add(5 * time.Hour))
}

const in = `,"attendance":{"others":"present","rows":[]},"submit":true`

// meet records a session of a cell on a day for a month.
func (c *cells) meet(cell, held, month, more string) apitest.Answer {
	c.t.Helper()
	return c.secretary.Post(c.t, "/meetings", fmt.Sprintf(
		`{"organization_id":%q,"body":"cell","forms":["regular"],"period_month":%q,"started_at":"%sT08:00:00+07:00","chair_id":%q%s}`,
		c.Orgs[cell], month, held, c.who[cell], more)).OK(c.t, 201)
}

func (c *cells) receive(made apitest.Answer, act, body string) apitest.Answer {
	c.t.Helper()
	return c.superior.Post(c.t, "/meetings/"+made.Field(c.t, "id")+act, body, "If-Match: "+made.ETag()).OK(c.t, 200)
}

func (c *cells) of(code string) string { return "/organizations/" + c.Orgs[code].String() }

// states are "state late" of the months of a1's cell.
func (c *cells) states(from, to string) []string {
	c.t.Helper()
	answer := c.superior.Get(c.t, c.of("a1")+"/compliance?from="+from+"&to="+to).OK(c.t, http.StatusOK)
	row, _ := answer.JSON(c.t)["data"].([]any)[0].(map[string]any)
	body, _ := row["bodies"].([]any)[0].(map[string]any)
	months, _ := body["months"].([]any)
	states := make([]string, len(months))
	for i, month := range months {
		m, _ := month.(map[string]any)
		states[i] = fmt.Sprint(m["state"], " ", m["late"])
	}
	return states
}

func (c *cells) expect(when, from, to string, want ...string) {
	c.t.Helper()
	if got := c.states(from, to); !slices.Equal(got, want) {
		c.t.Errorf("%s: %q, want %q", when, got, want)
	}
}

func TestStatesOfMonths(t *testing.T) {
	t.Parallel()
	eachCells(t, func(t *testing.T, c *cells) {
		c.meet("a1", "2025-10-27", "2025-10", in) // before there was a deadline
		c.meet("a1", "2026-01-05", "2026-01", in)
		c.receive(c.meet("a1", "2026-02-05", "2026-02", in), "/acceptance", "")
		c.meet("a1", "2026-03-05", "2026-03", `,"attendance":{"others":"present","rows":[]}`)
		c.receive(c.meet("a1", "2026-05-08", "2026-05", in), "/return", `{"reason":"Thiếu chữ ký"}`)
		c.meet("a1", "2026-06-05", "2026-06", "")
		c.superior.Post(t, c.of("a1")+"/excused-months", `{"body":"cell","month":"2025-12"}`, "If-Match: "+c.superior.Get(t, c.of("a1")).ETag()).OK(t, 201)
		c.expect("every state", "2025-10", "2026-07", "submitted <nil>", "nothing <nil>", "excused <nil>", "submitted true", "accepted true",
			"held true", "nothing <nil>", "returned false", "scheduled <nil>", "open <nil>")
		c.expect("before the organisation was", "2009-12", "2010-01", "not_due <nil>", "nothing <nil>")
		c.today("2026-05-11")
		c.expect("a day later", "2026-05", "2026-05", "returned false")
		c.meet("a1", "2026-05-09", "2026-05", in)
		c.expect("the one that has come farthest, on its last day", "2026-05", "2026-05", "submitted false")
		c.meet("a1", "2026-04-28", "2026-04", "")
		c.expect("planned and past", "2026-04", "2026-04", "scheduled true")
	})
}

func TestMissingRecords(t *testing.T) {
	t.Parallel()
	eachCells(t, func(t *testing.T, c *cells) {
		c.meet("a1", "2026-03-05", "2026-03", in)
		c.meet("a1", "2026-04-05", "2026-04", "")
		office := fmt.Sprintf(`{"organization_id":%q,"body":"cell","office":"secretary","from":"2020-01-01"}`, c.Orgs["a1"])
		c.secretary.Post(t, "/members/"+c.who["a1"]+"/offices", office, `If-Match: "1"`).OK(t, 201)
		found := func(path string) []string {
			rows, _ := c.superior.Get(t, c.of("a")+"/missing-records?from=2026-03&to=2026-05"+path).OK(t, http.StatusOK).JSON(t)["data"].([]any)
			lines := make([]string, len(rows))
			for i, row := range rows {
				m, _ := row.(map[string]any)
				name := "-"
				if s, is := m["secretary"].(map[string]any); is {
					name = fmt.Sprint(s["full_name"], " ", s["office"])
				}
				lines[i] = fmt.Sprint(m["name"], " ", m["month"], " ", m["state"], " ", m["due_on"], " ", name)
			}
			return lines
		}
		want := []string{
			"Chi bộ Hành chính 2026-03 nothing <nil> -", "Chi bộ Hành chính 2026-04 nothing <nil> -",
			"Chi bộ Tổng hợp 2026-04 scheduled 2026-04-07 Nguyễn Văn a1 secretary",
		}
		if got := found(""); !slices.Equal(got, want) {
			t.Errorf("%q", got)
		}
		if got := found("&limit=1"); len(got) > 2 {
			t.Errorf("the page of one organization has %q", got)
		}
		text := c.superior.Get(t, c.of("a")+"/missing-records?from=2026-03&to=2026-05&format=csv").OK(t, http.StatusOK).Text
		if !strings.Contains(text, ",cell,2026-04,scheduled,2026-04-07,") || !strings.Contains(text, "Nguyễn Văn a1,cell") {
			t.Errorf("%s", text)
		}
		for _, role := range []auth.Role{auth.RoleMember, auth.RoleMinutesTaker, auth.RoleAdministrator} {
			c.As(t, role, "a").Get(t, c.of("a1")+"/missing-records?from=2026-03&to=2026-05").Problem(t, http.StatusForbidden, "forbidden")
			c.As(t, role, "a").Get(t, c.of("a1")+"/compliance?from=2026-03&to=2026-05").OK(t, http.StatusOK)
		}
	})
}

func TestAwaitingRecords(t *testing.T) {
	t.Parallel()
	eachCells(t, func(t *testing.T, c *cells) {
		first := c.meet("a2", "2026-03-05", "2026-03", in)
		c.today("2026-05-11")
		second := c.meet("a1", "2026-01-05", "2026-01", in)
		c.today("2026-05-12")
		third := c.meet("a1", "2026-02-05", "2026-02", in)
		c.meet("b1", "2026-02-05", "2026-02", in) // elsewhere
		path := c.of("a") + "/awaiting-records"
		want := []string{first.Field(t, "id"), second.Field(t, "id"), third.Field(t, "id")}
		if got := c.superior.Get(t, path).OK(t, http.StatusOK).Rows(t, "meeting_id"); !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
		var got []string
		for after := ""; ; {
			page := c.superior.Get(t, path+"?limit=1"+after).OK(t, http.StatusOK)
			got = append(got, page.Rows(t, "meeting_id")...)
			next := page.Field(t, "next")
			if next == "" {
				break
			}
			after = "&after=" + next
		}
		if !slices.Equal(got, want) {
			t.Errorf("page by page: %q, want %q", got, want)
		}
		c.receive(first, "/acceptance", "")
		c.receive(second, "/return", `{"reason":"Thiếu chữ ký"}`)
		if got := c.superior.Get(t, path).Rows(t, "meeting_id"); !slices.Equal(got, want[2:]) {
			t.Errorf("%q", got)
		}
		text := c.superior.Get(t, path+"?format=csv").OK(t, http.StatusOK).Text
		if !strings.Contains(text, "2026-02,2026-02-05,2026-05-12T05:00:00Z,") || strings.Count(text, "\n") != 2 {
			t.Errorf("%s", text)
		}
	})
}

// TestComplianceAsTable reads the map as a spreadsheet does, page by page, and refuses too many months.
func TestComplianceAsTable(t *testing.T) {
	t.Parallel()
	eachCells(t, func(t *testing.T, c *cells) {
		c.meet("a1", "2026-03-05", "2026-03", in)
		text := c.superior.Get(t, c.of("a")+"/compliance?from=2026-03&to=2026-05&format=csv").OK(t, http.StatusOK).Text
		for _, want := range []string{"due,excused,covered,2026-03,2026-04,2026-05", ",cell,2,0,1,submitted late,nothing,open", ",cell,2,0,0,nothing,nothing,open"} {
			if !strings.Contains(text, want) {
				t.Errorf("%q is not in %s", want, text)
			}
		}
		first := c.superior.Get(t, c.of("a")+"/compliance?from=2026-03&to=2026-05&limit=2").OK(t, http.StatusOK)
		second := c.superior.Get(t, c.of("a")+"/compliance?from=2026-03&to=2026-05&limit=2&after="+first.Field(t, "next")).OK(t, http.StatusOK)
		names := append(first.Rows(t, "code"), second.Rows(t, "code")...)
		slices.Sort(names)
		if !slices.Equal(names, []string{"a", "a1", "a2"}) || second.Field(t, "next") != "" {
			t.Errorf("%q", names)
		}
		c.superior.Get(t, c.of("a")+"/compliance?from=2023-01&to=2026-01").Problem(t, http.StatusBadRequest, "period_over_months", "to period_over_months")
		c.superior.Get(t, c.of("b1")+"/compliance?from=2026-03&to=2026-05").Problem(t, http.StatusNotFound, "organization_unknown")
	})
}
