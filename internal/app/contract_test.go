package app

import (
	"cmp"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	gocmp "github.com/google/go-cmp/cmp"

	"sochibo/internal/config"
	"sochibo/internal/database"
	"sochibo/internal/httpapi"
	"sochibo/internal/openapi/docs"
	"sochibo/internal/testkit/apitest"
	"sochibo/internal/testkit/dbtest"
)

// operation is one operation of the published document.
type operation struct {
	method, path string
	*openapi3.Operation
}

func operations(t *testing.T) []operation {
	t.Helper()
	var all []operation
	for path, item := range apitest.Published(t).Document.Paths.Map() {
		for method, op := range item.Operations() {
			all = append(all, operation{method, path, op})
		}
	}
	slices.SortFunc(all, func(a, b operation) int { return cmp.Compare(a.path+a.method, b.path+b.method) })
	return all
}

// empty is the program over an empty store.
func empty(t *testing.T) *App {
	t.Helper()
	return Over(dbtest.Open(t, database.SQLite, database.Options{}), config.Config{}, "test", slog.New(slog.DiscardHandler))
}

func TestRoutesAreTheOperations(t *testing.T) {
	t.Parallel()
	engine, err := empty(t).engine()
	if err != nil {
		t.Fatal(err)
	}
	var mounted, documented []string
	variable := regexp.MustCompile(`:(\w+)`)
	for _, route := range engine.Routes() {
		if route.Path != "/" && !slices.Contains(docs.Paths(), route.Path) {
			mounted = append(mounted, route.Method+" "+variable.ReplaceAllString(route.Path, "{$1}"))
		}
	}
	for _, op := range operations(t) {
		documented = append(documented, op.method+" "+op.path)
	}
	slices.Sort(mounted)
	slices.Sort(documented)
	if diff := gocmp.Diff(documented, mounted); diff != "" {
		t.Errorf("documented (-) and mounted (+) routes differ: %s", diff)
	}
}

func TestPermissionsAreDocumented(t *testing.T) {
	t.Parallel()
	a := empty(t)
	permissions := map[string]httpapi.Permission{}
	for _, route := range a.routes() {
		permissions[route.Method+" "+base+route.Path] = route.Permission
	}
	for _, route := range a.serviceRoutes() {
		permissions[route.Method+" "+route.Path] = route.Permission
	}
	for _, op := range operations(t) {
		permission := permissions[op.method+" "+op.path]
		open := permission == httpapi.Public
		if secured := op.Security != nil && len(*op.Security) > 0; secured == open {
			t.Errorf("%s: permission %q, but security %v", op.OperationID, permission, op.Security)
		}
		if !open && op.Responses.Value("401") == nil {
			t.Errorf("%s: 401 is not documented", op.OperationID)
		}
		forbidding := !open && permission != httpapi.SignedIn && op.method != http.MethodGet
		if forbidding && op.Responses.Value("403") == nil {
			t.Errorf("%s: needs %s, but 403 is not documented", op.OperationID, permission)
		}
	}
}

// unrehearsed operations are counted, or answer with a secret: neither is to be had without a trace.
var unrehearsed = []string{
	"openLoginSession", "confirmLoginSession", "setPassword", "changePassword", "enrolTotp", "confirmTotp", "removeTotp", "issueToken",
	"openCalendarFeed", "createUser", "resetPassword", "beginLoginExchange", "leaveProvider",
}

func TestOperationsAreWhole(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, op := range operations(t) {
		if seen[op.OperationID] {
			t.Errorf("%s names two operations", op.OperationID)
		}
		seen[op.OperationID] = true
		writes := op.method != http.MethodGet && !slices.Contains(unrehearsed, op.OperationID)
		if has := op.Parameters.GetByInAndName("query", "dry_run") != nil; has != writes {
			t.Errorf("%s: dry_run documented: %t", op.OperationID, has)
		}
		if strings.Contains(op.path, "{") && op.Responses.Value("404") == nil {
			t.Errorf("%s: 404 is not documented", op.OperationID)
		}
		if op.Parameters.GetByInAndName("header", "Idempotency-Key") != nil && op.Responses.Value("422") == nil {
			t.Errorf("%s: 422, for a key that was used for something else, is not documented", op.OperationID)
		}
		checkPaging(t, op)
	}
}

// checkPaging demands limit and after of every list, but for the parts of one record, which come whole.
func checkPaging(t *testing.T, op operation) {
	t.Helper()
	answer := op.Responses.Status(http.StatusOK)
	if answer == nil || answer.Value.Content["application/json"] == nil {
		return
	}
	properties := answer.Value.Content["application/json"].Schema.Value.Properties
	if properties["next"] == nil || strings.Contains(op.path, "{") {
		return
	}
	for _, name := range []string{"limit", "after"} {
		if op.Parameters.GetByInAndName("query", name) == nil {
			t.Errorf("%s is a list without %s", op.OperationID, name)
		}
	}
}

func TestStrangersAreRefused(t *testing.T) {
	t.Parallel()
	handler, err := empty(t).Handler()
	if err != nil {
		t.Fatal(err)
	}
	variable := regexp.MustCompile(`{\w+}`)
	for _, op := range operations(t) {
		if len(*op.Security) == 0 {
			continue
		}
		target := variable.ReplaceAllString(op.path, "0198c0de-0000-7000-8000-000000000001")
		request := httptest.NewRequestWithContext(t.Context(), op.method, target, nil)
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, request)
		if recorder.Code != http.StatusUnauthorized || !strings.HasPrefix(recorder.Header().Get("WWW-Authenticate"), "Bearer") {
			t.Errorf("%s without a token answers %d %v", op.OperationID, recorder.Code, recorder.Header())
		}
		apitest.Judge(t, request, "", recorder)
	}
}
