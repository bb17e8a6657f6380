package arch

import (
	"strings"
	"testing"
)

// planted is a source that exists only here. A rule must name its fault, and nothing when fault is empty.
type planted struct {
	name    string
	path    string
	content string
	fault   string
}

func (p planted) run(t *testing.T, r rule, more ...planted) {
	t.Helper()
	h := &house{excused: map[exception]bool{}}
	for _, one := range append(more, p) {
		s, err := parse(one.path, []byte(one.content))
		if err != nil {
			t.Fatal(err)
		}
		h.sources = append(h.sources, s)
	}
	found := strings.Join(r.check(h), "\n")
	switch {
	case p.fault == "" && found != "":
		t.Errorf("the rule %s finds fault with what is right:\n%s", r.name, found)
	case p.fault != "" && !strings.Contains(found, p.fault):
		t.Errorf("the rule %s does not find %q, but:\n%s", r.name, p.fault, found)
	}
}

// TestPlanted plants each kind of violation once, and beside it what comes near to one.
func TestPlanted(t *testing.T) {
	t.Parallel()
	for _, r := range rules {
		cases := violations[r.name]
		if len(cases) < 2 {
			t.Errorf("the rule %s is not tested with a violation and with what is right", r.name)
		}
		for _, p := range cases {
			t.Run(r.name+"/"+p.name, func(t *testing.T) {
				t.Parallel()
				p.run(t, r)
			})
		}
	}
}

// importing is a file that imports the packages.
func importing(name string, imports ...string) string {
	return "package " + name + "\nimport _ \"" + strings.Join(imports, "\"\nimport _ \"") + "\"\n"
}

const store = "internal/member/store.go"

