package apitest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
	"github.com/google/uuid"

	"sochibo/api"
)

// Exchange is one request with its answer.
type Exchange struct {
	Request *http.Request
	Body    []byte // of the request
	Status  int
	Header  http.Header
	Answer  []byte
}

// Contract is the published document, ready to judge by.
type Contract struct {
	Document *openapi3.T
	router   routers.Router
}

var published = sync.OnceValues(load)

// Published returns the document that the binary holds.
func Published(tb testing.TB) *Contract {
	tb.Helper()
	contract, err := published()
	if err != nil {
		tb.Fatalf("the contract: %v", err)
	}
	return contract
}

func load() (*Contract, error) {
	document, err := openapi3.NewLoader().LoadFromData(api.OpenAPI())
	if err != nil {
		return nil, err
	}
	openapi3.DefineStringFormatValidator("uuid", openapi3.NewCallbackValidator(func(value string) error {
		_, err := uuid.Parse(value)
		return err
	}))
	openapi3.DefineStringFormatValidator("date", openapi3.NewRegexpFormatValidator(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`))
	openapi3filter.RegisterBodyDecoder("application/problem+json", openapi3filter.JSONBodyDecoder)
	openapi3filter.RegisterBodyDecoder("text/csv", openapi3filter.FileBodyDecoder)
	openapi3filter.RegisterBodyDecoder("text/calendar", openapi3filter.FileBodyDecoder)
	openapi3filter.RegisterBodyDecoder("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", openapi3filter.FileBodyDecoder)
	router, err := legacy.NewRouter(document)
	return &Contract{Document: document, router: router}, err
}

// Judge fails the test unless the recorded answer, and the request where it was accepted, are as the contract says. It
// returns the name of the operation.
func Judge(tb testing.TB, request *http.Request, body string, answer *httptest.ResponseRecorder) string {
	tb.Helper()
	operation, err := Published(tb).Check(tb.Context(), Exchange{
		Request: request, Body: []byte(body), Status: answer.Code, Header: answer.Header(), Answer: answer.Body.Bytes(),
	})
	if err != nil {
		tb.Errorf("%s %s is not as the contract says (make generate writes it): %v\n%s", request.Method, request.URL, err, answer.Body)
	}
	return operation
}

// Check returns how the exchange differs from the document: an answer that it does not describe, or an accepted request
// that it forbids. A refused request may be as wrong as the test wants it. It also names the operation.
func (c *Contract) Check(ctx context.Context, x Exchange) (operation string, err error) {
	request := x.Request.Clone(ctx)
	request.Body = io.NopCloser(bytes.NewReader(x.Body))
	route, parameters, err := c.router.FindRoute(request)
	if err != nil {
		return "", checkStray(x)
	}
	options := &openapi3filter.Options{
		AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, SkipSettingDefaults: true, IncludeResponseStatus: true,
		MultiError: true, RejectWhenRequestBodyNotSpecified: true,
	}
	input := &openapi3filter.RequestValidationInput{
		Request: request, PathParams: parameters, Route: route, Options: options, QueryParams: request.URL.Query(),
	}
	var faults []error
	if x.Status < http.StatusMultipleChoices {
		faults = append(faults, openapi3filter.ValidateRequest(ctx, input), checkQuery(route, request))
	}
	answer := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: input, Status: x.Status, Header: x.Header, Options: options,
		Body: io.NopCloser(bytes.NewReader(x.Answer)),
	}
	if x.Status != http.StatusNotModified {
		faults = append(faults, openapi3filter.ValidateResponse(ctx, answer))
	}
	faults = append(faults, checkStatus(route, x), checkHeaders(route, x))
	return route.Operation.OperationID, errors.Join(faults...)
}

// checkStray judges answers at addresses that are not there.
func checkStray(x Exchange) error {
	if x.Status < http.StatusBadRequest {
		return fmt.Errorf("the document has no %s %s", x.Request.Method, x.Request.URL.Path)
	}
	if mediaType := x.Header.Get("Content-Type"); !strings.HasPrefix(mediaType, "application/problem+json") {
		return fmt.Errorf("a failure comes as %q", mediaType)
	}
	return nil
}

// checkQuery finds parameters that the operation takes and the document does not name.
func checkQuery(route *routers.Route, request *http.Request) error {
	var faults []error
	for name := range request.URL.Query() {
		if route.Operation.Parameters.GetByInAndName("query", name) == nil {
			faults = append(faults, fmt.Errorf("query parameter %q is not in the document", name))
		}
	}
	return errors.Join(faults...)
}

// checkStatus finds statuses that only "default" describes although they have a meaning of their own.
func checkStatus(route *routers.Route, x Exchange) error {
	switch x.Status {
	case http.StatusNotFound, http.StatusForbidden, http.StatusConflict, http.StatusUnprocessableEntity, http.StatusPreconditionFailed,
		http.StatusPreconditionRequired, http.StatusUnauthorized, http.StatusBadRequest, http.StatusNotAcceptable, http.StatusUnsupportedMediaType:
		if route.Operation.Responses.Status(x.Status) == nil {
			return fmt.Errorf("status %d is not in the document", x.Status)
		}
	}
	return nil
}

// checkHeaders compares the headers that matter to callers both ways.
func checkHeaders(route *routers.Route, x Exchange) error {
	response := route.Operation.Responses.Status(x.Status)
	if response == nil || x.Status >= http.StatusMultipleChoices {
		return nil
	}
	var faults []error
	dryRun := x.Header.Get("Sochibo-Dry-Run") != ""
	for _, name := range []string{"ETag", "Location", "Idempotency-Replayed", "Sochibo-Dry-Run"} {
		documented, given := response.Value.Headers[name] != nil, x.Header.Get(name) != ""
		if given && !documented {
			faults = append(faults, fmt.Errorf("header %s is not in the document", name))
		}
		if always := name == "ETag" || name == "Location"; documented && always && !given && !dryRun {
			faults = append(faults, fmt.Errorf("header %s is in the document, not in the answer", name))
		}
	}
	return errors.Join(faults...)
}
