package meeting_test

import (
	"net/http"
	"testing"

	"sochibo/internal/auth"
	"sochibo/internal/database"
	"sochibo/internal/testkit/dbtest"
)

// Who may read the figures learns of every meeting behind them, but of one out of reach no more than what it counts.
func TestCountedMeetingsOutOfReachAreStubs(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		s := newScene(t, db)
		d := s.submitted(t, "2016-03")
		member := s.client(t, s.user(t, "member", auth.RoleMember, &s.cell))
		path := "/meetings?counted_for=" + s.cell.String()
		page := member.want(http.StatusOK, http.MethodGet, path, "")
		stubs := page["stubs"].([]any)
		if len(page["data"].([]any)) != 0 || len(stubs) != 1 {
			t.Fatalf("page: %v", page)
		}
		stub := stubs[0].(map[string]any)
		counters := stub["counters"].(map[string]any)
		if stub["id"] != d.Meeting.ID.String() || stub["period_month"] != "2016-03" || counters["regular"] != 1.0 || counters["eligible_excused"] != 1.0 {
			t.Errorf("stub: %v", stub)
		}
		for _, filter := range []string{"&q=sinh", "&status=submitted", "&held_from=2016-01-01", "&updated_since=2016-01-01T00:00:00Z"} {
			if page := member.want(http.StatusOK, http.MethodGet, path+filter, ""); len(page["stubs"].([]any))+len(page["data"].([]any)) != 0 {
				t.Errorf("%s tells of a meeting out of reach: %v", filter, page)
			}
		}
		if page := s.client(t, s.superior).want(http.StatusOK, http.MethodGet, "/meetings?counted_for="+s.root.String(), ""); len(page["data"].([]any)) != 1 {
			t.Errorf("the superior sees: %v", page)
		}
		s.client(t, s.secretary).want(http.StatusNotFound, http.MethodGet, "/meetings?counted_for="+s.root.String(), "")
	})
}
