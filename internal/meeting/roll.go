package meeting

import (
	"slices"
	"strconv"

	"sochibo/internal/fault"
	"sochibo/internal/member"
	"sochibo/internal/text"
)

// maxRows is how many rows one roll may name; a conference of a large organisation stays below.
const maxRows = 20000

// RollInput is a roll as it is given: the rows named, and whether the others were present. The others are the members of the roster
// who count in the attendance base without being present: nobody is said to have come who is exempt, away or suspended.
type RollInput struct {
	Others AttendanceStatus // Present, or empty
	Rows   []RollEntry
}

// RollEntry is what is said of one member; Remove takes the member's row off the roll, where rows are merged.
type RollEntry struct {
	MemberID   member.ID
	Remove     bool
	Status     AttendanceStatus
	ReasonKind *ReasonKind
	Reason     *string
	Late       *bool
	LeftEarly  *bool
	Remote     *bool
	Spoke      *bool
}

// roster is who may be on the roll of a meeting: the body's members of that day, and those temporarily here.
type roster struct {
	people    []member.Person
	on        map[member.ID]member.Person
	temporary map[member.ID]member.Person
	frozen    map[member.ID]RollRow // rows whose standing stays while presence does
	table     member.Table          // who counts that day
}

func newRoster(people, temporary []member.Person, table member.Table) roster {
	r := roster{people: people, table: table, on: make(map[member.ID]member.Person), temporary: make(map[member.ID]member.Person)}
	for _, p := range people {
		r.on[p.Member.ID] = p
	}
	for _, p := range temporary {
		if _, home := r.on[p.Member.ID]; !home {
			r.temporary[p.Member.ID] = p
		}
	}
	return r
}

// has reports whether the member belongs to the body that day.
func (r roster) has(id member.ID) bool {
	_, on := r.on[id]
	return on
}

// mayAttend reports whether a roll may name the member.
func (r roster) mayAttend(id member.ID) bool {
	_, here := r.temporary[id]
	return here || r.has(id)
}

// check cleans the texts of the roll and notes what is wrong with its rows; pointer is where the roll stands in the request.
func (in *RollInput) check(f *fault.Fields, pointer string, merging bool) {
	in.Rows = slices.Clone(in.Rows)
	if in.Others != "" {
		checkWord(f, pointer+"/others", in.Others, []AttendanceStatus{Present})
	}
	f.Check(len(in.Rows) <= maxRows, pointer+"/rows", "list_too_long", fault.Args{"limit": maxRows})
	seen := make(map[member.ID]bool)
	for i := range in.Rows {
		row, at := &in.Rows[i], pointer+"/rows/"+strconv.Itoa(i)
		if f.Check(row.MemberID != member.ID{}, at+"/member_id", "field_required") {
			f.Check(!seen[row.MemberID], at+"/member_id", "attendance_duplicate")
		}
		seen[row.MemberID] = true
		row.check(f, at, merging)
	}
}

func (e *RollEntry) check(f *fault.Fields, at string, merging bool) {
	switch {
	case e.Remove && merging:
	case e.Remove, e.Status == "":
		f.Check(false, at+"/status", "field_required")
	case e.Status == NotRecorded:
		f.Check(false, at+"/status", "attendance_not_recorded")
	default:
		checkWord(f, at+"/status", e.Status, RecordedStatuses())
	}
	if e.ReasonKind != nil {
		checkWord(f, at+"/reason_kind", *e.ReasonKind, ReasonKinds())
	}
	text.OptionalAt(f, at+"/reason", &e.Reason, maxReason)
}

// merged returns the rows of the roll after the input: what was there (nothing, when the roll is replaced), what the input says, and
// the others. Rows keep no order; the store sorts them by member.
func (in RollInput) merged(id ID, before []Attendance, who roster) []Attendance {
	rows := make(map[member.ID]Attendance)
	for _, row := range before {
		rows[row.MemberID] = row
	}
	for _, e := range in.Rows {
		if e.Remove {
			delete(rows, e.MemberID)
			continue
		}
		rows[e.MemberID] = Attendance{
			MeetingID: id, MemberID: e.MemberID, Status: e.Status, ReasonKind: e.ReasonKind, Reason: e.Reason,
			Late: e.Late, LeftEarly: e.LeftEarly, Remote: e.Remote, Spoke: e.Spoke,
		}
	}
	if in.Others == Present {
		for _, p := range who.people {
			_, named := rows[p.Member.ID]
			if !named && who.table.Standing(p, false) == member.Base {
				rows[p.Member.ID] = Attendance{MeetingID: id, MemberID: p.Member.ID, Status: Present}
			}
		}
	}
	return sortedRows(rows)
}

