package app_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/testkit/apitest"
	"sochibo/internal/testkit/experiment"
)

// parallel runs fn n times at once and waits for all of them.
func parallel(n int, fn func(i int)) {
	var group sync.WaitGroup
	for i := range n {
		group.Go(func() { fn(i) })
	}
	group.Wait()
}

// cell is a cell with three members, the first of whom chairs.
type cell struct {
	id      string
	branch  string // what stands between the cell and the party organisation, the cell itself where nothing does
	members []string
}

// meeting returns the body of a request for a session of the cell in a month, two members present and one excused.
func (c cell) meeting(month, day string, submit bool) string {
	return fmt.Sprintf(`{"organization_id":%q,"body":"cell","forms":["regular"],"period_month":%q,"started_at":"%s-%sT14:00:00+07:00",
		"ended_at":"%s-%sT15:30:00+07:00","chair_id":%q,"title":"Sinh hoạt thường kỳ","submit":%t,
		"attendance":{"others":"present","rows":[{"member_id":%q,"status":"excused"}]}}`,
		c.id, month, month, day, month, day, c.members[0], submit, c.members[2])
}

// district is a tree of two party organisations below a root, with cells.
type district struct {
	root    string
	parties [2]string
	cells   []cell
}

// found builds a district through the API.
func found(tb testing.TB, administrator client, cells int) district {
	tb.Helper()
	var d district
	d.root = administrator.create(tb, "/organizations", `{"kind":"superior","name":"Đảng bộ huyện","founded_on":"2010-01-01"}`)
	for i := range d.parties {
		d.parties[i] = administrator.create(tb, "/organizations",
			`{"kind":"base_party","name":"Đảng bộ xã %d","founded_on":"2010-01-01","parent_id":%q}`, i+1, d.root)
	}
	for i := range cells {
		above := d.parties[i%2]
		var c cell
		if i%4 > 1 {
			c.branch = administrator.create(tb, "/organizations",
				`{"kind":"sectional_party","name":"Đảng bộ bộ phận %d","founded_on":"2010-01-01","parent_id":%q}`, i+1, above)
			above = c.branch
		}
		c.id = administrator.create(tb, "/organizations",
			`{"kind":"cell","name":"Chi bộ thôn %d","founded_on":"2010-01-01","parent_id":%q}`, i+1, above)
		c.branch = cmp.Or(c.branch, c.id)
		for _, name := range []string{"Đinh Văn An", "Lê Thị Bình", "Tạ Quang Cường"} {
			c.members = append(c.members, administrator.create(tb, "/members",
				`{"full_name":%q,"membership":{"organization_id":%q,"from":"2010-01-01"}}`, name, c.id))
		}
		d.cells = append(d.cells, c)
	}
	return d
}

// pause waits as a client does that came too late, about twice as long each time in a row.
func pause(tb testing.TB, attempt int) {
	tb.Helper()
	timer := time.NewTimer(rand.N(10 * time.Millisecond << min(attempt, 8)))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-tb.Context().Done():
	}
}

func TestEditorsLoseNoUpdate(t *testing.T) {
	t.Parallel()
	const editors = 50
	edits := 10
	if experiment.Long() {
		edits = 40
	}
	eachInstallation(t, func(t *testing.T, in installation) {
		d := found(t, in.as(t, auth.RoleAdministrator, ""), 1)
		secretary := in.as(t, auth.RoleSecretary, d.root)
		path := "/meetings/" + secretary.create(t, "/meetings", "%s", d.cells[0].meeting("2018-03", "02", false))
		tally := strings.TrimSuffix(strings.Repeat("0 ", editors), " ")
		secretary.must(t, http.StatusOK, http.MethodPatch, path, fmt.Sprintf(`{"title":%q}`, tally), `If-Match: "1"`)
		var stale atomic.Int64
		parallel(editors, func(i int) {
			editor := in.as(t, auth.RoleSecretary, d.root)
			for range edits {
				stale.Add(addOne(t, editor, path, i))
			}
		})
		end := secretary.must(t, http.StatusOK, http.MethodGet, path, "")
		want := strings.TrimSuffix(strings.Repeat(strconv.Itoa(edits)+" ", editors), " ")
		if got := end.Field(t, "title"); got != want {
			t.Errorf("each editor counted to %d, and the title says %s", edits, got)
		}
		if got, want := end.Field(t, "version"), strconv.Itoa(2+editors*edits); got != want {
			t.Errorf("the version is %s, want %s", got, want)
		}
		t.Logf("%d edits were accepted, %d came too late and were made again", editors*edits, stale.Load())
	})
}

