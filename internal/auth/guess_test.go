package auth_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"sochibo/internal/auth"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/testkit/experiment"
)

// guess tries a wrong password and reports whether it was looked at, and else how long to wait.
func (w world) guess(t *testing.T, name, address string) (heard bool, wait time.Duration) {
	t.Helper()
	_, err := w.svc.Login(t.Context(), auth.LoginInput{Name: name, Password: "đoán mò một mật khẩu nào đó", Address: address})
	f, _ := fault.As(err)
	switch {
	case errors.Is(err, auth.ErrLoginRefused):
		return true, 0
	case errors.Is(err, auth.ErrThrottled) && f.RetryAfter > 0:
		return false, f.RetryAfter
	}
	t.Fatalf("%s from %s: %v", name, address, err)
	return false, 0
}

// guessing is what an attacker got who lost no time.
type guessing struct{ sent, firstHour, worstLater, all int }

// attack guesses for some hours, each guess from the next of the addresses and as soon as the answers allow.
func (w world) attack(t *testing.T, name string, hours int, addresses ...string) guessing {
	t.Helper()
	var g guessing
	perHour := map[int]int{}
	start := *w.now
	for i := 0; w.now.Sub(start) < time.Duration(hours)*time.Hour; i++ {
		if i == 30 { // a restart changes nothing
			w.svc = auth.NewWith(w.db, auth.Settings{SecretKey: []byte(secretKey)})
			w.svc.Cheap()
		}
		heard, wait := w.guess(t, name, addresses[i%len(addresses)])
		g.sent++
		if heard {
			perHour[int(w.now.Sub(start)/time.Hour)]++
			g.all++
			wait = time.Second
		}
		if len(addresses) > 1 && !heard {
			wait = min(wait, time.Minute) // the next address may be luckier
		}
		*w.now = w.now.Add(wait)
	}
	g.firstHour = perHour[0]
	for hour, n := range perHour {
		if hour > 0 {
			g.worstLater = max(g.worstLater, n)
		}
	}
	return g
}

// TestE40Guessing is E-40.
func TestE40Guessing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		w = w.withKey()
		w.person(t, "one")
		w.person(t, "many")
		alone := w.attack(t, "one", 6, "192.0.2.1", "192.0.2.200") // one network
		var addresses []string
		for i := range 500 {
			addresses = append(addresses, fmt.Sprintf("10.%d.%d.7", i/250, i%250))
		}
		crowd := w.attack(t, "many", 4, addresses...)
		t.Logf("one network: %+v; 500 networks: %+v", alone, crowd)
		ok := alone.firstHour <= 20 && alone.worstLater <= 4 && alone.firstHour >= 5 &&
			crowd.firstHour <= 60 && crowd.worstLater <= 60 && crowd.all <= 100 && crowd.all > 60
		experiment.Report(t, experiment.Result{
			ID: "E-40", Engine: string(w.db.Engine()), N: alone.sent + crowd.sent, Observed: alone.all + crowd.all, Pass: ok,
		})
		// At 100 failures the way is closed for strangers, whatever the hour, and open again after a reset.
		*w.now = w.now.Add(48 * time.Hour)
		if err := w.svc.Prune(t.Context()); err != nil {
			t.Fatal(err)
		}
		in := auth.LoginInput{Name: "many", Password: goodWords, Address: "203.0.113.5"}
		if _, err := w.svc.Login(t.Context(), in); !errors.Is(err, auth.ErrThrottled) {
			t.Errorf("after 100 failures: %v", err)
		}
		user, err := w.svc.UserByName(t.Context(), "many")
		if err != nil {
			t.Fatal(err)
		}
		code, err := database.Write(t.Context(), w.db, func(tx *database.Tx) (string, error) {
			return auth.ResetPassword(t.Context(), tx, user)
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.svc.SetPassword(t.Context(), "many", code, goodWords, "203.0.113.5"); err != nil {
			t.Fatal(err)
		}
		w.login(t, in)
	})
}

// TestGuessingInParallel: many guesses at the same instant are counted each.
func TestGuessingInParallel(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		w = w.withKey()
		w.person(t, "one")
		heard := make(chan bool)
		const guesses = 40
		for range guesses {
			go func() {
				_, err := w.svc.Login(t.Context(), auth.LoginInput{Name: "one", Password: "đoán mò", Address: "192.0.2.1"})
				heard <- errors.Is(err, auth.ErrLoginRefused)
			}()
		}
		n := 0
		for range guesses {
			if <-heard {
				n++
			}
		}
		if n != 5 {
			t.Errorf("%d of %d were looked at, want 5", n, guesses)
		}
	})
}

// TestE43StrangersLockNobodyOut is the second half of E-43: owners who come from known devices get in whatever strangers do.
func TestE43StrangersLockNobodyOut(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		w = w.withKey()
		owners := []string{"an", "binh", "cuong"}
		devices := map[string]string{}
		for _, name := range owners {
			w.person(t, name)
			devices[name] = w.login(t, auth.LoginInput{Name: name, Password: goodWords, Address: "192.0.2.1", Remember: true}).Device
		}
		rounds := 120
		if experiment.Long() {
			rounds = 3000
		}
		fails, refused := 0, 0
		for i := range rounds {
			for _, name := range owners {
				w.guess(t, name, fmt.Sprintf("10.%d.%d.7", i/250, i%250))
				fails++
			}
			*w.now = w.now.Add(2 * time.Minute)
		}
		for _, name := range owners {
			if _, err := w.svc.Login(t.Context(), auth.LoginInput{Name: name, Password: goodWords, Address: "198.51.100.7"}); !errors.Is(err, auth.ErrThrottled) {
				t.Errorf("%s from an unknown device: %v", name, err)
			}
			in := auth.LoginInput{Name: name, Password: goodWords, Address: "192.0.2.1", Device: devices[name], Remember: true}
			opened, err := w.svc.Login(t.Context(), in)
			if err != nil {
				refused++
			}
			if opened.Device != "" {
				t.Error("a known device got another name")
			}
			in.Name = owners[0]
			in.Device = devices[owners[1]]
			if _, err := w.svc.Login(t.Context(), in); !errors.Is(err, auth.ErrThrottled) {
				t.Errorf("with the device of somebody else: %v", err)
			}
		}
		// The counter of a known device is one of its own, and counts.
		in := auth.LoginInput{Name: "an", Password: "x", Device: devices["an"]}
		for range 5 {
			if _, err := w.svc.Login(t.Context(), in); !errors.Is(err, auth.ErrLoginRefused) {
				t.Error(err)
			}
		}
		if _, err := w.svc.Login(t.Context(), in); !errors.Is(err, auth.ErrThrottled) {
			t.Errorf("the sixth failure of a known device: %v", err)
		}
		experiment.Report(t, experiment.Result{ID: "E-43", Engine: string(w.db.Engine()), N: fails, Observed: refused, Pass: refused == 0})
	})
}

// TestE40OneAddressHasItsShare: stuffing pairs from one network ends at 600 in an hour.
func TestE40OneAddressHasItsShare(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		w = w.withKey()
		pairs := 620
		if experiment.Long() {
			pairs = 5000
		}
		heard := 0
		for i := range pairs {
			if ok, _ := w.guess(t, fmt.Sprintf("user%d", i), "192.0.2.1"); ok {
				heard++
			}
		}
		if heard != 600 {
			t.Errorf("%d of %d were looked at, want 600", heard, pairs)
		}
	})
}
