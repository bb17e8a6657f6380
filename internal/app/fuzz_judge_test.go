package app_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// outcome names the status and why, as far as it takes to see what the requests exercise.
func outcome(recorder *httptest.ResponseRecorder) string {
	var problem struct {
		Code   string
		Errors []struct{ Pointer, Code string }
	}
	if recorder.Code < http.StatusBadRequest || json.Unmarshal(recorder.Body.Bytes(), &problem) != nil {
		return strconv.Itoa(recorder.Code)
	}
	if recorder.Code == http.StatusUnprocessableEntity && len(problem.Errors) > 0 {
		return fmt.Sprintf("%d %s %s", recorder.Code, problem.Errors[0].Pointer, problem.Errors[0].Code)
	}
	return strconv.Itoa(recorder.Code) + " " + problem.Code
}

// judge says what is wrong with an answer, or nothing.
func (f *fuzzer) judge(o *operation, r *fuzzRequest, recorder *httptest.ResponseRecorder) string {
	status := recorder.Code
	mediaType, _, _ := mime.ParseMediaType(recorder.Header().Get("Content-Type"))
	documented := o.Responses.Status(status)
	switch {
	case status >= http.StatusInternalServerError:
		return "the server failed"
	case status >= http.StatusBadRequest:
		if o.OperationID == "finishLoginExchange" && mediaType == "text/html" {
			return "" // browsers are sent there, and get a page to read
		}
		if mediaType != "application/problem+json" {
			return "the refusal is of type " + mediaType
		}
		if documented == nil && !r.astray {
			return "the status is not documented"
		}
		return f.judgeProblem(status, recorder.Body.Bytes())
	case r.astray:
		return ""
	case documented == nil:
		return "the status is not documented"
	case recorder.Body.Len() == 0:
		return ""
	}
	content := documented.Value.Content.Get(mediaType)
	if content == nil {
		return "the type " + mediaType + " is not documented"
	}
	if mediaType != "application/json" || recorder.Body.Len() > 64<<10 {
		return ""
	}
	return conforms(content.Schema.Value, recorder.Body.Bytes())
}

func (f *fuzzer) judgeProblem(status int, body []byte) string {
	if complaint := conforms(f.problem, body); complaint != "" {
		return complaint
	}
	var problem struct {
		Status int
		Code   string
		Errors []struct{ Code string }
	}
	if err := json.Unmarshal(body, &problem); err != nil {
		return err.Error()
	}
	if problem.Status != status {
		return "the problem names another status"
	}
	for _, code := range append(problem.Errors, struct{ Code string }{problem.Code}) {
		if !f.codes[code.Code] {
			return "the code " + code.Code + " is not documented"
		}
	}
	return ""
}

// conforms says where a JSON text differs from the schema.
func conforms(schema *openapi3.Schema, body []byte) string {
	var value any
	if err := json.Unmarshal(body, &value); err != nil {
		return err.Error()
	}
	if err := schema.VisitJSON(value, openapi3.VisitAsResponse()); err != nil {
		var place *openapi3.SchemaError
		if errors.As(err, &place) {
			return fmt.Sprintf("the body does not conform at /%s: %s", strings.Join(place.JSONPointer(), "/"), place.Reason)
		}
		return "the body does not conform: " + shortened(err.Error())
	}
	return ""
}
