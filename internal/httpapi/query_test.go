package httpapi_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/google/go-cmp/cmp"

	"sochibo/internal/httpapi"
)

func list(c *gin.Context) error {
	q := httpapi.NewQuery(c)
	read := map[string]any{
		"status": q.String("status", "held", "submitted"),
		"basis":  q.StringOr("basis", "submitted", "submitted", "accepted"),
		"id":     q.UUID("organization_id"),
		"on":     q.Date("on").String(),
		"month":  q.Month("month").String(),
		"since":  q.Instant("since"),
		"open":   q.Bool("open"),
		"given":  q.Has("open"),
		"size":   q.Int("size", 7, 1, 10),
		"q":      q.Text("q"),
	}
	_ = q.String("code")
	page := q.Page(httpapi.KeyText, httpapi.KeyUUID)
	if q.Has("from") || q.Has("to") {
		read["period"] = q.Period().String()
	}
	if err := q.Err(); err != nil {
		return err
	}
	read["limit"], read["after"] = page.Limit, page.After
	return httpapi.JSON(c, http.StatusOK, read)
}

const someID = "0198c0de-0000-7000-8000-000000000001"

func TestQueryTakes(t *testing.T) {
	t.Parallel()
	s := newShell(t, list)
	after := httpapi.NextCursor("Đặng", someID)
	tests := map[string]string{
		"": `{"after":[],"basis":"submitted","given":false,"id":"00000000-0000-0000-0000-000000000000","limit":50,"month":"","on":"",` +
			`"open":false,"q":"","since":"0001-01-01T00:00:00Z","size":7,"status":""}`,
		"?status=held&basis=accepted&organization_id=" + someID + "&on=2018-04-30&month=2018-04&since=2018-04-30T07:00:00.5%2B07:00" +
			"&open=false&size=10&q=%20Nguy%E1%BB%85n%20%20A&limit=200&after=" + after + "&from=2018-01&to=2018-04": `{"after":["Đặng","` +
			someID + `"],"basis":"accepted","given":true,"id":"` + someID + `","limit":200,"month":"2018-04","on":"2018-04-30",` +
			`"open":false,"period":"2018-01/2018-04","q":"Nguyễn A","since":"2018-04-30T00:00:00.5Z","size":10,"status":"held"}`,
	}
	for query, want := range tests {
		answer := s.call(t, "GET", "/thing"+query, "")
		if diff := cmp.Diff(want, answer.Body.String()); answer.Code != 200 || diff != "" {
			t.Errorf("%s: %d\n%s", query, answer.Code, diff)
		}
	}
}

func TestQueryRefuses(t *testing.T) {
	t.Parallel()
	s := newShell(t, list)
	tests := map[string][]string{
		"status=odd":                         {"status parameter_value"},
		"status=":                            nil,
		"status=held&status=held":            {"status parameter_repeated"},
		"organization_id=7":                  {"organization_id id_malformed"},
		"organization_id={" + someID + "}":   {"organization_id id_malformed"},
		"on=2018-4-1":                        {"on date_malformed"},
		"month=2018-13":                      {"month month_malformed"},
		"since=2018-04-30":                   {"since instant_malformed"},
		"since=0001-01-01T00:00:00Z":         {"since instant_malformed"},
		"open=yes":                           {"open parameter_value"},
		"size=x":                             {"size parameter_malformed"},
		"size=11":                            {"size parameter_range"},
		"size=99999999999999999999":          {"size parameter_malformed"},
		"limit=0":                            {"limit parameter_range"},
		"limit=201":                          {"limit parameter_range"},
		"q=a%00b":                            {"q parameter_text"},
		"q=" + strings.Repeat("a", 201):      {"q parameter_text"},
		"after=%21":                          {"after cursor_malformed"},
		"after=" + httpapi.NextCursor("one"): {"after cursor_malformed"},
		"after=" + httpapi.NextCursor("one", "two"):      {"after cursor_malformed"},
		"after=" + httpapi.NextCursor("nul\x00", someID): {"after cursor_malformed"},
		"from=2018-04&to=2018-01":                        {"to period_reversed"},
		"from=1918-04&to=2018-01":                        {"to period_too_long"},
		"from=2018-04":                                   {"to parameter_missing"},
		"form=2018-04":                                   {"form parameter_unknown"},
		"dry_run=true":                                   {"dry_run parameter_unknown"},
		"format=csv":                                     {"format parameter_unknown"},
		"code=a%00b":                                     {"code parameter_text"},
		"%ff=1":                                          {" query_malformed"},
		"q=%zz":                                          {" query_malformed"},
		"q=%ff":                                          {" query_malformed", "q parameter_text"},
		"a;b=1":                                          {" query_malformed"},
		"size=x&on=y&odd=1&organization_id=2&month=2018-04": {
			"organization_id id_malformed", "on date_malformed", "size parameter_malformed", "odd parameter_unknown",
		},
	}
	for query, want := range tests {
		t.Run(query, func(t *testing.T) {
			t.Parallel()
			answer := s.engineCall(t, query)
			if want == nil {
				if answer.Code != 200 {
					t.Errorf("status %d", answer.Code)
				}
				return
			}
			p := problem(t, answer)
			var got []string
			for _, e := range p.Errors {
				got = append(got, e.Parameter+" "+e.Code)
			}
			if diff := cmp.Diff(want, got); p.Status != 400 || diff != "" {
				t.Errorf("%d\n%s", p.Status, diff)
			}
		})
	}
}

