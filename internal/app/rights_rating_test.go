package app_test

import (
	"testing"

	"github.com/google/uuid"

	"sochibo/internal/calendar"
)

// buildRatings rates the submitted and the accepted session. The rule set of their day has no rubric, so this is as an import of an
// office would have it.
func (w *rightsWorld) buildRatings(t *testing.T, x *target) {
	t.Helper()
	for _, name := range []string{"submitted", "accepted"} {
		w.set(t, `INSERT INTO rating (id, meeting_id, number, stage, record_version, rule_set, grade, points, available, created_at)
			VALUES (?, ?, 1, 'self', 1, 'hd42-2025', 'good', 92, 95, ?)`, uuid.Must(uuid.NewV7()), x.ids[name], calendar.MustDate("2018-05-01").Time())
	}
}

func ratingAsks() map[string]asking {
	rate := onMeeting("submitted", "/rating", `{"answers":[]}`)
	return map[string]asking{
		"GET /meetings/{meeting_id}/rating": onMeeting("submitted", "/rating", ""),
		"POST /meetings/{meeting_id}/rating": func(x target, w *rightsWorld, accepted bool) ask {
			a := rate(x, w, accepted)
			a.stops = "rating_without_rubric"
			return a
		},
		"POST /meetings/{meeting_id}/rating-confirmation": writing("/meetings/{accepted}/rating-confirmation", "rating", `{}`),
		"GET /ratings": listed("/ratings?limit=200"),
		"GET /organizations/{organization_id}/rating-summary": reading("/organizations/{organization}/rating-summary?year=2018"),
		"GET /rule-sets":               reading("/rule-sets"),
		"GET /rule-sets holding":       reading("/rule-sets?organization_id={organization}&on=2018-04-05"),
		"GET /rule-sets/{rule_set_id}": reading("/rule-sets/hd42-2025"),
	}
}
