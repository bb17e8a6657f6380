package warning_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/exchange"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
	"sochibo/internal/rules"
	"sochibo/internal/testkit/dbtest"
	"sochibo/internal/warning"
)

// TestSampleIsJudgedByItsTime looks at the built-in sample, which ends in April 2018: no deadline and no rate of later sets is held
// against it, imported records are late for nobody, and a second look says the same. Both engines say the same.
func TestSampleIsJudgedByItsTime(t *testing.T) {
	t.Parallel()
	said := map[database.Engine]string{}
	for _, engine := range dbtest.Engines() {
		db := dbtest.Open(t, engine, database.Options{Now: atOf("2018-05-10")})
		_, err := exchange.New(db, zone(t)).Import(t.Context(), auth.InstallationActor(), exchange.Sample(), exchange.ImportOptions{})
		must(t, err)
		root, err := database.Read(t.Context(), db, func(tx *database.Tx) (org.ID, error) {
			o, err := org.FindByCode(t.Context(), tx, "VPUB")
			return o.ID, err
		})
		must(t, err)
		book, err := rules.Embedded()
		must(t, err)
		service := warning.New(db, zone(t), book)
		seen := map[warning.Code]int{}
		for _, period := range []string{"2015-09 2016-08", "2016-09 2017-08", "2017-09 2018-05"} {
			from, to, _ := strings.Cut(period, " ")
			f := warning.Filter{Organization: root, Scope: org.ScopeSubtree}
			f.Period, err = calendar.ParsePeriod(from, to)
			must(t, err)
			found, _, err := service.List(t.Context(), auth.InstallationActor(), f, httpapi.Page{Limit: 1000})
			must(t, err)
			again, _, err := service.List(t.Context(), auth.InstallationActor(), f, httpapi.Page{Limit: 1000})
			must(t, err)
			if fmt.Sprint(keys(found)) != fmt.Sprint(keys(again)) {
				t.Errorf("%s: two looks differ", engine)
			}
			for _, w := range found {
				seen[w.Code]++
			}
		}
		said[engine] = fmt.Sprint(seen)
		for _, never := range []warning.Code{
			warning.AttendanceBelow, warning.GradeAgainstCondition, warning.DocumentsLate, warning.RecordLate, warning.EnteredLate,
			warning.MonthNotRegistered, warning.ExcusedRunning, warning.BackdatedMembership, warning.RosterJump,
		} {
			if seen[never] > 0 {
				t.Errorf("%s: %d of %s", engine, seen[never], never)
			}
		}
	}
	t.Log(said)
	if len(slices.Compact([]string{said[database.SQLite], said[database.Postgres]})) != 1 {
		t.Errorf("%v", said)
	}
}

func keys(found []warning.Warning) []string {
	var all []string
	for _, w := range found {
		all = append(all, w.Organization.ID.String()+" "+w.Key)
	}
	return all
}
