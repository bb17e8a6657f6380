package app_test

import (
	"io/fs"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"sochibo/api"
	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/database"
	"sochibo/internal/testkit/apitest"
)

// The rows of the story, by the ids that the examples choose.
const (
	districtID   = "0198c0de-0000-7000-8000-000000000001"
	baseID       = "0198c0de-0000-7000-8000-000000000002"
	cellID       = "0198c0de-0000-7000-8000-000000000003"
	neighbourID  = "0198c0de-0000-7000-8000-000000000004"
	anID         = "0198c0de-0000-7000-8000-000000000011"
	binhID       = "0198c0de-0000-7000-8000-000000000012"
	cuongID      = "0198c0de-0000-7000-8000-000000000013"
	directiveID  = "0198c0de-0000-7000-8000-000000000021"
	topicID      = "0198c0de-0000-7000-8000-000000000022"
	januaryID    = "0198c0de-0000-7000-8000-000000000031"
	marchID      = "0198c0de-0000-7000-8000-000000000032"
	aprilID      = "0198c0de-0000-7000-8000-000000000033"
	slipID       = "0198c0de-0000-7000-8000-000000000034"
	ratedID      = "0198c0de-0000-7000-8000-000000000038"
	resolutionID = "0198c0de-0000-7000-8000-000000000041"
	taskID       = "0198c0de-0000-7000-8000-000000000042"
	roundID      = "0198c0de-0000-7000-8000-000000000051"
	remedyID     = "0198c0de-0000-7000-8000-000000000052"
	briefingID   = "0198c0de-0000-7000-8000-000000000071"
	planID       = "0198c0de-0000-7000-8000-000000000072"
	jointID      = "0198c0de-0000-7000-8000-000000000073"
	granteeID    = "0198c0de-0000-7000-8000-000000000061"
)

// step is one request of the story. The body is an example, if it names one; {name} in the path is an id that an
// earlier answer gave; the version is that of the record at the path in under, or under itself.
type step struct {
	role          auth.Role
	method, path  string
	example, keep string
	under         string
}

const (
	asAdministrator  = auth.RoleAdministrator
	asSecretary      = auth.RoleSecretary
	asSuperior       = auth.RoleSuperior
	asAuditor        = auth.RoleAuditor
	post             = http.MethodPost
	get              = http.MethodGet
	patch            = http.MethodPatch
	remove           = http.MethodDelete
	ofCell           = "/organizations/" + cellID
	ofAn             = "/members/" + anID
	ofBinh           = "/members/" + binhID
	ofCuong          = "/members/" + cuongID
	ofJanuary        = "/meetings/" + januaryID
	ofMarch          = "/meetings/" + marchID
	ofApril          = "/meetings/" + aprilID
	ofRated          = "/meetings/" + ratedID
	ofTask           = "/tasks/" + taskID
	ofRound          = "/inspections/" + roundID
	ofRemedy         = "/remedies/" + remedyID
	ofInspectionPlan = "/inspection-plans/0198c0de-0000-7000-8000-000000000054"
	ofDirective      = "/directives/" + directiveID
	ofBase           = "/organizations/" + baseID
	ofBriefing       = "/briefings/" + briefingID
	ofPlan           = ofCell + "/topic-plans/" + planID
	ofJoint          = "/joint-sessions/" + jointID
	ofAmendment      = ofMarch + "/amendments/{amendment}"
	ofErasure        = "/erasures/{erasure}"
	ofRegistration   = ofCell + "/registrations/{registration}"
	ofDelegate       = ofCell + "/delegates/{delegate}"
	threeYears       = "from=2018-01&to=2020-12"
)

