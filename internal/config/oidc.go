package config

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// OIDC are the settings of the identity provider; without an issuer there is none.
type OIDC struct {
	Issuer        string   `env:"ISSUER"`
	ClientID      string   `env:"CLIENT_ID"`
	ClientSecret  Secret   `env:"CLIENT_SECRET"`
	Name          string   `env:"NAME"`
	ReturnOrigins []string `env:"RETURN_ORIGINS"`
	FactorAMR     []string `env:"FACTOR_AMR"`
	FactorACR     []string `env:"FACTOR_ACR"`
}

const longestProviderName = 100

// decideOIDC checks the settings of the identity provider and gives it a name.
func (c *Config) decideOIDC() []error {
	var problems []error
	note := func(ok bool, name, what string) {
		if !ok {
			problems = append(problems, fmt.Errorf("%s%s: %s", prefix, name, what))
		}
	}
	o := &c.OIDC
	if c.PublicURL != "" {
		u, ok := webAddress(c.PublicURL)
		note(ok && u.Path == "", "PUBLIC_URL", "must be the address at which browsers reach the server, such as https://so.example.org, without a path")
	}
	if o.Issuer == "" {
		given := o.ClientID != "" || o.ClientSecret != "" || o.Name != "" || len(o.ReturnOrigins)+len(o.FactorAMR)+len(o.FactorACR) > 0
		note(!given, "OIDC_ISSUER", "is missing, and without it the other settings SOCHIBO_OIDC_… mean nothing")
		return problems
	}
	issuer, ok := webAddress(o.Issuer)
	note(ok, "OIDC_ISSUER", "must be an address such as https://login.example.org, as the provider writes its issuer")
	note(o.ClientID != "", "OIDC_CLIENT_ID", "is missing: the name under which the provider knows this server")
	note(o.ClientSecret != "", "OIDC_CLIENT_SECRET", "is missing; better as a file: SOCHIBO_OIDC_CLIENT_SECRET_FILE")
	note(c.PublicURL != "", "PUBLIC_URL", "is missing: the provider sends browsers back to it")
	for _, origin := range o.ReturnOrigins {
		note(slices.Contains(c.CORSOrigins, origin), "OIDC_RETURN_ORIGINS", fmt.Sprintf("%q is not among SOCHIBO_CORS_ORIGINS", origin))
	}
	note(!slices.ContainsFunc(slices.Concat(o.FactorAMR, o.FactorACR), blank), "OIDC_FACTOR_AMR", "there and in OIDC_FACTOR_ACR no value may be empty")
	note(len([]rune(o.Name)) <= longestProviderName, "OIDC_NAME", fmt.Sprintf("must not be longer than %d letters", longestProviderName))
	if o.Name == "" && ok {
		o.Name = issuer.Hostname()
	}
	return problems
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }

// webAddress reads an address with a host that carries neither a user nor a query.
func webAddress(address string) (*url.URL, bool) {
	u, err := url.Parse(address)
	if err != nil {
		return &url.URL{}, false
	}
	return u, (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" && u.User == nil && u.RawQuery == "" && u.Fragment == ""
}
