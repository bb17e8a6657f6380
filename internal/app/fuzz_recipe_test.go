package app_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"strconv"
	"strings"

	"github.com/google/uuid"
)

// queries are those of operations that need some of their parameters together, which the contract cannot say.
var queries = map[string][]string{
	"getInspectionCoverage": {"from=2016-01", "to=2018-04"}, // months, for which a term may stand
}

// recipes make ids for the path and a body with which an operation can succeed, where chance alone would hardly find them.
var recipes = map[string]func(f *fuzzer) (map[string]string, any){
	"createMeeting": (*fuzzer).newMeeting,
	"prepareMeeting": func(f *fuzzer) (map[string]string, any) {
		session := f.session()
		cell, _ := session["organization_id"].(string)
		delete(session, "organization_id")
		delete(session, "title")
		return map[string]string{"organization_id": cell}, session
	},
	"fillInMeeting": func(f *fuzzer) (map[string]string, any) { return f.meetingIn("held", "scheduled"), nil },
	"editMeeting": func(f *fuzzer) (map[string]string, any) {
		return f.meetingIn("held", "scheduled"), object{"title": "Sửa"}
	},
	"removeMeeting":     func(f *fuzzer) (map[string]string, any) { return f.meetingIn("held", "scheduled"), nil },
	"replaceAttendance": func(f *fuzzer) (map[string]string, any) { return f.meetingIn("held", "scheduled"), f.roll() },
	"changeAttendance":  func(f *fuzzer) (map[string]string, any) { return f.meetingIn("held", "scheduled"), f.roll() },
	"submitMeeting":     func(f *fuzzer) (map[string]string, any) { return f.meetingIn("held"), object{"attendance": f.roll()} },
	"withdrawMeeting":   func(f *fuzzer) (map[string]string, any) { return f.meetingIn("submitted"), nil },
	"acceptMeeting":     func(f *fuzzer) (map[string]string, any) { return f.meetingIn("submitted"), nil },
	"returnMeeting":     func(f *fuzzer) (map[string]string, any) { return f.meetingIn("submitted"), f.reason() },
	"cancelMeeting":     func(f *fuzzer) (map[string]string, any) { return f.meetingIn("scheduled"), f.reason() },
	"postponeMeeting": func(f *fuzzer) (map[string]string, any) {
		return f.meetingIn("scheduled"), object{"started_at": f.day() + "T08:00:00Z"}
	},
	"rateMeeting": func(f *fuzzer) (map[string]string, any) {
		if len(f.states["accepted"]) == 0 {
			return f.meetingIn("submitted"), object{"answers": []any{}}
		}
		return f.meetingIn("accepted"), object{"answers": []any{}}
	},
	"confirmRating": func(f *fuzzer) (map[string]string, any) { return f.rated(), object{} },
	"getRating":     func(f *fuzzer) (map[string]string, any) { return f.rated(), nil },
	"getRuleSet": func(f *fuzzer) (map[string]string, any) {
		return map[string]string{"rule_set_id": f.pick("hd12-2018", "hd42-2025")}, nil
	},
	"requestAmendment": func(f *fuzzer) (map[string]string, any) {
		return map[string]string{"meeting_id": f.pick(f.states["accepted"]...)}, f.amendment()
	},
	"getAmendment":      func(f *fuzzer) (map[string]string, any) { return f.waiting(), nil },
	"withdrawAmendment": func(f *fuzzer) (map[string]string, any) { return f.waiting(), nil },
	"confirmAmendment":  func(f *fuzzer) (map[string]string, any) { return f.waiting(), nil },
	"rejectAmendment":   func(f *fuzzer) (map[string]string, any) { return f.waiting(), f.reason() },
	"requestErasure": func(f *fuzzer) (map[string]string, any) {
		return nil, object{
			"subject": object{"member_id": f.id("member_id")}, "legal_basis": "Điều 14", "explanation": "Gia đình đề nghị xóa thông tin",
			"basis": object{"number": "12-QĐ/ĐU", "date": "2018-05-02"},
		}
	},
	"rejectErasure":       func(f *fuzzer) (map[string]string, any) { return nil, f.reason() },
	"registerMonth":       (*fuzzer).newRegistration,
	"agreeToRegistration": func(f *fuzzer) (map[string]string, any) { return f.newest("registration_id"), nil },
	"returnRegistration":  func(f *fuzzer) (map[string]string, any) { return f.newest("registration_id"), f.reason() },
	"postMeetingNotice": func(f *fuzzer) (map[string]string, any) {
		return f.meetingIn("held", "scheduled"), object{"items": []any{object{"kind": "document", "title": "Dự thảo nghị quyết"}}}
	},
	"assignDelegate":           (*fuzzer).newDelegate,
	"endDelegate":              just(object{"to": "2040-12-31"}),
	"recordDelegateAttendance": (*fuzzer).visit,
	"foundOrganization":        (*fuzzer).newOrganization,
	"editOrganization": func(f *fuzzer) (map[string]string, any) {
		return f.ownOrganization(), object{"name": "Chi bộ đổi tên"}
	},
	"moveOrganization": (*fuzzer).placement,
	"dissolveOrganization": func(f *fuzzer) (map[string]string, any) {
		return f.ownOrganization(), object{"on": "2025-06-30"}
	},
	"installBody":         func(f *fuzzer) (map[string]string, any) { return f.ownOrganization(), f.term() },
	"endBodyTerm":         just(object{"to": "2024-12-31"}),
	"excuseMonth":         (*fuzzer).excused,
	"admitMember":         (*fuzzer).newMember,
	"editMember":          just(object{"full_name": "Lê Văn Đổi"}),
	"transferMember":      (*fuzzer).transfer,
	"endMembership":       just(object{"to": nil}),
	"addMemberOffice":     (*fuzzer).office,
	"endMemberOffice":     just(object{"to": "2025-12-31"}),
	"addMemberStatus":     (*fuzzer).status,
	"endMemberStatus":     just(object{"to": "2025-12-31"}),
	"recordInspection":    (*fuzzer).inspection,
	"addInspectionObject": (*fuzzer).inspected,
	"editInspection":      just(object{"title": "Giám sát chuyên đề"}),
	"addInspectionFinding": func(f *fuzzer) (map[string]string, any) {
		return nil, object{"severity": f.pick("strength", "shortcoming", "violation"), "text": "Biên bản ghi chưa đủ", "meeting_id": f.id("meeting_id")}
	},
	"editInspectionFinding": just(object{"text": "Biên bản ghi chưa rõ"}),
	"drawInspectionSample":  just(object{"count": 3, "from": "2015-09", "to": "2018-04"}),
	"recordInspectionPlan": func(f *fuzzer) (map[string]string, any) {
		item := object{"kind": "regular_supervision", "quarter": "2018-Q3", "organization_ids": []any{f.id("organization_id")}}
		return map[string]string{"organization_id": f.pick(f.pools["parents"]...)},
			object{"body": "party_committee", "year": 2018 + f.IntN(3), "number": "5-KH", "approved_on": f.day(), "items": []any{item}[:f.IntN(2)]}
	},
	"replaceInspectionPlan": func(f *fuzzer) (map[string]string, any) {
		return nil, object{"number": "6-KH", "approved_on": f.day(), "items": []any{}}
	},
	"demandRemedy": (*fuzzer).remedy,
	"editRemedy":   just(object{"due_on": "2030-12-31"}),
	"reportRemedyOutcome": func(f *fuzzer) (map[string]string, any) {
		return f.lastRemedy(), object{"status": "done", "text": "Đã làm"}
	},
	"recheckRemedy": func(f *fuzzer) (map[string]string, any) {
		return f.lastRemedy(), object{"result": f.pick("partly", "not_remedied")}
	},
	"recordResolution": (*fuzzer).resolution,
	"recordTask":       (*fuzzer).task,
	"addGrant":         (*fuzzer).grant,
	"endGrant": func(f *fuzzer) (map[string]string, any) {
		return nil, object{"to": fmt.Sprintf("20%d-12-31", 99-f.drafted%50)}
	},
	"createUser": func(*fuzzer) (map[string]string, any) {
		return nil, object{"name": "u-" + uuid.NewString(), "full_name": "Lê Văn Thử"}
	},
	"linkIdentity": func(*fuzzer) (map[string]string, any) {
		return nil, object{"issuer": "https://login.example.org", "subject": uuid.NewString()}
	},
	"recordTopic": func(*fuzzer) (map[string]string, any) {
		return nil, object{"category": "other", "title": "Chuyên đề mới", "links": []any{object{"title": "Đề cương", "address": "https://example.org/a"}}}
	},
	"editTopic": just(object{"outline": "1. Mở đầu"}),
	"requireStudy": func(f *fuzzer) (map[string]string, any) {
		return nil, object{"organization_id": f.id("organization_id"), "study_by": "2019-01-01"}
	},
	"addImplementingPlan": func(f *fuzzer) (map[string]string, any) {
		return nil, object{"organization_id": f.id("organization_id"), "number": "12-KH/ĐU", "issued_on": f.day()}
	},
	"issueBriefing": func(f *fuzzer) (map[string]string, any) {
		return nil, object{"month": f.day()[:7], "title": "Định hướng", "lines": []any{object{"text": "Thời sự", "content_item": "propaganda"}}}
	},
	"editBriefing": just(object{"title": "Định hướng khác"}),
	"addTopicPlan": func(f *fuzzer) (map[string]string, any) {
		return nil, object{"quarter": fmt.Sprintf("2018-Q%d", 1+f.IntN(4)), "category": "other"}
	},
	"changeTopicPlan":   just(object{"note": "Mời báo cáo viên"}),
	"addBriefingUse":    func(f *fuzzer) (map[string]string, any) { return nil, f.meetingIn("held") },
	"removeBriefingUse": func(f *fuzzer) (map[string]string, any) { return f.linked("use", "briefing_id"), nil },
	"arrangeJointSession": func(f *fuzzer) (map[string]string, any) {
		return nil, object{"organization_id": f.pick(f.pools["parents"]...), "title": "Sinh hoạt chung"}
	},
	"joinJointSession":  func(f *fuzzer) (map[string]string, any) { return nil, f.meetingIn("held") },
	"leaveJointSession": func(f *fuzzer) (map[string]string, any) { return f.linked("joined", "joint_session_id"), nil },
	"editUser":          just(object{"full_name": "Lê Văn Đổi"}),
	"editTask": func(f *fuzzer) (map[string]string, any) {
		return nil, object{"status": f.pick("open", "done", "dropped")}
	},
}

