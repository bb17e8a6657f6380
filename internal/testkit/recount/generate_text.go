package recount

import (
	"fmt"
	"strconv"
	"time"
)

func itoa(n int) string { return strconv.Itoa(n) }

// sentence is a cell of running text: with quotes, commas and line breaks at times.
func (g *generator) sentence() string {
	text := pick(g, []string{
		"Tiếp tục thực hiện nhiệm vụ tháng trước", "Đồng chí nêu ý kiến về tình hình tư tưởng đảng viên",
		"Thống nhất phân công, kiểm tra, đôn đốc", "Học tập \"Di chúc\" của Chủ tịch Hồ Chí Minh",
		"Thu nộp đảng phí: đủ, đúng hạn; không nợ", "Góp ý: nói đi đôi với làm, \"nêu gương\"",
	})
	switch g.r.IntN(6) {
	case 0:
		text += ",\nđề nghị chi ủy xem xét"
	case 1:
		text += "\n\nÝ kiến khác: không"
	case 2:
		text += " 100 %, \"tốt\""
	}
	return text
}

// title is a cell of one line.
func (g *generator) title() string {
	return pick(g, []string{
		"Sinh hoạt chi bộ thường kỳ", "Chuyên đề \"Tự soi, tự sửa\"", "Nghị quyết về nhiệm vụ quý, năm",
		"Kiểm điểm, đánh giá chất lượng", "Về học tập và làm theo Bác", "Họp ban chấp hành; bàn công tác cán bộ",
	}) + " " + itoa(g.between(1, 99))
}

func (g *generator) maybe(percent int, text string) string {
	if g.chance(percent) {
		return text
	}
	return ""
}

func (g *generator) personName() string {
	return pick(g, []string{"Nguyễn", "Trần", "Lê", "Đặng", "Ưng", "Quách", "Y"}) + " " +
		pick(g, []string{"Thị", "Văn", "Hữu", "Ngọc", "Thùy", "Đức", "Hoà"}) + " " +
		pick(g, []string{"Ánh", "Bằng", "Đông", "Hạnh", "Khuê", "Mỹ", "Oanh", "Quý", "Thuỷ", "Vượng"})
}

// instant is a local day and minute of the day, written with one of several offsets.
func (g *generator) instant(on Date, minute int) string {
	year, month, day := on.time().Date()
	at := time.Date(year, month, day, 0, minute, 0, 0, Zone())
	switch g.r.IntN(8) {
	case 0, 1:
		return at.UTC().Format(time.RFC3339)
	case 2:
		return at.In(time.FixedZone("", -5*3600)).Format(time.RFC3339)
	case 3:
		return at.In(time.FixedZone("", 14*3600)).Format(time.RFC3339)
	default:
		return at.Format(time.RFC3339)
	}
}

// minute is a minute of the day: mostly in office hours, at times close to midnight on either side.
func (g *generator) minute() int {
	switch g.r.IntN(8) {
	case 0:
		return g.between(0, 59)
	case 1:
		return g.between(23*60, 24*60-1)
	default:
		return g.between(7*60, 18*60)
	}
}

// library makes the directives and the topics.
func (g *generator) library() {
	for i := range 6 {
		code := fmt.Sprintf("CT%02d", i+1)
		g.directives = append(g.directives, code)
		g.f.add("directives.csv", Row{
			"code": code, "number": fmt.Sprintf("%02d-CT/TW", g.between(1, 9)), "issuer": g.maybe(80, "Ban Bí thư"),
			"issued_on": string(Date("2007-03-30").Plus(i*311 + g.r.IntN(300))), "title": g.maybe(90, g.title()),
		})
	}
	categories := []string{
		"ho_chi_minh_study", "cell_building", "party_building", "session_quality", "political_task", "other",
	}
	for i, category := range categories {
		code := fmt.Sprintf("cđ %d", i+1)
		g.topics = append(g.topics, code)
		g.f.add("topics.csv", Row{
			"code": code, "category": category, "title": g.title(),
			"directive_code": g.maybe(50, pick(g, g.directives)),
		})
	}
}
