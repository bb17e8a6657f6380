package app_test

import (
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"sochibo/internal/app"
	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/database"
	"sochibo/internal/identity"
	"sochibo/internal/rules"
	"sochibo/internal/testkit/dbtest"
	"sochibo/internal/testkit/experiment"
)

// covered are the tables that verify answers for.
func covered() []string {
	return strings.Fields(`user_account user_identity api_token role_grant organization placement body_term excused_month member membership member_status
		office directive study_requirement implementing_plan topic topic_link briefing briefing_line briefing_use joint_session
		joint_session_meeting topic_plan resolution task meeting meeting_content_item meeting_directive attendance minutes_line meeting_vote meeting_totals meeting_event meeting_editor
		record_version tombstone amendment erasure user_credential recovery_code known_device login_session inspection inspection_object inspection_finding remedy
		remedy_check inspection_sample inspection_sample_organization inspection_sample_meeting
		inspection_plan inspection_plan_item inspection_plan_object rating
		registration registered_session meeting_notice delegate delegate_attendance calendar_feed
		ledger_entry ledger_path ledger_path_step balance ledger_head log_leaf log_hash log_seal log_checkpoint log_head
		log_rotation access_entry access_day organization_above organization_member attendance_absent search_word`)
}

// unsealed are the columns of those tables that no leaf commits to and nothing else tells, each for its reason.
func unsealed() map[string]string {
	return map[string]string{"login_session.last_used_at": "it changes with every request of somebody who is logged in"}
}

// ruleSet stands for a table: the files of the rule sets, which come with the program and are committed to all the same.
const ruleSet = "rule_set"

// TestE22OneBit flips single bits anywhere in the store: verify finds each of them and names the very record, and finds nothing once they
// are flipped back. The store is what the examples leave behind, which is small and has rows in every table.
func TestE22OneBit(t *testing.T) {
	t.Parallel()
	n := 120
	if experiment.Long() {
		n = 10_000
	}
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			seed := seedOf(t)
			b := &bits{logged: newTold(t, engine), Rand: rand.New(rand.NewPCG(seed, 22)), flipped: map[string]int{}, callings: callings()}
			if before := b.wrong(t, nil); len(before) > 0 {
				t.Fatalf("before any change: %q", before)
			}
			flipped, named := b.flipAll(t, n)
			if after := b.wrong(t, nil); len(after) > 0 {
				t.Errorf("seed %d: after every bit was flipped back: %q", seed, after)
			}
			for _, table := range append(covered(), ruleSet) {
				if b.flipped[table] == 0 && n > 100*len(covered()) {
					t.Errorf("no bit of %s was flipped", table)
				}
			}
			t.Logf("seed %d: %v", seed, b.flipped)
			experiment.Report(t, experiment.Result{
				ID: "E-22", Engine: string(engine), Seed: seed, N: flipped, Observed: named, Pass: flipped == n && named == n,
			})
		})
	}
}

