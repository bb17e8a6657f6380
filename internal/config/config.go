package config

import (
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/caarlos0/env/v11"
	sumdb "golang.org/x/mod/sumdb/note"

	"sochibo/internal/calendar"
)

// Secret is a text that prints as stars.
type Secret string

// String hides the secret.
func (Secret) String() string { return "***" }

// GoString hides the secret from %#v.
func (s Secret) GoString() string { return s.String() }

// MarshalText hides the secret from encoders.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue hides the secret from logs.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// Reveal returns the secret itself.
func (s Secret) Reveal() string { return string(s) }

// Config is everything that the environment decides.
type Config struct {
	DatabaseURL    Secret     `env:"DATABASE_URL" envDefault:"sqlite:sochibo.db"`
	Listen         string     `env:"LISTEN" envDefault:"127.0.0.1:8080"`
	AdminListen    string     `env:"ADMIN_LISTEN"`
	LogKey         Secret     `env:"LOG_KEY"`
	TimeZone       string     `env:"TIME_ZONE" envDefault:"Asia/Ho_Chi_Minh"`
	CORSOrigins    []string   `env:"CORS_ORIGINS"`
	TrustedProxies []string   `env:"TRUSTED_PROXIES"`
	LogLevel       slog.Level `env:"LOG_LEVEL" envDefault:"INFO"`
	MaxConns       int        `env:"MAX_CONNS" envDefault:"0"`
	SecretKey      Secret     `env:"SECRET_KEY"`
	RequireTOTP    *bool      `env:"REQUIRE_TOTP"`
	FreshProof     Window     `env:"FRESH_PROOF" envDefault:"5m"`
	MaxConcurrent  int        `env:"MAX_CONCURRENT" envDefault:"256"`
	RateRead       Rate       `env:"RATE_READ" envDefault:"20/s:120"`
	RateWrite      Rate       `env:"RATE_WRITE" envDefault:"5/s:60"`
	RateExport     Rate       `env:"RATE_EXPORT" envDefault:"60/h:20"`
	RateStranger   Rate       `env:"RATE_STRANGER" envDefault:"5/s:60"`
	TLSCertFile    string     `env:"TLS_CERT_FILE"`
	TLSKeyFile     string     `env:"TLS_KEY_FILE"`
	BehindProxy    bool       `env:"BEHIND_PROXY"`
	AllowUnsafe    []string   `env:"ALLOW_UNSAFE"`
	PublicURL      string     `env:"PUBLIC_URL"`
	OIDC           OIDC       `envPrefix:"OIDC_"`

	CheckpointEvery Interval `env:"CHECKPOINT_EVERY" envDefault:"5m"`
	CheckpointFile  string   `env:"CHECKPOINT_FILE"`
	RulesDir        string   `env:"RULES_DIR"`

	// Zone is TimeZone, loaded.
	Zone calendar.Zone
	// TOTPRequired is RequireTOTP; where that is not set, one-time passwords are required as soon as there is a secret key.
	TOTPRequired bool
}

const prefix = "SOCHIBO_"

// files are the settings that may come from a file named by NAME_FILE.
var files = []string{"DATABASE_URL", "LOG_KEY", "SECRET_KEY", "OIDC_CLIENT_SECRET"}

// Load reads the environment, given as KEY=value, and returns one error that names every setting that is wrong.
func Load(environ []string) (Config, error) {
	values, secrets, problems := gather(environ)
	var c Config
	if err := env.ParseWithOptions(&c, env.Options{Environment: values, Prefix: prefix}); err != nil {
		problems = append(problems, parseProblems(err)...)
	}
	problems = append(problems, c.check()...)
	problems = append(problems, c.decideTOTP()...)
	problems = append(problems, c.decideOIDC()...)
	problems = append(problems, c.dangers(secrets)...)
	var err error
	if c.Zone, err = calendar.LoadZone(c.TimeZone); err != nil {
		problems = append(problems, fmt.Errorf("%sTIME_ZONE: %w", prefix, err))
	}
	return c, errors.Join(problems...)
}

// gather turns the environment into a map, reads the files it names, and notes settings that do not exist: a misspelt
// one would otherwise be ignored without a word. It also returns the files of secrets by the setting that names them.
func gather(environ []string) (values, secrets map[string]string, problems []error) {
	values, secrets = map[string]string{}, map[string]string{}
	for _, pair := range environ {
		key, value, _ := strings.Cut(pair, "=")
		values[key] = value
		if strings.HasPrefix(key, prefix) && !known(key) {
			problems = append(problems, fmt.Errorf("%s: there is no such setting", key))
		}
	}
	for _, name := range files {
		path, ok := values[prefix+name+"_FILE"]
		if !ok {
			continue
		}
		if _, both := values[prefix+name]; both {
			problems = append(problems, fmt.Errorf("%[1]s%[2]s and %[1]s%[2]s_FILE are both set", prefix, name))
		}
		data, err := os.ReadFile(path)
		if err != nil {
			problems = append(problems, fmt.Errorf("%s%s_FILE: %w", prefix, name, err))
			continue
		}
		values[prefix+name], secrets[name+"_FILE"] = strings.TrimRight(string(data), "\r\n"), path
	}
	return values, secrets, problems
}