// addOne raises the editor's own number in the title by one, and returns how often somebody else was faster.
func addOne(tb testing.TB, editor client, path string, number int) (stale int64) {
	for {
		seen := editor.send(tb.Context(), http.MethodGet, path, "")
		if seen.Status != http.StatusOK {
			tb.Errorf("read: %s", seen)
			return stale
		}
		numbers := strings.Fields(seen.Field(tb, "title"))
		mine, err := strconv.Atoi(numbers[number])
		if err != nil {
			tb.Error(err)
			return stale
		}
		numbers[number] = strconv.Itoa(mine + 1)
		body := fmt.Sprintf(`{"title":%q}`, strings.Join(numbers, " "))
		answer := editor.send(tb.Context(), http.MethodPatch, path, body, "If-Match: "+seen.ETag())
		switch answer.Status {
		case http.StatusOK:
			return stale
		case http.StatusPreconditionFailed:
			stale++
			pause(tb, int(stale))
		default:
			tb.Errorf("edit: %s", answer)
			return stale
		}
	}
}

func TestRetriesOfOneSubmission(t *testing.T) {
	t.Parallel()
	const retries = 200
	eachInstallation(t, func(t *testing.T, in installation) {
		d := found(t, in.as(t, auth.RoleAdministrator, ""), 1)
		secretary := in.as(t, auth.RoleSecretary, d.root)
		body := d.cells[0].meeting("2018-03", "02", true)
		answers := make([]apitest.Answer, retries)
		parallel(retries, func(i int) {
			answers[i] = secretary.send(t.Context(), http.MethodPost, "/meetings", body, "Idempotency-Key: nop-bien-ban-2018-03")
		})
		first := answers[0].OK(t, http.StatusCreated)
		replayed, different := 0, 0
		for _, answer := range answers {
			if answer.Status != first.Status || answer.Text != first.Text || answer.ETag() != first.ETag() ||
				answer.Header.Get("Location") != first.Header.Get("Location") {
				different++
			}
			if answer.Header.Get("Idempotency-Replayed") == "true" {
				replayed++
			}
		}
		if different > 0 {
			t.Errorf("%d answers differ from the first, %s", different, first)
		}
		if replayed != retries-1 {
			t.Errorf("%d answers are called replays, want %d", replayed, retries-1)
		}
		for query, want := range map[string]int64{
			`SELECT count(*) FROM meeting`:                                 1,
			`SELECT count(*) FROM record_version`:                          1,
			`SELECT count(*) FROM ledger_entry WHERE source = 'meeting'`:   1,
			`SELECT count(*) FROM idempotency_key WHERE status = 201`:      1,
			`SELECT sum(regular) FROM ledger_entry WHERE source='meeting'`: 1,
		} {
			if got := in.count(t, query); got != want {
				t.Errorf("%s: %d, want %d", query, got, want)
			}
		}
		in.verified(t)
	})
}

