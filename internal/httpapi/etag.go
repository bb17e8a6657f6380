package httpapi

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"sochibo/internal/fault"
)

// The faults of If-Match.
var (
	ErrIfMatchMissing   = fault.New(fault.PreconditionRequired, "if_match_missing")
	ErrIfMatchMalformed = fault.New(fault.Malformed, "if_match_malformed")
)

// ETag returns the entity tag of a version.
func ETag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

// IfMatch returns the version the caller has seen, or fails with ErrIfMatchMissing or ErrIfMatchMalformed. Weak tags, lists and *
// are refused: a write rests on exactly one version.
func IfMatch(c *gin.Context) (int64, error) {
	values := c.Request.Header.Values("If-Match")
	if len(values) == 0 {
		return 0, ErrIfMatchMissing
	}
	inner, ok := strings.CutPrefix(values[0], `"`)
	inner, closed := strings.CutSuffix(inner, `"`)
	version, err := strconv.ParseInt(inner, 10, 64)
	if len(values) > 1 || !ok || !closed || err != nil || version < 0 || ETag(version) != values[0] {
		return 0, ErrIfMatchMalformed
	}
	return version, nil
}

// NotModified sets the entity tag and, when the caller has that version already, answers 304 and returns true.
func NotModified(c *gin.Context, version int64) bool { return SameTag(c, ETag(version)) }

// SameTag is NotModified for an entity tag that is no version.
func SameTag(c *gin.Context, etag string) bool {
	c.Header("ETag", etag)
	for _, line := range c.Request.Header.Values("If-None-Match") {
		for known := range strings.SplitSeq(line, ",") {
			known = strings.TrimPrefix(strings.TrimSpace(known), "W/")
			if known == etag || known == "*" {
				c.Status(http.StatusNotModified)
				c.Writer.WriteHeaderNow()
				return true
			}
		}
	}
	return false
}
