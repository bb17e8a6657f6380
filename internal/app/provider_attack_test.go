package app_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"sochibo/internal/auth"
	"sochibo/internal/testkit/apitest"
	"sochibo/internal/testkit/experiment"
	"sochibo/internal/testkit/provider"
)

// attack is a login that must not succeed.
type attack struct {
	name string
	want string // the code of the refusal, and after a space the reason that it names
	try  func(t *testing.T, in provided) apitest.Answer
}

// attacks tries to log in as somebody who is linked, in every way that the flow has to withstand. Tokens are genuine wherever an
// attacker could have a genuine one; where only the signature would stand in the way, the provider's keys are exchanged too, so that
// each check stands alone.
func attacks(t *testing.T, in provided) {
	t.Helper()
	in.link(t, in.middle.Issuer, provider.SubjectOne)
	in.enters(t, provider.UserOne)
	all := slices.Concat(tokenAttacks(), forgedTokens(), in.confusions(t), signedByAnother(), exchangeAttacks(), personAttacks())
	through := in.suffer(t, all)
	in.enters(t, provider.UserOne)
	late := lateAttacks() // last, for no clock goes back
	through += in.suffer(t, late)
	if opened := in.count(t, "SELECT count(*) FROM login_session"); opened != 2 {
		t.Errorf("%d sessions were opened, want the two honest ones", opened)
	}
	experiment.Report(t, experiment.Result{ID: "E-45", Engine: string(in.DB().Engine()), N: len(all) + len(late), Observed: through, Pass: through == 0})
	in.verified(t)
}

// suffer tries the attacks and counts those that were let through.
func (in provided) suffer(t *testing.T, attacks []attack) (through int) {
	t.Helper()
	for _, a := range attacks {
		answer := a.try(t, in)
		in.middle.Meddle(nil, nil)
		if answer.Status < http.StatusBadRequest || session(answer) != "" {
			through++
			t.Errorf("%s: let through: %s", a.name, answer)
			continue
		}
		code, reason, _ := strings.Cut(a.want, " ")
		if !strings.Contains(answer.Text, `"code":"`+code+`"`) || !strings.Contains(answer.Text, reason) {
			t.Errorf("%s: refused otherwise than with %s: %s", a.name, a.want, answer)
		}
	}
	return through
}

// lateAttacks come when it is too late for a token, and for a login.
func lateAttacks() []attack {
	after := func(wait time.Duration) func(*testing.T, provided) apitest.Answer {
		return func(t *testing.T, in provided) apitest.Answer {
			v := in.begin(t)
			query := in.middle.LogIn(t, v.authorization, provider.UserOne).Query()
			in.ahead.Add(int64(wait))
			return in.back(t, query, v.cookie)
		}
	}
	return []attack{
		{"a token that has expired", "identity_refused (exp)", after(tokenLife + time.Minute)},
		{"a login that took too long", "login_exchange_refused", after(10*time.Minute + time.Second)},
	}
}

// replacing logs the user in while the answer with the tokens is changed on the way.
func replacing(user string, change func(t *testing.T, tokens provider.Answer)) func(*testing.T, provided) apitest.Answer {
	return func(t *testing.T, in provided) apitest.Answer {
		t.Helper()
		v := in.begin(t)
		query := in.middle.LogIn(t, v.authorization, user).Query()
		in.middle.Meddle(func(tokens provider.Answer) { change(t, tokens) }, nil)
		return in.back(t, query, v.cookie)
	}
}

// token changes the token alone.
func token(user string, change func(t *testing.T, genuine string) string) func(*testing.T, provided) apitest.Answer {
	return replacing(user, func(t *testing.T, tokens provider.Answer) {
		genuine, _ := tokens["id_token"].(string)
		tokens["id_token"] = change(t, genuine)
	})
}

