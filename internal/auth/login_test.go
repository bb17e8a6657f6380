package auth_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/pquerna/otp/totp"
	"golang.org/x/text/unicode/norm"

	"sochibo/internal/auth"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/testkit/experiment"
)

const (
	secretKey = "0123456789abcdef0123456789abcdef"
	goodWords = "bốn chú trâu xanh ra đồng"
	otherWord = "năm con nghé vàng về làng"
)

// withKey is the world of an installation with a secret key, whose hashes are cheap.
func (w world) withKey() world {
	w.svc = auth.NewWith(w.db, auth.Settings{SecretKey: []byte(secretKey), RequireTOTP: true})
	w.svc.Cheap()
	return w
}

// invited adds a user and returns the one-time code.
func (w world) invited(t *testing.T, name string) (auth.User, string) {
	t.Helper()
	type result struct {
		user auth.User
		code string
	}
	r, err := database.Write(t.Context(), w.db, func(tx *database.Tx) (result, error) {
		user, code, err := auth.AddUser(t.Context(), tx, name, "Nguyễn Văn A")
		return result{user, code}, err
	})
	if err != nil {
		t.Fatal(err)
	}
	return r.user, r.code
}

// person adds a user with a password.
func (w world) person(t *testing.T, name string) auth.User {
	t.Helper()
	user, code := w.invited(t, name)
	if err := w.svc.SetPassword(t.Context(), name, code, goodWords, "192.0.2.1"); err != nil {
		t.Fatal(err)
	}
	return user
}

func (w world) login(t *testing.T, in auth.LoginInput) auth.Opened {
	t.Helper()
	opened, err := w.svc.Login(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	return opened
}

func (w world) in(t *testing.T, name string) (auth.Opened, auth.Actor) {
	t.Helper()
	opened := w.login(t, auth.LoginInput{Name: name, Password: goodWords, Address: "192.0.2.1"})
	actor, err := w.svc.Authenticate(t.Context(), opened.Token)
	if err != nil {
		t.Fatal(err)
	}
	return opened, actor
}

func (w world) write(t *testing.T, fn func(ctx context.Context, tx *database.Tx) error) {
	t.Helper()
	_, err := database.Write(t.Context(), w.db, func(tx *database.Tx) (struct{}, error) { return struct{}{}, fn(t.Context(), tx) })
	if err != nil {
		t.Fatal(err)
	}
}

func TestOneTimeCode(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		w = w.withKey()
		_, code := w.invited(t, "bi.thu")
		set := func(name, code, password string) string {
			return fault.CodeOf(w.svc.SetPassword(t.Context(), name, code, password, "192.0.2.1"))
		}
		for _, wrong := range [][2]string{{"bi.thu", "AAAAA-BBBBB"}, {"nobody", code}, {"bi.thu", ""}} {
			if got := set(wrong[0], wrong[1], goodWords); got != "one_time_code_refused" {
				t.Errorf("%v: %s", wrong, got)
			}
		}
		if got := set("bi.thu", code, "ngắn"); got != "password_invalid" {
			t.Error(got)
		}
		if got := set("bi.thu", strings.ToLower(strings.ReplaceAll(code, "-", " ")), goodWords); got != "" {
			t.Errorf("a code typed in small letters: %s", got)
		}
		if got := set("bi.thu", code, goodWords); got != "one_time_code_refused" {
			t.Errorf("the code was good twice: %q", got)
		}
		_, late := w.invited(t, "muon")
		*w.now = w.now.Add(24 * time.Hour)
		if got := set("muon", late, goodWords); got != "one_time_code_refused" {
			t.Errorf("the code outlived a day: %q", got)
		}
	})
}