type object = map[string]any

// newRegistration registers a month that nobody has registered yet, most likely.
func (f *fuzzer) newRegistration() (map[string]string, any) {
	month := fmt.Sprintf("20%02d-%02d", 19+f.IntN(80), 1+f.IntN(12))
	session := object{"body": "cell", "forms": []any{"regular"}, "started_at": month + "-15T14:00:00+07:00", "title": "Sinh hoạt thường kỳ"}
	return map[string]string{"organization_id": f.pick(sortedKeys(f.rosters)...)}, object{"month": month, "sessions": []any{session}}
}

// newest names one of the newest parts, with what it belongs to.
func (f *fuzzer) newest(name string) map[string]string {
	all := f.parts[name]
	if len(all) == 0 {
		return nil
	}
	one := f.pick2(all[max(0, len(all)-4):])
	return map[string]string{"organization_id": one[0], name: one[1]}
}

// newDelegate lets somebody of one cell follow another for a day.
func (f *fuzzer) newDelegate() (map[string]string, any) {
	cell, home := f.pick(sortedKeys(f.rosters)...), f.pick(sortedKeys(f.rosters)...)
	day := f.day()
	return map[string]string{"organization_id": cell}, object{"member_id": f.pick(f.rosters[home]...), "from": day, "to": day}
}