func structureSteps() []step {
	return []step{
		{asAdministrator, post, "/organizations", "foundOrganization.root", "", ""},
		{asAdministrator, post, "/organizations", "foundOrganization.base", "", ""},
		{asAdministrator, post, "/organizations", "foundOrganization.secondBase", "", ""},
		{asAdministrator, post, "/organizations", "foundOrganization", "", ""},
		{asAdministrator, post, "/organizations", "foundOrganization.neighbour", "", ""},
		{asAdministrator, patch, ofCell, "editOrganization", "", ofCell},
		{asAdministrator, post, ofCell + "/bodies", "installBody", "term", ofCell},
		{asAdministrator, patch, ofCell + "/bodies/{term}", "endBodyTerm", "", ofCell},
		{asSuperior, post, ofCell + "/excused-months", "excuseMonth", "excused", ofCell},
		{asAdministrator, post, "/organizations/" + neighbourID + "/placements", "moveOrganization", "", "/organizations/" + neighbourID},
		{asAdministrator, post, "/members", "admitMember", "", ""},
		{asAdministrator, post, "/members", "admitMember.second", "", ""},
		{asAdministrator, post, "/members", "admitMember.homeless", "", ""},
		{asAdministrator, post, "/members", "admitMember.delegate", "", ""},
		{asAdministrator, patch, ofAn, "editMember", "", ofAn},
		{asAdministrator, post, ofCuong + "/memberships", "transferMember", "membership", ofCuong},
		{asAdministrator, patch, ofCuong + "/memberships/{membership}", "endMembership", "", ofCuong},
		{asAdministrator, post, ofBinh + "/statuses", "addMemberStatus", "status", ""},
		{asAdministrator, patch, ofBinh + "/statuses/{status}", "endMemberStatus", "", ofBinh},
		{asAdministrator, post, ofAn + "/offices", "addMemberOffice", "office", ""},
		{asAdministrator, patch, ofAn + "/offices/{office}", "endMemberOffice", "", ofAn},
	}
}

