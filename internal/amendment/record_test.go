package amendment_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"sochibo/internal/testkit/apitest"
)

// TestAmendmentCarriesTheWholeRecord amends votes, fees and the reference to paper; what follows from the roll follows again.
func TestAmendmentCarriesTheWholeRecord(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *scene) {
		s.confirm(s.requested(`{"fees_reported":true,"votes":[{"subject":"Nghị quyết","for":3,"threshold":"two_thirds","stated_base":3}]}`))
		m := s.secretary.Get(t, s.path).OK(t, http.StatusOK)
		if !strings.Contains(m.Text, `"stated_base":3,"base":4,"base_from":"roll","needed":3,"adopted":true`) || m.Field(t, "fees_reported") != "true" {
			t.Errorf("after the first amendment: %s", m)
		}
		refused(t, s.request(`{"paper_reference":{"book":"02","page":"17"}}`), "/change/votes/0/subject", "paper_without_text")
		s.confirm(s.requested(`{"paper_reference":{"book":"02","page":"17"},"votes":[{"for":3}],"agenda":[],"opinions":[],"conclusions":[],"resolutions":[],"tasks":[]}`))
		if got := s.count("SELECT sum(paper_sittings) FROM balance WHERE basis = 'accepted' AND via_id = organization_id"); got != 1 {
			t.Errorf("%d sittings on paper", got)
		}
		s.confirm(s.requested(`{"paper_reference":null,"votes":[{"subject":"Nghị quyết","for":3}]}`))
		if got := s.count("SELECT sum(paper_sittings) FROM balance"); got != 0 {
			t.Errorf("%d sittings on paper after the reference went", got)
		}
		refused(t, s.request(`{"totals":{"roster":4,"expected":4,"present":3,"reason":"mất danh sách"}}`), "/change/totals", "totals_and_roll")
		s.verify()
	})
}

// TestAmendmentPutsARollInThePlaceOfTotals, once the list was found after all.
func TestAmendmentPutsARollInThePlaceOfTotals(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *scene) {
		answer := s.secretary.Post(t, "/meetings", fmt.Sprintf(`{"organization_id":%q,"body":"cell","forms":["regular"],"period_month":"2018-02",
			"started_at":"2018-02-05T14:00:00+07:00","submit":true,
			"totals":{"roster":4,"expected":4,"present":2,"reason":"sổ giấy chỉ ghi số người"}}`, s.Orgs["a1"])).OK(t, http.StatusCreated)
		s.path = "/meetings/" + answer.Field(t, "id")
		s.etag = s.superior.Post(t, s.path+"/acceptance", "", "If-Match: "+answer.ETag()).OK(t, http.StatusOK).ETag()
		if got := s.figures("2018-02", ""); s.ratio("2018-02", "") != "2/4" || !strings.Contains(got, `"from_totals":{"expected":4,"sittings":1}`) {
			t.Errorf("by totals: %s", got)
		}
		s.confirm(s.requested(`{"totals":null,"attendance":{"others":"present","rows":[]}}`))
		if got := s.figures("2018-02", ""); s.ratio("2018-02", "") != "4/4" || !strings.Contains(got, `"from_totals":{"expected":0,"sittings":0}`) {
			t.Errorf("by the roll: %s", got)
		}
		s.verify()
	})
}

func refused(t *testing.T, answer apitest.Answer, pointer, code string) {
	t.Helper()
	if answer.Status != http.StatusUnprocessableEntity || !strings.Contains(answer.Text, fmt.Sprintf(`"pointer":%q,"code":%q`, pointer, code)) {
		t.Errorf("want %s at %s: %s", code, pointer, answer)
	}
}
