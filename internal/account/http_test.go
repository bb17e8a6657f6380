package account_test

import (
	"context"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"sochibo/internal/account"
	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
	"sochibo/internal/testkit/apitest"
	"sochibo/internal/testkit/dbtest"
	"sochibo/internal/testkit/experiment"
)

const goodWords = "bốn chú trâu xanh ra đồng"

func each(t *testing.T, fn func(t *testing.T, w apitest.World)) {
	t.Helper()
	apitest.Each(t, func(db *database.DB) []httpapi.Route {
		zone := calendar.Zone{}
		return append(append(account.New(db, zone).Routes(), auth.New(db, zone).Routes()...), org.New(db, zone).Routes()...)
	}, fn)
}

// invited makes a user through the API and returns id and code.
func invited(t *testing.T, by apitest.Caller, name string) (id, code string) {
	t.Helper()
	made := by.Post(t, "/users", fmt.Sprintf(`{"name":%q,"full_name":"Lê Thị Mới"}`, name)).OK(t, http.StatusCreated)
	user, _ := made.JSON(t)["user"].(map[string]any)
	id, _ = user["id"].(string)
	return id, made.Field(t, "one_time_code")
}

// loggedIn sets the password and logs in.
func loggedIn(t *testing.T, by apitest.Caller, name, code string) string {
	t.Helper()
	if code != "" {
		by.Post(t, "/password-settings", fmt.Sprintf(`{"name":%q,"code":%q,"password":%q}`, name, code, goodWords)).OK(t, http.StatusNoContent)
	}
	return by.Post(t, "/login-sessions", fmt.Sprintf(`{"name":%q,"password":%q}`, name, goodWords)).OK(t, http.StatusCreated).Field(t, "token")
}

func TestUsers(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w apitest.World) {
		root := w.As(t, auth.RoleAdministrator, "")
		id, _ := invited(t, root, "moi")
		root.Post(t, "/users", `{"name":"moi","full_name":"X"}`).Problem(t, 409, "user_name_taken")
		root.Post(t, "/users", `{"name":"Mới","full_name":""}`).Problem(t, 422, "user_invalid", "/name user_name_malformed", "/full_name field_required")
		root.Post(t, "/users?dry_run=true", `{"name":"moi2","full_name":"X"}`).Problem(t, 400, "parameter_unknown", "dry_run parameter_unknown")
		path := "/users/" + id
		changed := root.Patch(t, path, `"1"`, `{"full_name":"Lê Thị Sửa","disabled":true}`).OK(t, 200)
		if changed.ETag() != `"2"` || changed.Field(t, "disabled") != "true" || changed.Field(t, "full_name") != "Lê Thị Sửa" {
			t.Errorf("%s", changed)
		}
		root.Patch(t, path, `"1"`, `{}`).Problem(t, 412, "version_stale")
		root.Patch(t, path, `"2"`, `{"full_name":null}`).Problem(t, 422, "user_invalid", "/full_name field_required")
		if back := root.Patch(t, path, `"2"`, `{"disabled":false}`).OK(t, 200); back.Field(t, "disabled_at") != "" {
			t.Errorf("%s", back)
		}
		own := "/users/" + root.Actor.UserID.String()
		root.Patch(t, own, root.Get(t, own).ETag(), `{"disabled":true}`).Problem(t, 403, "own_account")
		if rows := root.Get(t, "/users?limit=1").OK(t, 200); len(rows.Rows(t, "id")) != 1 || rows.Field(t, "next") == "" {
			t.Errorf("%s", rows)
		}
		w.As(t, auth.RoleSecretary, "a1").Get(t, "/users").Problem(t, 403, "forbidden")
		auditor := w.As(t, auth.RoleAuditor, "")
		auditor.Get(t, path).OK(t, 200)
		auditor.Post(t, path+"/password-reset", "").Problem(t, 403, "forbidden")
		auditor.Get(t, "/login-sessions?user_id="+id).Problem(t, 403, "forbidden")
	})
}

