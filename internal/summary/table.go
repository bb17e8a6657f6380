package summary

import (
	"fmt"
	"strings"

	"sochibo/internal/org"
)

// labels are the words of a table's columns.
type labels struct {
	organization, period, group, total, regular, thematic, extraordinary, sittings, due, excused, covered, open, compliance      string
	present, expected, attendance, excusedPersons, unexcused, notRecorded, guests, totalsSittings, totalsExpected, paperSittings string
	quartersDue, quartersCovered, rounds, inspected, inspectedMembers, reportedDue, reported                                     string
	bodies                                                                                                                       map[org.Body]string
}

var vietnamese = labels{
	organization: "Tổ chức đảng", period: "Kỳ", group: "Nhóm", total: "Tổng", regular: "thường kỳ", thematic: "chuyên đề",
	extraordinary: "bất thường", sittings: "cuộc họp", due: "tháng phải họp", excused: "tháng được miễn", covered: "tháng có họp",
	open: "tháng đang chạy", compliance: "tỷ lệ họp (%)", present: "có mặt", expected: "phải dự", attendance: "tỷ lệ dự (%)",
	excusedPersons: "vắng có lý do", unexcused: "vắng không lý do", notRecorded: "chưa điểm danh", guests: "khách",
	totalsSittings: "cuộc họp chỉ có tổng số", totalsExpected: "phải dự theo tổng số", paperSittings: "cuộc họp lưu trên giấy",
	quartersDue: "Quý phải có chuyên đề", quartersCovered: "Quý có chuyên đề", rounds: "Cuộc kiểm tra, giám sát",
	inspected: "Tổ chức được kiểm tra", inspectedMembers: "Đảng viên được kiểm tra", reportedDue: "Biên bản phải có", reported: "Biên bản đã có",
	bodies: map[org.Body]string{
		org.Cell: "Chi bộ", org.CellCommittee: "Chi ủy", org.PartyCommittee: "Đảng ủy", org.StandingCommittee: "Ban thường vụ",
		org.Conference: "Hội nghị toàn đảng bộ", org.InspectionCommission: "UBKT",
	},
}

var english = labels{
	organization: "Organization", period: "Period", group: "Group", total: "Total", regular: "regular", thematic: "thematic",
	extraordinary: "extraordinary", sittings: "sittings", due: "months due", excused: "months excused", covered: "months covered",
	open: "months open", compliance: "compliance (%)", present: "present", expected: "expected", attendance: "attendance (%)",
	excusedPersons: "excused", unexcused: "unexcused", notRecorded: "not recorded", guests: "guests",
	totalsSittings: "sittings from totals only", totalsExpected: "expected from totals only", paperSittings: "sittings on paper",
	quartersDue: "Thematic quarters due", quartersCovered: "Thematic quarters covered", rounds: "Inspection rounds",
	inspected: "Organizations inspected", inspectedMembers: "Members inspected", reportedDue: "Records due", reported: "Records in",
	bodies: map[org.Body]string{
		org.Cell: "Cells", org.CellCommittee: "Cell committees", org.PartyCommittee: "Party committees", org.StandingCommittee: "Standing committees",
		org.Conference: "Conferences", org.InspectionCommission: "Inspection commissions",
	},
}

func labelsIn(lang string) labels {
	if lang == "en" {
		return english
	}
	return vietnamese
}

// Table returns the summary as rows for a spreadsheet, the first one the header: one row for each group, the last for
// the total. Cells are texts, int64 counts, Percent shares, or nil where there is nothing to say.
func (s Summary) Table(lang string) [][]any {
	l := labelsIn(lang)
	rows := [][]any{s.header(l)}
	for _, g := range s.Groups {
		name := g.Key
		if g.Organization != nil {
			name = g.Organization.Name
		}
		rows = append(rows, s.line(name, g.Figures))
	}
	return append(rows, s.line(l.total, s.Figures))
}

// presentBodies returns the bodies that the total has, in the order of the tables.
func (s Summary) presentBodies() []org.Body {
	var bodies []org.Body
	for _, body := range []org.Body{org.PartyCommittee, org.StandingCommittee, org.CellCommittee, org.Cell, org.Conference, org.InspectionCommission} {
		if _, ok := s.Sessions[body]; ok {
			bodies = append(bodies, body)
		}
	}
	return bodies
}

func (s Summary) header(l labels) []any {
	header := []any{l.group}
	for _, body := range s.presentBodies() {
		for _, word := range []string{
			l.regular, l.thematic, l.extraordinary, l.sittings, l.due, l.excused, l.covered, l.compliance,
			l.present, l.expected, l.attendance, l.excusedPersons, l.unexcused, l.notRecorded, l.guests,
			l.totalsSittings, l.totalsExpected, l.paperSittings,
		} {
			header = append(header, l.bodies[body]+": "+word)
		}
	}
	return append(header, l.quartersDue, l.quartersCovered, l.rounds, l.inspected, l.inspectedMembers, l.reportedDue, l.reported)
}

func (s Summary) line(name string, f Figures) []any {
	line := []any{name}
	for _, body := range s.presentBodies() {
		sessions, c, a := f.Sessions[body], f.Compliance[body], f.Attendance[body]
		line = append(line, sessions.Regular, sessions.Thematic, sessions.Extraordinary, f.Sittings[body],
			c.Due, c.Excused, c.Covered, share(c.Rate), a.Rate.Numerator, a.Rate.Denominator, share(a.Rate),
			a.Excused, a.Unexcused, a.NotRecorded, a.Guests, a.FromTotals.Sittings, a.FromTotals.Expected, a.PaperSittings)
	}
	return append(line, f.ThematicQuarters.Due, f.ThematicQuarters.Covered,
		f.Inspections.Rounds, f.Inspections.Organizations, f.Inspections.Members, f.Coverage.Due, f.Coverage.Reported)
}

func share(r Ratio) any {
	if r.Percent == nil {
		return nil
	}
	return *r.Percent
}

// Records returns the table as texts.
func (s Summary) Records(lang string) [][]string {
	var records [][]string
	for _, row := range s.Table(lang) {
		record := make([]string, len(row))
		for i, cell := range row {
			record[i] = cellText(cell)
		}
		records = append(records, record)
	}
	return records
}

func cellText(cell any) string {
	switch v := cell.(type) {
	case nil:
		return ""
	case Percent:
		return fmt.Sprintf("%d.%d", v/10, v%10)
	default:
		return strings.TrimSpace(fmt.Sprint(v))
	}
}
