package httpapi_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"sochibo/internal/calendar"
	"sochibo/internal/httpapi"
)

type thingID struct{ uuid.UUID }

type thingRequest struct {
	ID      thingID                     `json:"id,omitzero"`
	Other   *uuid.UUID                  `json:"other,omitempty"`
	Name    string                      `json:"name,omitzero"`
	Count   int                         `json:"count,omitzero"`
	Done    bool                        `json:"done,omitzero"`
	Day     calendar.Date               `json:"day,omitzero"`
	Month   *calendar.Month             `json:"month,omitempty"`
	At      *time.Time                  `json:"at,omitempty"`
	Rows    []thingRow                  `json:"rows,omitempty"`
	Title   httpapi.Optional[string]    `json:"title,omitzero"`
	Started httpapi.Optional[time.Time] `json:"started,omitzero"`
	Parent  httpapi.Optional[thingID]   `json:"parent,omitzero"`
	Codes   httpapi.Optional[[]string]  `json:"codes,omitzero"`
}

type thingRow struct {
	Status string         `json:"status"`
	Month  calendar.Month `json:"month,omitzero"`
}

func echo(c *gin.Context) error {
	var request thingRequest
	if err := httpapi.Bind(c, &request); err != nil {
		return err
	}
	return httpapi.JSON(c, http.StatusOK, request)
}

func TestBindRefuses(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat("[", 40) + strings.Repeat("]", 40)
	tests := []struct {
		name, body, code, pointer string
		status                    int
	}{
		{"nothing", " ", "body_missing", "", 400},
		{"no JSON", "name=x", "json_malformed", "", 400},
		{"cut off", `{"name":"x"`, "json_malformed", "", 400},
		{"trailing data", `{"name":"x"} {}`, "json_malformed", "", 400},
		{"comment", `{"name":"x"} // no`, "json_malformed", "", 400},
		{"invalid UTF-8", "{\"name\":\"\xff\"}", "json_malformed", "/name", 400},
		{"half a surrogate", `{"name":"\ud800"}`, "json_malformed", "/name", 400},
		{"unknown member", `{"nome":"x"}`, "field_unknown", "/nome", 400},
		{"other case", `{"Name":"x"}`, "field_unknown", "/Name", 400},
		{"unknown below", `{"rows":[{"status":"a"},{"x/y":1}]}`, "field_unknown", "/rows/1/x~1y", 400},
		{"duplicate member", `{"name":"x","name":"y"}`, "field_duplicate", "/name", 400},
		{"duplicate below", `{"rows":[{"status":"a","status":"a"}]}`, "field_duplicate", "/rows/0/status", 400},
		{"wrong type", `{"rows":[{"status":3}]}`, "field_type", "/rows/0/status", 400},
		{"text for a number", `{"count":"3"}`, "field_type", "/count", 400},
		{"fraction", `{"count":1.5}`, "field_type", "/count", 400},
		{"huge number", `{"count":1e99}`, "field_type", "/count", 400},
		{"list for an object", `[1]`, "field_type", "", 400},
		{"null for all", `null`, "field_type", "", 400},
		{"null for a text", `{"name":null}`, "field_type", "/name", 400},
		{"null for a flag", `{"done":null}`, "field_type", "/done", 400},
		{"bad day", `{"day":"2018-02-30"}`, "date_malformed", "/day", 400},
		{"bad month", `{"month":"2018-4"}`, "month_malformed", "/month", 400},
		{"bad month below", `{"rows":[{"status":"a","month":"x"}]}`, "month_malformed", "/rows/0/month", 400},
		{"number for a month", `{"month":201804}`, "field_type", "/month", 400},
		{"bad id", `{"id":"7"}`, "id_malformed", "/id", 400},
		{"bad plain id", `{"other":"7"}`, "id_malformed", "/other", 400},
		{"number for an id", `{"id":7}`, "field_type", "/id", 400},
		{"bad instant", `{"at":"yesterday"}`, "instant_malformed", "/at", 400},
		{"instant without offset", `{"at":"2018-04-30T10:00:00"}`, "instant_malformed", "/at", 400},
		{"bad optional instant", `{"started":"x"}`, "instant_malformed", "/started", 400},
		{"bad optional id", `{"parent":"x"}`, "id_malformed", "/parent", 400},
		{"wrong optional type", `{"title":{}}`, "field_type", "/title", 400},
		{"wrong type in an optional list", `{"codes":["a",1]}`, "field_type", "/codes/1", 400},
		{"too deep", `{"rows":` + deep + `}`, "json_too_deep", "", 400},
		{"too large", `{"name":"` + strings.Repeat("x", 2000) + `"}`, "body_too_large", "", 413},
	}
	s := newShell(t, echo, func(c *httpapi.Config) { c.MaxBody = 1000 })
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := problem(t, newShell(t, echo, func(c *httpapi.Config) { c.MaxBody = 1000 }).call(t, "POST", "/thing", test.body))
			pointer := ""
			if len(p.Errors) == 1 {
				pointer = p.Errors[0].Pointer
			}
			if p.Status != test.status || p.Code != test.code || pointer != test.pointer {
				t.Errorf("got %+v", p)
			}
		})
	}
	for _, mediaType := range []string{"", "text/plain", "application/x-www-form-urlencoded", "application/json-patch+json", ";"} {
		p := problem(t, s.call(t, "POST", "/thing", `{}`, "Content-Type: "+mediaType))
		if p.Status != 415 || p.Code != "media_type_unsupported" {
			t.Errorf("%q gives %+v", mediaType, p)
		}
	}
}