func recordSteps() []step {
	return []step{
		{asSecretary, post, "/directives", "recordDirective", "", ""},
		{asSecretary, patch, "/directives/" + directiveID, "editDirective", "", "/directives/" + directiveID},
		{asSecretary, post, "/topics", "recordTopic", "", ""},
		{asSecretary, patch, "/topics/" + topicID, "editTopic", "", "/topics/" + topicID},
		{asSecretary, post, "/meetings", "createMeeting", "", ""},
		{asSecretary, remove, ofJanuary + "/submission", "", "", ofJanuary},
		{asSecretary, post, ofJanuary + "/submission", "", "", ofJanuary},
		{asSecretary, post, "/meetings", "createMeeting.scheduled", "", ""},
		{asSecretary, patch, ofMarch, "editMeeting", "", ofMarch},
		{asSecretary, http.MethodPut, ofMarch + "/attendance", "replaceAttendance", "", ofMarch},
		{asSecretary, patch, ofMarch + "/attendance", "changeAttendance", "", ofMarch},
		{asSecretary, post, "/resolutions", "recordResolution", "", ""},
		{asSecretary, post, "/tasks", "recordTask", "", ""},
		{asSecretary, patch, ofTask, "editTask", "", ofTask},
		{asSecretary, post, ofMarch + "/submission", "submitMeeting", "", ofMarch},
		{asSuperior, post, ofMarch + "/return", "returnMeeting", "", ofMarch},
		{asSecretary, post, ofMarch + "/submission", "", "", ofMarch},
		{asSuperior, post, ofMarch + "/acceptance", "", "", ofMarch},
		{asSecretary, post, ofMarch + "/amendments", "requestAmendment", "amendment", ofMarch},
		{asSuperior, post, ofAmendment + "/rejection", "rejectAmendment", "", ofMarch},
		{asSecretary, post, ofMarch + "/amendments", "requestAmendment", "amendment", ofMarch},
		{asSecretary, remove, ofAmendment, "", "", ofMarch},
		{asSecretary, post, ofMarch + "/amendments", "requestAmendment", "amendment", ofMarch},
		{asSuperior, post, ofAmendment + "/confirmation", "", "", ofMarch},
		{asAuditor, get, ofAmendment, "", "", ""},
		{asSuperior, post, "/acceptances", "acceptMeetings", "", ""},
		{asSecretary, post, "/meetings", "createMeeting.rated", "", ""},
		{asSecretary, post, ofRated + "/rating", "rateMeeting", "", ofRated},
		{asSuperior, post, ofRated + "/acceptance", "", "", ofRated},
		{asSuperior, post, ofRated + "/rating-confirmation", "confirmRating", "", ofRated + "/rating"},
		{asSecretary, post, "/meetings", "createMeeting.postponed", "", ""},
		{asSecretary, post, ofApril + "/preparation", "", "", ofApril},
		{asSecretary, post, ofApril + "/postponement", "postponeMeeting", "", ofApril},
		{asSecretary, post, ofApril + "/cancellation", "cancelMeeting", "", ofApril},
		{asSecretary, post, "/meetings", "createMeeting.totals", "", ""},
		{asSecretary, post, "/meetings", "createMeeting.paper", "", ""},
		{asSecretary, post, ofCell + "/drafts", "prepareMeeting", "", ""},
		{asSecretary, post, "/meetings", "createMeeting.slip", "", ""},
		{asSecretary, remove, "/meetings/" + slipID, "", "", "/meetings/" + slipID},
		{asSuperior, post, "/inspections", "recordInspection", "", ""},
		{asSuperior, post, ofRound + "/objects", "addInspectionObject", "", ofRound},
		{asSuperior, patch, ofRound, "editInspection", "", ofRound},
		{asSuperior, remove, ofCell + "/excused-months/{excused}", "", "", ofCell},
		{asAdministrator, post, "/erasures", "requestErasure", "erasure", ""},
		{asSuperior, post, ofErasure + "/rejection", "rejectErasure", "", ofErasure},
		{asAdministrator, post, "/erasures", "requestErasure", "erasure", ""},
		{asAdministrator, remove, ofErasure, "", "", ofErasure},
		{asAdministrator, post, "/erasures", "requestErasure", "erasure", ""},
		{asSuperior, post, ofErasure + "/confirmation", "", "", ofErasure},
		{asAuditor, get, ofErasure, "", "", ""},
		{asAdministrator, post, "/organizations/" + neighbourID + "/dissolution", "dissolveOrganization", "", "/organizations/" + neighbourID},
		{asAdministrator, post, "/grants", "addGrant", "grant", ""},
		{asAdministrator, patch, "/grants/{grant}", "endGrant", "", "/grants/{grant}"},
		{asAdministrator, remove, "/grants/{grant}", "", "", "/grants/{grant}"},
	}
}

func scheduleSteps() []step {
	return []step{
		{asSecretary, post, ofCell + "/registrations", "registerMonth", "registration", ""},
		{asSuperior, post, ofRegistration + "/return", "returnRegistration", "", ofRegistration},
		{asSecretary, post, ofCell + "/registrations", "registerMonth.again", "registration", ""},
		{asSuperior, post, ofRegistration + "/agreement", "", "", ofRegistration},
		{asSecretary, post, ofMarch + "/notice", "postMeetingNotice", "", ""},
		{asSuperior, post, ofCell + "/delegates", "assignDelegate", "delegate", ""},
		{asSuperior, http.MethodPut, ofDelegate + "/sessions/" + marchID, "recordDelegateAttendance", "", ofDelegate},
		{asSuperior, patch, ofDelegate, "endDelegate", "", ofDelegate},
	}
}

