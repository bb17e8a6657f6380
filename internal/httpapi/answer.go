package httpapi

import (
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/go-json-experiment/json"

	"sochibo/internal/database"
)

const jsonType = "application/json; charset=utf-8"

// Answer is what a handler says; Body is rendered as JSON, nil is no body.
type Answer struct {
	Status   int // 200, or 204 without a body, if 0
	ETag     string
	Location string
	Body     any
}

// OK answers 200 with the body and the version's entity tag.
func OK(version int64, body any) Answer {
	return Answer{Status: http.StatusOK, ETag: ETag(version), Body: body}
}

// Created answers 201 with the body, the version's entity tag and the new address.
func Created(location string, version int64, body any) Answer {
	return Answer{Status: http.StatusCreated, ETag: ETag(version), Location: location, Body: body}
}

// Deleted answers 204.
func Deleted() Answer { return Answer{Status: http.StatusNoContent} }

// render makes the bytes of an answer.
func (a Answer) render() (database.Answer, error) {
	kept := database.Answer{Status: a.Status, Header: map[string]string{}}
	if a.ETag != "" {
		kept.Header["ETag"] = a.ETag
	}
	if a.Location != "" {
		kept.Header["Location"] = a.Location
	}
	if a.Body == nil {
		if kept.Status == 0 {
			kept.Status = http.StatusNoContent
		}
		return kept, nil
	}
	if kept.Status == 0 {
		kept.Status = http.StatusOK
	}
	body, err := Encode(a.Body)
	if err != nil {
		return database.Answer{}, err
	}
	kept.Header["Content-Type"] = jsonType
	kept.Body = body
	return kept, nil
}

// Encode renders a value as every JSON answer is rendered.
func Encode(v any) ([]byte, error) {
	body, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		return nil, fmt.Errorf("render %T: %w", v, err)
	}
	return body, nil
}

// renderKept writes an answer that exists as bytes.
func renderKept(c *gin.Context, kept database.Answer) {
	for name, value := range kept.Header {
		c.Header(name, value)
	}
	c.Status(kept.Status)
	if len(kept.Body) == 0 {
		c.Writer.WriteHeaderNow()
		return
	}
	_, err := c.Writer.Write(kept.Body)
	noteLost(c, err)
}

// noteLost notes an answer that could not be sent: the caller has gone, which is no fault of ours.
func noteLost(c *gin.Context, err error) {
	if err != nil {
		_ = c.Error(err)
	}
}

// Respond writes an answer to a request that changed nothing.
func Respond(c *gin.Context, answer Answer) error {
	if err := refuseStray(c); err != nil {
		return err
	}
	kept, err := answer.render()
	if err != nil {
		return err
	}
	if err := disclose(c, rowsOf(answer.Body)); err != nil {
		return err
	}
	renderKept(c, kept)
	return nil
}

// JSON writes v with the status. It is rendered before the first byte leaves, so that a failure is still a problem.
func JSON(c *gin.Context, status int, v any) error {
	return Respond(c, Answer{Status: status, Body: v})
}
