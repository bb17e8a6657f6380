package openapi_test

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"

	"sochibo/internal/openapi"
)

func swagger(t *testing.T) []byte {
	t.Helper()
	raw, err := os.ReadFile("testdata/swagger.json")
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func load(t *testing.T, document []byte) *openapi3.T {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(document)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func converted(t *testing.T) *openapi3.T {
	t.Helper()
	jsonDoc, _, err := openapi.Convert(swagger(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	return load(t, jsonDoc)
}

func TestConvertIsStable(t *testing.T) {
	t.Parallel()
	first, firstYAML, err := openapi.Convert(swagger(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		again, againYAML, err := openapi.Convert(swagger(t), nil)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(first, again) || !bytes.Equal(firstYAML, againYAML) {
			t.Fatal("the same input gave other bytes")
		}
	}
	fromYAML, err := json.Marshal(load(t, firstYAML))
	if err != nil {
		t.Fatal(err)
	}
	fromJSON, err := json.Marshal(load(t, first))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(fromJSON), string(fromYAML)); diff != "" {
		t.Error(diff)
	}
}

func TestConvertEmpty(t *testing.T) {
	t.Parallel()
	if _, _, err := openapi.Convert([]byte(`{"swagger":"2.0","info":{"title":"x","version":"1"}}`), nil); err != nil {
		t.Error(err)
	}
}

func TestConvertDocument(t *testing.T) {
	t.Parallel()
	doc := converted(t)
	if len(doc.Servers) != 1 || doc.Servers[0].URL != "/" {
		t.Errorf("servers %v", doc.Servers)
	}
	if doc.Paths.Value("/api/v1/meetings/{meeting_id}") == nil {
		t.Errorf("the base path is not in the paths: %v", doc.Paths.InMatchingOrder())
	}
	scheme := doc.Components.SecuritySchemes["BearerAuth"].Value
	if scheme.Type != "http" || scheme.Scheme != "bearer" {
		t.Errorf("scheme %+v", scheme)
	}
	if len(doc.Tags) != 1 || doc.Tags[0].Name != "Meetings" || doc.Tags[0].Description == "" {
		t.Errorf("tags %+v", doc.Tags)
	}
}

func TestConvertFailures(t *testing.T) {
	t.Parallel()
	post := converted(t).Paths.Value("/api/v1/meetings").Post
	for _, code := range []string{"400", "401", "409", "422", "default"} {
		response := post.Responses.Value(code)
		if response == nil {
			t.Errorf("%s is absent", code)
			continue
		}
		media := response.Value.Content["application/problem+json"]
		if media == nil || len(response.Value.Content) != 1 || media.Schema.Ref != "#/components/schemas/Problem" {
			t.Errorf("%s: %+v", code, response.Value.Content)
		}
	}
	if got := *post.Responses.Value("409").Value.Description; got != "The code is taken." {
		t.Errorf("409: %q", got)
	}
	if got := *post.Responses.Value("422").Value.Description; !strings.HasPrefix(got, "The request can be read") {
		t.Errorf("422: %q", got)
	}
}

func TestConvertParameters(t *testing.T) {
	t.Parallel()
	doc := converted(t)
	names := func(op *openapi3.Operation) []string {
		var names []string
		for _, p := range op.Parameters {
			names = append(names, p.Value.Name)
			if p.Value.Description == "" || p.Value.Description == "-" {
				t.Errorf("%s: %s has no description", op.OperationID, p.Value.Name)
			}
		}
		return names
	}
	got := names(doc.Paths.Value("/api/v1/meetings/{meeting_id}").Patch)
	if want := []string{"meeting_id", "dry_run", "If-Match"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	got = names(doc.Paths.Value("/api/v1/meetings").Post)
	if want := []string{"Idempotency-Key", "dry_run"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestConvertSchemas(t *testing.T) {
	t.Parallel()
	doc := converted(t)
	schemas := doc.Components.Schemas
	request, answer := schemas["CreateMeeting"].Value, schemas["Meeting"].Value
	if want := []string{"organization_id"}; !slices.Equal(request.Required, want) {
		t.Errorf("a request requires %v, want %v", request.Required, want)
	}
	if want := []string{"by_key", "guests", "id", "status"}; !slices.Equal(answer.Required, want) {
		t.Errorf("an answer has %v, want %v", answer.Required, want)
	}
	for property, format := range map[string]string{"id": "uuid", "started_at": "date-time", "day": "date"} {
		if got := request.Properties[property].Value.Format; got != format {
			t.Errorf("%s has format %q, want %q", property, got, format)
		}
	}
	if got := request.Properties["directive_ids"].Value.Items.Value.Format; got != "uuid" {
		t.Errorf("directive_ids has format %q", got)
	}
	if got := request.Properties["period_month"].Value.Pattern; got == "" {
		t.Error("period_month has no pattern")
	}
	guests := request.Properties["guests"].Value
	if !guests.Nullable || !guests.Type.Is("object") {
		t.Errorf("guests %+v", guests)
	}
	if example := request.Properties["day"].Value.Example; example != "2018-04-30" {
		t.Errorf("the example is %v", example)
	}
	if schemas["MeetingStatus"] == nil {
		t.Error("a type without a name of its own is not called after its Go name")
	}
	csv := doc.Paths.Value("/api/v1/meetings").Get.Responses.Value("200").Value.Content["text/csv"]
	if !csv.Schema.Value.Type.Is("string") {
		t.Errorf("CSV has schema %+v", csv.Schema)
	}
}

func TestConvertComplains(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, old, new, want string }{
		{"summary", `"summary": "List meetings"`, `"summary": ""`, "GET /api/v1/meetings: no @Summary"},
		{"id", `"operationId": "listMeetings"`, `"operationId": ""`, "no @ID"},
		{"same id", `"operationId": "listMeetings"`, `"operationId": "createMeeting"`, "is that of"},
		{"tag", `"Meetings"`, `"Gatherings"`, `"Gatherings" is not in contract.yaml`},
		{"parameter", `"name": "after"`, `"name": "beyond"`, `parameter "beyond" has no description`},
		{"same name", `"definitions": {`, `"definitions": {"other.guests": {}, "slice.guests": {},`, "called Guests already"},
		{"json", `"swagger"`, `swagger`, "read Swagger 2.0"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			spoiled := strings.ReplaceAll(string(swagger(t)), test.old, test.new)
			if spoiled == string(swagger(t)) {
				t.Fatal("nothing was spoiled")
			}
			_, _, err := openapi.Convert([]byte(spoiled), nil)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

func TestConvertExamples(t *testing.T) {
	t.Parallel()
	jsonDoc, _, err := openapi.Convert(swagger(t), map[string][]byte{
		"createMeeting.json":       []byte(`{"organization_id":"0198c0de-0000-7000-8000-000000000001"}`),
		"createMeeting.draft.json": []byte(`{"organization_id":"0198c0de-0000-7000-8000-000000000002"}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	body := load(t, jsonDoc).Paths.Value("/api/v1/meetings").Post.RequestBody.Value.Content["application/json"]
	if len(body.Examples) != 2 || body.Examples["createMeeting.draft"] == nil {
		t.Errorf("examples %v", body.Examples)
	}
	for _, name := range []string{"makeMeeting.json", "listMeetings.json"} {
		if _, _, err := openapi.Convert(swagger(t), map[string][]byte{name: []byte(`{}`)}); err == nil {
			t.Errorf("%s is taken although no operation has such a body", name)
		}
	}
	if _, _, err := openapi.Convert(swagger(t), map[string][]byte{"createMeeting.json": []byte(`{`)}); err == nil {
		t.Error("a broken example is taken")
	}
}
