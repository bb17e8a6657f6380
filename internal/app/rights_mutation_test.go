package app_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"sochibo/internal/app"
	"sochibo/internal/auth"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
	"sochibo/internal/testkit/experiment"
)

// The ways in which a route can fail to check what it should.
const (
	openDoor = "nobody is asked who calls"
	noCheck  = "everything is allowed to everybody known"
	anyRole  = "the role is not looked at"
	anyPlace = "the reach is not looked at"
	anyDay   = "the days of the grant are not looked at"
	anyLogin = "a token passes for a login session"
	anyOwner = "it is not looked at whose it is"
)

// ownersOnly are the routes that look at nothing but whose a thing is, so that not even the installation may do it for its owner.
var ownersOnly = []string{"DELETE /calendar-feeds/{calendar_feed_id}"}

var mutations = []string{openDoor, noCheck, anyRole, anyPlace, anyDay, anyLogin, anyOwner}

// mutant mounts the routes as the program does, but for one route, which checks less.
type mutant struct {
	engine  *gin.Engine
	route   string // method and path as in the table
	kind    string
	shadows map[string]map[auth.UserID]auth.Actor // by kind: who the caller is taken for
}

// newMutant prepares the shadows: a caller is taken for somebody who differs in the one thing that is not looked at.
func (w *rightsWorld) newMutant(t *testing.T, cast []caller) *mutant {
	t.Helper()
	m := &mutant{shadows: map[string]map[auth.UserID]auth.Actor{noCheck: {}, anyRole: {}, anyPlace: {}, anyDay: {}, anyLogin: {}, anyOwner: {}}}
	for _, c := range cast {
		id := c.actor.UserID
		m.shadows[noCheck][id] = auth.Actor{UserID: id, TokenID: c.actor.TokenID, Name: "installation", Installation: true}
		m.shadows[anyOwner][id] = auth.Actor{UserID: w.feedOwner}
		m.shadows[anyLogin][id] = auth.Actor{UserID: id, SessionID: uuid.New(), Name: "test"}
		if c.state == holding {
			m.shadows[anyRole][id] = w.everyRole(t, c)
			m.shadows[anyPlace][id] = w.newCaller(t, c.role, org.ReachSubtree, holding, nil).actor
		}
		m.shadows[anyDay][id] = w.newCaller(t, c.role, c.reach, holding, w.own()).actor
	}
	var err error
	if m.engine, err = httpapi.New(httpapi.Config{Now: w.DB().Now}); err != nil {
		t.Fatal(err)
	}
	guard := auth.Guard(w.Auth)
	m.mount(app.Base, guard, w.Routes())
	m.mount("", guard, w.ServiceRoutes())
	return m
}

// everyRole is somebody with all roles where the caller has one.
func (w *rightsWorld) everyRole(t *testing.T, c caller) auth.Actor {
	t.Helper()
	actor := w.newCaller(t, auth.RoleMember, c.reach, holding, w.own()).actor
	for _, role := range auth.Roles() {
		in := org.GrantInput{UserID: actor.UserID, Role: role, Reach: c.reach, OrganizationID: w.own()}
		if _, err := w.Org.AddGrant(t.Context(), auth.InstallationActor(), in); err != nil {
			t.Fatal(err)
		}
	}
	return auth.Actor{UserID: actor.UserID}
}

func (m *mutant) mount(base string, guard func(*gin.Context, httpapi.Permission) error, routes []httpapi.Route) {
	for _, route := range routes {
		name := route.Method + " " + route.Path
		handler := route.Handler
		route.Handler = func(c *gin.Context) error {
			if m.route == name {
				m.disguise(c)
			}
			return handler(c)
		}
		httpapi.Mount(m.engine, base, func(c *gin.Context, p httpapi.Permission) error {
			if m.route == name && m.kind == openDoor {
				return nil
			}
			return guard(c, p)
		}, []httpapi.Route{route})
	}
}

// disguise puts the shadow in place of the caller.
func (m *mutant) disguise(c *gin.Context) {
	shadow, ok := m.shadows[m.kind][auth.Current(c).UserID]
	if !ok {
		return
	}
	for key, value := range maps.Clone(c.Keys) {
		if _, isActor := value.(auth.Actor); isActor {
			c.Set(key, shadow)
		}
	}
}

// notices reports whether the table of rights notices that the route checks less.
func (m *mutant) notices(t *testing.T, w *rightsWorld, lines []line, cast []caller) bool {
	t.Helper()
	questions := asks()
	for _, l := range lines {
		for _, c := range cast {
			c.client = client{m.engine, c.token}
			for _, q := range w.questions(l, questions[l.name()], c) {
				answer := l.send(t, q.client, q.ask)
				if q.expected(c, q.relation, q.accepted) != q.ask.outcome(answer) {
					return true
				}
			}
		}
	}
	return false
}

// matters reports whether the check is one that the lines promise: a route that is open to every known user does not look at roles.
func matters(lines []line, kind string) bool {
	return slices.ContainsFunc(lines, func(l line) bool {
		cells := strings.Join(slices.Collect(maps.Values(l.cells)), "")
		switch kind {
		case openDoor:
			return l.variant != "public"
		case anyOwner:
			return slices.Contains(ownersOnly, l.route())
		case noCheck:
			return !slices.Contains(ownersOnly, l.route()) && strings.Trim(cells+l.ended, "*l") != ""
		case anyLogin:
			return strings.Contains(cells, "l")
		case anyRole:
			return strings.ContainsAny(cells, "+a*") && strings.ContainsAny(cells, "-!.b")
		case anyPlace:
			return strings.ContainsAny(cells, "+-ab")
		default:
			return strings.ContainsAny(cells, "+-ab*") && l.ended != "*"
		}
	})
}

// TestRightsMatrixNotices takes checks away from one route after the other. The matrix has to notice each time, else it would not notice
// if somebody forgot the check. The short form takes some routes at random.
func TestRightsMatrixNotices(t *testing.T) {
	t.Parallel()
	seed := fuzzSeed(t)
	t.Logf("seed %d; %s=%d repeats this run", seed, seedVariable, seed)
	eachRightsWorld(t, func(t *testing.T, w *rightsWorld) {
		cast := w.cast(t)
		m := w.newMutant(t, cast)
		byRoute := map[string][]line{}
		for _, l := range readRights(t) {
			byRoute[l.route()] = append(byRoute[l.route()], l)
		}
		routes := slices.Sorted(maps.Keys(byRoute))
		if !experiment.Long() {
			rand.New(rand.NewPCG(seed, 2)).Shuffle(len(routes), func(i, j int) { routes[i], routes[j] = routes[j], routes[i] })
			routes = routes[:5]
		}
		if m.route, m.kind = "", noCheck; m.notices(t, w, byRoute[routes[0]], cast) {
			t.Error("the matrix complains though nothing is taken away")
		}
		taken, missed := 0, 0
		counts := map[string]string{}
		for _, kind := range mutations {
			n, caught := 0, 0
			for _, route := range routes {
				if !matters(byRoute[route], kind) {
					continue
				}
				n++
				if m.route, m.kind = route, kind; m.notices(t, w, byRoute[route], cast) {
					caught++
					continue
				}
				t.Errorf("%s: it goes unnoticed that %s", route, kind)
			}
			taken, missed = taken+n, missed+n-caught
			counts[kind] = fmt.Sprintf("%d of %d", caught, n)
		}
		t.Logf("caught: %v", counts)
		experiment.Report(t, experiment.Result{ID: "E-30 mutation", Engine: w.engine, Seed: seed, N: taken, Observed: missed, Pass: missed == 0})
	})
}
