package database

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Danger is a setting of the store under which records can be lost or read by others.
type Danger struct {
	Name string // under which the configuration may allow it
	What string
}

// Dangers looks for settings that a store with records must not have; it is for the start of a server. Faults: store_unavailable.
func (db *DB) Dangers(ctx context.Context) ([]Danger, error) {
	if db.engine == Postgres {
		return db.postgresDangers(ctx)
	}
	_, path, _ := strings.Cut(db.url, ":")
	return sqliteDangers(path, remoteFileSystem(filepath.Dir(path)))
}

func (db *DB) postgresDangers(ctx context.Context) ([]Danger, error) {
	config, err := pgx.ParseConfig(db.url)
	if err != nil {
		return nil, fmt.Errorf("database URL: %w", err)
	}
	var found []Danger
	for _, setting := range []struct{ name, what string }{
		{"fsync", "what is committed can be lost, and the database with it, when the machine fails"},
		{"full_page_writes", "a page that was half written when the machine failed cannot be mended"},
		{"synchronous_commit", "what is committed can be lost when the machine fails"},
	} {
		var value string
		if err := db.read.QueryRowContext(ctx, "SELECT current_setting($1)", setting.name).Scan(&value); err != nil {
			return nil, translate(ctx, mode{readOnly: true}, err)
		}
		if value == "off" {
			found = append(found, Danger{"postgres_" + setting.name, "PostgreSQL runs with " + setting.name + " = off: " + setting.what})
		}
	}
	if host := plaintextHost(config.Config); host != "" {
		found = append(found, Danger{
			"postgres_plaintext", "the connection to " + host + " may be in plain text: add sslmode=verify-full to the database URL",
		})
	}
	return found, nil
}

// plaintextHost returns a host beyond this machine to which the driver may speak without TLS.
func plaintextHost(config pgconn.Config) string {
	ways := append([]*pgconn.FallbackConfig{{Host: config.Host, TLSConfig: config.TLSConfig}}, config.Fallbacks...)
	for _, way := range ways {
		if way.TLSConfig == nil && !thisMachine(way.Host) {
			return way.Host
		}
	}
	return ""
}

// thisMachine reports whether a host is a Unix socket or a loopback address.
func thisMachine(host string) bool {
	ip, err := netip.ParseAddr(host)
	return strings.HasPrefix(host, "/") || strings.HasPrefix(host, "@") || host == "localhost" || err == nil && ip.IsLoopback()
}

// Cautions are settings that a server may run with and whose operator should think again: a superuser, a certificate that nobody checks.
func (db *DB) Cautions(ctx context.Context) ([]string, error) {
	if db.engine != Postgres {
		return nil, nil
	}
	var found []string
	var super string
	if err := db.read.QueryRowContext(ctx, "SELECT current_setting('is_superuser')").Scan(&super); err != nil {
		return nil, translate(ctx, mode{readOnly: true}, err)
	}
	if super == "on" {
		found = append(found, "the server is a superuser of PostgreSQL, so that triggers and rights do not hold it; use a role of its own")
	}
	config, err := pgx.ParseConfig(db.url)
	if err != nil {
		return nil, fmt.Errorf("database URL: %w", err)
	}
	if !thisMachine(config.Host) && unchecked(config.TLSConfig) {
		found = append(found, "the certificate of PostgreSQL is not checked; use sslmode=verify-full")
	}
	return found, nil
}

func unchecked(c *tls.Config) bool {
	return c != nil && c.InsecureSkipVerify && c.VerifyPeerCertificate == nil
}

func sqliteDangers(path, remote string) ([]Danger, error) {
	var found []Danger
	if remote != "" {
		found = append(found, Danger{
			"sqlite_network_file", "the database lies on " + remote + ", a network file system, where SQLite's locks do not hold",
		})
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("look at the database: %w", err)
	}
	if info.Mode().Perm()&0o007 != 0 {
		found = append(found, Danger{"sqlite_file_readable", "everybody on this machine can open the database file: chmod o= " + path})
	}
	return found, nil
}