var violations = map[string][]planted{
	"imports": {
		{"to the left", "internal/meeting/service.go", importing("meeting", "sochibo/internal/ledger", "sochibo/internal/fault"), ""},
		{"to the right", "internal/org/service.go", importing("org", "sochibo/internal/member"), "internal/org/service.go:2: org may not import member, which stands to its right"},
		{"leaf knows a slice", "internal/httpapi/bind.go", importing("httpapi", "sochibo/internal/auth"), "httpapi is a leaf room"},
		{"leaf to its right", "internal/calendar/date.go", importing("calendar", "sochibo/internal/text"), "calendar may not import text"},
		{"app from a slice", "internal/summary/service.go", importing("summary", "sochibo/internal/app"), "app is imported by app and cmd alone"},
		{"config from a slice", "internal/database/open.go", importing("database", "sochibo/internal/config"), "config is imported by app and cmd alone"},
		{"config from app", "internal/app/app.go", importing("app", "sochibo/internal/config", "sochibo/internal/summary"), ""},
		{"config to a slice", "internal/config/config.go", importing("config", "sochibo/internal/org"), "config may not import org"},
		{"all from cmd", "cmd/sochibo/main.go", importing("main", "sochibo/internal/app", "sochibo/internal/exchange"), ""},
		{"test kit from a room", "internal/app/app.go", importing("app", "sochibo/internal/testkit/dbtest"), "the test kit is for tests alone"},
		{"test kit from a test", "internal/org/org_test.go", importing("org_test", "sochibo/internal/testkit/apitest", "sochibo/internal/structure"), ""},
		{"recount from the test kit", "internal/testkit/recount/facts.go", importing("recount", "sochibo/internal/calendar"), "recount imports nothing"},
		{"recount in its tests", "internal/testkit/recount/a_test.go", importing("recount_test", "sochibo/internal/calendar"), "recount imports nothing"},
		{"contract", "api/embed.go", importing("api", "sochibo/internal/fault"), "api may not import fault"},
		{"unknown room", "internal/reminder/reminder.go", importing("reminder", "sochibo/internal/fault"), "has no place in the plan"},
		{"bench in the program", "internal/app/app.go", importing("app", "sochibo/internal/bench"), "the benchmarks are part of no program"},
	},
	"gin": {
		{"http file", "internal/topic/http_list.go", importing("topic", "github.com/gin-gonic/gin"), ""},
		{"service", "internal/topic/service.go", importing("topic", "github.com/gin-gonic/gin"), "internal/topic/service.go:2: github.com/gin-gonic/gin does not belong"},
		{"part of gin", "internal/topic/topic.go", importing("topic", "github.com/gin-gonic/gin/binding"), "does not belong"},
		{"command", "cmd/sochibo/serve.go", importing("main", "github.com/gin-gonic/gin"), "does not belong"},
	},
	"gorm": {
		{"store", "internal/topic/store_list.go", importing("topic", "gorm.io/gorm"), ""},
		{"service", "internal/topic/service.go", importing("topic", "gorm.io/gorm/clause"), "gorm.io/gorm/clause does not belong"},
		{"app", "internal/app/app.go", importing("app", "gorm.io/gorm"), "does not belong"},
	},
	"tables": {
		{"own store", store, "package member\nconst q = `SELECT * FROM member m JOIN office o ON o.member_id = m.id`", ""},
		{"own service", "internal/member/service.go", "package member\nconst q = `SELECT * FROM member`", "the table member is named outside store*.go"},
		{"another's", store, "package member\nconst q = `SELECT 1\n\tFROM member m, meeting x`", "the table meeting belongs to meeting"},
		{"joined", store, "package member\nconst q = ` LEFT JOIN balance b ON true`", "the table balance belongs to ledger"},
		{"written", store, "package member\nconst q = `UPDATE role_grant SET valid_to = ?`", "the table role_grant belongs to org"},
		{"inserted", store, "package member\nconst q = `INSERT INTO attendance (status) VALUES (?)`", "the table attendance belongs to meeting"},
		{"small letters", store, "package member\nconst q = `select 1 from task`", "the table task belongs to resolution"},
		{"by function", store, "package member\nfunc f() { database.InsertAll(ctx, tx, \"ledger_entry\", nil, nil) }", "the table ledger_entry belongs to ledger"},
		{"by alias", store, "package member\nfunc f() { db.Table(\"balance AS e\") }", "the table balance belongs to ledger"},
		{"own model", "internal/member/member.go", "package member\nfunc (Member) TableName() string { return \"member\" }", ""},
		{"another's model", "internal/summary/summary.go", "package summary\nfunc (Row) TableName() string { return \"balance\" }", "has its model there"},
		{"summary reads", "internal/summary/store.go", "package summary\nconst q = `SELECT 1 FROM ledger_entry`", ""},
		{"summary's service", "internal/summary/service.go", "package summary\nconst q = `SELECT 1 FROM ledger_entry`", "the table ledger_entry belongs to ledger"},
		{"an exception", "internal/auth/store.go", "package auth\nconst q = `SELECT count(*) FROM role_grant`", ""},
		{"command", "cmd/sochibo/verify.go", "package main\nconst q = `DELETE FROM tombstone`", "the table tombstone belongs to meeting"},
		{"words of a message", "internal/member/service.go", "package member\nconst s = \"update member from meeting\"\ntype T struct { M int `json:\"FROM meeting\"` }", ""},
		{"a staging table", "internal/member/store.go", "package member\nconst q = `SELECT 1 FROM below b`", ""},
	},
	"state": {
		{"sentinel", store, "package member\nvar ErrX = errors.New(\"x\")", ""},
		{"once", store, "package member\nvar book = sync.OnceValues(load)", ""},
		{"embedded", store, "package member\n//go:embed sets/*.yaml\nvar sets embed.FS", ""},
		{"embedded in a group", store, "package member\nvar (\n\t//go:embed a.yaml\n\tsets []byte\n)", ""},
		{"constant list", store, "package member\nvar words = []string{\"a\"}\nfunc f() string { return words[0] }", ""},
		{"hidden by a local", store, "package member\nvar words = []string{\"a\"}\nfunc f() { words := 1; words = 2; _ = words }", ""},
		{"assertion", store, "package member\nvar _ fmt.Stringer = Member{}", ""},
		{"no value", store, "package member\nvar cache map[string]int", "internal/member/store.go:2: cache has no value"},
		{"made", store, "package member\nvar cache = make(map[string]int)", "cache holds a make"},
		{"lock", store, "package member\nvar lock = sync.Mutex{}", "lock holds a sync.Mutex"},
		{"pointer to a map", store, "package member\nvar cache = &sync.Map{}", "cache holds a sync.Map"},
		{"counter", store, "package member\nvar n = atomic.Int64{}", "n holds a atomic.Int64"},
		{"assigned", store, "package member\nvar words = []string{\"a\"}\nfunc f() { words = nil }", "words is a variable of the package"},
		{"assigned within", store, "package member\nvar words = map[string]int{}\nfunc f() { words[\"a\"]++ }", "words is a variable of the package"},
		{"deleted from", store, "package member\nvar words = map[string]int{}\nfunc f() { delete(words, \"a\") }", "words is a variable of the package"},
		{"address taken", store, "package member\nvar limit = 3\nfunc f() *int { return &limit }", "limit is a variable of the package"},
		{"another package's", store, "package member\nimport \"sochibo/internal/org\"\nfunc f() { org.Bodies = nil }", "org.Bodies is a variable of another package"},
		{"a field of a local", store, "package member\nimport \"sochibo/internal/org\"\nfunc f(org T) { org.Bodies = nil }", ""},
		{"tests may", "internal/member/a_test.go", "package member\nvar cache map[string]int", ""},
	},
	"init": {
		{"a function", store, "package member\nfunc init() {}", "internal/member/store.go:2: init runs"},
		{"a method", store, "package member\nfunc (m Member) init() {}", ""},
	},
	"names": {
		{"util", "internal/util/util.go", "package util", "a package util says nothing"},
		{"under another name", "internal/models/doc.go", "package records", "says nothing"},
		{"a room", store, "package member", ""},
	},
	"doc": {
		{"none", store, "package member", "internal/member: doc.go with a package comment is missing"},
		{"without a comment", "internal/member/doc.go", "package member", "doc.go with a package comment is missing"},
		{"elsewhere", store, "// Package member …\npackage member", "doc.go with a package comment is missing"},
		{"a command", "cmd/x/main.go", "// Command x …\npackage main", ""},
		{"a command without", "cmd/x/main.go", "package main", "main.go with a package comment is missing"},
		{"there", "internal/member/doc.go", "// Package member …\npackage member", ""},
		{"tests alone", "internal/member/a_test.go", "package member", "there are tests but no package"},
	},
	"size": {
		{"long file", store, "package member\n" + strings.Repeat("\n", 500), "501 lines, at most 500"},
		{"long test", "internal/member/a_test.go", "package member\n" + strings.Repeat("\n", 500), ""},
		{"long function", store, "package member\nfunc f() {" + strings.Repeat("\n", 60) + "}", "internal/member/store.go:2: f has 61 lines, at most 60"},
		{"long enough", store, "package member\nfunc f() {" + strings.Repeat("\n", 59) + "}", ""},
	},
}

// TestStateSeesTheWholePackage changes a variable in another file than the one that declares it.
func TestStateSeesTheWholePackage(t *testing.T) {
	t.Parallel()
	change := planted{"", "internal/member/service.go", "package member\nfunc f() { words = nil }", "internal/member/service.go:2: words is a variable"}
	change.run(t, rule{"state", checkState}, planted{path: store, content: "package member\nvar words = []string{}"})
}