// TestScope: an administrator of a part sees who has a role there, and changes who has none elsewhere.
func TestScope(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w apitest.World) {
		local := w.As(t, auth.RoleAdministrator, "a")
		inside, outside := w.Actor(t, auth.RoleSecretary, "a1"), w.Actor(t, auth.RoleSecretary, "b1")
		both, above := w.Actor(t, auth.RoleSecretary, "a2"), w.Actor(t, auth.RoleSuperior, "province")
		grant(t, w, both.UserID, "b1")
		homeless, _ := invited(t, local, "chua.co.quyen")
		for who, test := range map[string]struct {
			id         string
			see, touch int
		}{
			"inside": {inside.UserID.String(), 200, 200}, "outside": {outside.UserID.String(), 404, 404},
			"both": {both.UserID.String(), 200, 403}, "above": {above.UserID.String(), 404, 404}, "none": {homeless, 200, 200},
		} {
			if got := local.Get(t, "/users/"+test.id).Status; got != test.see {
				t.Errorf("%s: seen with %d", who, got)
			}
			if got := local.Post(t, "/users/"+test.id+"/password-reset", "").Status; got != test.touch {
				t.Errorf("%s: reset with %d", who, got)
			}
			if got := local.Patch(t, "/users/"+test.id, `"1"`, `{"disabled":true}`).Status; got != test.touch {
				t.Errorf("%s: disabled with %d", who, got)
			}
			if got := local.Get(t, "/login-sessions?user_id="+test.id).Status; got != test.touch {
				t.Errorf("%s: sessions with %d", who, got)
			}
		}
		listed := strings.Join(local.Get(t, "/users?limit=200").OK(t, 200).Rows(t, "id"), " ")
		for _, hidden := range []auth.UserID{outside.UserID, above.UserID} {
			if strings.Contains(listed, hidden.String()) {
				t.Errorf("%s is listed", hidden)
			}
		}
		if !strings.Contains(listed, inside.UserID.String()) || !strings.Contains(listed, homeless) {
			t.Errorf("too few are listed: %s", listed)
		}
	})
}

func grant(t *testing.T, w apitest.World, user auth.UserID, code string) org.Grant {
	t.Helper()
	id := w.Orgs[code]
	in := org.GrantInput{UserID: user, Role: auth.RoleSuperior, OrganizationID: &id, From: calendar.MustDate("2010-01-01")}
	granted, err := org.New(w.DB, calendar.Zone{}).AddGrant(t.Context(), auth.InstallationActor(), in)
	if err != nil {
		t.Fatal(err)
	}
	return granted
}

func TestSessions(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w apitest.World) {
		root := w.As(t, auth.RoleAdministrator, "")
		id, code := invited(t, root, "moi")
		one := w.With(loggedIn(t, root, "moi", code))
		two := w.With(loggedIn(t, root, "moi", ""))
		own := one.Get(t, "/login-sessions").OK(t, 200).Rows(t, "id")
		if len(own) != 2 {
			t.Fatalf("%v", own)
		}
		_, strangersCode := invited(t, root, "la")
		stranger := w.With(loggedIn(t, root, "la", strangersCode))
		remove := func(by apitest.Caller, session string) apitest.Answer {
			return by.Do(t, http.MethodDelete, "/login-sessions/"+session, "")
		}
		remove(stranger, own[0]).Problem(t, 404, "login_session_unknown")
		remove(two, own[0]).OK(t, 204)
		one.Get(t, "/me").Problem(t, 401, "unauthenticated")
		two.Get(t, "/me").OK(t, 200)
		if theirs := root.Get(t, "/login-sessions?user_id="+id).OK(t, 200).Rows(t, "id"); len(theirs) != 1 || theirs[0] != own[1] {
			t.Errorf("%v", theirs)
		}
		remove(root, own[1]).OK(t, 204)
		two.Get(t, "/me").Problem(t, 401, "unauthenticated")
	})
}

