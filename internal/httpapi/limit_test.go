package httpapi_test

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"sochibo/internal/auth"
	"sochibo/internal/httpapi"
)

// clock is a time that the test moves.
type clock struct {
	mutex sync.Mutex
	now   time.Time
}

func (c *clock) Now() time.Time {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.now = c.now.Add(d)
}

func limited(tb testing.TB, rates httpapi.Rates) (*shell, *clock) {
	tb.Helper()
	c := &clock{now: time.Date(2018, 4, 2, 7, 0, 0, 0, time.UTC)}
	s := newShell(tb, nil, func(config *httpapi.Config) { config.Rates, config.Now = rates, c.Now })
	guard := func(c *gin.Context, p httpapi.Permission) error {
		who := c.GetHeader("Authorization")
		if p == httpapi.Public {
			return nil
		}
		if who == "" || who == "wrong" {
			return auth.ErrUnauthenticated
		}
		httpapi.SetPrincipal(c, who)
		return nil
	}
	format := func(c *gin.Context) error {
		if _, err := httpapi.Format(c, "json", "csv"); err != nil {
			return err
		}
		return httpapi.JSON(c, 200, 1)
	}
	httpapi.Mount(s.engine, "", guard, []httpapi.Route{
		{Method: "GET", Path: "/thing", Permission: "read", Handler: format},
		{Method: "POST", Path: "/thing", Permission: "write", Handler: func(c *gin.Context) error { return httpapi.JSON(c, 200, 1) }},
		{Method: "GET", Path: "/open", Permission: httpapi.Public, Handler: ok},
		{Method: "GET", Path: "/live", Permission: httpapi.Public, Handler: ok, Always: true},
	})
	return s, c
}

func TestEveryCallerHasAShare(t *testing.T) {
	t.Parallel()
	s, clock := limited(t, httpapi.Rates{
		Read: httpapi.Rate{Count: 2, Per: time.Second, Burst: 4}, Write: httpapi.Rate{Count: 1, Per: time.Second, Burst: 1},
	})
	for left := 3; left >= 0; left-- {
		answer := s.call(t, "GET", "/thing", "", "Authorization: an")
		want := `"read";r=` + strconv.Itoa(left) + `;t=` + strconv.Itoa((5-left)/2)
		if answer.Code != 200 || answer.Header().Get("RateLimit") != want || answer.Header().Get("RateLimit-Policy") != `"read";q=4;w=2` {
			t.Errorf("%d, %v, want %s", answer.Code, answer.Header(), want)
		}
	}
	refused := s.call(t, "GET", "/thing", "", "Authorization: an")
	if p := problem(t, refused); p.Status != 429 || p.Code != "too_many_requests" || refused.Header().Get("Retry-After") != "1" {
		t.Errorf("%+v %v", p, refused.Header())
	}
	for _, other := range []string{"binh", "chi"} {
		if answer := s.call(t, "GET", "/thing", "", "Authorization: "+other); answer.Code != 200 {
			t.Errorf("%s pays for another: %d", other, answer.Code)
		}
	}
	if answer := s.call(t, "POST", "/thing", "", "Authorization: an"); answer.Code != 200 {
		t.Errorf("writing pays for reading: %d", answer.Code)
	}
	clock.pass(500 * time.Millisecond)
	if answer := s.call(t, "GET", "/thing", "", "Authorization: an"); answer.Code != 200 {
		t.Errorf("after a rest: %d", answer.Code)
	}
	if answer := s.call(t, "GET", "/thing", "", "Authorization: an"); answer.Code != 429 {
		t.Errorf("more than the rest gave: %d", answer.Code)
	}
}

func TestStrangersShareByAddress(t *testing.T) {
	t.Parallel()
	s, _ := limited(t, httpapi.Rates{Stranger: httpapi.Rate{Count: 1, Per: time.Minute, Burst: 3}})
	for i, headers := range [][]string{nil, {"Authorization: wrong", "X-Forwarded-For: 6.6.6.6"}, {"Authorization: wrong"}} {
		if answer := s.call(t, "GET", "/thing", "", headers...); answer.Code != 401 {
			t.Errorf("request %d: %d", i, answer.Code)
		}
	}
	for _, headers := range [][]string{nil, {"Authorization: wrong"}, {"X-Forwarded-For: 7.7.7.7"}} {
		if answer := s.call(t, "GET", "/thing", "", headers...); answer.Code != 429 {
			t.Errorf("%v: %d", headers, answer.Code)
		}
	}
	if answer := s.call(t, "GET", "/open", ""); answer.Code != 429 {
		t.Errorf("an open route is unlimited: %d", answer.Code)
	}
	if answer := s.call(t, "GET", "/live", ""); answer.Code != 200 {
		t.Errorf("the watch is refused: %d", answer.Code)
	}
	if answer := s.call(t, "GET", "/thing", "", "Authorization: an"); answer.Code != 200 {
		t.Errorf("a known caller pays for strangers at the same address: %d", answer.Code)
	}
}

func TestFilesAreCountedApart(t *testing.T) {
	t.Parallel()
	s, _ := limited(t, httpapi.Rates{Export: httpapi.Rate{Count: 1, Per: time.Hour, Burst: 2}})
	for i, want := range []int{200, 200, 429} {
		answer := s.call(t, "GET", "/thing?format=csv", "", "Authorization: an")
		if answer.Code != want || !strings.HasPrefix(answer.Header().Get("RateLimit"), `"export";r=`) {
			t.Errorf("file %d: %d %v", i, answer.Code, answer.Header())
		}
	}
	if answer := s.call(t, "GET", "/thing", "", "Authorization: an"); answer.Code != 200 {
		t.Errorf("a list pays for files: %d", answer.Code)
	}
}

func TestBoundedWork(t *testing.T) {
	t.Parallel()
	entered, release := make(chan struct{}, 8), make(chan struct{})
	s := newShell(t, func(c *gin.Context) error {
		entered <- struct{}{}
		<-release
		return httpapi.JSON(c, 200, 1)
	}, func(c *httpapi.Config) { c.MaxConcurrent = 2 })
	answers := make(chan int, 4)
	ask := func() { answers <- s.call(t, "GET", "/thing", "").Code }
	go ask()
	go ask()
	<-entered
	<-entered
	go ask() // these two wait, and then give up
	go ask()
	refused := 0
	for range 2 {
		select {
		case status := <-answers:
			if status == http.StatusServiceUnavailable {
				refused++
			}
		case <-time.After(5 * time.Second):
		}
	}
	if refused != 2 {
		t.Errorf("%d of 2 were refused", refused)
	}
	late := make(chan int, 1)
	go func() { late <- s.call(t, "GET", "/thing", "").Code }()
	release <- struct{}{}
	<-entered
	close(release)
	if status := <-late; status != 200 {
		t.Errorf("who waited for a place got %d", status)
	}
}

func TestLimitsForgetRatherThanGrow(t *testing.T) {
	t.Parallel()
	many := func(yield func(string) bool) {
		for i := range httpapi.MostCallers + 5000 {
			if !yield(strconv.Itoa(i)) {
				return
			}
		}
	}
	if kept := httpapi.Callers(httpapi.Rate{Count: 1, Per: time.Hour, Burst: 5}, time.Unix(1_500_000_000, 0), many); kept != httpapi.MostCallers {
		t.Errorf("%d callers are kept in mind", kept)
	}
}
