package summary_test

import (
	"strconv"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sochibo/internal/testkit/dbtest"
	"sochibo/internal/testkit/recount"
)

// TestFiguresOfRandomHistories lets an installation live: records come, go back and come again, the tree and the people change, much
// of it back-dated. Again and again every figure is compared with a recount from the record versions; the book verifies itself, and
// what it once answered as of an entry it answers for ever. At the end the records move to the other engine.
func TestFiguresOfRandomHistories(t *testing.T) {
	t.Parallel()
	all := &tally{done: map[string]int{}}
	t.Cleanup(func() { all.complete(t) })
	for _, engine := range dbtest.Engines() {
		for n := range 3 * rounds(t) {
			all.histories++
			t.Run(string(engine)+"/"+strconv.Itoa(n), func(t *testing.T) {
				t.Parallel()
				s := newStory(t, engine, seeded(t, 1000+n))
				for range 6 {
					s.steps(14)
					s.check()
				}
				t.Logf("done %v", s.done)
				t.Logf("refused %v", s.refused)
				s.emigrate()
				all.add(s.done)
			})
		}
	}
}

// emigrate moves the records that count to a house on the other engine, which must give the same figures and the same folder. Drafts
// stay behind: the roll of one may name people whom a change of the past has taken off the roster, which a folder may not.
func (s *story) emigrate() {
	s.t.Helper()
	folder := without(s.export(s.t), func(m recount.Row) bool { return m["status"] != "submitted" && m["status"] != "accepted" })
	engines := dbtest.Engines()
	other := newHouse(s.t, engines[0], s.today)
	if s.db.Engine() == engines[0] {
		other = newHouse(s.t, engines[1], s.today)
	}
	if _, err := other.try(s.t, folder); err != nil {
		s.failed("an export is refused: %s", named(err))
	}
	other.verify(s.t)
	if diff := cmp.Diff(recount.NormalForm(folder), recount.NormalForm(other.export(s.t))); diff != "" {
		s.failed("a folder that went through %s (-before +after):\n%s", other.db.Engine(), diff)
	}
	facts, whole := s.facts(), around(s.size)
	for _, q := range questions(s.r, facts, s.today, 3, func() span { return whole }) {
		if other.differs(s.t, q, recount.Summary(facts, q).Normal()) {
			s.failed("figures differ after the move to %s", other.db.Engine())
		}
	}
}

// enoughHistories is from how many on no act can be missing by chance.
const enoughHistories = 24

// tally counts the acts of all histories, so that none of them stops happening without anybody noticing.
type tally struct {
	histories int

	sync.Mutex
	ended int
	done  map[string]int
}

func (a *tally) add(done map[string]int) {
	a.Lock()
	defer a.Unlock()
	a.ended++
	for name, n := range done {
		a.done[name] += n
	}
}

// complete fails the test if an act never happened in all of its histories.
func (a *tally) complete(t *testing.T) {
	if a.histories < enoughHistories {
		return // a rare act may be missing by chance
	}
	t.Helper()
	if a.ended < a.histories {
		return
	}
	for _, one := range acts() {
		if a.done[one.name] == 0 {
			t.Errorf("no history had the act %q", one.name)
		}
	}
}
