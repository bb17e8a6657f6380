package provider

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// Answer is one that the provider gives, as JSON.
type Answer = map[string]any

// Middle is the way to the provider. Everybody reaches the provider through it, so that its address is the issuer.
type Middle struct {
	Issuer string

	clients []Client
	proxy   atomic.Pointer[httputil.ReverseProxy]
	mutex   sync.Mutex
	tokens  func(Answer) // what is done to an answer of the token endpoint
	keys    func(Answer) // and to the keys
}

func newMiddle(tb testing.TB) *Middle {
	tb.Helper()
	m := &Middle{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if proxy := m.proxy.Load(); proxy != nil {
			proxy.ServeHTTP(w, r)
			return
		}
		http.Error(w, "not there yet", http.StatusBadGateway)
	}))
	tb.Cleanup(server.Close)
	m.Issuer = server.URL
	return m
}

// Meddle changes what the provider answers from now on; nil leaves it as it is.
func (m *Middle) Meddle(tokens, keys func(Answer)) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.tokens, m.keys = tokens, keys
}

// change gives the answer to whoever meddles.
func (m *Middle) change(response *http.Response) error {
	m.mutex.Lock()
	change := map[string]func(Answer){"/oauth/token": m.tokens, "/keys": m.keys}[response.Request.URL.Path]
	m.mutex.Unlock()
	if change == nil || response.StatusCode != http.StatusOK {
		return nil
	}
	answer := Answer{}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return err
	}
	change(answer)
	body, err := json.Marshal(answer)
	if err != nil {
		return err
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	response.ContentLength = int64(len(body))
	response.Header.Set("Content-Length", strconv.Itoa(len(body)))
	return nil
}

var hidden = regexp.MustCompile(`name="id" value="([^"]+)"`)

// LogIn goes from the authorization address through the provider's own pages, and returns where the provider sends the browser in the
// end: back to the client.
func (m *Middle) LogIn(tb testing.TB, authorization, user string) *url.URL {
	tb.Helper()
	next := authorization
	for range 10 {
		location, page := m.visit(tb, http.MethodGet, next, nil)
		if location == "" {
			id := hidden.FindStringSubmatch(page)
			if id == nil {
				tb.Fatalf("the provider shows no form: %s", page)
			}
			form := url.Values{"id": {id[1]}, "username": {user}, "password": {password}}
			if location, page = m.visit(tb, http.MethodPost, next, form); location == "" {
				tb.Fatalf("the provider does not take %s: %s", user, page)
			}
		}
		if !strings.HasPrefix(location, m.Issuer) {
			back, err := url.Parse(location)
			if err != nil {
				tb.Fatal(err)
			}
			return back
		}
		next = location
	}
	tb.Fatal("the provider leads round and round")
	return nil
}

// Leave follows the address at which a session ends, and returns where the provider sends the browser.
func (m *Middle) Leave(tb testing.TB, end string) string {
	tb.Helper()
	location, page := m.visit(tb, http.MethodGet, end, nil)
	if location == "" {
		tb.Fatalf("the provider ends no session: %s", page)
	}
	return location
}

// visit asks for a page, and returns where it leads or what it shows.
func (m *Middle) visit(tb testing.TB, method, address string, form url.Values) (location, page string) {
	tb.Helper()
	base, err := url.Parse(address)
	if err != nil {
		tb.Fatal(err)
	}
	request, err := http.NewRequestWithContext(tb.Context(), method, address, strings.NewReader(form.Encode()))
	if err != nil {
		tb.Fatal(err)
	}
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	response, err := (&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(request)
	if err != nil {
		tb.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		tb.Fatal(err)
	}
	if to := response.Header.Get("Location"); to != "" {
		there, err := base.Parse(to)
		if err != nil {
			tb.Fatal(err)
		}
		return there.String(), ""
	}
	return "", string(body)
}

// TokenFor logs the user in for another client, with the nonce, and returns the genuine token that this client gets.
func (m *Middle) TokenFor(tb testing.TB, client Client, user, nonce string) string {
	tb.Helper()
	const verifier = "a-verifier-of-forty-three-characters-or-more"
	query := url.Values{
		"client_id": {client.ID}, "redirect_uri": {client.Redirect}, "response_type": {"code"}, "scope": {"openid"}, "state": {"x"}, "nonce": {nonce},
		"code_challenge": {challenge(verifier)}, "code_challenge_method": {"S256"},
	}
	back := m.LogIn(tb, m.Issuer+"/auth?"+query.Encode(), user)
	form := url.Values{
		"grant_type": {"authorization_code"}, "code": {back.Query().Get("code")}, "redirect_uri": {client.Redirect},
		"client_id": {client.ID}, "client_secret": {client.Secret}, "code_verifier": {verifier},
	}
	_, said := m.visit(tb, http.MethodPost, m.Issuer+"/oauth/token", form)
	var tokens struct {
		IDToken string `json:"id_token"`
	}
	if err := json.Unmarshal([]byte(said), &tokens); err != nil || tokens.IDToken == "" {
		tb.Fatalf("no token for %s: %s", client.ID, said)
	}
	return tokens.IDToken
}