func known(key string) bool {
	name := strings.TrimPrefix(key, prefix)
	for _, f := range files {
		if name == f+"_FILE" {
			return true
		}
	}
	switch name {
	case "DATABASE_URL", "LOG_KEY", "LISTEN", "ADMIN_LISTEN", "TIME_ZONE", "CORS_ORIGINS", "TRUSTED_PROXIES", "LOG_LEVEL", "MAX_CONNS",
		"SECRET_KEY", "REQUIRE_TOTP", "FRESH_PROOF", "MAX_CONCURRENT", "RATE_READ", "RATE_WRITE", "RATE_EXPORT", "RATE_STRANGER",
		"TLS_CERT_FILE", "TLS_KEY_FILE", "BEHIND_PROXY", "ALLOW_UNSAFE", "CHECKPOINT_EVERY", "CHECKPOINT_FILE", "PUBLIC_URL",
		"OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_NAME", "OIDC_RETURN_ORIGINS", "OIDC_FACTOR_AMR", "OIDC_FACTOR_ACR",
		"RULES_DIR":
		return true
	}
	// What the tests and the build read stands in the same environment.
	return strings.HasPrefix(name, "TEST_") || strings.HasPrefix(name, "TOKEN") || name == "URL" || name == "SEED" || name == "SAMPLE" || name == "SOAK" || name == "ROUNDS"
}

func parseProblems(err error) []error {
	var all env.AggregateError
	if errors.As(err, &all) {
		return all.Errors
	}
	return []error{err}
}

func (c Config) check() []error {
	var problems []error
	note := func(ok bool, name, what string) {
		if !ok {
			problems = append(problems, fmt.Errorf("%s%s: %s", prefix, name, what))
		}
	}
	raw := c.DatabaseURL.Reveal()
	note(strings.HasPrefix(raw, "sqlite:") || strings.HasPrefix(raw, "postgres://") || strings.HasPrefix(raw, "postgresql://"),
		"DATABASE_URL", "must begin with sqlite: or postgres://")
	_, _, err := net.SplitHostPort(c.Listen)
	note(err == nil, "LISTEN", "must be host:port")
	if c.AdminListen != "" {
		note(loopback(c.AdminListen), "ADMIN_LISTEN", "must be host:port on a loopback address; metrics and profiles are not for the network")
	}
	for _, origin := range c.CORSOrigins {
		u, err := url.Parse(origin)
		note(err == nil && u.Host != "" && u.Path == "" && (u.Scheme == "https" || u.Scheme == "http"), "CORS_ORIGINS", fmt.Sprintf("%q is not an origin such as https://example.org", origin))
	}
	for _, proxy := range c.TrustedProxies {
		_, addressErr := netip.ParseAddr(proxy)
		_, rangeErr := netip.ParsePrefix(proxy)
		note(addressErr == nil || rangeErr == nil, "TRUSTED_PROXIES", fmt.Sprintf("%q is neither an address nor a range", proxy))
	}
	if c.LogKey != "" {
		_, err := sumdb.NewSigner(c.LogKey.Reveal())
		note(err == nil, "LOG_KEY", "must be a key as sochibo log-key makes it")
	}
	note(c.CheckpointFile == "" || c.LogKey != "" && c.CheckpointEvery > 0, "CHECKPOINT_FILE", "needs SOCHIBO_LOG_KEY, and SOCHIBO_CHECKPOINT_EVERY not to be off")
	note(c.MaxConns >= 0, "MAX_CONNS", "must not be negative")
	note(c.MaxConcurrent >= 0, "MAX_CONCURRENT", "must not be negative")
	note((c.TLSCertFile == "") == (c.TLSKeyFile == ""), "TLS_CERT_FILE", "a certificate and its key belong together: set TLS_KEY_FILE as well, or neither")
	note(!c.BehindProxy || len(c.TrustedProxies) > 0, "BEHIND_PROXY", "name the proxy in SOCHIBO_TRUSTED_PROXIES as well")
	for _, name := range c.AllowUnsafe {
		note(slices.Contains(Dangers(), name), "ALLOW_UNSAFE", fmt.Sprintf("%q is none of %s", name, strings.Join(Dangers(), ", ")))
	}
	return problems
}

const secretKeySize = 32

// Key returns the secret key itself, or nothing without one.
func (c Config) Key() []byte {
	key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(c.SecretKey.Reveal()))
	if err != nil || len(key) != secretKeySize {
		return nil
	}
	return key
}

// decideTOTP checks the secret key and decides whether one-time passwords are required.
func (c *Config) decideTOTP() []error {
	var problems []error
	there := c.Key() != nil
	if !there && c.SecretKey != "" {
		problems = append(problems, fmt.Errorf("%sSECRET_KEY: must be %d bytes in base64, as from openssl rand -base64 32", prefix, secretKeySize))
	}
	c.TOTPRequired = there
	if c.RequireTOTP != nil {
		c.TOTPRequired = *c.RequireTOTP
	}
	if c.TOTPRequired && !there {
		problems = append(problems, fmt.Errorf("%sREQUIRE_TOTP: needs %sSECRET_KEY", prefix, prefix))
	}
	return problems
}

func loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	return local(host)
}