// tokenAttacks bring a genuine token that is not for this login.
func tokenAttacks() []attack {
	withNonce := func(value string) func(*testing.T, provided) apitest.Answer {
		return func(t *testing.T, in provided) apitest.Answer {
			v := in.begin(t)
			return in.back(t, in.middle.LogIn(t, v.changed(t, "nonce", value), provider.UserOne).Query(), v.cookie)
		}
	}
	return []attack{
		{"a token for another client of the provider", "identity_refused (aud)", func(t *testing.T, in provided) apitest.Answer {
			v := in.begin(t)
			u, err := url.Parse(v.authorization)
			if err != nil {
				t.Fatal(err)
			}
			foreign := in.middle.TokenFor(t, otherClient, provider.UserOne, u.Query().Get("nonce"))
			query := in.middle.LogIn(t, v.authorization, provider.UserOne).Query()
			in.middle.Meddle(func(tokens provider.Answer) { tokens["id_token"] = foreign }, nil)
			return in.back(t, query, v.cookie)
		}},
		{"a token of another login", "identity_refused (nonce)", withNonce("A-NONCE-OF-SOMEBODY-ELSE")},
		{"a token without a nonce", "identity_refused (nonce)", withNonce("")},
		{"no token", "identity_refused (id_token)", replacing(provider.UserOne, func(_ *testing.T, tokens provider.Answer) {
			delete(tokens, "id_token")
		})},
		{"another access token beside it", "identity_refused (at_hash)", replacing(provider.UserOne, func(_ *testing.T, tokens provider.Answer) {
			tokens["access_token"] = "somebody-else's"
		})},
	}
}

// forgedTokens say what they like, without a key of the provider.
func forgedTokens() []attack {
	attacks := []attack{
		{"a token that says another subject", "identity_refused (signature)", token(provider.UserTwo, func(t *testing.T, genuine string) string {
			claims := provider.Claims(t, genuine)
			claims["sub"] = provider.SubjectOne
			return provider.WithClaims(t, genuine, claims)
		})},
		{"a key of somebody else, under an unknown name", "identity_refused (signature)", token(provider.UserOne, func(t *testing.T, genuine string) string {
			return provider.NewKey(t, "x").Sign(t, provider.Answer{"alg": "RS256", "kid": "x"}, provider.Claims(t, genuine))
		})},
		{"a key of somebody else, in the token itself", "identity_refused (signature)", token(provider.UserOne, func(t *testing.T, genuine string) string {
			key := provider.NewKey(t, "x")
			return key.Sign(t, provider.Answer{"alg": "RS256", "kid": "x", "jwk": key.JWK()}, provider.Claims(t, genuine))
		})},
		{"a key of somebody else, without a name", "identity_refused (signature)", token(provider.UserOne, func(t *testing.T, genuine string) string {
			return provider.NewKey(t, "").Sign(t, provider.Answer{"alg": "RS256"}, provider.Claims(t, genuine))
		})},
		{"no token at all, but a text", "identity_refused (alg)", token(provider.UserOne, func(*testing.T, string) string { return "a.b.c" })},
	}
	for _, none := range []string{"none", "None", "NONE", "nOnE", ""} {
		attacks = append(attacks, attack{fmt.Sprintf("the algorithm %q", none), "identity_refused (alg)", token(provider.UserOne, func(t *testing.T, genuine string) string {
			return provider.WithoutSignature(t, genuine, provider.Answer{"alg": none, "typ": "JWT"})
		})})
	}
	return attacks
}

// confusions are tokens signed with HMAC under the provider's public key, in all forms of it.
func (in provided) confusions(t *testing.T) []attack {
	t.Helper()
	kid, forms := in.middle.PublicForms(t)
	forms["the client's secret"] = []byte(ourClient.Secret)
	var attacks []attack
	for _, form := range slices.Sorted(maps.Keys(forms)) {
		for _, algorithm := range []string{"HS256", "RS256"} { // the second says that it is none
			want := map[string]string{"HS256": "identity_refused (alg)", "RS256": "identity_refused (signature)"}[algorithm]
			attacks = append(attacks, attack{algorithm + " with HMAC under " + form, want, token(provider.UserOne, func(t *testing.T, genuine string) string {
				return provider.WithHMAC(t, genuine, provider.Answer{"alg": algorithm, "kid": kid}, forms[form])
			})})
		}
	}
	return attacks
}

