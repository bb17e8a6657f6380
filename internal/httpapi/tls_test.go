package httpapi_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sochibo/internal/httpapi"
)

// certificate writes a new certificate with its key and returns its serial number.
func certificate(tb testing.TB, dir string, serial int64) {
	tb.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "so.example"}, NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		tb.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		tb.Fatal(err)
	}
	for name, block := range map[string]*pem.Block{"cert": {Type: "CERTIFICATE", Bytes: der}, "key": {Type: "PRIVATE KEY", Bytes: keyDER}} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			tb.Fatal(err)
		}
		written := time.Unix(1_500_000_000+serial, 0) // file systems with coarse clocks would show no change
		if err := os.Chtimes(path, written, written); err != nil {
			tb.Fatal(err)
		}
	}
}

// shake connects anew and returns the serial number of the certificate that is shown.
func shake(address string, config *tls.Config) (int64, error) {
	config.InsecureSkipVerify = true
	conn, err := tls.Dial("tcp", address, config)
	if err != nil {
		return 0, err
	}
	defer conn.Close() // nothing is lost
	return conn.ConnectionState().PeerCertificates[0].SerialNumber.Int64(), nil
}

func TestServeTLS(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	certificate(t, dir, 1)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	var log bytes.Buffer
	s := newShell(t, ok)
	go func() {
		served <- httpapi.ServeTLS(ctx, listener, s.engine, slog.New(slog.NewJSONHandler(&log, nil)), filepath.Join(dir, "cert"), filepath.Join(dir, "key"))
	}()
	address := listener.Addr().String()
	want := func(serial int64, when string) {
		t.Helper()
		if got, err := shake(address, &tls.Config{}); err != nil || got != serial {
			t.Errorf("%s: certificate %d, %v", when, got, err)
		}
	}
	want(1, "at the start")
	client := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, ForceAttemptHTTP2: true}}
	response, err := client.Get("https://" + address + "/thing")
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.Header.Get("Strict-Transport-Security") == "" || response.ProtoMajor != 2 {
		t.Errorf("%s %v", response.Proto, response.Header)
	}
	client.CloseIdleConnections()
	if _, err := shake(address, &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}); err == nil {
		t.Error("TLS 1.1 was taken")
	}
	certificate(t, dir, 2)
	want(2, "after a renewal")
	if err := os.WriteFile(filepath.Join(dir, "cert"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	want(2, "with half a file")
	certificate(t, dir, 3)
	want(3, "after it is whole")
	stop()
	if err := <-served; err != nil {
		t.Error(err)
	}
	if !strings.Contains(log.String(), "the old one stays") {
		t.Errorf("logged: %s", log.String())
	}
	if err := httpapi.ServeTLS(t.Context(), listener, s.engine, slog.New(slog.DiscardHandler), filepath.Join(dir, "none"), ""); err == nil {
		t.Error("no certificate was taken")
	}
}

// TestSlowCallersAreCutOff opens connections that send a header byte by byte.
func TestSlowCallersAreCutOff(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	s := newShell(t, ok)
	go func() { served <- httpapi.Serve(ctx, listener, s.engine, slog.New(slog.DiscardHandler)) }()
	began := time.Now()
	ended := make(chan error, 20)
	for range cap(ended) {
		go func() { ended <- dribble(listener.Addr().String()) }()
	}
	for range cap(ended) {
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
	if took := time.Since(began); took > 8*time.Second {
		t.Errorf("cut off after %s", took)
	}
	conn, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Fprintf(conn, "GET /thing HTTP/1.1\r\nHost: x\r\nX-Long: %s\r\n\r\n", strings.Repeat("a", 64<<10)); err != nil {
		t.Fatal(err)
	}
	line := make([]byte, 12)
	if n, _ := conn.Read(line); string(line[:n]) != "HTTP/1.1 431" {
		t.Errorf("a header of 64 KiB: %q", line)
	}
	_ = conn.Close()
	stop()
	if err := <-served; err != nil {
		t.Error(err)
	}
}

// dribble sends one byte every 200 ms until the server has had enough.
func dribble(address string) error {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return err
	}
	defer conn.Close() // the other end is gone
	for _, b := range []byte("GET /thing HTTP/1.1\r\nHost: x\r\nX-Slow: " + strings.Repeat("a", 100)) {
		if _, err := conn.Write([]byte{b}); err != nil {
			return nil
		}
		if err := conn.SetReadDeadline(time.Now().Add(200 * time.Millisecond)); err != nil {
			return err
		}
		if n, err := conn.Read(make([]byte, 1)); n > 0 || err != nil && !os.IsTimeout(err) {
			return nil
		}
	}
	return fmt.Errorf("the server waits for ever")
}
