package httpapi

import (
	"errors"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/go-json-experiment/json"
	"golang.org/x/text/language"

	"sochibo/internal/database"
	"sochibo/internal/fault"
)

// Problem is how a request failed, as RFC 9457 writes it.
type Problem struct {
	Type      string         `json:"type"                 example:"urn:sochibo:problem:meeting_not_found"`
	Title     string         `json:"title"                example:"Không tìm thấy cuộc họp"`
	Status    int            `json:"status"               example:"404"`
	Code      string         `json:"code"                 example:"meeting_not_found"`
	Detail    string         `json:"detail"               example:"Không có cuộc họp này, hoặc bạn không được xem."`
	Errors    []ProblemField `json:"errors,omitempty"`
	RequestID string         `json:"request_id,omitempty" example:"0198c0de-0000-7000-8000-000000000001"`
} //@name Problem

// ProblemField is one fault in one place of the input.
type ProblemField struct {
	Pointer   string `json:"pointer,omitempty"   example:"/period_month"`
	Parameter string `json:"parameter,omitempty" example:"from"`
	Place     string `json:"place,omitempty"     example:"meetings.csv:12: period_month"`
	Code      string `json:"code"                example:"month_malformed"`
	Detail    string `json:"detail"              example:"Tháng phải có dạng NNNN-TT, ví dụ 2018-04."`
} //@name ProblemField

const problemType = "urn:sochibo:problem:"

// Handle makes a gin handler of ours: an error becomes a problem in the caller's language, a replay the answer that was kept.
func Handle(h Handler) gin.HandlerFunc {
	return func(c *gin.Context) {
		err := h(c)
		if err == nil {
			return
		}
		var replay *database.Replay
		if errors.As(err, &replay) {
			c.Header("Idempotency-Replayed", "true")
			renderKept(c, replay.Answer)
			return
		}
		noteFailure(c, err, false)
		renderProblem(c, err)
	}
}

// renderProblem writes the problem unless an answer is already under way.
func renderProblem(c *gin.Context, err error) {
	c.Abort()
	if c.Writer.Written() {
		return
	}
	f := fault.Classify(err)
	if f.Kind == fault.Canceled {
		c.Status(f.Kind.Status()) // nobody is there to read a body
		c.Writer.WriteHeaderNow()
		return
	}
	header := c.Writer.Header()
	for _, name := range []string{"Content-Disposition", "Location", "ETag"} {
		header.Del(name)
	}
	setProblemHeaders(header, f)
	lang := Language(c)
	header.Set("Content-Language", lang)
	header.Add("Vary", "Accept-Language")
	data, err := json.Marshal(problemOf(f, lang, RequestID(c)))
	if err != nil {
		data = []byte(`{"type":"urn:sochibo:problem:internal","title":"Internal error","status":500,"code":"internal","detail":""}`)
	}
	c.Data(f.Kind.Status(), "application/problem+json", data)
}

func setProblemHeaders(header http.Header, f *fault.Fault) {
	if f.RetryAfter > 0 {
		header.Set("Retry-After", strconv.Itoa(int(math.Ceil(float64(f.RetryAfter)/float64(time.Second)))))
	}
	if f.ETag != "" {
		header.Set("ETag", f.ETag)
	}
	if f.Kind == fault.Unauthenticated {
		header.Set("WWW-Authenticate", `Bearer realm="sochibo"`)
	}
}

func problemOf(f *fault.Fault, lang, requestID string) Problem {
	code := f.Code
	if f.Kind == fault.Internal {
		code = "internal" // what went wrong inside is not the caller's to know
	}
	title, detail := fault.Message(lang, code, f.Args)
	problem := Problem{
		Type: problemType + code, Title: title, Status: f.Kind.Status(), Code: code, Detail: detail, RequestID: requestID,
	}
	for _, field := range f.Fields {
		problem.Errors = append(problem.Errors, ProblemField{
			Pointer: field.Pointer, Parameter: field.Parameter, Place: field.Place, Code: field.Code, Detail: field.Text(lang),
		})
	}
	return problem
}

// ProblemOf returns the problem an error would be answered with, for answers that hold several.
func ProblemOf(c *gin.Context, err error) Problem {
	return problemOf(fault.Classify(err), Language(c), RequestID(c))
}

// languages are in the order of fault.Languages; the first is for callers who name none.
var languages = language.NewMatcher([]language.Tag{language.Vietnamese, language.English})

// Language returns "vi" or "en" by the Accept-Language of the request.
func Language(c *gin.Context) string {
	accept := c.GetHeader("Accept-Language")
	if accept == "" || len(accept) > 256 {
		return fault.Languages()[0]
	}
	_, index := language.MatchStrings(languages, accept)
	return fault.Languages()[index]
}
