package app_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"

	"sochibo/internal/app"
	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/config"
	"sochibo/internal/database"
	"sochibo/internal/org"
	"sochibo/internal/testkit/apitest"
	"sochibo/internal/testkit/dbtest"
)

// relations are how the organization of a request stands to that of the caller's grant.
var relations = []string{"own", "child", "grandchild", "parent", "sibling", "cousin", "other root", "unknown"}

// above is the tree: who stands below whom.
var above = map[string]string{"own": "parent", "child": "own", "grandchild": "child", "sibling": "parent", "cousin": "sibling"}

// target is an organization with one of everything that a route can be about.
type target struct {
	relation string
	id       string // the organization
	marker   string // a text that is in the names of everything of this organization and nowhere else
	offer    string // one in the names of what it offers to all below
	ids      map[string]string
	tags     map[string]string // the entity tag of what the id names
}

// tag returns the If-Match header for what the name stands for.
func (x target) tag(name string) string {
	if tag := x.tags[name]; tag != "" {
		return "If-Match: " + tag
	}
	return `If-Match: "1"`
}

// rightsWorld is an installation that holds still: whoever asks, nothing is written.
type rightsWorld struct {
	installation

	engine    string
	long      bool // ask everything, also what differs in nothing
	targets   map[string]target
	shared    target      // what belongs to the whole installation
	grantee   auth.UserID // has a grant on every target
	homeless  auth.UserID // has none
	feedOwner auth.UserID // has a calendar feed
	writer    client
	receiver  client
	admin     client
}

// eachRightsWorld runs fn on every engine with the world built.
func eachRightsWorld(t *testing.T, fn func(t *testing.T, w *rightsWorld)) {
	t.Helper()
	dbtest.EachOpt(t, database.Options{Now: apitest.Now}, func(t *testing.T, db *database.DB) {
		w := newRightsWorld(t, db)
		fn(t, w)
		w.failed.report(t)
	})
}

func newRightsWorld(t *testing.T, db *database.DB) *rightsWorld {
	t.Helper()
	zone, err := calendar.LoadZone("")
	if err != nil {
		t.Fatal(err)
	}
	failed := &failures{}
	in := installation{App: app.Over(db, config.Config{Zone: zone, LogKey: logKey(t)}, "test", slog.New(failed)), failed: failed}
	if in.handler, err = in.Handler(); err != nil {
		t.Fatal(err)
	}
	w := &rightsWorld{installation: in, engine: string(db.Engine()), targets: map[string]target{}, grantee: in.user(t), homeless: in.user(t)}
	if _, err := in.Auth.CreateUser(t.Context(), auth.InstallationActor(), "da-co", "Đã có"); err != nil {
		t.Fatal(err)
	}
	w.admin, w.writer, w.receiver = in.as(t, auth.RoleAdministrator, ""), in.as(t, auth.RoleSecretary, ""), in.as(t, auth.RoleSuperior, "")
	w.shared = target{relation: "shared", marker: "chung", ids: map[string]string{}, tags: map[string]string{}}
	w.shared.ids["topic"] = w.writer.create(t, "/topics", `{"category":"other","title":"Chuyên đề"}`)
	w.shared.ids["directive"] = w.writer.create(t, "/directives", `{"number":"05-CT/TW","issuer":"Bộ Chính trị","issued_on":"2016-05-15","title":"Chỉ thị"}`)
	w.shared.ids["other directive"] = w.writer.create(t, "/directives", `{"number":"07-CT/TW","issued_on":"2016-05-15"}`)
	for _, relation := range []string{"parent", "other root", "own", "sibling", "child", "cousin", "grandchild"} {
		w.targets[relation] = w.build(t, relation)
	}
	w.targets["unknown"] = w.unknown()
	w.buildFeed(t)
	return w
}

// unknown names things as they could be, which do not exist.
func (w *rightsWorld) unknown() target {
	x := target{relation: "unknown", id: uuid.NewString(), marker: "DẤU-không-có", ids: map[string]string{}, tags: map[string]string{}}
	for name := range w.targets["own"].ids {
		x.ids[name] = uuid.NewString()
	}
	return x
}