// TestPasswords is E-46.
func TestPasswords(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		w = w.withKey()
		trials, wrong := 0, 0
		note := func(ok bool, what string) {
			trials++
			if !ok {
				wrong++
				t.Error(what)
			}
		}
		long := strings.Repeat("đồng lúa chín vàng, ", 6) + "mùa gặt!" // 128
		for i, password := range []string{norm.NFC.String(goodWords), norm.NFD.String(goodWords), long, "🐃🐃 về làng, 🐃🐃 ra đồng"} {
			name := "u" + string(rune('a'+i))
			_, code := w.invited(t, name)
			note(w.svc.SetPassword(t.Context(), name, code, password, "") == nil, "set "+password)
			for _, typed := range []string{norm.NFC.String(password), norm.NFD.String(password)} {
				_, err := w.svc.Login(t.Context(), auth.LoginInput{Name: name, Password: typed})
				note(err == nil, "log in with "+typed)
			}
			cut := strings.TrimSuffix(password, string([]rune(password)[len([]rune(password))-1]))
			_, err := w.svc.Login(t.Context(), auth.LoginInput{Name: name, Password: cut})
			note(errors.Is(err, auth.ErrLoginRefused), "the last character counts for nothing in "+password)
		}
		before := w.phc(t, "ua")
		w.svc.Dearer()
		w.login(t, auth.LoginInput{Name: "ua", Password: goodWords})
		after := w.phc(t, "ua")
		note(strings.Contains(before, "$m=64,t=1,p=1$") && strings.Contains(after, "$m=128,t=2,p=1$"), "rehash: "+before+" "+after)
		w.login(t, auth.LoginInput{Name: "ua", Password: goodWords})
		note(w.phc(t, "ua") == after, "a hash that is up to date was made anew")
		experiment.Report(t, experiment.Result{ID: "E-46", Engine: string(w.db.Engine()), N: trials, Observed: wrong, Pass: wrong == 0})
	})
}

// phc returns the hash that is kept of a password.
func (w world) phc(t *testing.T, name string) string {
	t.Helper()
	var phc string
	w.write(t, func(ctx context.Context, tx *database.Tx) error {
		const query = `SELECT password FROM user_credential WHERE user_id = (SELECT id FROM user_account WHERE name = ?)`
		return database.Gorm(ctx, tx).Raw(query, name).Scan(&phc).Error
	})
	return phc
}

func TestRealCost(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		w.person(t, "bi.thu")
		if phc := w.phc(t, "bi.thu"); !strings.HasPrefix(phc, "$argon2id$v=19$m=47104,t=1,p=1$") {
			t.Error(phc)
		}
		w.svc.FillHashQueue()
		_, err := w.svc.Login(t.Context(), auth.LoginInput{Name: "bi.thu", Password: goodWords})
		if f, ok := fault.As(err); !ok || f.Code != "password_busy" || f.RetryAfter == 0 || f.Kind != fault.Unavailable {
			t.Errorf("with all slots taken: %v", err)
		}
	})
}

