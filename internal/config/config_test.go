package config

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestLoadDefaults(t *testing.T) {
	t.Parallel()
	c, err := Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	if c.Listen != "127.0.0.1:8080" || c.DatabaseURL.Reveal() != "sqlite:sochibo.db" || c.TimeZone != "Asia/Ho_Chi_Minh" {
		t.Errorf("unexpected defaults: %+v", c)
	}
}

func TestLoadNamesEveryFault(t *testing.T) {
	t.Parallel()
	_, err := Load([]string{
		"SOCHIBO_DATABASE_URL=mysql://x", "SOCHIBO_LISTEN=8080", "SOCHIBO_ADMIN_LISTEN=0.0.0.0:9090", "SOCHIBO_TIME_ZONE=Mars/Olympus",
		"SOCHIBO_CORS_ORIGINS=example.org", "SOCHIBO_TRUSTED_PROXIES=everybody", "SOCHIBO_MAX_CONNS=many", "SOCHIBO_LISTNE=x", "SOCHIBO_LOG_LEVEL=loud",
	})
	if err == nil {
		t.Fatal("accepted")
	}
	for _, name := range []string{"DATABASE_URL", "LISTEN:", "ADMIN_LISTEN", "TIME_ZONE", "CORS_ORIGINS", "TRUSTED_PROXIES", "MaxConns", "LISTNE", "LogLevel"} {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("%s is not named in: %v", name, err)
		}
	}
}

func TestSecretFromFileIsNeverPrinted(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "url")
	if err := os.WriteFile(path, []byte("postgres://u:hunter2@db/sochibo\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Load([]string{"SOCHIBO_DATABASE_URL_FILE=" + path})
	if err != nil {
		t.Fatal(err)
	}
	if c.DatabaseURL.Reveal() != "postgres://u:hunter2@db/sochibo" {
		t.Errorf("read %q", c.DatabaseURL.Reveal())
	}
	for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
		if text := fmt.Sprintf(format, c); strings.Contains(text, "hunter2") {
			t.Errorf("%s prints the secret", format)
		}
	}
	if _, err := Load([]string{"SOCHIBO_DATABASE_URL_FILE=" + path, "SOCHIBO_DATABASE_URL=sqlite:x"}); err == nil {
		t.Error("both forms at once were accepted")
	}
}

func TestSecretKey(t *testing.T) {
	t.Parallel()
	const key = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
	for _, test := range []struct {
		environ  []string
		required bool
		fault    string
	}{
		{nil, false, ""},
		{[]string{"SOCHIBO_SECRET_KEY=" + key}, true, ""},
		{[]string{"SOCHIBO_SECRET_KEY=" + key, "SOCHIBO_REQUIRE_TOTP=false"}, false, ""},
		{[]string{"SOCHIBO_SECRET_KEY=short"}, false, "SECRET_KEY"},
		{[]string{"SOCHIBO_REQUIRE_TOTP=true"}, true, "REQUIRE_TOTP"},
	} {
		c, err := Load(test.environ)
		if c.TOTPRequired != test.required || (err == nil) != (test.fault == "") || err != nil && !strings.Contains(err.Error(), test.fault) {
			t.Errorf("%v: %t, %v", test.environ, c.TOTPRequired, err)
		}
		if text := fmt.Sprintf("%+v %v %#v", c, err, c); strings.Contains(text, key) || strings.Contains(text, "48, 49, 50") || strings.Contains(text, "48 49 50") {
			t.Error("the secret key is printed")
		}
	}
	if c, _ := Load([]string{"SOCHIBO_SECRET_KEY=" + key}); string(c.Key()) != "0123456789abcdef0123456789abcdef" {
		t.Errorf("%q", c.Key())
	}
}

func TestCheckpointsByTheClock(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]time.Duration{"": 5 * time.Minute, "off": 0, "90s": 90 * time.Second} {
		var environ []string
		if value != "" {
			environ = []string{"SOCHIBO_CHECKPOINT_EVERY=" + value}
		}
		if c, err := Load(environ); err != nil || time.Duration(c.CheckpointEvery) != want {
			t.Errorf("%q: %s, %v", value, time.Duration(c.CheckpointEvery), err)
		}
	}
	for _, wrong := range []string{"SOCHIBO_CHECKPOINT_EVERY=5", "SOCHIBO_CHECKPOINT_EVERY=10ms", "SOCHIBO_CHECKPOINT_FILE=/x"} {
		if _, err := Load([]string{wrong}); err == nil {
			t.Errorf("%s was accepted", wrong)
		}
	}
}