// studySteps are about what cells study, mean to study and hold together.
func studySteps() []step {
	return []step{
		{asSecretary, post, "/topics", "recordTopic.owned", "", ""},
		{asSuperior, post, ofDirective + "/study-requirements", "requireStudy", "requirement", ""},
		{asSuperior, post, ofDirective + "/implementing-plans", "addImplementingPlan", "implementing", ""},
		{asSuperior, post, ofBase + "/briefings", "issueBriefing", "", ""},
		{asSuperior, patch, ofBriefing, "editBriefing", "", ofBriefing},
		{asSecretary, post, ofCell + "/topic-plans", "addTopicPlan", "", ""},
		{asSecretary, post, ofBriefing + "/uses", "addBriefingUse", "", ""},
		{asSecretary, post, "/joint-sessions", "arrangeJointSession", "", ""},
		{asSecretary, post, ofJoint + "/meetings", "joinJointSession", "", ""},
		{asAuditor, get, "/topics/" + topicID + "/sessions", "", "", ""},
		{asAuditor, get, "/topics?offered_to=" + cellID, "", "", ""},
		{asAuditor, get, ofBase + "/topic-coverage?" + threeYears, "", "", ""},
		{asAuditor, get, ofCell + "/topic-suggestions?on=2018-04-01", "", "", ""},
		{asAuditor, get, ofCell + "/topic-plans?from=2018-01&to=2018-12", "", "", ""},
		{asAuditor, get, ofDirective + "/study-requirements", "", "", ""},
		{asAuditor, get, ofDirective + "/implementing-plans", "", "", ""},
		{asAuditor, get, ofDirective + "/studies?organization_id=" + districtID, "", "", ""},
		{asAuditor, get, ofCell + "/briefings?month=2018-03", "", "", ""},
		{asAuditor, get, ofBriefing, "", "", ""},
		{asAuditor, get, ofBriefing + "/uses", "", "", ""},
		{asAuditor, get, "/joint-sessions", "", "", ""},
		{asAuditor, get, ofJoint, "", "", ""},
		{asSecretary, patch, ofPlan, "changeTopicPlan", "", "1"},
		{asSecretary, remove, ofPlan, "", "", "2"},
		{asSecretary, remove, ofJoint + "/meetings/" + januaryID, "", "", ""},
		{asSecretary, remove, ofBriefing + "/uses/" + marchID, "", "", ""},
		{asSuperior, remove, ofDirective + "/implementing-plans/{implementing}", "", "", ""},
		{asSuperior, remove, ofDirective + "/study-requirements/{requirement}", "", "", ""},
	}
}

// inspectionSteps are about what a round found and what became of it. The finding has an id of its own making, which the remedy names.
func inspectionSteps() []step {
	return []step{
		{asSuperior, post, ofRound + "/findings", "addInspectionFinding", "finding", ofRound},
		{asSuperior, patch, ofRound + "/findings/{finding}", "editInspectionFinding", "", ofRound},
		{asSuperior, post, "/remedies", "demandRemedy", "", ""},
		{asSuperior, patch, ofRemedy, "editRemedy", "", ofRemedy},
		{asSecretary, post, ofRemedy + "/outcome", "reportRemedyOutcome", "", ofRemedy},
		{asSuperior, post, ofRemedy + "/checks", "recheckRemedy", "", ofRemedy},
		{asSuperior, post, ofRound + "/samples", "drawInspectionSample", "sample", ""},
		{asAdministrator, post, "/grants", "addGrant.tied", "", ""},
		{asSuperior, post, ofBase + "/inspection-plans", "recordInspectionPlan", "", ""},
		{asSuperior, http.MethodPut, ofInspectionPlan, "replaceInspectionPlan", "", ofInspectionPlan},
		{asSuperior, patch, ofRound, "editInspection.planned", "", ofRound},
		{asAuditor, get, ofBase + "/inspection-plans?year=2018", "", "", ""},
		{asAuditor, get, ofInspectionPlan, "", "", ""},
		{asAuditor, get, ofBase + "/inspection-coverage?" + threeYears, "", "", ""},
	}
}