// visit names a delegate of the sample and a session of the cell that is followed.
func (f *fuzzer) visit() (map[string]string, any) {
	var known [][2]string
	for _, part := range f.parts["delegate_id"] {
		if len(f.sittings[part[0]]) > 0 {
			known = append(known, part)
		}
	}
	if len(known) == 0 {
		return nil, object{"attended": true}
	}
	one := f.pick2(known[:min(4, len(known))])
	return map[string]string{"organization_id": one[0], "delegate_id": one[1], "meeting_id": f.pick(f.sittings[one[0]]...)},
		object{"attended": f.IntN(2) == 0, "observation": "Thảo luận sôi nổi"}
}

// amendment asks for another number of guests.
func (f *fuzzer) amendment() any {
	return object{
		"reason_code": f.pick("clerical_error", "missing_fact", "other"), "explanation": "Biên bản ghi thiếu khách mời của chi bộ",
		"basis": object{"number": "12-CV/CB", "date": "2018-05-02"}, "change": object{"guests": f.IntN(100)},
	}
}

// rated names a meeting that was rated not long ago.
func (f *fuzzer) rated() map[string]string {
	list := f.pools["rated"]
	if len(list) == 0 {
		return nil
	}
	return map[string]string{"meeting_id": f.pick(list[max(0, len(list)-4):]...)}
}

