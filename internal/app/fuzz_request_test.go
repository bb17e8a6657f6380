package app_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/uuid"
)

var pathParameter = regexp.MustCompile(`\{(\w+)\}`)

// owners says to which pool the ids of a name belong.
var owners = map[string]string{
	"parent_id": "organization_id", "merge_into_id": "organization_id", "chair_id": "member_id", "minutes_taker_id": "member_id",
	"responsible_id": "member_id", "assignee_id": "member_id", "prepared_by_id": "meeting_id", "source_id": "meeting_id",
	"directive_ids": "directive_id", "meeting_ids": "meeting_id", "offered_to": "organization_id",
}

// partNames are the path parameters that name a part, and what lists those parts.
var partNames = map[string]string{
	"term_id": "/organizations/%s/bodies", "excused_month_id": "/organizations/%s/excused-months",
	"registration_id": "/organizations/%s/registrations", "delegate_id": "/organizations/%s/delegates",
	"topic_plan_id": "/organizations/%s/topic-plans?from=2015-01&to=2019-12", "study_requirement_id": "/directives/%s/study-requirements",
	"implementing_plan_id": "/directives/%s/implementing-plans", "identity_id": "/users/%s/identities",
	"finding_id": "/inspections/%s/findings", "sample_id": "/inspections/%s/samples",
	"membership_id": "/members/%s/memberships", "office_id": "/members/%s/offices", "status_id": "/members/%s/statuses",
}

// collections are the lists whose ids fill the pools.
var collections = map[string]string{
	"/organizations": "organization_id", "/members": "member_id", "/meetings": "meeting_id", "/topics": "topic_id",
	"/directives": "directive_id", "/resolutions": "resolution_id", "/tasks": "task_id", "/inspections": "inspection_id",
	"/remedies": "remedy_id", "/grants": "grant_id",
	"/erasures": "erasure_id", "/joint-sessions": "joint_session_id",
}

// fillPools learns the ids of what is there.
func (f *fuzzer) fillPools(tb testing.TB) {
	tb.Helper()
	reader := f.callers[superior]
	f.pools["user_id"] = []string{f.in.user(tb).String(), f.in.user(tb).String()}
	for _, path := range sortedKeys(collections) {
		list := reader.must(tb, http.StatusOK, http.MethodGet, path+"?limit=200", "")
		f.pools[collections[path]] = list.Rows(tb, "id")
		if path == "/meetings" {
			for i, status := range list.Rows(tb, "status") {
				f.states[status] = append(f.states[status], f.pools["meeting_id"][i])
			}
		}
	}
	for _, name := range sortedKeys(partNames) {
		owner := collections["/"+strings.Split(partNames[name], "/")[1]]
		for _, id := range f.pools[owner] { // of users there are none yet who have parts
			for _, part := range reader.must(tb, http.StatusOK, http.MethodGet, fmt.Sprintf(partNames[name], id), "").Rows(tb, "id") {
				f.parts[name] = append(f.parts[name], [2]string{id, part})
			}
		}
	}
	for _, kind := range []string{"superior", "base_party"} {
		f.pools["parents"] = append(f.pools["parents"], reader.must(tb, http.StatusOK, http.MethodGet, "/organizations?kind="+kind, "").Rows(tb, "id")...)
	}
	for _, part := range f.parts["delegate_id"] {
		if cell := part[0]; f.sittings[cell] == nil {
			f.sittings[cell] = reader.must(tb, http.StatusOK, http.MethodGet, "/meetings?scope=own&body=cell&limit=200&organization_id="+cell, "").Rows(tb, "id")
		}
	}
	for range 3 { // people without rights: what becomes of them matters to no other request
		f.pools["user_id"] = append(f.pools["user_id"], f.in.user(tb).String())
	}
	cells := reader.must(tb, http.StatusOK, http.MethodGet, "/organizations?kind=cell", "").Rows(tb, "id")
	for _, id := range cells {
		roster := reader.must(tb, http.StatusOK, http.MethodGet, "/organizations/"+id+"/roster?body=cell&on=2017-06-15", "")
		if people := rosterIDs(roster.JSON(tb)); len(people) > 3 {
			f.rosters[id] = people
		}
	}
}