// signedByAnother are tokens that are signed with a key which the server takes for the provider's, so that only what they say is wrong.
func signedByAnother() []attack {
	says := func(name, want, algorithm string, change func(claims provider.Answer)) attack {
		return attack{name, want, func(t *testing.T, in provided) apitest.Answer {
			key := provider.NewKey(t, "taken over")
			v := in.begin(t)
			query := in.middle.LogIn(t, v.authorization, provider.UserOne).Query()
			in.middle.Meddle(func(tokens provider.Answer) {
				genuine, _ := tokens["id_token"].(string)
				claims := provider.Claims(t, genuine)
				change(claims)
				tokens["id_token"] = key.Sign(t, provider.Answer{"alg": algorithm, "kid": key.ID}, claims)
			}, func(keys provider.Answer) { keys["keys"] = []any{key.JWK()} })
			return in.back(t, query, v.cookie)
		}}
	}
	return []attack{
		says("another issuer", "identity_refused (iss)", "RS256", func(c provider.Answer) { c["iss"] = "https://login.example.net" }),
		says("the issuer with a stroke", "identity_refused (iss)", "RS256", func(c provider.Answer) { c["iss"] = fmt.Sprint(c["iss"]) + "/" }),
		says("no issuer", "identity_refused (iss)", "RS256", func(c provider.Answer) { delete(c, "iss") }),
		says("another audience", "identity_refused (aud)", "RS256", func(c provider.Answer) { c["aud"] = []string{otherClient.ID} }),
		says("no audience", "identity_refused (aud)", "RS256", func(c provider.Answer) { delete(c, "aud") }),
		says("another authorized party", "identity_refused (azp)", "RS256", func(c provider.Answer) {
			c["aud"], c["azp"] = []string{ourClient.ID, otherClient.ID}, otherClient.ID
		}),
		says("two audiences and nobody authorized", "identity_refused (azp)", "RS256", func(c provider.Answer) {
			c["aud"] = []string{ourClient.ID, otherClient.ID}
			delete(c, "azp")
		}),
		says("yesterday", "identity_refused (exp)", "RS256", func(c provider.Answer) { c["exp"] = time.Now().Add(-24 * time.Hour).Unix() }),
		says("no end", "identity_refused (exp)", "RS256", func(c provider.Answer) { delete(c, "exp") }),
		says("tomorrow", "identity_refused (nbf)", "RS256", func(c provider.Answer) {
			c["nbf"], c["exp"] = time.Now().Add(24*time.Hour).Unix(), time.Now().Add(48*time.Hour).Unix()
		}),
		says("an empty nonce", "identity_refused (nonce)", "RS256", func(c provider.Answer) { c["nonce"] = "" }),
		says("nobody", "identity_refused (sub)", "RS256", func(c provider.Answer) { c["sub"] = "" }),
		says("somebody with a line break", "identity_refused (sub)", "RS256", func(c provider.Answer) { c["sub"] = "id1\n" }),
		says("an algorithm that is not on the list", "identity_refused (alg)", "RS512", func(provider.Answer) {}),
	}
}

// exchangeAttacks bring something back that does not belong to this browser, or to this login.
func exchangeAttacks() []attack {
	// returned logs in honestly, but for what is brought back.
	returned := func(change func(t *testing.T, in provided, v *visit, query url.Values)) func(*testing.T, provided) apitest.Answer {
		return func(t *testing.T, in provided) apitest.Answer {
			v := in.begin(t)
			query := in.middle.LogIn(t, v.authorization, provider.UserOne).Query()
			change(t, in, &v, query)
			return in.back(t, query, v.cookie)
		}
	}
	const refused = "login_exchange_refused"
	return []attack{
		{"another state", refused, returned(func(_ *testing.T, _ provided, _ *visit, q url.Values) { q.Set("state", "AAAAAAAAAAAAAAAAAAAAAAAAAA") })},
		{"no state", refused, returned(func(_ *testing.T, _ provided, _ *visit, q url.Values) { q.Del("state") })},
		{"the state of another browser", refused, returned(func(t *testing.T, in provided, _ *visit, q url.Values) {
			q.Set("state", stateOf(t, in.begin(t)))
		})},
		{"another browser", refused, returned(func(t *testing.T, in provided, v *visit, _ url.Values) { v.cookie = in.begin(t).cookie })},
		{"no cookie", refused, returned(func(_ *testing.T, _ provided, v *visit, _ url.Values) { v.cookie = "" })},
		{"an empty cookie", refused, returned(func(_ *testing.T, _ provided, v *visit, _ url.Values) { v.cookie = "__Host-login=" })},
		{"the same return again", refused, returned(func(t *testing.T, in provided, v *visit, q url.Values) {
			in.back(t, url.Values{"state": q["state"], "error": {"access_denied"}}, v.cookie).Problem(t, http.StatusForbidden, "provider_refused")
		})},
		{"another issuer beside the code", refused, returned(func(_ *testing.T, _ provided, _ *visit, q url.Values) { q.Set("iss", "https://login.example.net") })},
		{"a code that was used", "identity_refused (invalid_grant)", returned(func(t *testing.T, in provided, v *visit, q url.Values) {
			in.middle.Meddle(func(tokens provider.Answer) { delete(tokens, "id_token") }, nil) // the code is spent, nobody gets in
			in.back(t, q, v.cookie).Problem(t, http.StatusForbidden, "identity_refused")
			in.middle.Meddle(nil, nil)
			*v = in.begin(t)
			q.Set("state", stateOf(t, *v))
		})},
		{"a code of another login", "identity_refused (invalid_grant)", returned(func(t *testing.T, in provided, _ *visit, q url.Values) {
			q.Set("code", in.middle.LogIn(t, in.begin(t).authorization, provider.UserOne).Query().Get("code"))
		})},
		{"a code that is none", "identity_refused (invalid_", returned(func(_ *testing.T, _ provided, _ *visit, q url.Values) { q.Set("code", "x") })},
		{"no code", "identity_refused (invalid_", returned(func(_ *testing.T, _ provided, _ *visit, q url.Values) { q.Del("code") })},
		{"a refusal", "provider_refused access_denied", returned(func(_ *testing.T, _ provided, _ *visit, q url.Values) { q.Set("error", "access_denied") })},
	}
}