func sortedRows(rows map[member.ID]Attendance) []Attendance {
	list := make([]Attendance, 0, len(rows))
	for _, row := range rows {
		list = append(list, row)
	}
	slices.SortFunc(list, func(a, b Attendance) int { return slices.Compare(a.MemberID.UUID[:], b.MemberID.UUID[:]) })
	return list
}

// checkRows notes the rows of members who may not be on the roll: at their place in the request, or at the roll as a whole for rows
// that were stored before the meeting changed.
func checkRows(f *fault.Fields, rows []Attendance, in *RollInput, pointer string, who roster) {
	given := make(map[member.ID]string)
	if in != nil {
		for i, e := range in.Rows {
			given[e.MemberID] = pointer + "/rows/" + strconv.Itoa(i) + "/member_id"
		}
	}
	for _, row := range rows {
		at, named := given[row.MemberID]
		if !named {
			at = pointer
		}
		f.Check(who.mayAttend(row.MemberID), at, "attendance_not_on_roster", fault.Args{"member_id": row.MemberID.String()})
	}
}

// checkOfficers notes a chair or minutes taker who is not on the roster.
func checkOfficers(f *fault.Fields, m Meeting, who roster) {
	f.Check(m.ChairID == nil || who.has(*m.ChairID), "/chair_id", "chair_not_on_roster")
	f.Check(m.MinutesTakerID == nil || who.has(*m.MinutesTakerID), "/minutes_taker_id", "minutes_taker_not_on_roster")
}

// freeze completes a roll: everybody on the roster gets a row, and every row the standing of the day. It returns the rows for the
// store and for the record. Every row must belong to somebody who may attend.
func freeze(id ID, rows []Attendance, who roster) ([]Attendance, []RollRow) {
	recorded := make(map[member.ID]Attendance)
	for _, row := range rows {
		recorded[row.MemberID] = row
	}
	for _, p := range who.people {
		if _, is := recorded[p.Member.ID]; !is {
			recorded[p.Member.ID] = Attendance{MeetingID: id, MemberID: p.Member.ID, Status: NotRecorded}
		}
	}
	frozen := sortedRows(recorded)
	roll := make([]RollRow, len(frozen))
	for i := range frozen {
		person, standing := who.standing(frozen[i])
		frozen[i].Standing = &standing
		roll[i] = rollRow(frozen[i], person)
	}
	return frozen, roll
}

// standing returns who the row is about and how the row counts.
func (r roster) standing(row Attendance) (member.Person, member.Standing) {
	p, on := r.on[row.MemberID]
	if !on {
		return r.temporary[row.MemberID], member.Temporary
	}
	if old, is := r.frozen[row.MemberID]; is && (old.Status == Present) == (row.Status == Present) {
		return p, old.Standing
	}
	return p, r.table.Standing(p, row.Status == Present)
}

func rollRow(a Attendance, p member.Person) RollRow {
	return RollRow{
		MemberID: a.MemberID, Standing: *a.Standing, Official: p.Official, Probationary: p.Probationary,
		Statuses: p.Statuses, Offices: p.Offices, Status: a.Status, ReasonKind: a.ReasonKind, Reason: a.Reason,
		Late: a.Late, LeftEarly: a.LeftEarly, Remote: a.Remote, Spoke: a.Spoke,
	}
}

// thaw undoes freeze: what was not recorded goes, standings are cleared.
func thaw(rows []Attendance) []Attendance {
	var kept []Attendance
	for _, row := range rows {
		if row.Status != NotRecorded {
			row.Standing = nil
			kept = append(kept, row)
		}
	}
	return kept
}