// TestSessionEnds is E-41: whatever ends a session, it is good for nothing afterwards.
func TestSessionEnds(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		w = w.withKey()
		ends := map[string]func(opened auth.Opened, actor auth.Actor) error{
			"logout": func(_ auth.Opened, actor auth.Actor) error { _, err := w.svc.Logout(t.Context(), actor); return err },
			"password change": func(_ auth.Opened, actor auth.Actor) error {
				return w.svc.ChangePassword(t.Context(), actor, goodWords, otherWord)
			},
			"idle":       func(auth.Opened, auth.Actor) error { *w.now = w.now.Add(30 * time.Minute); return nil },
			"clock back": func(auth.Opened, auth.Actor) error { *w.now = w.now.Add(-time.Minute); return nil },
			"absolute": func(o auth.Opened, _ auth.Actor) error {
				for range 12*3 - 1 { // it is used all the time
					*w.now = w.now.Add(20 * time.Minute)
					if _, err := w.svc.Authenticate(t.Context(), o.Token); err != nil {
						return err
					}
				}
				*w.now = w.now.Add(20 * time.Minute)
				return nil
			},
			"reset": func(_ auth.Opened, actor auth.Actor) error {
				return w.change(t, actor.UserID, func(ctx context.Context, tx *database.Tx, user auth.User) error {
					_, err := auth.ResetPassword(ctx, tx, user)
					return err
				})
			},
			"disable": func(_ auth.Opened, actor auth.Actor) error {
				return w.change(t, actor.UserID, func(ctx context.Context, tx *database.Tx, user auth.User) error {
					_, err := auth.EditUser(ctx, tx, auth.InstallationActor(), user, user.Version, disabled(true))
					return err
				})
			},
			"disable and enable": func(_ auth.Opened, actor auth.Actor) error {
				return w.change(t, actor.UserID, func(ctx context.Context, tx *database.Tx, user auth.User) error {
					user, err := auth.EditUser(ctx, tx, auth.InstallationActor(), user, user.Version, disabled(true))
					if err == nil {
						_, err = auth.EditUser(ctx, tx, auth.InstallationActor(), user, user.Version, disabled(false))
					}
					return err
				})
			},
		}
		trials, reused := 0, 0
		for way, end := range ends {
			start := *w.now
			w.person(t, strings.ReplaceAll(way, " ", "."))
			opened, actor := w.in(t, strings.ReplaceAll(way, " ", "."))
			again, _ := w.in(t, strings.ReplaceAll(way, " ", "."))
			if again.Token == opened.Token || again.Session.ID == opened.Session.ID {
				t.Errorf("%s: two logins, one session", way)
			}
			if err := end(opened, actor); err != nil {
				t.Errorf("%s: %v", way, err)
			}
			trials++
			if _, err := w.svc.Authenticate(t.Context(), opened.Token); !errors.Is(err, auth.ErrUnauthenticated) {
				reused++
				t.Errorf("after %s the session is good: %v", way, err)
			}
			*w.now = start
		}
		experiment.Report(t, experiment.Result{ID: "E-41", Engine: string(w.db.Engine()), N: trials, Observed: reused, Pass: reused == 0})
	})
}

func disabled(yes bool) auth.UserChange {
	var change auth.UserChange
	change.Disabled.Set, change.Disabled.Value = true, yes
	return change
}

func (w world) change(t *testing.T, id auth.UserID, fn func(context.Context, *database.Tx, auth.User) error) error {
	t.Helper()
	_, err := database.Write(t.Context(), w.db, func(tx *database.Tx) (struct{}, error) {
		user, err := auth.FindUser(t.Context(), tx, id)
		if err != nil {
			return struct{}{}, err
		}
		return struct{}{}, fn(t.Context(), tx, user)
	})
	return err
}

