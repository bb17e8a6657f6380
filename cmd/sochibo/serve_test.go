package main

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestServeRefusesUnsafeSettings(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "so.db")
	u := user{[]string{"SOCHIBO_DATABASE_URL=sqlite:" + path}}
	u.refused(t, 2, []string{"SOCHIBO_ALLOW_UNSAFE=listen_plaintext", "SOCHIBO_BEHIND_PROXY"}, "serve", "--listen", "0.0.0.0:0")
	u.ok(t, "migrate", "up")
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	u.refused(t, 2, []string{"SOCHIBO_ALLOW_UNSAFE=sqlite_file_readable"}, "serve", "--listen", "127.0.0.1:0")
	u.ok(t, "migrate", "status") // commands that serve nobody are not held up
}

func TestImportDoesNotLeaveTheFolder(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, u user) {
		dir := sample(t, u)
		members := filepath.Join(dir, "members.csv")
		outside := filepath.Join(t.TempDir(), "outside.csv")
		if err := os.Rename(members, outside); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(outside, members); err != nil {
			t.Fatal(err)
		}
		u.refused(t, 1, []string{"members.csv: "}, "import", dir)
	})
}

// safeBuffer takes what a running command prints.
type safeBuffer struct {
	mutex sync.Mutex
	bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.Buffer.Write(p)
}

func (b *safeBuffer) String() string {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.Buffer.String()
}

func TestServeTLS(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	lender := httptest.NewTLSServer(http.NotFoundHandler())
	lender.Close() // only its certificate is needed
	pair := lender.TLS.Certificates[0]
	key, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	cert, keyFile := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for path, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: pair.Certificate[0]}, keyFile: {Type: "PRIVATE KEY", Bytes: key}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	u := user{[]string{"SOCHIBO_DATABASE_URL=sqlite:" + filepath.Join(dir, "so.db"), "SOCHIBO_TLS_CERT_FILE=" + cert, "SOCHIBO_TLS_KEY_FILE=" + keyFile}}
	ctx, stop := context.WithCancel(t.Context())
	var log safeBuffer
	ended := make(chan int, 1)
	go func() { ended <- run(ctx, []string{"serve", "--listen", "0.0.0.0:0"}, u.environ, &log, &log) }()
	port := ""
	for range 200 {
		if found := regexp.MustCompile(`"address":"[^"]*:(\d+)"`).FindStringSubmatch(log.String()); found != nil {
			port = found[1]
			break
		}
		select {
		case <-ended:
			t.Fatalf("it ended: %s", log.String())
		case <-time.After(50 * time.Millisecond):
		}
	}
	if got := (user{append(u.environ, "SOCHIBO_LISTEN=0.0.0.0:"+port)}).ok(t, "health"); got != "ok\n" {
		t.Errorf("health: %s", got)
	}
	response, err := http.Get("http://127.0.0.1:" + port + "/version")
	if err == nil {
		if err := response.Body.Close(); err != nil {
			t.Error(err)
		}
		if response.StatusCode != http.StatusBadRequest {
			t.Errorf("plain HTTP is answered %s", response.Status)
		}
	}
	stop()
	if status := <-ended; status != 0 || strings.Contains(log.String(), "PRIVATE") {
		t.Errorf("status %d: %s", status, log.String())
	}
}
