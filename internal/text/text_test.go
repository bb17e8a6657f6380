package text_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"

	"sochibo/internal/text"
)

func TestClean(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in, want string
		err            error
	}{
		{"plain", "Nguyễn Văn A", "Nguyễn Văn A", nil},
		{"decomposed", norm.NFD.String("Nguyễn Văn A"), "Nguyễn Văn A", nil},
		{"spaces", " \u00a0Chi  bộ\u00a0 1 ", "Chi bộ 1", nil},
		{"sign from a phone", "Xong ✔\ufe0f", "Xong ✔", nil},
		{"empty", " \u3000 ", "", nil},
		{"line break", "Chi\nbộ", "", text.ErrControl},
		{"nul", "Chi\x00bộ", "", text.ErrControl},
		{"next line", "Chi\u0085bộ", "", text.ErrControl},
		{"zero width space", "Chi\u200bbộ", "", text.ErrInvisible},
		{"byte order mark", "\ufeffChi bộ", "", text.ErrInvisible},
		{"bidi override", "Chi \u202ebộ", "", text.ErrInvisible},
		{"bidi isolate", "Chi \u2066bộ", "", text.ErrInvisible},
		{"soft hyphen", "Chi\u00adbộ", "", text.ErrInvisible},
		{"line separator", "Chi\u2028bộ", "", text.ErrInvisible},
		{"hangul filler", "Chi\u3164bộ", "", text.ErrInvisible},
		{"private use", "Chi \ue000", "", text.ErrInvisible},
		{"unassigned", "Chi \U0003ffff", "", text.ErrInvisible},
		{"a tower of marks", "a" + strings.Repeat("\u0301", 40), "", text.ErrInvisible},
		{"not UTF-8", "Chi b\xe1", "", text.ErrEncoding},
		{"lost letter", "Chi b\ufffd", "", text.ErrEncoding},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got, err := text.Clean(test.in); got != test.want || !errors.Is(err, test.err) {
				t.Errorf("Clean(%q) = %q, %v", test.in, got, err)
			}
		})
	}
}

func TestCleanLines(t *testing.T) {
	t.Parallel()
	got, err := text.CleanLines("\r\n\tMột  \r\n\r\n  Hai\u00a0\n\n")
	if err != nil || got != "\tMột\n\n  Hai" {
		t.Errorf("%q, %v", got, err)
	}
	for _, bad := range []string{"a\rb", "a\x07b", "a\u200bb"} {
		if _, err := text.CleanLines(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

func TestSearchKey(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"Nguyễn Văn A": "nguyen van a", " Đà  Nẵng ": "da nang", "ĐẢNG ỦY": "dang uy", "Ðảng": "dang",
		norm.NFD.String("Trần Thị Thuỷ"): "tran thi thuy", "Ｃhi bộ": "chi bo", "": "",
	}
	for in, want := range tests {
		if got := text.SearchKey(in); got != want {
			t.Errorf("SearchKey(%q) = %q", in, got)
		}
	}
	if got := text.LikePattern(text.SearchStart(`100% Đ_\ (1/2)`)); got != `%100\%_d\_\\__1_2)%` {
		t.Errorf("LikePattern = %q", got)
	}
}

func TestNameKeyPlacesTones(t *testing.T) {
	t.Parallel()
	same := [][]string{
		{"hòa", "hoà", "HOÀ", norm.NFD.String("Hoà")},
		{"khỏe", "khoẻ"},
		{"thúy", "thuý"},
		{"thủy", "thuỷ"},
		{"quý", "qúy"},
		{"già", "gìa"},
		{"hoàn", "hòan"},
		{"của", "cuả"},
		{"mía", "miá"},
		{"ngoài", "ngòai"},
		{"đặng thị hòa", "Ðặng  Thị Hoà", "Ɖặng\u00a0thị hòa"},
	}
	for _, names := range same {
		for _, name := range names {
			if got := text.NameKey(name); got != names[0] {
				t.Errorf("NameKey(%q) = %q, want %q", name, got, names[0])
			}
		}
	}
}

func TestNameKeyKeepsWords(t *testing.T) {
	t.Parallel()
	for _, word := range strings.Fields(
		"giếng gì gìn quốc quả quyết quỳnh nguyễn được người khuỷu thuở huệ tuấn hoàng hiếu lợi mười việt điệp yến oanh " +
			"xoong úy ưng ngữ tới bài máy cháu xoáy khoái loài ấy giữ giặc giỏi huỳnh thiên",
	) {
		if got := text.NameKey(word); got != word {
			t.Errorf("NameKey(%q) = %q", word, got)
		}
	}
	if text.NameKey("Hòa") == text.NameKey("Hoa") || text.NameKey("Hòa") == text.NameKey("Hóa") {
		t.Error("tones were lost")
	}
	for _, odd := range []string{"", "123", "q", "gí", "x\u0301\u0300", "André-Là"} {
		text.NameKey(odd)
	}
	if !text.MixedScripts("Hoа") || text.MixedScripts("Hoa Đặng 3") {
		t.Error("look-alikes are not seen")
	}
}

func TestSortKey(t *testing.T) {
	t.Parallel()
	want := []string{
		"Nguyễn Văn An", "Trần Thị An", "Lê Ân", "Đỗ Bình", "Lê Anh Dũng", "Đặng Đức", "Lê Hoa", "Lê Hòa", "Nguyễn Hòa", "Lê Hoàng",
		"Lê Ma", "Lê Mà", "Lê Mả", "Lê Mã", "Lê Má", "Lê Mạ", "Nguyễn Thị Oanh", "Lê Ổn", "Lê Út", "Lê Ưng", "Nguyễn Thị Yến",
	}
	got := slices.Clone(want)
	rand.Shuffle(len(got), func(i, j int) { got[i], got[j] = got[j], got[i] })
	slices.SortFunc(got, func(a, b string) int { return strings.Compare(text.SortKey(a), text.SortKey(b)) })
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if text.SortKey("") != "" || text.SortKey(norm.NFD.String("Lê Ổn")) != text.SortKey("Lê  Ổn") {
		t.Error("form or spaces change the key")
	}
}

func TestSortKeyFromManyGoroutines(t *testing.T) {
	t.Parallel()
	want := text.SortKey("Nguyễn Thị Yến")
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 200 {
				if text.SortKey("Nguyễn Thị Yến") != want {
					t.Error("the key changes")
				}
			}
		})
	}
	group.Wait()
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64]string{0: "0", 12: "12", 123: "123", 1234: "1.234", -1234567: "-1.234.567", 100000: "100.000"} {
		if got := text.FormatInt(n); got != want {
			t.Errorf("FormatInt(%d) = %q", n, got)
		}
	}
	for p, want := range map[float64]string{92.7: "92,7 %", 100: "100,0 %", 0: "0,0 %"} {
		if got := text.Percent(p); got != want {
			t.Errorf("Percent(%v) = %q", p, got)
		}
	}
}
