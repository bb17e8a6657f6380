package identity

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"sochibo/internal/fault"
)

// The faults of talking to the provider.
var (
	ErrProviderDown    = fault.New(fault.Unavailable, "provider_unavailable")
	ErrIdentityRefused = fault.New(fault.Forbidden, "identity_refused")
)

// How long the provider may take, how much it may say, and when it is asked again how it is reached.
const (
	providerTimeout = 10 * time.Second
	providerAnswer  = 1 << 20
	retryAfter      = 5 * time.Second
	refreshAfter    = time.Hour
)

// provider is the identity provider as this server sees it: nothing until it is needed.
type provider struct {
	settings Settings
	client   *http.Client
	now      func() time.Time

	turn   chan struct{} // held by whoever looks at the fields below
	known  *metadata
	failed time.Time
}

// metadata is what the provider says about itself, with what is made of it.
type metadata struct {
	at         time.Time
	oauth      oauth2.Config
	verifier   *oidc.IDTokenVerifier
	endSession string
}

func newProvider(settings Settings, now func() time.Time) *provider {
	return &provider{settings: settings, now: now, turn: make(chan struct{}, 1), client: &http.Client{
		Timeout: providerTimeout,
		Transport: bounded{&http.Transport{
			Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true, MaxIdleConnsPerHost: 4, IdleConnTimeout: time.Minute,
		}},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // where to go is in the metadata
	}}
}

// bounded lets no answer be longer than providerAnswer.
type bounded struct{ next http.RoundTripper }

// RoundTrip sends the request.
func (b bounded) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := b.next.RoundTrip(request)
	if err == nil {
		response.Body = http.MaxBytesReader(nil, response.Body, providerAnswer)
	}
	return response, err
}

// metadata returns what the provider says about itself, asking for it where that was long ago. One asks at a time; for some seconds
// after a failure nobody does.
//
// Faults: provider_unavailable.
func (p *provider) metadata(ctx context.Context) (*metadata, error) {
	select {
	case p.turn <- struct{}{}:
		defer func() { <-p.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	now := p.now()
	if p.known != nil && now.Sub(p.known.at).Abs() < refreshAfter {
		return p.known, nil
	}
	err := errors.New("it was asked a moment ago")
	if now.Sub(p.failed).Abs() >= retryAfter {
		var found *metadata
		if found, err = p.discover(ctx, now); err == nil {
			p.known = found
			return found, nil
		}
		if ctx.Err() == nil { // a caller who went away says nothing about the provider
			p.failed = now
		}
	}
	if p.known != nil {
		return p.known, nil // what it said last may still hold
	}
	return nil, down(err)
}

func down(cause error) error {
	return fault.Retry(fault.Because(ErrProviderDown, errors.New(told(cause))), retryAfter)
}

// told is what a log may hold of a failure: how the provider was not reached, or the beginning of a sentence about its answer, without
// the answer.
func told(err error) string {
	var failed *url.Error
	var mismatch *oidc.IssuerMismatchError
	switch {
	case errors.As(err, &failed):
		return failed.Err.Error()
	case errors.As(err, &mismatch), errors.Is(err, errEndpoint):
		return err.Error()
	}
	head, _, _ := strings.Cut(err.Error(), ":")
	return head[:min(len(head), 80)]
}

var errEndpoint = errors.New("the provider names an address that is not https")

// discover reads the metadata of the provider.
func (p *provider) discover(ctx context.Context, now time.Time) (*metadata, error) {
	found, err := oidc.NewProvider(oidc.ClientContext(ctx, p.client), p.settings.Issuer)
	if err != nil {
		return nil, err
	}
	var more struct {
		EndSession string   `json:"end_session_endpoint"`
		Keys       string   `json:"jwks_uri"`
		Methods    []string `json:"token_endpoint_auth_methods_supported"`
	}
	if err := found.Claims(&more); err != nil {
		return nil, err
	}
	endpoint := found.Endpoint()
	for _, address := range []string{endpoint.AuthURL, endpoint.TokenURL, more.Keys} {
		if !p.settings.reachable(address) {
			return nil, errEndpoint
		}
	}
	if !p.settings.reachable(more.EndSession) {
		more.EndSession = ""
	}
	endpoint.AuthStyle = oauth2.AuthStyleInHeader // what a provider takes that says nothing; trying both would show a code twice
	if len(more.Methods) > 0 && !slices.Contains(more.Methods, "client_secret_basic") {
		endpoint.AuthStyle = oauth2.AuthStyleInParams
	}
	return &metadata{
		at: now, endSession: more.EndSession,
		oauth: oauth2.Config{
			ClientID: p.settings.ClientID, ClientSecret: p.settings.ClientSecret, Endpoint: endpoint,
			RedirectURL: p.settings.callback(), Scopes: []string{oidc.ScopeOpenID},
		},
		verifier: found.Verifier(&oidc.Config{
			ClientID: p.settings.ClientID, Now: p.now, SupportedSigningAlgs: []string{oidc.RS256, oidc.PS256, oidc.ES256, oidc.EdDSA},
		}),
	}, nil
}

// reachable reports whether a secret may be sent to the address: by https, or within this machine where the issuer is on it.
func (s Settings) reachable(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return false
	}
	return u.Scheme == "https" || u.Scheme == "http" && onThisMachine(u) && strings.HasPrefix(s.Issuer, "http://")
}

func onThisMachine(u *url.URL) bool {
	ip, err := netip.ParseAddr(u.Hostname())
	return u.Hostname() == "localhost" || err == nil && ip.IsLoopback()
}

// authorization is the address at the provider where the exchange goes on.
func (p *provider) authorization(m *metadata, x Exchange, state string) string {
	options := []oauth2.AuthCodeOption{oauth2.S256ChallengeOption(x.Verifier), oidc.Nonce(x.Nonce)}
	if len(p.settings.FactorACR) > 0 {
		options = append(options, oauth2.SetAuthURLParam("acr_values", strings.Join(p.settings.FactorACR, " ")))
	}
	return m.oauth.AuthCodeURL(state, options...)
}

// person is who the provider says has logged in.
type person struct {
	Input

	factor bool // a second factor was shown
}

// redeem gives the code back to the provider and returns who its token is about.
//
// Faults: provider_unavailable, identity_refused.
func (p *provider) redeem(ctx context.Context, m *metadata, x Exchange, code string) (person, error) {
	ctx = oidc.ClientContext(ctx, p.client)
	tokens, err := m.oauth.Exchange(ctx, code, oauth2.VerifierOption(x.Verifier))
	if err != nil {
		return person{}, unredeemed(err)
	}
	raw, ok := tokens.Extra("id_token").(string)
	if !ok {
		return person{}, refused("id_token", nil)
	}
	token, err := m.verifier.Verify(ctx, raw)
	if err != nil {
		return person{}, refused(unverified(err), err)
	}
	var claims struct {
		AuthorizedParty string `json:"azp"`
		AMR             words  `json:"amr"`
		ACR             string `json:"acr"`
	}
	if err := token.Claims(&claims); err != nil {
		return person{}, refused("claims", err)
	}
	switch {
	case subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(x.Nonce)) != 1:
		return person{}, refused("nonce", nil)
	case claims.AuthorizedParty != "" && claims.AuthorizedParty != p.settings.ClientID, claims.AuthorizedParty == "" && len(token.Audience) > 1:
		return person{}, refused("azp", nil)
	case token.AccessTokenHash != "" && token.VerifyAccessToken(tokens.AccessToken) != nil:
		return person{}, refused("at_hash", nil)
	case !soundSubject(token.Subject):
		return person{}, refused("sub", nil)
	}
	return person{
		Input:  Input{Issuer: p.settings.Issuer, Subject: token.Subject},
		factor: p.settings.secondFactor(claims.AMR, claims.ACR),
	}, nil
}