// readSteps read everything, as JSON.
func readSteps() []step {
	var steps []step
	for _, path := range []string{
		"/me", "/enumerations", "/organizations?q=chi+bo&organization_id=" + districtID, ofCell, ofCell + "/bodies", ofCell + "/excused-months",
		ofCell + "/placements", ofCell + "/roster?on=2018-01-05", "/organizations/" + districtID + "/tree?on=2018-01-05",
		"/organizations/" + districtID + "/summary?group_by=child&" + threeYears, "/organizations/" + baseID + "/summary?as_of=3&" + threeYears,
		"/members?q=nguyen&status=exempt", "/members?sort=updated", ofAn, ofCuong + "/memberships", ofBinh + "/statuses", ofAn + "/offices",
		"/meetings?updated_since=2018-01-01T00:00:00Z", "/meetings?counted_for=" + districtID, "/meetings?code=HOP-2018-01", ofJanuary, ofMarch, ofJanuary + "/numbers", ofApril + "/numbers", "/meetings?code=HOP-2017-02",
		ofMarch + "/amendments", "/erasures", ofMarch + "/versions", ofMarch + "/versions/2", "/attendances?meeting_id=" + januaryID, "/topic-sessions?period_from=2018-01",
		"/topics?directive_id=" + directiveID, "/topics/" + topicID, "/directives?q=hoc+tap", "/directives/" + directiveID,
		"/resolutions?meeting_id=" + marchID, "/resolutions/" + resolutionID, "/tasks?status=done", ofTask, "/inspections?kind=thematic_supervision",
		ofRound, ofRound + "/objects", ofRound + "/findings", ofRound + "/samples", ofRound + "/samples/{sample}", ofRound + "/samples/{sample}/population", "/remedies?status=done", ofRemedy, "/grants?on=2030-01-01", "/grants/{grant}", "/audit/entries", "/audit/accesses", ofAn + "/accesses", "/audit/checkpoint", "/audit/proofs?leaf=3", "/audit/proofs?since=2",
		"/ledger/entries?organization_id=" + districtID + "&standing=true",
		"/organizations/" + districtID + "/activity?" + threeYears, "/organizations/" + districtID + "/task-completion?group_by=child&" + threeYears,
		"/organizations/" + districtID + "/assessment?" + threeYears,
		ofRated + "/rating", "/ratings?stage=confirmed&from=2026-01", "/organizations/" + districtID + "/rating-summary?year=2026",
		"/rule-sets?organization_id=" + cellID + "&on=2026-03-05", "/rule-sets/hd42-2025",
		"/organizations/" + districtID + "/schedule?from=2018-01&to=2018-06", ofCell + "/registrations?status=agreed", ofRegistration,
		ofMarch + "/notice", ofCell + "/delegates?on=2018-03-05", ofDelegate, "/organizations/" + districtID + "/delegate-attendance?from=2018-01&to=2018-06",
		"/organizations/" + districtID + "/compliance?from=2018-01&to=2018-06", "/organizations/" + districtID + "/missing-records?from=2018-01&to=2018-06",
		"/organizations/" + districtID + "/awaiting-records", "/warnings?from=2017-07&to=2018-06&organization_id=" + districtID, "/me/duties?month=2018-03",
	} {
		steps = append(steps, step{role: asAuditor, method: get, path: path})
	}
	return steps
}

// story tells the steps to one installation.
type story struct {
	callers    map[auth.Role]apitest.Caller
	examples   map[string]string
	known      map[string]string
	operations map[string]bool
}

func (s story) tell(t *testing.T, p step) {
	t.Helper()
	filled := func(path string) string {
		return regexp.MustCompile(`{(\w+)}`).ReplaceAllStringFunc(path, func(name string) string { return s.known[strings.Trim(name, "{}")] })
	}
	path := filled(p.path)
	body := ""
	if p.example != "" {
		var found bool
		if body, found = s.examples[p.example]; !found {
			t.Fatalf("there is no example %s.json", p.example)
		}
	}
	var headers []string
	if number := p.under; len(number) == 1 { // a version, of what cannot be read alone
		headers = append(headers, `If-Match: "`+number+`"`)
	} else if p.under != "" {
		headers = append(headers, "If-Match: "+s.callers[asAuditor].Get(t, filled(p.under)).OK(t, http.StatusOK).ETag())
	}
	answer := s.callers[p.role].Do(t, p.method, path, body, headers...)
	if answer.Status >= http.StatusMultipleChoices {
		t.Fatalf("%s %s %s: %s", p.method, path, p.example, answer)
	}
	if operation, _, _ := strings.Cut(p.example, "."); p.example != "" && operation != answer.Operation {
		t.Errorf("the example %s.json is for %s", p.example, answer.Operation)
	}
	if strings.Contains(answer.Text, `"problem":{`) {
		t.Errorf("%s: %s", answer.Operation, answer)
	}
	if p.keep != "" {
		s.known[p.keep] = answer.Field(t, "id")
	}
	s.operations[answer.Operation] = true
}

