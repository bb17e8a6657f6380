package arch

// order lists the rooms from left to right: a room imports only rooms to its left.
var order = []string{
	"fault", "calendar", "text", "database", "httpapi", "audit", // leaf rooms, which know no slice
	"auth", "org", "account", "identity", "member", "rules", "ledger", "directive", "topic", "briefing", "resolution", "meeting", "schedule", "amendment", "erasure", "structure", "study", "inspection", "warning", "summary", "activity", "rating", "exchange", "proof",
}

// leaves are the rooms at the left end, which every slice stands on.
var leaves = order[:6]

// besides are the rooms outside the line and what of the project each of them may import.
var besides = map[string][]string{
	"api":               {},
	"config":            {"calendar"},
	"openapi":           {},
	"openapi/convert":   {"openapi"},
	"openapi/docs":      {},
	"openapi/docs/pack": {"openapi/docs"},
	"arch":              {},
}

// wiring are the rooms that know all others; bench measures the whole program and belongs to no binary that is shipped.
var wiring = []string{"app", "cmd", "bench"}

// wiringOnly are the rooms that the wiring alone may import.
var wiringOnly = []string{"config", "api", "openapi/docs", "app"}

// Exceptions: each allows one thing in one place, for a reason.
type exception struct {
	rule   string // the name of the rule
	where  string // the file, or the room and what it may name
	reason string
}

var exceptions = []exception{
	{"gin", "internal/testkit/apitest", "it calls the routes of a slice as a client does"},
	{"gorm", "internal/testkit/dbtest", "it compares the models with the migrated schema"},

	{"tables", "auth role_grant", "a token is for a grant of its user, and org, which owns the grants, stands to the right"},
	{"tables", "org inspection", "a grant that is tied to a round ends with it, and inspection, which owns rounds, stands to the right"},
	{"tables", "org inspection_object", "a grant that is tied to a round opens the records of its objects, and inspection stands to the right"},
	{"tables", "resolution meeting", "resolutions and tasks are added to a draft under its lock, and meeting stands to the right"},
	{"tables", "resolution meeting_editor", "who adds a resolution or task to a draft edits its record"},
	{"tables", "rating meeting", "figures and lists of ratings name the sessions that they are of; the room only reads them"},
	{"tables", "ledger organization", "a recount walks all organisations in chunks, and a move all that was ever below one"},
	{"tables", "ledger placement", "a move finds all that was ever below the moved organisation in one statement"},

	{"state", "internal/text/sort.go sorters", "a collator serves one goroutine at a time; the pool holds nothing but spare ones"},
	{"state", "internal/database/database.go logger.RecorderParamsFilter", "GORM offers no other place to keep parameters out of the log"},
	{"init", "internal/database/database.go", "it sets GORM's filter before anything can be logged"},
}

// owners names the room that owns each table; everybody else asks that room.
var owners = map[string]string{
	"idempotency_key":  "database",
	"goose_db_version": "database",
	"search_word":      "database",
	"log_head":         "audit", "log_leaf": "audit", "log_hash": "audit", "log_seal": "audit", "log_checkpoint": "audit",
	"log_rotation": "audit", "access_entry": "audit", "access_day": "audit",
	"user_account": "auth", "api_token": "auth", "user_credential": "auth", "recovery_code": "auth", "known_device": "auth",
	"login_session": "auth", "login_attempt": "auth", "login_failure": "auth",
	"user_identity": "identity", "login_exchange": "identity",
	"organization": "org", "placement": "org",
	"organization_above": "org", "body_term": "org", "excused_month": "org", "role_grant": "org",
	"member": "member", "membership": "member", "member_status": "member", "office": "member",
	"organization_member": "member",
	"ledger_entry":        "ledger", "ledger_path": "ledger", "ledger_path_step": "ledger", "balance": "ledger", "ledger_head": "ledger",
	"topic": "topic", "topic_link": "topic", "directive": "directive", "study_requirement": "directive", "implementing_plan": "directive",
	"briefing": "briefing", "briefing_line": "briefing", "briefing_use": "briefing",
	"topic_plan": "study", "joint_session": "study", "joint_session_meeting": "study",
	"resolution": "resolution", "task": "resolution",
	"meeting": "meeting", "meeting_content_item": "meeting", "meeting_directive": "meeting", "attendance": "meeting", "attendance_absent": "meeting", "minutes_line": "meeting", "meeting_vote": "meeting", "meeting_totals": "meeting",
	"meeting_editor": "meeting", "record_version": "meeting", "meeting_event": "meeting", "tombstone": "meeting",
	"registration": "schedule", "registered_session": "schedule", "meeting_notice": "schedule", "delegate": "schedule",
	"delegate_attendance": "schedule", "calendar_feed": "schedule",
	"amendment": "amendment", "erasure": "erasure",
	"inspection": "inspection", "inspection_object": "inspection", "inspection_finding": "inspection",
	"remedy": "inspection", "remedy_check": "inspection", "inspection_sample": "inspection", "inspection_sample_organization": "inspection",
	"inspection_sample_meeting": "inspection",
	"inspection_plan":           "inspection", "inspection_plan_item": "inspection", "inspection_plan_object": "inspection",
	"rating": "rating",
}

// readsAll are the rooms that may name every table in their store files: exchange moves whole folders set by set, summary, activity, study and
// warning only read what is not theirs, and schedule reads what is planned together with what it keeps itself.
var readsAll = []string{"exchange", "summary", "activity", "study", "schedule", "warning"}

// Banned names say nothing about what is inside.
var banned = []string{
	"common", "util", "utils", "helper", "helpers", "model", "models", "types", "base", "dto", "manager", "misc", "shared", "lib",
}

// The hard limits; the aim is well below.
const (
	maxFileLines = 500
	maxFuncLines = 60
)
