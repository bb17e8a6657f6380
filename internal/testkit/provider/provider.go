package provider

import (
	"bufio"
	"net/http/httputil"
	"net/url"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// The users of the example provider; their names there and their subjects.
const (
	UserOne    = "test-user@127.0.0.1"
	SubjectOne = "id1"
	UserTwo    = "test-user2"
	SubjectTwo = "id2"
	password   = "verysecure"
)

// Client is a program that the provider knows.
type Client struct {
	ID, Secret  string
	Redirect    string
	AfterLogout string
	Lifetime    time.Duration // of its tokens
}

// Build compiles the example provider and returns the program, which goes with the test.
func Build(tb testing.TB) string {
	tb.Helper()
	_, here, _, ok := runtime.Caller(0)
	if !ok {
		tb.Fatal("where is this file?")
	}
	program := filepath.Join(tb.TempDir(), "provider")
	build := exec.CommandContext(tb.Context(), "go", "build", "-C", filepath.Join(filepath.Dir(here), "example"), "-o", program, ".")
	if said, err := build.CombinedOutput(); err != nil {
		tb.Fatalf("build the example provider: %v\n%s", err, said)
	}
	return program
}

// Start starts the program for the clients behind a way of its own; it ends with the test.
func Start(tb testing.TB, program string, clients ...Client) *Middle {
	tb.Helper()
	m := newMiddle(tb)
	args := []string{m.Issuer}
	for _, c := range clients {
		args = append(args, c.ID, c.Secret, c.Redirect, c.AfterLogout, c.Lifetime.String())
	}
	m.clients = clients
	running := exec.Command(program, args...) // it ends with its input, after what the test still has to do
	input, err := running.StdinPipe()
	if err != nil {
		tb.Fatal(err)
	}
	output, err := running.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := running.Start(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		_ = input.Close()
		if err := running.Wait(); err != nil {
			tb.Errorf("the example provider: %v", err)
		}
	})
	address, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		tb.Fatalf("the example provider does not start: %v", err)
	}
	m.through(&url.URL{Scheme: "http", Host: strings.TrimSpace(address)})
	return m
}

func (m *Middle) through(target *url.URL) {
	proxy := &httputil.ReverseProxy{
		Rewrite:        func(r *httputil.ProxyRequest) { r.SetURL(target) },
		ModifyResponse: m.change,
	}
	m.proxy.Store(proxy)
}