func examples(t *testing.T) map[string]string {
	t.Helper()
	files, err := api.Examples()
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	names, err := fs.Glob(files, "*.json")
	if err != nil || len(names) == 0 {
		t.Fatalf("examples: %v, %d files", err, len(names))
	}
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			t.Fatal(err)
		}
		found[strings.TrimSuffix(name, ".json")] = string(text)
	}
	return found
}

// TestExamples tells the story of the examples on every engine. Every operation takes part in it and answers as the contract
// says, every example is sent, and at its end the books add up.
func TestExamples(t *testing.T) {
	t.Parallel()
	eachInstallation(t, func(t *testing.T, in installation) {
		s, steps := in.tellAll(t)
		checkCoverage(t, s, steps)
		in.verified(t)
		erased, err := in.Erased(t.Context())
		if want := "member " + binhID + ": erased under decision 12-QĐ/ĐU of 2018-05-02"; err != nil || !strings.Contains(strings.Join(erased, "\n"), want) {
			t.Errorf("what was erased: %v %v, want %s", erased, err, want)
		}
	})
}

// tellAll tells the whole story.
func (in installation) tellAll(t *testing.T) (story, []step) {
	t.Helper()
	s := story{map[auth.Role]apitest.Caller{}, examples(t), map[string]string{}, map[string]bool{}}
	for _, role := range auth.Roles() {
		s.callers[role] = apitest.NewCaller(in.handler, in.as(t, role, "").token)
	}
	in.grantee(t)
	steps := slices.Concat(structureSteps(), recordSteps(), scheduleSteps(), studySteps(), inspectionSteps(), readSteps())
	for _, p := range steps {
		s.tell(t, p)
	}
	for _, target := range []string{"/health/live", "/health/ready", "/version"} {
		s.operations[s.callers[asAuditor].Ask(t, target).OK(t, http.StatusOK).Operation] = true
	}
	s.tellLogin(t, in)
	return s, steps
}

// grantee adds the user whom the story gives a role.
func (in installation) grantee(t *testing.T) {
	t.Helper()
	_, err := audit.Write(t.Context(), in.DB(), auth.InstallationActor().Act("user.create"), func(tx *database.Tx) (struct{}, error) {
		user := auth.User{ID: auth.UserID{UUID: uuid.MustParse(granteeID)}, Name: "bi.thu", FullName: "Lê Thị Dung", Version: 1, CreatedAt: tx.Now, UpdatedAt: tx.Now}
		audit.Touch(tx, auth.SealedUser(), user.ID)
		return struct{}{}, database.Of[auth.User](database.Gorm(t.Context(), tx)).Create(t.Context(), &user)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// checkCoverage demands that every operation took part, each with a body by an example, and every example.
func checkCoverage(t *testing.T, s story, steps []step) {
	t.Helper()
	for path, item := range apitest.Published(t).Document.Paths.Map() {
		for method, op := range item.Operations() {
			if !s.operations[op.OperationID] {
				t.Errorf("%s (%s %s) takes no part in the story", op.OperationID, method, path)
			}
			if op.RequestBody != nil && s.examples[op.OperationID] == "" {
				t.Errorf("%s has no example", op.OperationID)
			}
		}
	}
	for name := range s.examples {
		if !s.operations[name] && !slices.ContainsFunc(steps, func(p step) bool { return p.example == name }) {
			t.Errorf("the example %s.json is sent nowhere", name)
		}
	}
}