// newTold has in it what the story of the examples leaves behind, with somebody logged in and checkpoints.
func newTold(t *testing.T, engine database.Engine) logged {
	t.Helper()
	in := openLogged(t, engine)
	s, _ := in.tellAll(t)
	in.sign(t)
	s.tell(t, step{asSuperior, post, ofCell + "/excused-months", "excuseMonth", "excused", ofCell})
	p := person{story: s, in: in.installation}.loggedIn(t, "password", "năm con nghé vàng về làng")
	secret := p.ask(t, post, "/me/totp", "", http.StatusOK).Field(t, "secret")
	code, err := totp.GenerateCode(secret, in.clock.now().Add(30*time.Second)) // the story has used the present one
	if err != nil {
		t.Fatal(err)
	}
	p.ask(t, post, "/me/totp/confirmation", "confirmTotp", http.StatusOK, "code", code)
	for _, again := range []step{ // what the story takes back
		{asSuperior, post, ofDirective + "/study-requirements", "requireStudy", "requirement", ""},
		{asSuperior, post, ofDirective + "/implementing-plans", "addImplementingPlan", "implementing", ""},
		{asSecretary, post, ofCell + "/topic-plans", "addTopicPlan", "", ""},
		{asSecretary, post, ofBriefing + "/uses", "addBriefingUse", "", ""},
		{asSecretary, post, ofJoint + "/meetings", "joinJointSession", "", ""},
	} {
		s.tell(t, again)
	}
	in.sign(t)
	in = in.seasoned(t)
	somebody, err := in.Auth.CreateUser(t.Context(), auth.InstallationActor(), "tu-noi-khac", "Nguyễn Văn Xa")
	if err == nil {
		_, err = in.Identities.Link(t.Context(), auth.InstallationActor(), somebody.ID, identity.Input{Issuer: "https://login.example.org", Subject: "xa"})
	}
	if err != nil {
		t.Fatal(err)
	}
	in.operator = operate(t, engine, in.address)
	for _, table := range covered() {
		if len(in.operator.places(t, table)) == 0 {
			t.Errorf("there are no rows in %s", table)
		}
	}
	return in
}

// bits flips bits in a store.
type bits struct {
	logged
	*rand.Rand

	flipped  map[string]int    // by table
	callings map[string]string // by table
}

// flipAll flips so many bits, one after the other, and counts those of them whose record verify names.
func (b *bits) flipAll(t *testing.T, n int) (flipped, named int) {
	t.Helper()
	columns := [][]value{{{table: ruleSet, column: "content"}}}
	for _, table := range covered() {
		columns = append(columns, slices.DeleteFunc(b.operator.columns(t, table), func(c value) bool { return unsealed()[c.String()] != "" }))
	}
	all := slices.Concat(columns...)
	for tries := 0; flipped < n && tries < 40*n; tries++ {
		of := columns[b.IntN(len(columns))]
		if tries%2 == 0 { // tables with many columns have more to flip
			of = all
		}
		c := of[b.IntN(len(of))]
		name, lines, ok := b.flipOne(t, c)
		if !ok {
			continue
		}
		if flipped++; flipped%1000 == 0 {
			t.Logf("%d flipped", flipped)
		}
		b.flipped[c.table]++
		if slices.ContainsFunc(lines, name.in) {
			named++
		} else {
			t.Errorf("a bit of %s was flipped, and no line says %s: %q", c, name.before, lines)
		}
		if flipped-named > 30 {
			t.Fatal("too many")
		}
	}
	return flipped, named
}

// flipOne flips a bit of a value of the column and flips it back. It returns what the record is to be called and what verify says;
// false where this bit of this value cannot be changed in this store.
func (b *bits) flipOne(t *testing.T, c value) (name calling, lines []string, ok bool) {
	t.Helper()
	if c.table == ruleSet {
		name, lines = b.flipRules(t)
		return name, lines, true
	}
	places := b.operator.places(t, c.table)
	c.place = places[b.IntN(len(places))]
	called := func(place string) string {
		return b.operator.texts(t, "SELECT "+b.callings[c.table]+" FROM "+c.table+" WHERE "+b.operator.at(place))[0]
	}
	name.before = regexp.MustCompile(called(c.place))
	place, undo, ok := b.operator.flip(t, b.Rand, c)
	if !ok {
		return calling{}, nil, false
	}
	defer undo()
	switch c.table {
	case "balance": // a row of zeros is missed nowhere, but has no business where it now stands
		name.after = strings.TrimPrefix(called(place), "^")
	case "access_entry": // of a day that is running nothing tells how its rows were called before
		name.after = b.operator.texts(t, "SELECT 'access_entry ' || CAST(id AS text) || ': ' FROM access_entry WHERE "+b.operator.at(place))[0]
	}
	return name, b.wrong(t, nil), true
}

// calling is how a line names a row: by the key that it had, or by the one that it has now.
type calling struct {
	before *regexp.Regexp
	after  string // how the line begins, if not empty
}

