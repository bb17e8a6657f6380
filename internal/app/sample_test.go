package app_test

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"testing"

	"sochibo/internal/auth"
	"sochibo/internal/exchange"
	"sochibo/internal/testkit/apitest"
)

// TestSampleOverHTTP starts the program on a socket, loads the sample, and reads its summaries: each must show the figures
// that were worked out by hand for the sample, wherever that file names one.
func TestSampleOverHTTP(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../exchange/testdata/expected.json")
	if err != nil {
		t.Fatal(err)
	}
	var expected struct{ Summaries []map[string]any }
	if err := json.Unmarshal(text, &expected); err != nil || len(expected.Summaries) != 4 {
		t.Fatalf("expected.json: %v, %d summaries", err, len(expected.Summaries))
	}
	eachServer(t, func(t *testing.T, s server) {
		if got := s.get(t, "", "/health/ready"); got["status"] != "ok" {
			t.Fatalf("not ready: %v", got)
		}
		if _, err := s.Exchange.Import(t.Context(), auth.InstallationActor(), exchange.Sample(), exchange.ImportOptions{}); err != nil {
			t.Fatal(err)
		}
		auditor := s.token(t, auth.RoleAuditor)
		groups := 0
		for _, want := range expected.Summaries {
			code, _ := want["organization"].(string)
			got := s.get(t, auditor, s.summary(t, auditor, code, want))
			checkNamed(t, got, code)
			figures := maps.Clone(want)
			delete(figures, "organization")
			compare(t, code, figures, got)
			list, _ := want["groups"].([]any)
			groups += len(list)
		}
		if groups != 32 {
			t.Errorf("compared %d groups, want 32", groups)
		}
	})
}

// summary returns the address of the summary that the expectation is about.
func (s server) summary(t *testing.T, token, code string, want map[string]any) string {
	t.Helper()
	found, _ := s.get(t, token, "/api/v1/organizations?code="+url.QueryEscape(code))["data"].([]any)
	if len(found) != 1 {
		t.Fatalf("%s: %d organizations", code, len(found))
	}
	organization, _ := found[0].(map[string]any)
	period, _ := want["period"].(map[string]any)
	address := fmt.Sprintf("/api/v1/organizations/%s/summary?from=%s&to=%s", organization["id"], period["from"], period["to"])
	if by, grouped := want["group_by"].(string); grouped {
		address += "&group_by=" + by
	}
	return address
}

func checkNamed(t *testing.T, got map[string]any, code string) {
	t.Helper()
	if organization, _ := got["organization"].(map[string]any); organization["code"] != code {
		t.Errorf("the summary of %s is about %v", code, got["organization"])
	}
}

// compare looks up every value that is wanted. A rate is wanted beside its counts, and found under rate; what is absent
// counts as zeros.
func compare(t *testing.T, place string, want, got any) {
	t.Helper()
	switch want := want.(type) {
	case map[string]any:
		object, _ := got.(map[string]any)
		rate, _ := object["rate"].(map[string]any)
		for name, value := range want {
			inner, found := object[name]
			if !found {
				inner = rate[name]
			}
			compare(t, place+" "+name, value, inner)
		}
	case []any:
		list, _ := got.([]any)
		if len(list) != len(want) {
			t.Fatalf("%s: want %d, got %d", place, len(want), len(list))
		}
		for i, value := range want {
			compare(t, fmt.Sprintf("%s %d", place, i), value, list[i])
		}
	case float64:
		if number, _ := got.(float64); number != want {
			t.Errorf("%s: want %v, got %v", place, want, got)
		}
	default:
		if got != want {
			t.Errorf("%s: want %v, got %v", place, want, got)
		}
	}
}

// get reads a JSON object over the socket, and judges the answer by the contract.
func (s server) get(t *testing.T, token, path string) map[string]any {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	request.URL.Scheme, request.URL.Host = "", ""
	exchange := apitest.Exchange{Request: request, Status: answer.StatusCode, Header: answer.Header, Answer: body}
	if _, err := apitest.Published(t).Check(t.Context(), exchange); err != nil {
		t.Errorf("%s is not as the contract says: %v", path, err)
	}
	object := map[string]any{}
	if err := json.Unmarshal(body, &object); err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s answers %d %s: %v", path, answer.StatusCode, body, err)
	}
	return object
}
