package app_test

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/identity"
	"sochibo/internal/org"
	"sochibo/internal/testkit/apitest"
)

const amending = `{"reason_code":"clerical_error","explanation":"Biên bản ghi nhầm số khách mời {marker}",
	"basis":{"number":"12-CV/CB","date":"2018-05-02"},"change":{"guests":3}}`

const erasing = `{"subject":{"member_id":"{%s}"},"legal_basis":"Điều 14 Luật số 91/2025/QH15",
	"explanation":"Đảng viên đã mất, gia đình đề nghị {marker}","basis":{"number":"12-QĐ/ĐU","date":"2018-05-02"}}`

// buildAmended makes two accepted records that others do not look at: one that can be amended, and one whose amendment waits.
func (w *rightsWorld) buildAmended(t *testing.T, x *target) {
	t.Helper()
	for name, month := range map[string]string{"amendable": "2017-10", "amended": "2017-11"} {
		made := w.writer.must(t, http.StatusCreated, http.MethodPost, "/meetings", x.session(month, withRoll+`,"submit":true`))
		x.ids[name] = made.Field(t, "id")
		w.receiver.must(t, http.StatusOK, http.MethodPost, "/meetings/"+x.ids[name]+"/acceptance", "", "If-Match: "+made.ETag())
	}
	x.ids["amendment"] = w.part(t, w.writer, "/meetings/"+x.ids["amended"], "/amendments", x.fill(amending))
}

// buildErasures makes an organization below the target with a member whose erasure waits, and one of whom nothing is erased yet: it
// takes somebody above to erase.
func (w *rightsWorld) buildErasures(t *testing.T, x *target) {
	t.Helper()
	x.ids["lower"] = w.admin.create(t, "/organizations", `{"kind":"cell","name":"Tổ dưới %s","founded_on":"2010-01-01","parent_id":%q}`, x.marker, x.id)
	for _, name := range []string{"leaving", "former"} {
		x.ids[name] = w.admin.create(t, "/members", `{"full_name":"Lê %s","membership":{"organization_id":%q,"from":"2018-05-01"}}`, x.marker, x.ids["lower"])
	}
	body := x.fill(fmt.Sprintf(erasing, "former"))
	x.ids["erasure"] = w.admin.must(t, http.StatusCreated, http.MethodPost, "/erasures", body).Field(t, "id")
}

