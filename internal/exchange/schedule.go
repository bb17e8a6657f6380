package exchange

import (
	"sochibo/internal/fault"
	"sochibo/internal/schedule"
)

// scheduleFiles are the files about what was planned around meetings.
func scheduleFiles() []file {
	organization := ref("organization_code", "organizations", "organization_id").must()
	of := ref("meeting_code", "meetings", "meeting_id").must()
	return []file{
		{
			name: "registrations", table: "registration", key: []string{"code"}, check: checkRegistration, derive: deriveExcused,
			life: [2]string{"last_day", "first_day"},
			columns: []column{
				own(), organization, column{name: "month", kind: aMonth}.must(),
				oneOf("status", words(schedule.RegistrationStatuses())...).must().usually(string(schedule.Registered)),
				column{name: "registered_at", kind: anInstant}.must(), {name: "decided_at", kind: anInstant}, free("reason"),
				{name: "first_day", kind: aDate, since: true, derived: true, unstored: true, shown: "month"},
				{name: "last_day", kind: aDate, since: true, derived: true, unstored: true, shown: "month"},
			},
		},
		{
			name: "registered_sessions", table: "registered_session", key: []string{"registration_code", "meeting_code"}, part: "registrations",
			check: checkPlanned,
			columns: []column{
				ref("registration_code", "registrations", "registration_id").must(), of, column{name: "started_at", kind: anInstant}.must(),
				{name: "ended_at", kind: anInstant}, free("place"),
			},
		},
		{
			name: "notices", table: "meeting_notice", key: []string{"meeting_code", "position"}, check: checkNotice,
			columns: []column{
				of, count("position", mostCount).must(), oneOf("kind", words(schedule.NoticeKinds())...).must(), oneLine("title").must(),
				free("link"), column{name: "posted_at", kind: anInstant}.must(),
			},
		},
		{
			name: "delegates", table: "delegate", key: []string{"code"}, check: checkDelegate, life: [2]string{"from", "to"},
			columns: []column{
				own(), organization, ref("superior_code", "organizations", "superior_id").must(),
				ref("member_code", "members", "member_id").must(), day("from").as("valid_from").must(), to(), oneLine("basis"),
			},
		},
		{
			name: "delegate_attendance", table: "delegate_attendance", key: []string{"delegate_code", "meeting_code"}, part: "delegates",
			columns: []column{
				ref("delegate_code", "delegates", "delegate_id").must(), of, flag("attended").must(), free("observation"),
			},
		},
	}
}

// checkRegistration demands a decision and its reason where the status tells of them, and none where it does not.
func checkRegistration(r *record) {
	status := r.text("status")
	_, decided := r.instant("decided_at")
	if open := status == string(schedule.Registered); status != "" && open == decided {
		r.bad("decided_at", "registration_decision", nil)
	}
	if returned := status == string(schedule.Returned); status != "" && returned != (r.text("reason") != "") {
		r.bad("reason", "registration_reason", nil)
	}
	if r.faulty { // so that what hangs on the row can be checked
		r.set("status", string(schedule.Registered))
		r.set("decided_at", nil)
		r.set("reason", nil)
	}
}

func checkPlanned(r *record) {
	started, known := r.instant("started_at")
	if ended, over := r.instant("ended_at"); known && over && ended.Before(started) {
		r.bad("ended_at", "ended_before_started", nil)
	}
}

func checkNotice(r *record) {
	if position, ok := r.values[r.at("position")].(int64); ok && position < 1 {
		r.bad("position", "number_out_of_range", fault.Args{"least": 1, "most": mostCount})
	}
	if link := r.text("link"); link != "" && !schedule.Address(link) {
		r.bad("link", "notice_link", nil)
	}
}

func checkDelegate(r *record) {
	checkSpan(r)
	if followed := r.text("organization_code"); followed != "" && followed == r.text("superior_code") {
		r.bad("superior_code", "delegate_not_above", nil)
		r.set("superior_code", nil)
	}
}