func rosterIDs(answer map[string]any) []string {
	rows, _ := answer["roster"].([]any)
	var ids []string
	for _, row := range rows {
		entry, _ := row.(map[string]any)
		id, _ := entry["member_id"].(string)
		ids = append(ids, id)
	}
	return ids
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// request makes a request that the contract allows; where a recipe exists, mostly one that can succeed.
func (f *fuzzer) request(tb testing.TB, o *operation) *fuzzRequest {
	tb.Helper()
	var ids map[string]string
	var body any
	if recipe := recipes[o.OperationID]; recipe != nil && f.IntN(10) < 8 {
		ids, body = recipe(f)
	}
	r := &fuzzRequest{method: o.method, headers: map[string][]string{}}
	r.path = f.fillPath(o.path, ids)
	r.headers["Authorization"] = []string{"Bearer " + f.callers[o.role].token}
	for _, p := range o.parameters {
		f.addParameter(tb, r, p)
	}
	if query := queries[o.OperationID]; query != nil && f.IntN(2) == 0 {
		r.query = slices.Clone(query)
	}
	if body == nil && o.body != nil {
		body = f.value(o.body, "", 0)
	}
	if body != nil {
		r.tree = body
		r.body, _ = json.Marshal(body)
		r.headers["Content-Type"] = []string{"application/json"}
	}
	return r
}

// fillPath puts ids into a path: those given, else some of the pools.
func (f *fuzzer) fillPath(path string, ids map[string]string) string {
	chosen := map[string]string{}
	for _, name := range pathParameter.FindAllStringSubmatch(path, -1) {
		if parts := f.parts[name[1]]; len(parts) > 0 {
			part := f.pick2(parts)
			owner, _, _ := strings.Cut(path, "}")
			chosen[owner[strings.Index(owner, "{")+1:]], chosen[name[1]] = part[0], part[1]
		}
	}
	return pathParameter.ReplaceAllStringFunc(path, func(name string) string {
		name = strings.Trim(name, "{}")
		for _, id := range []string{ids[name], chosen[name]} {
			if id != "" {
				return id
			}
		}
		if name == "number" {
			return strconv.Itoa(1 + f.IntN(2))
		}
		return f.id(name)
	})
}

func (f *fuzzer) pick(list ...string) string {
	if len(list) == 0 {
		return uuid.NewString()
	}
	return list[f.IntN(len(list))]
}

func (f *fuzzer) pick2(list [][2]string) [2]string { return list[f.IntN(len(list))] }

// id returns a known id of the kind that the name means, the newer ones more often.
func (f *fuzzer) id(name string) string {
	if owner := owners[name]; owner != "" {
		name = owner
	}
	pool := f.pools[name]
	if len(pool) > 20 && f.IntN(2) == 0 {
		pool = pool[len(pool)-20:]
	}
	return f.pick(pool...)
}

func (f *fuzzer) addParameter(tb testing.TB, r *fuzzRequest, p *openapi3.Parameter) {
	tb.Helper()
	switch {
	case p.In == "path":
	case p.Name == "If-Match":
		r.headers[p.Name] = []string{f.currentTag(tb, r)}
	case p.Name == "Idempotency-Key":
		if f.IntN(3) == 0 {
			f.keys = append(f.keys, uuid.NewString())
			r.headers[p.Name] = f.keys[len(f.keys)-1:]
		}
	case p.Name == "If-None-Match":
		if f.IntN(4) == 0 {
			r.headers[p.Name] = []string{`"1"`}
		}
	case p.Name == "dry_run":
		if f.IntN(6) == 0 {
			r.query = append(r.query, "dry_run=true")
		}
	case p.In == "query" && (p.Required || f.IntN(4) == 0):
		r.query = append(r.query, p.Name+"="+url.QueryEscape(f.parameter(p)))
	}
}

// ownVersion finds the parts of an organization that have versions of their own.
var ownVersion = regexp.MustCompile(`^(?:/api/v1)?/organizations/[^/]+/(?:registrations|delegates)/[^/]+`)

// thing is what a path names first, or a part with a version of its own.
func thing(path string) string {
	parts := strings.SplitN(strings.TrimPrefix(path, "/api/v1/"), "/", 3)
	name := "/" + strings.Join(parts[:min(2, len(parts))], "/")
	switch part := ownVersion.FindString(path); {
	case part != "":
		return strings.TrimPrefix(part, "/api/v1")
	case strings.HasSuffix(path, "/rating-confirmation"):
		name += "/rating"
	}
	return name
}

// currentTag returns the entity tag of the thing that the path names first: the one that was seen last, or else it asks.
func (f *fuzzer) currentTag(tb testing.TB, r *fuzzRequest) string {
	tb.Helper()
	name := thing(r.path)
	if f.tags[name] == "" {
		f.tags[name] = f.callers[superior].send(tb.Context(), http.MethodGet, name, "").ETag()
	}
	if f.tags[name] == "" {
		return `"1"`
	}
	return f.tags[name]
}

// learnTag keeps the entity tag that an answer gives to a thing, and forgets one that is no longer current.
func (f *fuzzer) learnTag(r *fuzzRequest, status int, header http.Header) {
	name := thing(r.path)
	if made := header.Get("Location"); made != "" {
		name = thing(made)
	}
	if strings.HasSuffix(r.path, "/rating") && status/100 == 2 {
		name += "/rating" // which has a version of its own
	}
	tag := header.Get("ETag")
	switch {
	case status == http.StatusPreconditionFailed:
		delete(f.tags, name)
	case status/100 == 2 && tag != "" && !slices.Contains(r.query, "dry_run=true"):
		f.tags[name] = tag
	}
}

func (f *fuzzer) parameter(p *openapi3.Parameter) string {
	switch p.Name {
	case "limit":
		return strconv.Itoa(1 + f.IntN(20))
	case "after":
		return f.pick(f.cursors...)
	case "year":
		return f.pick("2019", "2018", "1929")
	case "as_of":
		return f.pick("1", "50", "2018-05-01T00:00:00Z", strconv.Itoa(f.IntN(500)))
	case "from":
		if p.Required {
			return "2015-0" + strconv.Itoa(1+f.IntN(9))
		}
	case "to":
		if p.Required {
			return "2018-0" + strconv.Itoa(1+f.IntN(9))
		}
	case "q":
		return f.pick("chi bộ", "Đinh", "nghị quyết", "a")
	}
	value := f.value(p.Schema.Value, p.Name, 0)
	if s, ok := value.(string); ok {
		return s
	}
	data, _ := json.Marshal(value)
	return string(data)
}

// value makes a value that the schema allows; names tell which ids, days and months make sense.
func (f *fuzzer) value(s *openapi3.Schema, name string, depth int) any {
	if len(s.AllOf) > 0 {
		return f.value(s.AllOf[0].Value, name, depth)
	}
	if len(s.Enum) > 0 {
		return s.Enum[f.IntN(len(s.Enum))]
	}
	if s.Nullable && f.IntN(10) == 0 {
		return nil
	}
	switch {
	case s.Type.Is("object"):
		object := map[string]any{}
		for _, property := range sortedKeys(s.Properties) {
			if slices.Contains(s.Required, property) || depth < 4 && f.IntN(4) == 0 {
				object[property] = f.value(s.Properties[property].Value, property, depth+1)
			}
		}
		return object
	case s.Type.Is("array"):
		list := []any{}
		for range f.IntN(3) {
			list = append(list, f.value(s.Items.Value, name, depth+1))
		}
		return list
	case s.Type.Is("boolean"):
		return f.IntN(2) == 0
	case s.Type.Is("integer"), s.Type.Is("number"):
		return f.IntN(100)
	default:
		return f.text(s, name)
	}
}

func (f *fuzzer) text(s *openapi3.Schema, name string) string {
	switch {
	case s.Format == "uuid" && name == "id":
		return uuid.NewString()
	case s.Format == "uuid":
		return f.id(name)
	case s.Format == "date":
		return f.day()
	case s.Format == "date-time":
		return f.day() + "T14:00:00+07:00"
	case strings.Contains(name, "month"), strings.HasPrefix(name, "period"), s.Format == "month":
		return f.day()[:7]
	case strings.HasSuffix(name, "code"):
		f.drafted++
		return fmt.Sprintf("F-%d", f.drafted)
	}
	return f.pick("Chi bộ Tổng hợp", "Nghị quyết về công tác xây dựng Đảng", "05-NQ/CB", "Đ", "Lê Thị Hồng Gấm", "ôn tập; kiểm điểm")
}

func (f *fuzzer) day() string {
	return fmt.Sprintf("%d-%02d-%02d", 2015+f.IntN(4), 1+f.IntN(12), 1+f.IntN(28))
}

// harvest learns ids, states and cursors from an answer.
func (f *fuzzer) harvest(o *operation, r *fuzzRequest, body []byte) {
	var found struct {
		ID, Status string
		Next       *string
	}
	dryRun := slices.Contains(r.query, "dry_run=true")
	if o.method == http.MethodDelete && !dryRun {
		f.forgetPart(r.path[strings.LastIndex(r.path, "/")+1:])
	}
	if o.OperationID == "removeMeeting" && !dryRun {
		f.move(r.path[strings.LastIndex(r.path, "/")+1:], "removed")
	}
	if json.Unmarshal(body, &found) != nil {
		return
	}
	if found.Next != nil {
		f.cursors = append(f.cursors, *found.Next)
	}
	if o.OperationID == "rateMeeting" && !dryRun {
		f.pools["rated"] = append(f.pools["rated"], strings.Split(r.path, "/")[4])
	}
	if found.ID == "" || dryRun {
		return
	}
	short := strings.TrimPrefix(o.path, "/api/v1")
	if pool := collections[short]; pool != "" && o.method == http.MethodPost {
		f.pools[pool] = append(f.pools[pool], found.ID)
	}
	if o.OperationID == "issueBriefing" {
		f.pools["briefing_id"] = append(f.pools["briefing_id"], found.ID)
	}
	if o.OperationID == "recordInspectionPlan" {
		f.pools["inspection_plan_id"] = append(f.pools["inspection_plan_id"], found.ID)
	}
	if o.OperationID == "foundOrganization" {
		f.pools["founded"] = append(f.pools["founded"], found.ID)
	}
	owner := strings.Split(short, "/")
	for name, list := range partNames {
		if o.method == http.MethodPost && len(owner) == 4 && strings.HasSuffix(strings.Split(list, "?")[0], "/"+owner[3]) && strings.HasPrefix(list, "/"+owner[1]) {
			f.parts[name] = append(f.parts[name], [2]string{strings.Split(r.path, "/")[4], found.ID})
		}
	}
	if strings.Contains(short, "/amendments") {
		f.harvestAmendment(r, found.ID, found.Status)
		return
	}
	f.harvestLink(o, r, body)
	if strings.HasPrefix(short, "/meetings") && found.Status != "" {
		f.move(found.ID, found.Status)
	}
}

// harvestAmendment keeps the amendments that wait.
func (f *fuzzer) harvestAmendment(r *fuzzRequest, id, status string) {
	f.parts["amendment_id"] = slices.DeleteFunc(f.parts["amendment_id"], func(part [2]string) bool { return part[1] == id })
	if status == "requested" {
		f.parts["amendment_id"] = append(f.parts["amendment_id"], [2]string{strings.Split(r.path, "/")[4], id})
	}
}

// forgetPart takes a part that is gone out of all that are known.
func (f *fuzzer) forgetPart(id string) {
	for name, list := range f.parts {
		f.parts[name] = slices.DeleteFunc(list, func(part [2]string) bool { return part[1] == id })
	}
}

// harvestLink keeps which meeting is part of which joint session and uses which briefing.
func (f *fuzzer) harvestLink(o *operation, r *fuzzRequest, body []byte) {
	var found struct {
		MeetingID string `json:"meeting_id"`
		Sessions  []struct {
			MeetingID string `json:"meeting_id"`
		}
	}
	if json.Unmarshal(body, &found) != nil {
		return
	}
	switch owner := strings.Split(r.path, "/"); o.OperationID {
	case "addBriefingUse":
		f.parts["use"] = append(f.parts["use"], [2]string{owner[4], found.MeetingID})
	case "joinJointSession":
		for _, session := range found.Sessions {
			f.parts["joined"] = append(f.parts["joined"], [2]string{owner[4], session.MeetingID})
		}
	}
}

// move notes the state a meeting is in now.
func (f *fuzzer) move(id, status string) {
	for state, list := range f.states {
		f.states[state] = slices.DeleteFunc(list, func(other string) bool { return other == id })
	}
	f.states[status] = append(f.states[status], id)
}
