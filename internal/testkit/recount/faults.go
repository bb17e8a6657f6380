package recount

import (
	"maps"
	"math/rand/v2"
)

// Fault says where a planted fault has to be found: the line on which its row begins, and the column.
type Fault struct {
	File   string
	Line   int
	Column string
	Kind   string
	// Or are other lines of the same file that may be named instead, where two rows contradict each other.
	Or []int
}

// Spoil plants n different faults, or as many as there are kinds, and says where each must be found.
// Every fault stands in rows of its own at the end of a file, so that none hides or causes another.
func Spoil(r *rand.Rand, f Folder, n int) (Folder, []Fault) {
	s := &spoiler{f: f.Clone()}
	plants := append(append(structurePlants(), peoplePlants()...), recordPlants()...)
	r.Shuffle(len(plants), func(i, j int) { plants[i], plants[j] = plants[j], plants[i] })
	for _, p := range plants[:min(n, len(plants))] {
		p.plant(s, p)
	}
	faults := make([]Fault, 0, len(s.found))
	for _, p := range s.found {
		faults = append(faults, s.locate(p))
	}
	return s.f, faults
}

// Kinds is how many kinds of fault Spoil knows.
func Kinds() int { return len(structurePlants()) + len(peoplePlants()) + len(recordPlants()) }

// plant is one kind of fault: the file and column where it is found, and how it is made.
type plant struct {
	kind, file, column string
	plant              func(s *spoiler, p plant)
}

type spoiler struct {
	f     Folder
	hosts int
	found []planted
}

// planted is a fault by the index of its row; header means that its place is the first line.
type planted struct {
	plant
	row    int
	or     []int
	header bool
}

func (s *spoiler) locate(p planted) Fault {
	f := Fault{File: p.file, Line: 1, Column: p.column, Kind: p.kind}
	if !p.header {
		f.Line = s.f.Line(p.file, p.row)
	}
	for _, row := range p.or {
		f.Or = append(f.Or, s.f.Line(p.file, row))
	}
	return f
}

// row adds the row that is at fault.
func (s *spoiler) row(p plant, row Row) {
	s.f.add(p.file, row)
	s.found = append(s.found, planted{plant: p, row: len(s.f[p.file]) - 1})
}

// pair adds two rows that contradict each other.
func (s *spoiler) pair(p plant, first, second Row) {
	s.f.add(p.file, first)
	s.row(p, second)
	last := len(s.f[p.file]) - 1
	s.found[len(s.found)-1].or = []int{last - 1}
}

func (s *spoiler) code(prefix string) string {
	s.hosts++
	return prefix + "!" + itoa(s.hosts)
}

// cell adds a sound cell that holds nothing else.
func (s *spoiler) cell() string { return s.organization("cell") }

func (s *spoiler) organization(kind string) string {
	code := s.code("tc")
	s.f.add("organizations.csv", organizationRow(code, kind))
	return code
}

func organizationRow(code, kind string) Row {
	return Row{"code": code, "kind": kind, "name": "Chi bộ thử", "founded_on": "2010-01-01", "dissolved_on": "2018-12-31"}
}

// member adds a sound member of the cell.
func (s *spoiler) member(cell string) string {
	code := s.person()
	s.f.add("memberships.csv", Row{
		"member_code": code, "organization_code": cell, "from": "2011-01-01", "to": "2018-06-30",
	})
	return code
}

// person adds a sound member without a home.
func (s *spoiler) person() string {
	code := s.code("đv")
	s.f.add("members.csv", memberRow(code))
	return code
}

func memberRow(code string) Row {
	return Row{"code": code, "full_name": "Nguyễn Văn Thử", "gender": "male", "admitted_on": "2010-03-26"}
}

// meeting adds a sound meeting of the cell.
func (s *spoiler) meeting(cell, status string) string {
	row := meetingRow(s.code("hp"), cell)
	row["status"] = status
	s.f.add("meetings.csv", row)
	return row["code"]
}

func meetingRow(code, cell string) Row {
	return Row{
		"code": code, "organization_code": cell, "body": "cell", "forms": "regular", "period_month": "2016-03",
		"started_at": "2016-03-10T14:00:00+07:00", "ended_at": "2016-03-10T15:30:00+07:00", "status": "held",
	}
}

// with is the row with some cells changed: column, value, column, value, …
func with(row Row, changes ...string) Row {
	out := maps.Clone(row)
	for i := 0; i+1 < len(changes); i += 2 {
		out[changes[i]] = changes[i+1]
	}
	return out
}