func TestSubmissionsWhileCellsMove(t *testing.T) {
	t.Parallel()
	const writers, submissions, moves, cells = 32, 10, 40, 8
	eachInstallation(t, func(t *testing.T, in installation) {
		administrator := in.as(t, auth.RoleAdministrator, "")
		d := found(t, administrator, cells)
		superior := in.as(t, auth.RoleSuperior, d.root)
		first := in.as(t, auth.RoleSecretary, d.root)
		for _, c := range d.cells {
			first.create(t, "/meetings", "%s", c.meeting("2016-12", "05", true))
		}
		stop := make(chan struct{})
		var reader sync.WaitGroup
		reader.Go(func() { rereads(t, superior, d, stop) })
		parallel(writers+1, func(i int) {
			if i == writers {
				moveAbout(t, administrator, d, moves)
				return
			}
			secretary := in.as(t, auth.RoleSecretary, d.root)
			for n := range submissions {
				month := fmt.Sprintf("%d-%02d", 2017+(i/cells)/2, 1+n)
				answer := secretary.send(t.Context(), http.MethodPost, "/meetings", d.cells[i%cells].meeting(month, fmt.Sprintf("%02d", 1+i%28), true),
					"Idempotency-Key: "+uuid.NewString())
				if answer.Status != http.StatusCreated {
					t.Errorf("submit: %d %s", answer.Status, answer)
				}
			}
		})
		close(stop)
		reader.Wait()
		in.verified(t)
		checkTotals(t, in, superior, d, writers*submissions+cells)
	})
}

// moveAbout moves cells, and branches with a cell below them, from one party organisation to the other, each time from a later day on.
func moveAbout(tb testing.TB, administrator client, d district, moves int) {
	for n := range moves {
		c := d.cells[n%len(d.cells)]
		round := n / len(d.cells)
		path := "/organizations/" + c.branch
		to := d.parties[(n%len(d.cells)+round+1)%2]
		body := fmt.Sprintf(`{"parent_id":%q,"from":"2017-%02d-10"}`, to, 2+2*round)
		for {
			seen := administrator.send(tb.Context(), http.MethodGet, path, "")
			answer := administrator.send(tb.Context(), http.MethodPost, path+"/placements", body, "If-Match: "+seen.ETag())
			if answer.Status == http.StatusPreconditionFailed {
				continue
			}
			if answer.Status != http.StatusOK {
				tb.Errorf("move: %d %s", answer.Status, answer)
			}
			break
		}
	}
}

// rereads asks for the figures of one past entry again and again; the answer must not change by a byte.
func rereads(tb testing.TB, superior client, d district, stop <-chan struct{}) {
	path := "/organizations/" + d.root + "/summary?from=2016-12&to=2018-12&group_by=child&as_of="
	now := superior.send(tb.Context(), http.MethodGet, "/organizations/"+d.root+"/summary?from=2016-12&to=2018-12", "")
	asOf, _ := now.JSON(tb)["as_of"].(map[string]any)
	entry, _ := asOf["entry"].(float64)
	path += strconv.Itoa(int(entry))
	first := superior.send(tb.Context(), http.MethodGet, path, "")
	if first.Status != http.StatusOK || entry == 0 {
		tb.Errorf("as of entry %v: %s", entry, first)
		return
	}
	for reads := 1; ; reads++ {
		if again := superior.send(tb.Context(), http.MethodGet, path, ""); again.Status != first.Status || again.Text != first.Text {
			tb.Errorf("as of entry %v the answer was\n%s\nand now is\n%s", entry, first, again)
			return
		}
		select {
		case <-stop:
			tb.Logf("entry %v was read %d times", entry, reads)
			return
		default:
		}
	}
}

// checkTotals compares the figures with what was sent.
func checkTotals(tb testing.TB, in installation, superior client, d district, sent int) {
	tb.Helper()
	if got := in.count(tb, `SELECT count(*) FROM meeting WHERE status = 'submitted'`); got != int64(sent) {
		tb.Errorf("%d meetings were submitted, %d are there", sent, got)
	}
	regular := func(organization string) int {
		summary := superior.must(tb, http.StatusOK, http.MethodGet, "/organizations/"+organization+"/summary?from=2016-12&to=2018-12", "").JSON(tb)
		sessions, _ := summary["sessions"].(map[string]any)
		cells, _ := sessions["cell"].(map[string]any)
		n, _ := cells["regular"].(float64)
		return int(n)
	}
	above, below := regular(d.root), regular(d.parties[0])+regular(d.parties[1])
	if above != sent || below != sent {
		tb.Errorf("%d sessions were sent: %d at the top, %d in the two below it", sent, above, below)
	}
}