// personAttacks are genuine logins of people who have no business here.
func personAttacks() []attack {
	two := func(prepare func(t *testing.T, in provided) func()) func(*testing.T, provided) apitest.Answer {
		return func(t *testing.T, in provided) apitest.Answer {
			after := prepare(t, in)
			defer after()
			return in.logIn(t, provider.UserTwo)
		}
	}
	nothing := func() {}
	return []attack{
		{"somebody who is not linked", "identity_unlinked " + provider.SubjectTwo, two(func(*testing.T, provided) func() { return nothing })},
		{"the same subject of another issuer", "identity_unlinked", two(func(t *testing.T, in provided) func() {
			in.link(t, "https://login.example.net", provider.SubjectTwo)
			in.link(t, in.middle.Issuer+"/", provider.SubjectTwo)
			return nothing
		})},
		{"the subject in capitals, the name and the address of the same person", "identity_unlinked", two(func(t *testing.T, in provided) func() {
			for _, like := range []string{strings.ToUpper(provider.SubjectTwo), provider.UserTwo, "test-user2@zitadel.ch"} {
				in.link(t, in.middle.Issuer, like)
			}
			return nothing
		})},
		{"a user who is disabled", "user_disabled", two(func(t *testing.T, in provided) func() {
			user, identity := in.link(t, in.middle.Issuer, provider.SubjectTwo)
			in.disable(t, user)
			return func() { in.unlink(t, user, identity) }
		})},
		{"somebody who was linked", "identity_unlinked", two(func(t *testing.T, in provided) func() {
			user, identity := in.link(t, in.middle.Issuer, provider.SubjectTwo)
			in.unlink(t, user, identity)
			return nothing
		})},
	}
}

func (in provided) disable(t *testing.T, user auth.UserID) {
	t.Helper()
	admin := apitest.NewCaller(in.handler, in.admin.token)
	etag := admin.Get(t, "/users/"+user.String()).OK(t, http.StatusOK).ETag()
	admin.Patch(t, "/users/"+user.String(), etag, `{"disabled":true}`).OK(t, http.StatusOK)
}

// returns tries to have the login end on a page of somebody else.
func returns(t *testing.T, in provided) {
	t.Helper()
	stranger := apitest.NewCaller(in.handler, "")
	away := []string{
		"https://evil.example", "//evil.example", "/\\\\evil.example", "\\\\/evil.example", "https:evil.example", "javascript:alert(1)",
		"https://so.example.org@evil.example/", "https://so.example.org.evil.example/", "http://so.example.org/", "https://so.example.org:444/", "so", " /", "/\\u0009/evil.example",
		"/\\n/evil.example", "///evil.example", "data:text/html,x", "/" + strings.Repeat("x", 500),
	}
	taken := 0
	for _, to := range away {
		answer := stranger.Post(t, "/login-exchanges", `{"return_to":"`+to+`"}`)
		if answer.Status < http.StatusBadRequest {
			taken++
			t.Errorf("%q was taken: %s", to, answer)
		}
	}
	for _, to := range []string{"/", "/so?x=1#y", "https://so.example.org/so", ""} {
		stranger.Post(t, "/login-exchanges", `{"return_to":"`+to+`"}`).OK(t, http.StatusOK)
	}
	experiment.Report(t, experiment.Result{ID: "E-45", Engine: string(in.DB().Engine()), N: len(away), Observed: taken, Pass: taken == 0})
}