func TestPathParameters(t *testing.T) {
	t.Parallel()
	s := newShell(t, func(c *gin.Context) error {
		id, err := httpapi.PathUUID(c, "thing_id")
		if err != nil {
			return err
		}
		return httpapi.JSON(c, http.StatusOK, map[string]any{"id": id})
	})
	if answer := s.call(t, "GET", "/things/"+someID, ""); answer.Code != 200 {
		t.Errorf("status %d", answer.Code)
	}
	for _, odd := range []string{"7", strings.ToUpper(someID) + "0", "urn:uuid:" + someID, "%00", strings.ReplaceAll(someID, "-", "")} {
		p := problem(t, s.call(t, "GET", "/things/"+odd, ""))
		if p.Code != "id_malformed" || p.Errors[0].Parameter != "thing_id" || p.Status != 400 {
			t.Errorf("%s: %+v", odd, p)
		}
	}
	number := newShell(t, func(c *gin.Context) error {
		n, err := httpapi.PathInt(c, "thing_id")
		if err != nil {
			return err
		}
		return httpapi.JSON(c, http.StatusOK, map[string]any{"n": n})
	})
	for path, status := range map[string]int{"1": 200, "0": 400, "-1": 400, "x": 400, "1.5": 400} {
		if answer := number.call(t, "GET", "/things/"+path, ""); answer.Code != status {
			t.Errorf("%s: status %d", path, answer.Code)
		}
	}
}

func TestStrayParametersAreRefusedWhereNoneAreRead(t *testing.T) {
	t.Parallel()
	s := newShell(t, ok)
	p := problem(t, s.call(t, "GET", "/thing?scope=own", ""))
	if p.Code != "parameter_unknown" || p.Errors[0].Parameter != "scope" {
		t.Errorf("%+v", p)
	}
}

func TestCut(t *testing.T) {
	t.Parallel()
	keys := func(n int) []string { return []string{strconv.Itoa(n)} }
	page := httpapi.Page{Limit: 2}
	for rows, want := range map[int]int{0: 0, 1: 1, 2: 2, 3: 2} {
		data, next := httpapi.Cut([]int{1, 2, 3}[:rows], page, keys)
		if len(data) != want || (next != nil) != (rows == 3) {
			t.Errorf("%d rows give %v, %v", rows, data, next)
		}
		if next != nil && *next != httpapi.NextCursor("2") {
			t.Errorf("next = %s", *next)
		}
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	tests := []struct {
		key       httpapi.Key
		good, bad string
	}{
		{httpapi.KeyText, "", "\xff"},
		{httpapi.KeyUUID, someID, "' OR 1=1"},
		{httpapi.KeyDate, "2018-04-30", "2018-04-31"},
		{httpapi.KeyMonth, "2018-04", "2018-4"},
		{httpapi.KeyInstant, "2018-04-30T10:00:00.000001Z", "2018-04-30"},
		{httpapi.KeyInt, "-3", "3x"},
	}
	for i, test := range tests {
		if !test.key(test.good) || test.key(test.bad) {
			t.Errorf("key %d takes %q or refuses %q", i, test.bad, test.good)
		}
	}
}