// waiting names an amendment that waits, and its meeting.
func (f *fuzzer) waiting() map[string]string {
	if len(f.parts["amendment_id"]) == 0 {
		return nil
	}
	all := f.parts["amendment_id"]
	one := f.pick2(all[max(0, len(all)-4):]) // older ones are decided
	return map[string]string{"meeting_id": one[0], "amendment_id": one[1]}
}

// linked names one of the latest links of a meeting to what owns it.
func (f *fuzzer) linked(kind, owner string) map[string]string {
	all := f.parts[kind]
	if len(all) == 0 {
		return nil
	}
	one := f.pick2(all[max(0, len(all)-4):])
	return map[string]string{owner: one[0], "meeting_id": one[1]}
}

// just is a recipe of one body and any ids; each request gets a body of its own, which may then be broken.
func just(body object) func(*fuzzer) (map[string]string, any) {
	return func(*fuzzer) (map[string]string, any) { return nil, maps.Clone(body) }
}

// meetingIn names a meeting in one of the states, one of the newest, or makes it.
func (f *fuzzer) meetingIn(states ...string) map[string]string {
	state := f.pick(states...)
	list := f.states[state]
	if len(list) > 10 {
		list = list[len(list)-10:]
	}
	if len(list) == 0 {
		return map[string]string{"meeting_id": f.makeMeeting(state)}
	}
	return map[string]string{"meeting_id": f.pick(list...)}
}

// makeMeeting records a meeting in the state; this request does not count.
func (f *fuzzer) makeMeeting(state string) string {
	meeting := f.session()
	meeting["submit"] = state == "submitted"
	if state != "scheduled" {
		meeting["attendance"] = f.roll()
	}
	body, _ := json.Marshal(meeting)
	_, id, _ := strings.Cut(f.record(string(body)).Header.Get("Location"), "/meetings/")
	return id
}

func (f *fuzzer) reason() any { return object{"reason": "Thiếu chữ ký thư ký"} }

func (f *fuzzer) roll() any { return object{"others": "present", "rows": []any{}} }

// session is a regular session of a cell of the sample.
func (f *fuzzer) session() object {
	cell := f.pick(sortedKeys(f.rosters)...)
	month := fmt.Sprintf("%d-%02d", 2017+2*f.IntN(2), 5+f.IntN(3)) // rated in 2019, not in 2017
	return object{
		"organization_id": cell, "body": "cell", "forms": []any{"regular"}, "period_month": month,
		"started_at": month + "-15T14:00:00+07:00", "title": "Sinh hoạt thường kỳ",
	}
}

func (f *fuzzer) newMeeting() (map[string]string, any) {
	meeting := f.session()
	people := f.rosters[fmt.Sprint(meeting["organization_id"])]
	meeting["submit"] = f.IntN(3) == 0
	if f.IntN(2) == 0 || meeting["submit"] == true {
		meeting["attendance"] = f.roll()
	}
	if f.IntN(3) == 0 {
		meeting["conclusions"] = []any{"Thống nhất"}
		meeting["opinions"] = []any{object{"member_id": f.pick(people...), "text": "Nhất trí"}}
		meeting["resolutions"] = []any{object{"next_number": f.pick("resolution", "conclusion", "decision"), "title": "Nghị quyết", "votes_for": 9}}
		meeting["tasks"] = []any{object{"title": "Chuẩn bị chuyên đề", "assignee_id": f.pick(people...)}}
		meeting["votes"] = []any{object{"subject": "Nghị quyết", "for": f.IntN(4), "threshold": f.pick("more_than_half", "two_thirds"), "stated_base": f.IntN(20)}}
	}
	switch f.IntN(6) {
	case 0:
		delete(meeting, "attendance")
		meeting["totals"] = object{"roster": 19, "official": 18, "expected": 18, "present": f.IntN(18), "reason": "Sổ giấy chỉ ghi số người"}
	case 1:
		for _, text := range []string{"conclusions", "opinions", "resolutions", "tasks", "votes"} {
			delete(meeting, text)
		}
		meeting["paper_reference"] = object{"book": "02", "page": strconv.Itoa(f.IntN(200))}
	}
	return nil, meeting
}