// buildPerson makes a user whose one grant is on the target, with a token and a login session.
func (w *rightsWorld) buildPerson(t *testing.T, x *target) {
	t.Helper()
	x.ids["person name"] = "nguoi-" + strings.TrimPrefix(x.marker, "DẤU")
	user, err := w.Auth.CreateUser(t.Context(), auth.InstallationActor(), x.ids["person name"], "Nguyễn "+x.marker)
	if err != nil {
		t.Fatal(err)
	}
	id := org.ID{UUID: uuid.MustParse(x.id)}
	grant, err := w.Org.AddGrant(t.Context(), auth.InstallationActor(), org.GrantInput{
		UserID: user.ID, Role: auth.RoleMember, OrganizationID: &id, Reach: org.ReachSelf, From: calendar.MustDate("2015-01-01"),
	})
	if err != nil {
		t.Fatal(err)
	}
	linked, err := w.Identities.Link(t.Context(), auth.InstallationActor(), user.ID, identity.Input{Issuer: "https://login.example.org", Subject: x.ids["person name"]})
	if err != nil {
		t.Fatal(err)
	}
	x.ids["identity"] = linked.ID.String()
	token, _, err := w.Auth.IssueToken(t.Context(), auth.InstallationActor(), auth.TokenInput{User: user.ID, GrantID: grant.ID, Name: "test"})
	if err != nil {
		t.Fatal(err)
	}
	session, hash, now := uuid.New(), sha256.Sum256([]byte(x.marker)), apitest.Now()
	w.set(t, `INSERT INTO login_session (id, user_id, hash, second_factor, created_at, last_used_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		session, user.ID, hash[:], false, now, now, now.Add(time.Hour))
	x.ids["person"], x.ids["token"], x.ids["session"] = user.ID.String(), token.ID.String(), session.String()
}

// by puts what is the caller's own into the request.
func (a ask) by(c caller) ask {
	own := c.actor.TokenID.String()
	a.path, a.lists = strings.ReplaceAll(a.path, "{own_token}", own), strings.ReplaceAll(a.lists, "{own_token}", own)
	return a
}

// earnestly sends a body without a dry run, since the route has none. What is let in is refused for the reason in stops, or it writes.
func earnestly(path, body, stops string) asking {
	return func(x target, _ *rightsWorld, _ bool) ask {
		return ask{path: x.fill(path), body: x.fill(body), earnest: true, stops: stops}
	}
}

// rehearsing asks a route that has no dry run for one, which it refuses everybody who is let in.
func rehearsing(path, body string) asking {
	return func(_ target, _ *rightsWorld, _ bool) ask {
		return ask{path: path, body: body, stops: "parameter_unknown"}
	}
}

// identityAsks are about an identity of the target's person, or about users of other kinds, whose identities nobody finds.
func identityAsks() map[string]asking {
	const all, body = "/users/{person}/identities", `{"issuer":"https://login.example.org","subject":"moi-{person}"}`
	of := func(user func(w *rightsWorld) auth.UserID, tail, body string) asking {
		return func(_ target, w *rightsWorld, _ bool) ask {
			return ask{path: "/users/" + user(w).String() + "/identities" + tail, body: body}
		}
	}
	elsewhere := func(w *rightsWorld) auth.UserID { return w.grantee }
	const another = `{"issuer":"https://login.example.org","subject":"khac"}`
	return map[string]asking{
		"GET /users/{user_id}/identities":                            reading(all),
		"GET /users/{user_id}/identities elsewhere":                  of(elsewhere, "", ""),
		"POST /users/{user_id}/identities":                           writing(all, "", body),
		"POST /users/{user_id}/identities elsewhere":                 of(elsewhere, "", another),
		"POST /users/{user_id}/identities homeless":                  of(func(w *rightsWorld) auth.UserID { return w.homeless }, "", another),
		"DELETE /users/{user_id}/identities/{identity_id}":           writing(all+"/{identity}", "", ""),
		"DELETE /users/{user_id}/identities/{identity_id} elsewhere": of(elsewhere, "/0198c0de-0000-7000-8000-000000000001", ""),
		"GET /login-methods":                                         reading("/api/v1/login-methods"),
		"POST /login-exchanges":                                      rehearsing("/login-exchanges", `{"return_to":"/"}`),
		"GET /login-exchanges/callback": func(target, *rightsWorld, bool) ask {
			return ask{path: "/api/v1/login-exchanges/callback?state=x&code=y", stops: "provider_unconfigured"}
		},
		"POST /provider-logouts": earnestly("/provider-logouts", `{"return_to":"/"}`, ""),
	}
}

func accountAsks() map[string]asking {
	const one, change = "/users/{person}", `{"full_name":"Đổi"}`
	of := func(user func(w *rightsWorld) auth.UserID, body string) asking {
		return func(_ target, w *rightsWorld, _ bool) ask {
			return ask{path: "/users/" + user(w).String(), body: body, tag: `If-Match: "1"`}
		}
	}
	reset := func(user func(x target, w *rightsWorld) string) asking { // it has no dry run, and nothing stops it
		return func(x target, w *rightsWorld, _ bool) ask {
			return ask{path: "/users/" + user(x, w) + "/password-reset", earnest: true, writes: true}
		}
	}
	elsewhere := func(w *rightsWorld) auth.UserID { return w.grantee }
	homeless := func(w *rightsWorld) auth.UserID { return w.homeless }
	return map[string]asking{
		"GET /users":                                     listing("/users?name={person name}", "person"),
		"POST /users":                                    earnestly("/users", `{"name":"da-co","full_name":"Đã có"}`, "user_name_taken"),
		"GET /users/{user_id}":                           reading(one),
		"GET /users/{user_id} homeless":                  of(homeless, ""),
		"PATCH /users/{user_id}":                         writing(one, "person", change),
		"PATCH /users/{user_id} elsewhere":               of(elsewhere, change),
		"PATCH /users/{user_id} homeless":                of(homeless, change),
		"GET /users/{user_id} elsewhere":                 of(elsewhere, ""),
		"POST /users/{user_id}/password-reset":           reset(func(x target, _ *rightsWorld) string { return x.ids["person"] }),
		"POST /users/{user_id}/password-reset elsewhere": reset(func(_ target, w *rightsWorld) string { return w.grantee.String() }),
		"POST /users/{user_id}/password-reset homeless":  reset(func(_ target, w *rightsWorld) string { return w.homeless.String() }),
		"GET /login-sessions":                            reading("/login-sessions"),
		"GET /login-sessions others":                     reading("/login-sessions?user_id={person}"),
		"POST /login-sessions":                           rehearsing("/login-sessions", `{"name":"khong-co","password":"bốn chú trâu xanh ra đồng"}`),
		"DELETE /login-sessions/{login_session_id}":      writing("/login-sessions/{session}", "", ""),
		"DELETE /login-sessions/current":                 writing("/login-sessions/current", "", ""),
		"POST /login-sessions/current/confirmation":      earnestly("/login-sessions/current/confirmation", `{"password":"x"}`, ""),
		"POST /password-settings": rehearsing("/password-settings",
			`{"name":"khong-co","code":"ABCDE-FGHIJ-KLMNO-PQRST-UVW","password":"bốn chú trâu xanh ra đồng"}`),
		"POST /me/password":          earnestly("/me/password", `{"current_password":"x","password":"bốn chú trâu xanh ra đồng"}`, ""),
		"POST /me/totp":              earnestly("/me/totp", "", ""),
		"POST /me/totp/confirmation": earnestly("/me/totp/confirmation", `{"code":"123456"}`, ""),
		"POST /me/totp/removal":      earnestly("/me/totp/removal", `{"password":"x","totp":"123456"}`, ""),
		"GET /tokens":                func(target, *rightsWorld, bool) ask { return ask{path: "/tokens", lists: "{own_token}"} },
		"POST /tokens":               earnestly("/tokens", `{"name":"Thêm","grant_id":"{grant}"}`, ""),
		"DELETE /tokens/{token_id}":  writing("/tokens/{token}", "", ""),
		"DELETE /tokens/{token_id} own": func(target, *rightsWorld, bool) ask {
			return ask{path: "/tokens/{own_token}"}
		},
	}
}

func decidedByTwoAsks() map[string]asking {
	const all = "/meetings/{amended}/amendments"
	const one = all + "/{amendment}"
	return map[string]asking{
		"GET /meetings/{meeting_id}/amendments":                              reading(all),
		"POST /meetings/{meeting_id}/amendments":                             writing("/meetings/{amendable}/amendments", "amendable", amending),
		"GET /meetings/{meeting_id}/amendments/{amendment_id}":               reading(one),
		"DELETE /meetings/{meeting_id}/amendments/{amendment_id}":            writing(one, "amended", ""),
		"POST /meetings/{meeting_id}/amendments/{amendment_id}/confirmation": writing(one+"/confirmation", "amended", ""),
		"POST /meetings/{meeting_id}/amendments/{amendment_id}/rejection":    writing(one+"/rejection", "amended", `{"reason":"Chưa có văn bản"}`),
		"GET /erasures below":                            listing("/erasures?limit=200", "erasure"),
		"POST /erasures below":                           writing("/erasures", "", fmt.Sprintf(erasing, "leaving")),
		"GET /erasures/{erasure_id} below":               reading("/erasures/{erasure}"),
		"DELETE /erasures/{erasure_id} below":            writing("/erasures/{erasure}", "erasure", ""),
		"POST /erasures/{erasure_id}/confirmation below": writing("/erasures/{erasure}/confirmation", "erasure", ""),
		"POST /erasures/{erasure_id}/rejection below":    writing("/erasures/{erasure}/rejection", "erasure", `{"reason":"Còn thời hạn lưu"}`),
	}
}
