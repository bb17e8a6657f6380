package main

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// shape is how large a made folder is. Every cell has a roll of as many members, and one regular session in every month.
type shape struct {
	cells, members, months int
	districts              bool // a level between the top and the organisations of the base
}

// attendances is how many rows attendance.csv gets.
func (s shape) attendances() int { return s.cells * s.members * s.months }

// people is how many members there are.
func (s shape) people() int { return s.cells * s.members }

func (s shape) String() string {
	return fmt.Sprintf("%d cells × %d members × %d months", s.cells, s.members, s.months)
}

// The first month of every made folder, and the first day of everything that holds in it.
const (
	firstYear = 2013
	firstDay  = "2012-01-01"
	perUnit   = 30 // cells below one party organisation of the base

	perDistrict = 4 // party organisations of the base below one district, where there are districts
)

// rootCode is the code of the organisation that everything stands under.
const rootCode = "ROOT"

// month writes the n-th month of a folder.
func month(n int) string { return fmt.Sprintf("%04d-%02d", firstYear+n/12, n%12+1) }

func cellCode(c int) string      { return fmt.Sprintf("C%05d", c) }
func unitCode(u int) string      { return fmt.Sprintf("U%04d", u) }
func districtCode(d int) string  { return fmt.Sprintf("D%03d", d) }
func memberCode(c, m int) string { return fmt.Sprintf("M%05d-%02d", c, m) }

func meetingCode(c, n int) string { return cellCode(c) + "-" + month(n) }

// write makes the folder. The same shape makes the same bytes.
func (s shape) write(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for name, part := range map[string]struct {
		header string
		rows   func(line func(...string))
	}{
		"organizations": {"code,kind,cell_type,name,founded_on", s.organizations},
		"placements":    {"organization_code,parent_code,from", s.placements},
		"members":       {"code,full_name,gender,admitted_on,official_on", s.named},
		"memberships":   {"member_code,organization_code,from", s.memberships},
		"meetings": {
			"code,organization_code,body,forms,period_month,started_at,ended_at,mode,place,status,title,chair_code,minutes_taker_code,content_items",
			s.meetings,
		},
		"attendance": {"meeting_code,member_code,status,reason_kind,spoke", s.rolls},
	} {
		if err := writeFile(filepath.Join(dir, name+".csv"), part.header, part.rows); err != nil {
			return err
		}
	}
	return nil
}

// writeFile writes one file; no cell of these folders needs quoting.
func writeFile(path, header string, rows func(line func(...string))) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(file, 1<<20)
	line := func(cells ...string) { fmt.Fprintln(out, strings.Join(cells, ",")) }
	line(header)
	rows(line)
	if err := out.Flush(); err != nil {
		_ = file.Close()
		return err
	}
	return file.Close()
}

// districted is how many districts stand between the root and the base.
func (s shape) districted() int {
	if !s.districts {
		return 0
	}
	return (s.units() + perDistrict - 1) / perDistrict
}

func (s shape) units() int { return (s.cells + perUnit - 1) / perUnit }

func (s shape) organizations(line func(...string)) {
	line(rootCode, "provincial", "", "Đảng bộ tỉnh", firstDay)
	for d := range s.districted() {
		line(districtCode(d), "superior", "", fmt.Sprintf("Đảng bộ huyện %d", d), firstDay)
	}
	for u := range s.units() {
		line(unitCode(u), "base_party", "", fmt.Sprintf("Đảng bộ cơ sở %d", u), firstDay)
	}
	for c := range s.cells {
		line(cellCode(c), "cell", "agency", fmt.Sprintf("Chi bộ %d", c), firstDay)
	}
}

func (s shape) placements(line func(...string)) {
	for d := range s.districted() {
		line(districtCode(d), rootCode, firstDay)
	}
	for u := range s.units() {
		above := rootCode
		if s.districts {
			above = districtCode(u / perDistrict)
		}
		line(unitCode(u), above, firstDay)
	}
	for c := range s.cells {
		line(cellCode(c), unitCode(c/perUnit), firstDay)
	}
}

func (s shape) named(line func(...string)) {
	families := []string{"Nguyễn", "Trần", "Nguyễn", "Lê", "Phạm", "Nguyễn", "Hoàng", "Đinh", "Vũ", "Bùi", "Nguyễn", "Đỗ", "Ngô"}
	middles := []string{"Văn", "Thị", "Hữu", "Đức", "Ngọc", "Minh", "Thanh"}
	givens := strings.Fields("An Anh Bình Châu Chi Dung Dũng Giang Hà Hạnh Hằng Hiền Hùng Hương Khánh Lan Linh Long Mai Nam Nga Oanh Phúc Quân Sơn Tâm Thảo Tuấn Uyên Ước Yến")
	for c := range s.cells {
		for m := range s.members {
			n := c + 7*m
			name := families[n%len(families)] + " " + middles[n%len(middles)] + " " + givens[n/3%len(givens)]
			if c == 0 && m < 2 { // a name that two have, spelt in both ways
				name = []string{"Nguyễn Thị Hoà", "Nguyễn Thị Hòa"}[m]
			}
			line(memberCode(c, m), name, []string{"male", "female"}[n%2], "2005-05-19", "2006-05-19")
		}
	}
}

func (s shape) memberships(line func(...string)) {
	for c := range s.cells {
		for m := range s.members {
			line(memberCode(c, m), cellCode(c), firstDay)
		}
	}
}

func (s shape) meetings(line func(...string)) {
	for n := range s.months {
		for c := range s.cells {
			day := fmt.Sprintf("%s-%02d", month(n), 1+c%28)
			status := []string{"accepted", "submitted"}[c%2]
			line(meetingCode(c, n), cellCode(c), "cell", "regular", month(n), day+"T14:00:00+07:00", day+"T15:30:00+07:00", "in_person",
				"Phòng họp số 3", status, "Sinh hoạt chi bộ tháng "+month(n), memberCode(c, 0), memberCode(c, 1),
				"last_month_tasks;member_thinking;next_month_tasks")
		}
	}
}

func (s shape) rolls(line func(...string)) {
	for n := range s.months {
		for c := range s.cells {
			for m := range s.members {
				switch {
				case m > 1 && (m+c+n)%11 == 0:
					line(meetingCode(c, n), memberCode(c, m), "excused", "business_trip", "")
				case m > 1 && (m+c+n)%37 == 0:
					line(meetingCode(c, n), memberCode(c, m), "unexcused", "", "")
				default:
					line(meetingCode(c, n), memberCode(c, m), "present", "", []string{"true", "false"}[min(1, (m+n)%3)])
				}
			}
		}
	}
}