// build founds an organization with everything in it.
func (w *rightsWorld) build(t *testing.T, relation string) target {
	t.Helper()
	x := target{relation: relation, marker: "DẤU" + uuid.NewString()[24:], offer: "MỜI" + uuid.NewString()[24:], ids: map[string]string{}, tags: map[string]string{}}
	parent := "null"
	if up, ok := above[relation]; ok {
		parent = fmt.Sprintf("%q", w.targets[up].id)
	}
	x.id = w.admin.create(t, "/organizations", `{"kind":"base_cell","name":"Chi bộ %s","code":%q,"founded_on":"2010-01-01","parent_id":%s}`, x.marker, x.marker, parent)
	for _, name := range []string{"below", "beside"} {
		x.ids[name] = w.admin.create(t, "/organizations", `{"kind":"cell","name":"Tổ %s","founded_on":"2010-01-01","parent_id":%q}`, x.marker, x.id)
	}
	x.ids["term"] = w.part(t, w.admin, "/organizations/"+x.id, "/bodies", `{"body":"cell_committee","from":"2015-01-01"}`)
	x.ids["excused"] = w.part(t, w.receiver, "/organizations/"+x.id, "/excused-months",
		fmt.Sprintf(`{"body":"cell","month":"2016-05","reason":"Bão %s"}`, x.marker))
	for _, name := range []string{"member", "second"} {
		x.ids[name] = w.admin.create(t, "/members", `{"full_name":"Nguyễn Văn %s","code":"%s-%s","membership":{"organization_id":%q,"from":"2010-01-01"}}`,
			x.marker, x.marker, name, x.id)
	}
	one := "/members/" + x.ids["member"]
	x.ids["membership"] = w.admin.must(t, http.StatusOK, http.MethodGet, one+"/memberships", "").Rows(t, "id")[0]
	x.ids["status"] = w.part(t, w.admin, one, "/statuses", fmt.Sprintf(`{"status":"special_duty","from":"2014-01-01","to":"2014-12-31","basis":"QĐ %s"}`, x.marker))
	x.ids["office"] = w.part(t, w.admin, one, "/offices",
		fmt.Sprintf(`{"organization_id":%q,"body":"cell_committee","office":"secretary","from":"2015-01-01"}`, x.id))
	w.buildRecords(t, &x)
	w.buildRest(t, &x)
	w.buildInspected(t, &x)
	w.buildRatings(t, &x)
	w.buildStudies(t, &x)
	w.buildAmended(t, &x)
	w.buildErasures(t, &x)
	w.buildSchedule(t, &x)
	w.buildPerson(t, &x)
	w.remember(t, &x)
	return x
}

// part adds a part to what stands at the path and returns its id.
func (w *rightsWorld) part(t *testing.T, c client, path, list, body string) string {
	t.Helper()
	tag := c.must(t, http.StatusOK, http.MethodGet, path, "").ETag()
	return c.must(t, http.StatusCreated, http.MethodPost, path+list, body, "If-Match: "+tag).Field(t, "id")
}

// session is the body of a request for a meeting of the target.
func (x target) session(month, more string) string {
	return fmt.Sprintf(`{"organization_id":%q,"body":"cell","forms":["regular","thematic"],"period_month":%q,"started_at":"%s-03T14:00:00+07:00",
		"ended_at":"%s-03T15:30:00+07:00","chair_id":%q,"title":"Họp %s","conclusions":["Kết luận %s"],"place":"Nhà %s"%s}`,
		x.id, month, month, month, x.ids["member"], x.marker, x.marker, x.marker, more)
}

const (
	withRoll = `,"attendance":{"others":"present","rows":[]}`
	decided  = `,"resolutions":[{"title":"Nghị quyết %s"}],"tasks":[{"title":"Việc %s"}]`
)

// buildRecords makes a meeting in every state, and what it decided.
func (w *rightsWorld) buildRecords(t *testing.T, x *target) {
	t.Helper()
	decisions := fmt.Sprintf(decided, x.marker, x.marker)
	topic := fmt.Sprintf(`,"topic_id":%q`, w.shared.ids["topic"])
	for name, body := range map[string]string{
		"draft":     x.session("2018-04", withRoll+decisions+topic),
		"scheduled": fmt.Sprintf(`{"organization_id":%q,"body":"cell","forms":["regular"],"period_month":"2018-06","started_at":"2018-06-03T14:00:00+07:00","title":"Họp %s"}`, x.id, x.marker),
		"submitted": x.session("2018-03", withRoll+decisions+topic+`,"submit":true`),
		"accepted":  x.session("2018-02", withRoll+decisions+topic+`,"submit":true`),
	} {
		made := w.writer.must(t, http.StatusCreated, http.MethodPost, "/meetings", body)
		x.ids[name] = made.Field(t, "id")
		if name == "accepted" {
			w.receiver.must(t, http.StatusOK, http.MethodPost, "/meetings/"+x.ids[name]+"/acceptance", "", "If-Match: "+made.ETag())
		}
		for _, kind := range []string{"resolutions", "tasks"} {
			if rows := w.writer.must(t, http.StatusOK, http.MethodGet, "/"+kind+"?meeting_id="+x.ids[name], "").Rows(t, "id"); len(rows) > 0 {
				x.ids[name+" "+kind] = rows[0]
			}
		}
	}
}

