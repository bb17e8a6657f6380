package httpapi

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"time"
)

// ServeTLS is Serve with TLS 1.2 or later. The certificate is read again when one of its files has changed, so that a renewal needs no
// restart; while the new one cannot be read, the old one stays.
func ServeTLS(ctx context.Context, listener net.Listener, handler http.Handler, logger *slog.Logger, certFile, keyFile string) error {
	pair := &keyPair{certFile: certFile, keyFile: keyFile, logger: logger}
	if _, err := pair.current(nil); err != nil {
		return err
	}
	server := newServer(handler, logger)
	server.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: pair.current}
	return run(ctx, server, listener, func() error { return server.ServeTLS(listener, "", "") })
}

// keyPair is a certificate with its key, as the files hold it now.
type keyPair struct {
	certFile, keyFile string
	logger            *slog.Logger

	mutex   sync.Mutex
	loaded  *tls.Certificate
	changed [2]time.Time // of the files, when they were last looked at
}

// current is called for every handshake; two looks at the file system cost nothing beside one.
func (p *keyPair) current(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	changed := [2]time.Time{changedAt(p.certFile), changedAt(p.keyFile)}
	if p.loaded != nil && changed == p.changed {
		return p.loaded, nil
	}
	p.changed = changed
	fresh, err := tls.LoadX509KeyPair(p.certFile, p.keyFile)
	switch {
	case err == nil:
		p.loaded = &fresh
	case p.loaded == nil:
		return nil, fmt.Errorf("the certificate of the server: %w", err)
	default:
		p.logger.Warn("the new certificate cannot be used, the old one stays", "error", err)
	}
	return p.loaded, nil
}

// changedAt is when a file was last written; the zero time where it is not there.
func changedAt(path string) time.Time {
	info, err := os.Stat(path)
	if err != nil {
		return time.Time{}
	}
	return info.ModTime()
}