func TestOneTimePasswords(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		w = w.withKey()
		w.person(t, "cap.tren")
		other, _ := w.in(t, "cap.tren")
		opened, actor := w.in(t, "cap.tren")
		enrolment, err := w.svc.EnrolTotp(t.Context(), actor)
		if err != nil || !strings.Contains(enrolment.URL, "otpauth://totp/sochibo:cap.tren?") {
			t.Fatalf("%+v, %v", enrolment, err)
		}
		code := func() string {
			t.Helper()
			code, err := totp.GenerateCode(enrolment.Secret, *w.now)
			if err != nil {
				t.Fatal(err)
			}
			return code
		}
		if _, err := w.svc.ConfirmTotp(t.Context(), actor, "000000"); !errors.Is(err, auth.ErrTotpRefused) {
			t.Errorf("a wrong code: %v", err)
		}
		codes, err := w.svc.ConfirmTotp(t.Context(), actor, code())
		if err != nil || len(codes) != 10 {
			t.Fatalf("%v, %v", codes, err)
		}
		if _, err := w.svc.Authenticate(t.Context(), other.Token); err == nil {
			t.Error("a session without a second factor lives on")
		}
		if now, err := w.svc.Authenticate(t.Context(), opened.Token); err != nil || !now.SecondFactor {
			t.Errorf("%+v, %v", now, err)
		}
		in := auth.LoginInput{Name: "cap.tren", Password: goodWords, Address: "192.0.2.1"}
		attempt := func(totp, recovery string) string {
			in.TOTP, in.RecoveryCode = totp, recovery
			_, err := w.svc.Login(t.Context(), in)
			return fault.CodeOf(err)
		}
		used := code()
		*w.now = w.now.Add(time.Minute)
		fresh := code()
		for _, step := range []struct{ what, totp, recovery, want string }{
			{"nothing", "", "", "second_factor_missing"},
			{"a code of a minute ago", used, "", "login_refused"},
			{"a code", fresh, "", ""},
			{"the code again", fresh, "", "login_refused"},
			{"a recovery code", "", codes[3], ""},
			{"the recovery code again", "", codes[3], "login_refused"},
			{"no recovery code", "", "AAAAA-BBBBB-CCCCC-DDDDD-EEE", "login_refused"},
		} {
			if got := attempt(step.totp, step.recovery); got != step.want {
				t.Errorf("%s: %q, want %q", step.what, got, step.want)
			}
		}
		*w.now = w.now.Add(time.Hour)
		in.TOTP, in.RecoveryCode = code(), ""
		opened = w.login(t, in)
		actor, err = w.svc.Authenticate(t.Context(), opened.Token)
		if err != nil {
			t.Fatal(err)
		}
		*w.now = w.now.Add(time.Minute)
		if err := w.svc.RemoveTotp(t.Context(), actor, otherWord, code(), ""); !errors.Is(err, auth.ErrLoginRefused) {
			t.Errorf("with a wrong password: %v", err)
		}
		if err := w.svc.RemoveTotp(t.Context(), actor, goodWords, "000000", ""); !errors.Is(err, auth.ErrLoginRefused) {
			t.Errorf("with a wrong code: %v", err)
		}
		if err := w.svc.RemoveTotp(t.Context(), actor, goodWords, code(), ""); err != nil {
			t.Error(err)
		}
		if got := attempt("", ""); got != "" {
			t.Errorf("after they are off: %s", got)
		}
	})
}

func TestTotpNeedsAKeyAndASession(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		w.svc.Cheap()
		user := w.person(t, "cap.tren")
		_, actor := w.in(t, "cap.tren")
		if _, err := w.svc.EnrolTotp(t.Context(), actor); !errors.Is(err, auth.ErrTotpUnconfigured) {
			t.Error(err)
		}
		if _, err := w.svc.EnrolTotp(t.Context(), auth.Actor{UserID: user.ID, TokenID: uuid.New()}); !errors.Is(err, auth.ErrSessionNeeded) {
			t.Error(err)
		}
		if got := actor.Act("x").Credential; got != "session:"+actor.SessionID.String() {
			t.Error(got)
		}
	})
}

// TestWhoMayReceive: a session with a second factor may; a token may until people log in here.
func TestWhoMayReceive(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		w = w.withKey()
		user := w.person(t, "cap.tren")
		token := auth.Actor{UserID: user.ID, TokenID: uuid.New()}
		check := func(actor auth.Actor) string {
			_, err := database.Read(t.Context(), w.db, func(tx *database.Tx) (struct{}, error) {
				return struct{}{}, auth.CheckFactor(t.Context(), tx, actor, auth.MeetingReceive)
			})
			return fault.CodeOf(err)
		}
		if got := check(token); got != "" {
			t.Errorf("a token where nobody ever logged in: %s", got)
		}
		_, session := w.in(t, "cap.tren")
		if got := check(token); got != "token_may_not_receive" {
			t.Errorf("a token: %q", got)
		}
		if got := check(session); got != "second_factor_required" {
			t.Errorf("a session by password alone: %q", got)
		}
		session.SecondFactor = true
		if got := check(session) + check(auth.InstallationActor()); got != "" {
			t.Error(got)
		}
	})
}