// TestTokens is E-42: what a token may is what its owner may now, and its text is kept nowhere.
func TestTokens(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w apitest.World) {
		root := w.As(t, auth.RoleAdministrator, "")
		id, code := invited(t, root, "moi")
		user := userID(t, id)
		reset := root.Post(t, "/users/"+id+"/password-reset", "").OK(t, 200).Field(t, "one_time_code")
		session := loggedIn(t, root, "moi", reset)
		person := w.With(session)
		secrets := []string{code, reset, goodWords, session}
		trials, let := 0, 0
		denied := func(what, token string, probe func(apitest.Caller) apitest.Answer, status int) {
			trials++
			if got := probe(w.With(token)); got.Status != status {
				let++
				t.Errorf("%s: %s", what, got)
			}
		}
		issue := func() (secret, tokenID string, g org.Grant) {
			g = grant(t, w, user, "a1")
			issued := person.Post(t, "/tokens", fmt.Sprintf(`{"name":"x","grant_id":%q}`, g.ID)).OK(t, 201)
			token, _ := issued.JSON(t)["token"].(map[string]any)
			tokenID, _ = token["id"].(string)
			secrets = append(secrets, issued.Field(t, "secret"))
			return issued.Field(t, "secret"), tokenID, g
		}
		read := func(c apitest.Caller) apitest.Answer { return c.Get(t, "/organizations/"+w.Orgs["a1"].String()) }
		other := func(c apitest.Caller) apitest.Answer { return c.Get(t, "/organizations/"+w.Orgs["b1"].String()) }

		good, tokenID, g := issue()
		read(w.With(good)).OK(t, 200)
		grant(t, w, user, "b1")
		denied("another of the owner's grants", good, other, 404)
		denied("a wrong sum", good[:len(good)-1]+"~", read, 401)
		denied("another secret", good[:30]+"AAAA"+good[34:], read, 401)
		trials++
		if got := receive(t, w, auth.Actor{UserID: user, TokenID: g.ID, GrantID: g.ID}); got != "token_may_not_receive" {
			let++
			t.Errorf("a token receives: %q", got)
		}
		person.Do(t, http.MethodDelete, "/tokens/"+tokenID, "").OK(t, 204)
		denied("revoked", good, read, 401)

		demoted, _, ended := issue()
		w.Write(t, func(ctx context.Context, tx *database.Tx) error {
			return database.Gorm(ctx, tx).Exec("UPDATE role_grant SET valid_to = '2018-05-09' WHERE id = ?", ended.ID).Error
		})
		denied("owner demoted", demoted, read, 404)
		person.Post(t, "/tokens", fmt.Sprintf(`{"name":"x","grant_id":%q}`, ended.ID)).Problem(t, 422, "grant_unknown")
		person.Post(t, "/tokens", fmt.Sprintf(`{"name":"x","grant_id":%q}`, root.Actor.GrantID)).Problem(t, 422, "grant_unknown")

		expired, expiredID, _ := issue()
		w.Write(t, func(ctx context.Context, tx *database.Tx) error {
			return database.Gorm(ctx, tx).Exec("UPDATE api_token SET expires_at = ? WHERE id = ?", tx.Now, expiredID).Error
		})
		denied("expired", expired, read, 401)
		last, _, _ := issue()
		root.Patch(t, "/users/"+id, root.Get(t, "/users/"+id).ETag(), `{"disabled":true}`).OK(t, 200)
		denied("owner disabled", last, read, 401)
		trials += len(secrets)
		let += kept(t, w.DB, secrets)
		experiment.Report(t, experiment.Result{ID: "E-42", Engine: string(w.DB.Engine()), N: trials, Observed: let, Pass: let == 0})
	})
}

func userID(t *testing.T, id string) auth.UserID {
	t.Helper()
	var user auth.UserID
	if err := user.UnmarshalText([]byte(id)); err != nil {
		t.Fatal(err)
	}
	return user
}

// receive asks whether the actor may accept records of the cell a1.
func receive(t *testing.T, w apitest.World, actor auth.Actor) string {
	t.Helper()
	_, err := database.Read(t.Context(), w.DB, func(tx *database.Tx) (struct{}, error) {
		return struct{}{}, org.Authorize(t.Context(), tx, actor, auth.MeetingReceive, w.Orgs["a1"])
	})
	return fault.CodeOf(err)
}

// kept counts the secrets that some column of some table holds as plain text.
func kept(t *testing.T, db *database.DB, secrets []string) int {
	t.Helper()
	found, looked := 0, 0
	for _, column := range dbtest.Columns(t, db) {
		values, err := database.Read(t.Context(), db, func(tx *database.Tx) (values []string, err error) {
			const query = `SELECT coalesce(CAST("%s" AS text), '') FROM "%s"`
			return values, database.Gorm(t.Context(), tx).Raw(fmt.Sprintf(query, column.Name, column.Table)).Scan(&values).Error
		})
		if err != nil {
			t.Fatalf("%s.%s: %v", column.Table, column.Name, err)
		}
		for _, value := range values {
			looked++
			for _, secret := range secrets {
				bare := strings.ReplaceAll(secret, "-", "")
				if strings.Contains(value, secret) || strings.Contains(value, bare) || strings.Contains(value, hex.EncodeToString([]byte(bare))) {
					found++
					t.Errorf("%s.%s holds a secret", column.Table, column.Name)
				}
			}
		}
	}
	if looked < 100 {
		t.Errorf("only %d values were looked at", looked)
	}
	return found
}
