package httpapi

import (
	"net/http"
	"reflect"
	"slices"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"
)

// Disclosure is an answer with data of persons that is about to leave.
type Disclosure struct {
	Method    string
	Route     string // as the documentation writes it: /api/v1/members/{member_id}
	RequestID string
	IDs       []NamedID   // what was asked for: the ids in the path, then those of the filters
	Rows      func() *int // of a list; nil for one thing
}

// NamedID is an id under the name that the route or the filter has for it.
type NamedID struct {
	Name string
	ID   uuid.UUID
}

// counted is an answer that says itself how many rows it has.
type counted interface{ Rows() int }

// disclose lets whoever records reads know before the first byte of an answer leaves, and stops it where they cannot. An answer shows
// data of persons where its route says so; a dry run may show any record without leaving a leaf, so that it counts as a read.
func disclose(c *gin.Context, rows func() *int) error {
	state := of(c)
	shows := state.route.Persons
	if method := c.Request.Method; method != http.MethodGet && method != http.MethodHead {
		shows = c.Query("dry_run") == "true"
	}
	if state.disclose == nil || !shows {
		return nil
	}
	return state.disclose(c, Disclosure{
		Method: state.route.Method, Route: state.base + state.route.Path, RequestID: state.id, IDs: askedFor(c), Rows: rows,
	})
}

// askedFor gathers the ids that a request names. A filter that is no id is a text, and texts are not kept.
func askedFor(c *gin.Context) []NamedID {
	var asked []NamedID
	for _, parameter := range c.Params {
		if id, err := parseID(parameter.Value); err == nil {
			asked = append(asked, NamedID{parameter.Key, id})
		}
	}
	query := of(c).query
	if query == nil {
		return asked
	}
	filters := len(asked)
	for name, given := range query.values {
		if id, err := parseID(given[0]); err == nil && query.known[name] {
			asked = append(asked, NamedID{name, id})
		}
	}
	slices.SortFunc(asked[filters:], func(a, b NamedID) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	return asked
}

// rowsOf counts the rows of a body: as it counts itself, or those in its Data. A body without any is one thing.
func rowsOf(body any) func() *int {
	return func() *int {
		if list, ok := body.(counted); ok {
			n := list.Rows()
			return &n
		}
		value := reflect.Indirect(reflect.ValueOf(body))
		if value.Kind() != reflect.Struct {
			return nil
		}
		data := value.FieldByName("Data")
		if !data.IsValid() || data.Kind() != reflect.Slice {
			return nil
		}
		n := data.Len()
		return &n
	}
}
