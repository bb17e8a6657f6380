package inspection_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/inspection"
	"sochibo/internal/ledger"
	"sochibo/internal/testkit/apitest"
)

// sampled lets the ledger count meetings of the cell that were handed in, one for each of the months, and returns their ids.
func sampled(t *testing.T, w apitest.World, organization string, months ...string) (meetings []string) {
	t.Helper()
	w.Write(t, func(ctx context.Context, tx *database.Tx) error {
		book, err := ledger.Open(ctx, tx)
		if err != nil {
			return err
		}
		for _, month := range months {
			m := calendar.MustMonth(month)
			id := uuid.Must(uuid.NewV7())
			if err := insertMeeting(ctx, tx, w, organization, id, m); err != nil {
				return err
			}
			if err := book.Post(ctx, ledger.Posting{
				Cause: ledger.Submission, Source: ledger.Meeting, SourceID: id, Organization: w.Orgs[organization], Day: m.First(), Month: m,
				Body: "cell", Basis: ledger.Submitted, Counters: ledger.Counters{Regular: 1, Sittings: 1},
			}); err != nil {
				return err
			}
			meetings = append(meetings, id.String())
		}
		_, err = book.Close(ctx)
		return err
	})
	return meetings
}

func insertMeeting(ctx context.Context, tx *database.Tx, w apitest.World, organization string, id uuid.UUID, month calendar.Month) error {
	const query = `INSERT INTO meeting (id, organization_id, body, forms, period_month, held_on, started_at, status, search_key, version, created_at, updated_at)
		VALUES (?, ?, 'cell', 'regular', ?, ?, ?, 'submitted', '', 1, ?, ?)`
	return database.Gorm(ctx, tx).Exec(query, id, w.Orgs[organization], month, month.First(), tx.Now, tx.Now, tx.Now).Error
}

// byHand draws as an auditor would, who has the list, the seed and sha256sum.
func byHand(t *testing.T, seed string, population []string, n int) []string {
	t.Helper()
	var lines []string
	for _, id := range population {
		command := exec.CommandContext(t.Context(), "sha256sum")
		command.Stdin = strings.NewReader(seed + " " + id)
		out, err := command.Output()
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, strings.Fields(string(out))[0]+" "+id)
	}
	slices.Sort(lines)
	for i := range lines {
		lines[i] = strings.Fields(lines[i])[1]
	}
	return lines[:min(n, len(lines))]
}

// drawn are the meetings of a sample.
func drawn(t *testing.T, answer apitest.Answer) (ids []string) {
	t.Helper()
	list, _ := answer.JSON(t)["meetings"].([]any)
	for _, row := range list {
		ids = append(ids, row.(map[string]any)["meeting_id"].(string))
	}
	return ids
}

func seedOf(t *testing.T, answer apitest.Answer) string {
	t.Helper()
	return answer.JSON(t)["draw"].(map[string]any)["seed"].(string)
}

var year = []string{
	"2017-01", "2017-02", "2017-03", "2017-04", "2017-05", "2017-06", "2017-07", "2017-08", "2017-09", "2017-10", "2017-11", "2017-12",
}

func TestSample(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w apitest.World) {
		superior := w.As(t, auth.RoleSuperior, "a")
		mine, others := sampled(t, w, "a1", year...), sampled(t, w, "a2", year...)
		path := round(t, w, superior) + "/samples"
		made := superior.Post(t, path, `{"count":4,"from":"2017-03","to":"2017-10"}`).OK(t, 201)
		seed := seedOf(t, made)
		if diff := cmp.Diff(byHand(t, seed, mine[2:10], 4), drawn(t, made)); diff != "" || len(seed) != 64 || made.Field(t, "reproduced") != "true" {
			t.Errorf("drawn by hand, with the seed %s: %s", seed, diff)
		}
		if slices.ContainsFunc(drawn(t, made), func(id string) bool { return slices.Contains(others, id) }) {
			t.Error("a meeting of another cell was drawn")
		}
		one := path + "/" + made.Field(t, "id")
		if again := superior.Get(t, one).OK(t, 200); again.Text != made.Text {
			t.Errorf("shown %s, drawn %s", again, made)
		}
		if second := superior.Post(t, path, `{"count":4,"from":"2017-03","to":"2017-10"}`).OK(t, 201); seedOf(t, second) == seed {
			t.Error("two samples have one seed")
		}
		given := superior.Post(t, path, `{"count":200,"from":"2017-01","to":"2017-12","body":"cell","seed":"KT.2018_1-a"}`).OK(t, 201)
		if diff := cmp.Diff(byHand(t, "KT.2018_1-a", mine, 12), drawn(t, given)); diff != "" {
			t.Error(diff)
		}
		population := superior.Get(t, path+"/"+given.Field(t, "id")+"/population").OK(t, 200)
		slices.Sort(mine)
		if diff := cmp.Diff(mine, population.Rows(t, "meeting_id")); diff != "" {
			t.Error(diff)
		}
		sum := sha256.Sum256([]byte("KT.2018_1-a " + mine[0]))
		if table := superior.Get(t, path+"/"+given.Field(t, "id")+"/population?format=csv").OK(t, 200).Text; !strings.Contains(table, mine[0]+","+hex.EncodeToString(sum[:])) {
			t.Errorf("%s", table)
		}
		if n := len(superior.Get(t, path).OK(t, 200).Rows(t, "seed")); n != 3 {
			t.Errorf("%d samples", n)
		}
		w.As(t, auth.RoleSecretary, "a").Get(t, one).OK(t, 200)
		w.As(t, auth.RoleSecretary, "a1").Get(t, one).Problem(t, 404, "inspection_unknown")
		superior.Get(t, path+"/"+uuid.NewString()).Problem(t, 404, "sample_unknown")
	})
}

