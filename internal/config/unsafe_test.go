package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestUnsafeSettingsAreRefusedByName(t *testing.T) {
	t.Parallel()
	open := filepath.Join(t.TempDir(), "open")
	if err := os.WriteFile(open, []byte("sqlite:x.db"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(open, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		danger  string
		environ []string
	}{
		{"cors_plaintext", []string{"SOCHIBO_CORS_ORIGINS=http://so.example.org"}},
		{"secret_readable", []string{"SOCHIBO_DATABASE_URL_FILE=" + open}},
		{"secret_readable", []string{"SOCHIBO_TLS_CERT_FILE=" + open, "SOCHIBO_TLS_KEY_FILE=" + open}},
		{"listen_plaintext", []string{"SOCHIBO_LISTEN=0.0.0.0:8080"}},
		{"listen_plaintext", []string{"SOCHIBO_LISTEN=:8080"}},
		{"listen_plaintext", []string{"SOCHIBO_LISTEN=192.0.2.7:8080"}},
	} {
		start := func(environ ...string) error {
			c, err := Load(environ)
			if err != nil {
				return err
			}
			return c.CheckListen()
		}
		if err := start(test.environ...); err == nil || !strings.Contains(err.Error(), "SOCHIBO_ALLOW_UNSAFE="+test.danger+" ") {
			t.Errorf("%v: %v", test.environ, err)
		}
		if err := start(append(test.environ, "SOCHIBO_ALLOW_UNSAFE="+test.danger)...); err != nil {
			t.Errorf("%v, allowed: %v", test.environ, err)
		}
		if err := start(append(test.environ, "SOCHIBO_ALLOW_UNSAFE=postgres_fsync")...); err == nil {
			t.Errorf("%v passes under another name", test.environ)
		}
	}
}

func TestSafeSettingsPass(t *testing.T) {
	t.Parallel()
	for _, environ := range [][]string{
		nil,
		{"SOCHIBO_LISTEN=127.0.0.1:0"},
		{"SOCHIBO_LISTEN=[::1]:8080", "SOCHIBO_CORS_ORIGINS=http://localhost:5173,https://so.example.org"},
		{"SOCHIBO_LISTEN=0.0.0.0:8080", "SOCHIBO_BEHIND_PROXY=true", "SOCHIBO_TRUSTED_PROXIES=172.30.5.1"},
		{"SOCHIBO_LISTEN=0.0.0.0:8443", "SOCHIBO_TLS_CERT_FILE=/c", "SOCHIBO_TLS_KEY_FILE=/k"},
	} {
		c, err := Load(environ)
		if err == nil {
			err = c.CheckListen()
		}
		if err != nil {
			t.Errorf("%v: %v", environ, err)
		}
	}
	for _, wrong := range []string{
		"SOCHIBO_BEHIND_PROXY=true", "SOCHIBO_TLS_CERT_FILE=/c", "SOCHIBO_ALLOW_UNSAFE=everything", "SOCHIBO_MAX_CONCURRENT=-1", "SOCHIBO_RATE_READ=often",
	} {
		if _, err := Load([]string{wrong}); err == nil {
			t.Errorf("%s was taken", wrong)
		}
	}
}

func TestRates(t *testing.T) {
	t.Parallel()
	c, err := Load([]string{"SOCHIBO_RATE_READ=off", "SOCHIBO_RATE_EXPORT=6/h:2"})
	if err != nil || c.RateRead != (Rate{}) || c.RateExport != (Rate{6, time.Hour, 2}) || c.RateWrite != (Rate{5, time.Second, 60}) {
		t.Errorf("%v: %+v", err, c)
	}
	for _, wrong := range []string{"", "20", "20/s", "0/s:5", "20/s:0", "20/d:5", "-1/s:5", "20/s:5:6", "99999999999/s:1"} {
		if err := new(Rate).UnmarshalText([]byte(wrong)); err == nil {
			t.Errorf("%q was taken", wrong)
		}
	}
}
