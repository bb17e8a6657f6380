package text_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"sochibo/internal/testkit/experiment"
	"sochibo/internal/text"
)

// namePool are parts of Vietnamese names, those whose tone has moved between the old and the new spelling among them.
var namePool = struct{ family, middle, given []string }{
	[]string{"Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý", "Đinh", "Đoàn", "Tạ", "Giàng", "Quàng", "Lò", "Ksor", "H'Hen"},
	[]string{"Văn", "Thị", "Đức", "Quý", "Ngọc", "Thúy", "Hòa", "Xuân", "Quỳnh", "Diệu", "Gia", "Giải", "Quốc", "Thùy", "Khoa"},
	[]string{
		"Hòa", "Hoà", "Hoa", "Hoá", "Hóa", "Hỏa", "Hoả", "Họa", "Hoạ", "Thúy", "Thuý", "Thủy", "Thuỷ", "Khỏe", "Khoẻ", "Lụy", "Luỵ", "Quý", "Quy", "Qúy", "Giá", "Gía", "Gìn",
		"Toàn", "Tòan", "Hoàn", "Xuyến", "Khuê", "Thuế", "Đông", "Đồng", "Động", "Đạo", "Duy", "Dũng", "Dung", "Dụng", "Ý", "Y", "Uyên", "Uyển", "Loan", "Loán", "Tuấn", "Tuân", "Bưởi", "Bươi",
		"Hà", "Ha", "Hạ", "Hả", "Mai", "Mái", "Mại", "Oanh", "Oánh", "Quyền", "Quyển", "Quyên", "Giang", "Giảng", "Giáng", "Huy", "Húy", "Huý",
	},
}

// movedTone are the two spellings of every syllable whose tone has two places.
var movedTone = strings.NewReplacer(
	"òa", "oà", "óa", "oá", "ỏa", "oả", "õa", "oã", "ọa", "oạ", "òe", "oè", "óe", "oé", "ỏe", "oẻ", "õe", "oẽ", "ọe", "oẹ",
	"ùy", "uỳ", "úy", "uý", "ủy", "uỷ", "ũy", "uỹ", "ụy", "uỵ",
)

// variants are the ways in which one name is typed; those that are refused or flagged stand apart.
func variants(name string) (same, doubtful []string) {
	same = []string{
		norm.NFC.String(name), norm.NFD.String(name), strings.ToUpper(name), strings.ToLower(name), norm.NFD.String(strings.ToUpper(name)),
		strings.ReplaceAll(name, " ", "  "), strings.ReplaceAll(name, " ", "\u00a0"), strings.ReplaceAll(name, " ", " \u3000"), "  " + name + " ",
		strings.NewReplacer("Đ", "Ð", "đ", "ð").Replace(name), strings.NewReplacer("Đ", "Ɖ", "đ", "ɖ").Replace(name),
	}
	if moved := movedOnce(name); moved != name {
		same = append(same, moved, norm.NFD.String(moved))
	}
	doubtful = []string{
		strings.Replace(name, " ", " \u200b", 1), name + "\ufeff", strings.Replace(name, " ", "\u2060 ", 1), "\u202e" + name,
	}
	for _, pair := range [][2]string{{"a", "а"}, {"o", "о"}, {"e", "е"}, {"H", "Н"}, {"T", "Т"}, {"o", "ο"}, {"y", "у"}} {
		if strings.Contains(name, pair[0]) {
			doubtful = append(doubtful, strings.Replace(name, pair[0], pair[1], 1))
		}
	}
	return same, doubtful
}

// movedOnce moves the tone of open syllables, not of those that begin with qu: quý has one spelling.
func movedOnce(name string) string {
	words := strings.Fields(name)
	for i, word := range words {
		if lower := strings.ToLower(word); !strings.HasPrefix(lower, "qu") {
			words[i] = movedTone.Replace(word)
		}
	}
	return strings.Join(words, " ")
}

// meant is what tells two names apart, by a table of its own: the spelling with the tone in its newer place.
func meant(name string) string {
	return strings.NewReplacer("qúy", "quý", "gía", "giá").Replace(movedOnce(strings.ToLower(norm.NFC.String(name))))
}

// TestE63Names types 5,000 names in every way there is: each has the key of the name or is refused or flagged, no two names share a key,
// and what is stored is what was typed, in NFC.
func TestE63Names(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(63, 1))
	byKey := map[string]string{}
	typed, wrong := 0, 0
	pick := func(list []string) string { return list[random.IntN(len(list))] }
	for range 5000 {
		name := pick(namePool.family) + " " + pick(namePool.middle) + " " + pick(namePool.given)
		key := text.NameKey(name)
		if other, ok := byKey[key]; ok && meant(other) != meant(name) {
			wrong++
			t.Errorf("%q and %q are taken for one name", name, other)
		}
		byKey[key] = name
		same, doubtful := variants(name)
		for _, variant := range same {
			typed++
			stored, err := text.Clean(variant)
			if err != nil || text.NameKey(stored) != key || stored != strings.Join(strings.Fields(norm.NFC.String(variant)), " ") {
				wrong++
				t.Errorf("%q typed as %q: stored %q with the key %q, want %q, %v", name, variant, stored, text.NameKey(stored), key, err)
			}
		}
		for _, variant := range doubtful {
			typed++
			if stored, err := text.Clean(variant); err == nil && !text.MixedScripts(stored) {
				wrong++
				t.Errorf("%q typed as %q passes", name, variant)
			}
		}
		if wrong > 20 {
			t.FailNow()
		}
	}
	keys := []string{}
	for _, name := range []string{"Hòa", "Hoa", "Hoá", "Hỏa", "Họa", "Hõa"} {
		keys = append(keys, text.NameKey(name))
	}
	if slices.Sort(keys); len(slices.Compact(keys)) != 6 {
		wrong++
		t.Errorf("tones are lost: %v", keys)
	}
	experiment.Report(t, experiment.Result{ID: "E-63", Engine: "none", Seed: 63, N: typed, Observed: wrong, Pass: wrong == 0})
}