// TestSampleStaysAsOf hands in and takes back meetings after a sample was drawn: it is drawn again as of its entry.
func TestSampleStaysAsOf(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w apitest.World) {
		superior := w.As(t, auth.RoleSuperior, "a")
		mine := sampled(t, w, "a1", year...)
		path := round(t, w, superior) + "/samples"
		made := superior.Post(t, path, `{"count":5,"from":"2017-01","to":"2017-12","seed":"a"}`).OK(t, 201)
		sampled(t, w, "a1", year...)
		w.Write(t, func(ctx context.Context, tx *database.Tx) error {
			book, err := ledger.Open(ctx, tx)
			if err != nil {
				return err
			}
			if err := book.Reverse(ctx, ledger.Withdrawal, ledger.Meeting, uuid.MustParse(drawn(t, made)[0])); err != nil {
				return err
			}
			_, err = book.Close(ctx)
			return err
		})
		if again := superior.Get(t, path+"/"+made.Field(t, "id")).OK(t, 200); again.Text != made.Text {
			t.Errorf("shown %s, drawn %s", again, made)
		}
		later := superior.Post(t, path, `{"count":200,"from":"2017-01","to":"2017-12","seed":"a"}`).OK(t, 201)
		if got := drawn(t, later); len(got) != 23 || slices.Contains(got, drawn(t, made)[0]) {
			t.Errorf("%d of 12 + 12 - 1 are drawn from now: %v, at first from %v", len(got), got, mine)
		}
	})
}

func TestSampleRefuses(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w apitest.World) {
		superior := w.As(t, auth.RoleSuperior, "a")
		path := round(t, w, superior) + "/samples"
		superior.Post(t, path, `{"count":3,"from":"2017-01","to":"2017-02"}`).Problem(t, 409, "sample_without_population")
		sampled(t, w, "a2", year...)
		superior.Post(t, path, `{"count":3,"from":"2017-01","to":"2017-02"}`).Problem(t, 409, "sample_without_population")
		superior.Post(t, path, `{"count":0,"seed":"hạt giống"}`).Problem(t, 422, "sample_invalid", "/count number_out_of_range", "/from field_required",
			"/to field_required", "/seed seed_malformed")
		superior.Post(t, path, `{"count":201,"from":"2017-02","to":"2017-01","body":"choir"}`).Problem(t, 422, "sample_invalid",
			"/count number_out_of_range", "/to period_reversed", "/body word_unknown")
		superior.Post(t, path, fmt.Sprintf(`{"count":3,"from":"2017-01","to":"2017-02","organization_ids":[%q]}`, w.Orgs["a2"])).
			Problem(t, 422, "sample_invalid", "/organization_ids no_object_of_round")
		w.As(t, auth.RoleSecretary, "a").Post(t, path, `{"count":3,"from":"2017-01","to":"2017-02"}`).Problem(t, 403, "forbidden")
		empty := superior.Post(t, "/inspections", fmt.Sprintf(
			`{"organization_id":%q,"body":"party_committee","kind":"regular_supervision","from":"2018-04-02"}`, w.Orgs["a"])).OK(t, 201)
		superior.Post(t, "/inspections/"+empty.Field(t, "id")+"/samples", `{"count":3,"from":"2017-01","to":"2017-02"}`).
			Problem(t, 422, "sample_invalid", "/organization_ids field_required")
	})
}

func TestRank(t *testing.T) {
	t.Parallel()
	id := uuid.MustParse("0198c0de-0000-7000-8000-000000000031")
	// printf '%s %s' a 0198c0de-0000-7000-8000-000000000031 | sha256sum
	if got, want := inspection.Rank("a", id), "8277cdb0cb0b16a1f593813ce5e766d7de4e2e1e6a14053d8cdc39d61bcb40d9"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