func (c calling) in(line string) bool {
	return c.before.MatchString(line) || c.after != "" && strings.HasPrefix(line, c.after)
}

// flipRules flips a bit in the file of a rule set: a program with these rules would hold them against what the log committed to.
func (b *bits) flipRules(t *testing.T) (name calling, lines []string) {
	t.Helper()
	files := map[string][]byte{}
	names, err := filepath.Glob("../rules/sets/*.yaml")
	if err != nil || len(names) == 0 {
		t.Fatalf("no rule sets: %v", err)
	}
	for _, name := range names {
		if files[strings.TrimSuffix(filepath.Base(name), ".yaml")], err = os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
	}
	code := strings.TrimSuffix(filepath.Base(names[b.IntN(len(names))]), ".yaml")
	files[code][b.IntN(len(files[code]))] ^= 1 << b.IntN(8)
	kinds := app.Kinds()
	for i := range kinds {
		if kinds[i].Name == ruleSet {
			kinds[i] = rules.SealedIn(files)
		}
	}
	found, err := database.BulkRead(t.Context(), b.DB(), func(tx *database.Tx) ([]audit.Mismatch, error) {
		return audit.Verify(t.Context(), tx, audit.Check{Kinds: kinds})
	})
	if err != nil {
		t.Fatal(err)
	}
	return calling{before: regexp.MustCompile("^rule_set " + code + ": ")}, told(found)
}

// callings are, for each table, how a row of it is to be named by a line of verify, as an expression of SQL that writes a regular
// expression. Rows that belong to a record are named by the record, an entry by its span and its own number, the step of a path by the
// path; of the tables that consist of one row the name is enough.
func callings() map[string]string {
	const end = "([^0-9A-Za-z-]|$)"
	as := func(key string) string { return "CAST(" + key + " AS text)" }
	all := map[string]string{
		"ledger_entry": "'^ledger_entries (' || " + as("number") + " || '-' || " + as("number") + " || ': |[0-9]+-[0-9]+: .*: row ([0-9]+, )*' || " +
			as("number") + " || '(, [0-9]+)*$)'",
		"ledger_path":      "'^ledger_path(_step)? ' || " + as("id") + " || ': '",
		"ledger_path_step": "'^ledger_path(_step)? ' || " + as("path_id") + " || ': '",
		"balance": "'^balance organization=' || " + as("organization_id") + " || ' via=' || " + as("via_id") +
			" || ' month=' || month || ' body=' || body || ' basis=' || basis || ': '",
		"log_rotation":        "'^log_(key|rotation) ' || replace(public_key, '+', '[+]') || ': '",
		"access_entry":        "'^(access_entry ' || " + as("id") + " || '|access_day ' || " + as("day") + " || '): '",
		"ledger_head":         "'^ledger_head: '",
		"organization_above":  "'^organization_above ' || " + as("organization_id") + " || ': '",
		"organization_member": "'^organization_member ' || " + as("member_id") + " || ': '",
		"attendance_absent":   "'^attendance_absent ' || " + as("meeting_id") + " || ': '",
		"search_word":         "'^search_word ' || source || ' ' || " + as("object_id") + " || ': '",
		"log_head":            "'^log_head: '",
		"log_leaf":            "'log_leaf ' || " + as("number") + " || '" + end + "'",
		"log_hash":            "'^log_hash ' || " + as("position") + " || ': '",
		"log_seal":            "'^(log_seal )?' || kind || ' ' || replace(object_id, '+', '[+]') || ': '",
		"log_checkpoint": "'^log_checkpoint (' || " + as("size") + " || ' ' || key_name || ': |.* is a note about ' || " + as("size") +
			" || ' leaves by ' || key_name || ' of)'",
	}
	for _, kind := range app.Kinds() {
		for _, part := range kind.Parts {
			if model, ok := part.Model.(interface{ TableName() string }); ok && all[model.TableName()] == "" {
				all[model.TableName()] = "'^" + kind.Name + " ' || " + as(part.Key) + " || ': '"
			}
		}
	}
	return all
}
