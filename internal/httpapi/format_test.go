package httpapi_test

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/google/go-cmp/cmp"

	"sochibo/internal/httpapi"
)

func TestFormat(t *testing.T) {
	t.Parallel()
	s := newShell(t, func(c *gin.Context) error {
		format, err := httpapi.Format(c, "json", "csv", "xlsx")
		if err != nil {
			return err
		}
		if err := httpapi.NewQuery(c).Err(); err != nil {
			return err
		}
		return httpapi.JSON(c, http.StatusOK, format)
	})
	tests := []struct{ query, accept, want string }{
		{"", "", "json"},
		{"", "*/*", "json"},
		{"", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "json"},
		{"", "text/csv", "csv"},
		{"", "text/*", "csv"},
		{"", "application/json;q=0.5, text/csv;q=0.9", "csv"},
		{"", "*/*, application/json;q=0", "csv"},
		{"", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"},
		{"?format=xlsx", "text/csv", "xlsx"},
		{"?format=", "text/csv", "csv"},
		{"", "application/pdf", "406 format_not_acceptable"},
		{"", "application/json;q=0", "406 format_not_acceptable"},
		{"?format=pdf", "", "400 parameter_value"},
		{"?format=csv&format=json", "", "400 parameter_repeated"},
		{"?format=csv&odd=1", "", "400 parameter_unknown"},
	}
	for _, test := range tests {
		answer := s.call(t, "GET", "/thing"+test.query, "", "Accept: "+test.accept)
		got := strings.Trim(answer.Body.String(), `"`)
		if answer.Code != 200 {
			p := problem(t, answer)
			got = strconv.Itoa(p.Status) + " " + p.Code
		}
		if got != test.want {
			t.Errorf("%+v: %s", test, got)
		}
	}
}

func TestCSV(t *testing.T) {
	t.Parallel()
	s := newShell(t, func(c *gin.Context) error {
		return httpapi.CSV(c, "Tổng hợp \"Đảng\" 2018.csv", slices.Values([][]string{
			{"tên", "số"}, {"=1+1", "-5"}, {"Chi bộ 1, \"A\"", "92,7"}, {"@x", "\tx"},
		}))
	})
	answer := s.call(t, "GET", "/thing", "")
	want := "\ufefftên,số\r\n'=1+1,-5\r\n\"Chi bộ 1, \"\"A\"\"\",\"92,7\"\r\n'@x,'\tx\r\n"
	if diff := cmp.Diff(want, answer.Body.String()); answer.Code != 200 || diff != "" {
		t.Error(diff)
	}
	if got := answer.Header().Get("Content-Type"); got != "text/csv; charset=utf-8" {
		t.Errorf("content type %q", got)
	}
	wantName := `attachment; filename="tong-hop-_dang_-2018.csv"; filename*=UTF-8''T%E1%BB%95ng%20h%E1%BB%A3p%20%22%C4%90%E1%BA%A3ng%22%202018.csv`
	if diff := cmp.Diff(wantName, answer.Header().Get("Content-Disposition")); diff != "" {
		t.Error(diff)
	}
}

func TestNeutral(t *testing.T) {
	t.Parallel()
	for _, formula := range []string{"=1", "+1+1", "-cmd", "@a", "\tx", "\rx", "\nx", "\x00x", "＝1", "＋1", "－1", "＠a", "-", "+84 912", "-1-1", "'=1", " =1", "\ufeff=1"} {
		if got := httpapi.Neutral(formula); got != "'"+formula {
			t.Errorf("Neutral(%q) = %q", formula, got)
		}
	}
	for _, plain := range []string{"", "a", "-5", "-1.234", "+3,5", "-3 %", "1=1", "'a", "O'Brien", "Nguyễn"} {
		if got := httpapi.Neutral(plain); got != plain {
			t.Errorf("Neutral(%q) = %q", plain, got)
		}
	}
}

func TestFile(t *testing.T) {
	t.Parallel()
	s := newShell(t, func(c *gin.Context) error { return httpapi.File(c, "a.xlsx", "xlsx", []byte("PK")) })
	answer := s.call(t, "GET", "/thing", "")
	if answer.Body.String() != "PK" || !strings.HasPrefix(answer.Header().Get("Content-Type"), "application/vnd.openxml") {
		t.Errorf("%v %q", answer.Header(), answer.Body)
	}
	if p := problem(t, s.call(t, "GET", "/thing?x=1", "")); p.Code != "parameter_unknown" {
		t.Errorf("%+v", p)
	}
}