func TestBindTakes(t *testing.T) {
	t.Parallel()
	s := newShell(t, echo)
	for _, body := range []string{
		`{}`,
		`{"id":"0198c0de-0000-7000-8000-000000000001","name":"Chi bộ <1> & \"2\"","count":3,"done":true,"day":"2018-04-30","month":"2018-04"}`,
		`{"at":"2018-04-30T10:00:00Z","rows":[{"status":"a","month":"2018-04"}],"title":null,"started":"2018-04-30T10:00:00Z"}`,
		`{"title":"","parent":"0198c0de-0000-7000-8000-000000000001","codes":[]}`,
	} {
		answer := s.call(t, "POST", "/thing", " "+body+"\n", "Content-Type: application/json; charset=utf-8")
		if diff := cmp.Diff(body, answer.Body.String()); answer.Code != 200 || diff != "" {
			t.Errorf("%d:\n%s", answer.Code, diff)
		}
	}
}

func TestBindOptional(t *testing.T) {
	t.Parallel()
	s := newShell(t, func(c *gin.Context) error {
		request := thingRequest{Name: "before"}
		if err := httpapi.BindOptional(c, &request); err != nil {
			return err
		}
		return httpapi.JSON(c, http.StatusOK, map[string]string{"name": request.Name})
	})
	for body, want := range map[string]string{"": "before", `{}`: "before", `{"name":"after"}`: "after"} {
		if answer := s.call(t, "POST", "/thing", body); !strings.Contains(answer.Body.String(), want) {
			t.Errorf("%q: %s", body, answer.Body)
		}
	}
	if p := problem(t, s.call(t, "POST", "/thing", `{"x":1}`)); p.Code != "field_unknown" {
		t.Errorf("%+v", p)
	}
}

func TestOptionalApply(t *testing.T) {
	t.Parallel()
	old := "old"
	target := &old
	httpapi.Optional[string]{}.Apply(&target)
	if target != &old {
		t.Error("an absent member changed the target")
	}
	httpapi.Some("new").Apply(&target)
	if *target != "new" || old != "old" {
		t.Error("a value was not set, or was written through")
	}
	if httpapi.Null[string]().Apply(&target); target != nil {
		t.Error("null did not clear the target")
	}
}