// words are the texts of a claim, which some providers write as one.
type words []string

// UnmarshalJSON reads a list of texts, or one text.
func (w *words) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*w = words{one}
		return nil
	}
	return json.Unmarshal(data, (*[]string)(w))
}

// secondFactor reports whether one of the values is configured to mean a second factor.
func (s Settings) secondFactor(amr []string, acr string) bool {
	return slices.ContainsFunc(amr, func(method string) bool { return slices.Contains(s.FactorAMR, method) }) ||
		slices.Contains(s.FactorACR, acr)
}

// unredeemed says why the provider gave no tokens for the code.
func unredeemed(err error) error {
	var answer *oauth2.RetrieveError
	if errors.As(err, &answer) && answer.Response != nil && answer.Response.StatusCode < http.StatusInternalServerError {
		return refused(word(answer.ErrorCode), nil)
	}
	var failed *url.Error
	if answer != nil || errors.As(err, &failed) || errors.Is(err, io.ErrUnexpectedEOF) {
		return down(fmt.Errorf("exchange the code: %w", err))
	}
	return refused("tokens", nil)
}

// unverified names what is wrong with a token by what the library says, for the person who looks for the cause.
func unverified(err error) string {
	var expired *oidc.TokenExpiredError
	if errors.As(err, &expired) {
		return "exp"
	}
	for text, claim := range map[string]string{
		"expected audience": "aud", "different provider": "iss", "malformed jwt": "alg", "verify signature": "signature", "not before": "nbf",
	} {
		if strings.Contains(err.Error(), text) {
			return claim
		}
	}
	return "id_token"
}

func refused(reason string, cause error) error {
	return fault.With(fault.Because(ErrIdentityRefused, cause), fault.Args{"reason": reason})
}

// word is a code that a provider sent, or nothing that could be mistaken for a sentence of ours.
func word(sent string) string {
	if sent == "" || len(sent) > 64 || strings.Trim(sent, "abcdefghijklmnopqrstuvwxyz_") != "" {
		return "unknown_error"
	}
	return sent
}