// buildRest makes an inspection and a grant.
func (w *rightsWorld) buildRest(t *testing.T, x *target) {
	t.Helper()
	x.ids["inspection"] = w.receiver.create(t, "/inspections", `{"organization_id":%q,"body":"party_committee","kind":"thematic_supervision","from":"2018-03-01",
		"title":"Giám sát %s","objects":[{"object_type":"organization","organization_id":%q}]}`, x.id, x.marker, x.id)
	id := org.ID{UUID: uuid.MustParse(x.id)}
	basis := "QĐ " + x.marker
	grant, err := w.Org.AddGrant(t.Context(), auth.InstallationActor(), org.GrantInput{
		UserID: w.grantee, Role: auth.RoleMember, OrganizationID: &id, Reach: org.ReachSelf, From: calendar.MustDate("2015-01-01"), Basis: &basis,
	})
	if err != nil {
		t.Fatal(err)
	}
	x.ids["grant"] = grant.ID.String()
}

// remember notes the entity tags of everything as it is now.
func (w *rightsWorld) remember(t *testing.T, x *target) {
	t.Helper()
	x.ids["organization"] = x.id
	for name, list := range map[string]string{
		"organization": "/organizations/", "below": "/organizations/", "member": "/members/", "second": "/members/", "draft": "/meetings/",
		"scheduled": "/meetings/", "submitted": "/meetings/", "accepted": "/meetings/", "draft tasks": "/tasks/", "accepted tasks": "/tasks/",
		"inspection": "/inspections/", "remedy": "/remedies/", "amendable": "/meetings/", "amended": "/meetings/",
	} {
		x.tags[name] = w.receiver.must(t, http.StatusOK, http.MethodGet, list+x.ids[name], "").ETag()
	}
}

// The states of a grant, its user and its token.
const (
	holding  = "valid"
	ended    = "ended yesterday"
	tomorrow = "starting tomorrow"
	revoked  = "grant revoked"
	disabled = "user disabled"
	dropped  = "token revoked"
	expired  = "token expired"
)

// states are all of them; strangers have no token at all.
var states = []string{holding, ended, tomorrow, revoked, disabled, dropped, expired}

// caller is somebody with one grant on the organization "own".
type caller struct {
	client

	role  auth.Role
	reach org.Reach
	state string
	actor auth.Actor
}

func (c caller) String() string { return fmt.Sprintf("%s (%s, %s)", c.role, c.reach, c.state) }

// newCaller makes somebody with the role in the state; nil means the whole installation.
func (w *rightsWorld) newCaller(t *testing.T, role auth.Role, reach org.Reach, state string, on *org.ID) caller {
	t.Helper()
	today := calendar.MustDate("2018-05-10")
	in := org.GrantInput{UserID: w.user(t), Role: role, Reach: reach, From: calendar.MustDate("2010-01-01"), OrganizationID: on}
	grant, err := w.Org.AddGrant(t.Context(), auth.InstallationActor(), in)
	if err != nil {
		t.Fatal(err)
	}
	token, text, err := w.Auth.IssueToken(t.Context(), auth.InstallationActor(), auth.TokenInput{User: in.UserID, GrantID: grant.ID, Name: "test"})
	if err != nil {
		t.Fatal(err)
	}
	past := apitest.Now().Add(-time.Minute)
	switch state { // a token is made for a grant that holds, and outlives it
	case ended:
		w.set(t, `UPDATE role_grant SET valid_to = ? WHERE id = ?`, today.Add(-1), grant.ID)
	case tomorrow:
		w.set(t, `UPDATE role_grant SET valid_from = ? WHERE id = ?`, today.Add(1), grant.ID)
	case revoked:
		w.set(t, `UPDATE role_grant SET revoked_at = ? WHERE id = ?`, past, grant.ID)
	case disabled:
		w.set(t, `UPDATE user_account SET disabled_at = ? WHERE id = ?`, past, in.UserID)
	case dropped:
		w.set(t, `UPDATE api_token SET revoked_at = ? WHERE id = ?`, past, token.ID)
	case expired:
		w.set(t, `UPDATE api_token SET expires_at = ? WHERE id = ?`, past, token.ID)
	}
	return caller{client{w.handler, text}, role, reach, state, auth.Actor{UserID: in.UserID, GrantID: grant.ID, TokenID: token.ID}}
}

// set writes behind the back of the program.
func (w *rightsWorld) set(tb testing.TB, statement string, args ...any) {
	tb.Helper()
	_, err := database.Write(tb.Context(), w.DB(), func(tx *database.Tx) (struct{}, error) {
		return struct{}{}, database.Gorm(tb.Context(), tx).Exec(statement, args...).Error
	})
	if err != nil {
		tb.Fatal(err)
	}
}

// own returns the organization of the grants.
func (w *rightsWorld) own() *org.ID { return &org.ID{UUID: uuid.MustParse(w.targets["own"].id)} }
