package config

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// provider is a sound setting, with some of it replaced or, by an empty value, left out.
func provider(changes ...string) []string {
	given := map[string]string{
		"OIDC_ISSUER": "https://login.example.org", "OIDC_CLIENT_ID": "sochibo", "OIDC_CLIENT_SECRET": "hunter2", "PUBLIC_URL": "https://so.example.org",
	}
	for _, change := range changes {
		name, value, _ := strings.Cut(change, "=")
		given[name] = value
	}
	var environ []string
	for name, value := range given {
		if value != "" {
			environ = append(environ, prefix+name+"="+value)
		}
	}
	return environ
}

func TestProviderSettings(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ change, fault string }{
		{"", ""},
		{"OIDC_ISSUER=http://127.0.0.1:9998", ""},
		{"PUBLIC_URL=http://localhost:8080", ""},
		{"OIDC_ISSUER=", "OIDC_ISSUER"},
		{"OIDC_ISSUER=login.example.org", "OIDC_ISSUER"},
		{"OIDC_ISSUER=https://login.example.org?x=1", "OIDC_ISSUER"},
		{"OIDC_ISSUER=http://login.example.org", "SOCHIBO_ALLOW_UNSAFE=oidc_plaintext "},
		{"OIDC_CLIENT_ID=", "OIDC_CLIENT_ID"},
		{"OIDC_CLIENT_SECRET=", "OIDC_CLIENT_SECRET"},
		{"PUBLIC_URL=", "PUBLIC_URL"},
		{"PUBLIC_URL=https://so.example.org/", "PUBLIC_URL"},
		{"PUBLIC_URL=https://u:p@so.example.org", "PUBLIC_URL"},
		{"PUBLIC_URL=http://so.example.org", "SOCHIBO_ALLOW_UNSAFE=public_plaintext "},
		{"OIDC_RETURN_ORIGINS=https://trang.example.org", "OIDC_RETURN_ORIGINS"},
		{"OIDC_FACTOR_AMR=otp,", "OIDC_FACTOR_AMR"},
		{"OIDC_NAME=" + strings.Repeat("đ", 101), "OIDC_NAME"},
	} {
		c, err := Load(provider(test.change))
		if (err == nil) != (test.fault == "") || err != nil && !strings.Contains(err.Error(), test.fault) {
			t.Errorf("%s: %v", test.change, err)
		}
		if text := fmt.Sprintf("%+v %v %#v", c, err, c); strings.Contains(text, "hunter2") {
			t.Errorf("%s: the client's secret is printed", test.change)
		}
	}
	if _, err := Load(append(provider("OIDC_ISSUER=http://login.example.org"), "SOCHIBO_ALLOW_UNSAFE=oidc_plaintext")); err != nil {
		t.Errorf("allowed: %v", err)
	}
	c, err := Load(provider("CORS_ORIGINS=https://trang.example.org", "OIDC_RETURN_ORIGINS=https://trang.example.org", "OIDC_FACTOR_AMR=otp,hwk"))
	if err != nil || c.OIDC.Name != "login.example.org" || len(c.OIDC.FactorAMR) != 2 || len(c.OIDC.ReturnOrigins) != 1 {
		t.Errorf("%v: %+v", err, c.OIDC)
	}
}

func TestProviderSecretFromFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(path, []byte("hunter3\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Load(provider("OIDC_CLIENT_SECRET=", "OIDC_CLIENT_SECRET_FILE="+path))
	if err != nil || c.OIDC.ClientSecret.Reveal() != "hunter3" {
		t.Errorf("%v: %q", err, c.OIDC.ClientSecret.Reveal())
	}
}