func (f *fuzzer) newOrganization() (map[string]string, any) {
	parent := f.pick(f.pools["parents"]...)
	return nil, object{"id": uuid.NewString(), "kind": "cell", "name": "Chi bộ mới", "founded_on": "2016-01-01", "parent_id": parent}
}

// ownOrganization names one that the run has founded, so that the sample stays as it is.
func (f *fuzzer) ownOrganization() map[string]string {
	return map[string]string{"organization_id": f.pick(f.pools["founded"]...)}
}

func (f *fuzzer) placement() (map[string]string, any) {
	return f.ownOrganization(), object{"parent_id": f.pick(f.pools["parents"]...), "from": f.day()}
}

func (f *fuzzer) term() any {
	year := 2016 + f.IntN(8)
	return object{"body": "cell_committee", "from": fmt.Sprintf("%d-01-01", year), "to": fmt.Sprintf("%d-12-31", year)}
}

func (f *fuzzer) excused() (map[string]string, any) {
	return f.ownOrganization(), object{"body": "cell", "month": f.day()[:7], "reason": "Bão lũ"}
}

func (f *fuzzer) newMember() (map[string]string, any) {
	member := object{"full_name": "Đinh Văn Mới", "gender": "male", "born_on": "1990-01-01"}
	if f.IntN(2) == 0 {
		member["membership"] = object{"organization_id": f.ownOrganization()["organization_id"], "from": "2016-02-01"}
	}
	return nil, member
}

func (f *fuzzer) transfer() (map[string]string, any) {
	to := f.ownOrganization()["organization_id"]
	return nil, object{"organization_id": to, "from": fmt.Sprintf("20%02d-03-01", 18+f.IntN(7)), "close_current": true}
}

func (f *fuzzer) office() (map[string]string, any) {
	day := f.day()
	return nil, object{"organization_id": f.id("organization_id"), "body": "cell_committee", "office": "committee_member", "from": day, "to": day}
}

func (f *fuzzer) status() (map[string]string, any) {
	day := f.day()
	return nil, object{"status": f.pick("exempt", "temporarily_away", "special_duty"), "from": day, "to": day, "basis": "Quyết định"}
}

func (f *fuzzer) inspection() (map[string]string, any) {
	return nil, object{
		"organization_id": f.pick(f.pools["parents"]...), "body": f.pick("party_committee", "inspection_commission"), "kind": "thematic_supervision",
		"from": f.day(), "objects": []any{f.inspectedObject()},
	}
}

func (f *fuzzer) inspected() (map[string]string, any) { return nil, f.inspectedObject() }

func (f *fuzzer) inspectedObject() any {
	if f.IntN(2) == 0 {
		return object{"object_type": "member", "member_id": f.id("member_id")}
	}
	return object{"object_type": "organization", "organization_id": f.id("organization_id")}
}

// remedy demands something about a known finding.
func (f *fuzzer) remedy() (map[string]string, any) {
	all := f.parts["finding_id"]
	if len(all) == 0 {
		return nil, object{}
	}
	return nil, object{"finding_id": f.pick2(all)[1], "organization_id": f.id("organization_id"), "text": "Ghi đủ biên bản", "due_on": "2030-06-30"}
}

// lastRemedy names one of the newest remedies, which are open more often.
func (f *fuzzer) lastRemedy() map[string]string {
	all := f.pools["remedy_id"]
	return map[string]string{"remedy_id": f.pick(all[max(0, len(all)-3):]...)}
}

func (f *fuzzer) resolution() (map[string]string, any) {
	return nil, object{"meeting_id": f.meetingIn("held")["meeting_id"], "title": "Nghị quyết quý", "votes_for": 12, "next_number": f.pick("resolution", "conclusion")}
}

func (f *fuzzer) task() (map[string]string, any) {
	return nil, object{"meeting_id": f.meetingIn("held")["meeting_id"], "title": "Chuẩn bị nội dung", "due_on": f.day()}
}

func (f *fuzzer) grant() (map[string]string, any) {
	return nil, object{"user_id": f.id("user_id"), "role": "secretary", "organization_id": f.id("organization_id"), "basis": "Quyết định 12"}
}
