package config

import (
	"fmt"
	"net/netip"
	"net/url"
	"os"
	"slices"
)

// What the program refuses to start with, each by the name under which SOCHIBO_ALLOW_UNSAFE lets it pass. The second group is
// found by the store when it is opened.
const (
	listenPlaintext = "listen_plaintext"
	corsPlaintext   = "cors_plaintext"
	secretReadable  = "secret_readable"
	oidcPlaintext   = "oidc_plaintext"
	publicPlaintext = "public_plaintext"
)

// Dangers are the names of all unsafe settings that are looked for.
func Dangers() []string {
	return []string{
		listenPlaintext, corsPlaintext, secretReadable, oidcPlaintext, publicPlaintext,
		"postgres_fsync", "postgres_full_page_writes", "postgres_synchronous_commit", "postgres_plaintext",
		"sqlite_network_file", "sqlite_file_readable",
	}
}

// Allows reports whether somebody has decided to run with this danger.
func (c Config) Allows(danger string) bool { return slices.Contains(c.AllowUnsafe, danger) }

// dangers are the unsafe settings that the environment alone shows.
func (c Config) dangers(secrets map[string]string) []error {
	var found []error
	for _, origin := range c.CORSOrigins {
		if plaintext(origin) {
			found = c.refuse(found, corsPlaintext, prefix+"CORS_ORIGINS: "+origin+" is not https, so that anybody on the way can change its pages")
		}
	}
	if plaintext(c.OIDC.Issuer) {
		found = c.refuse(found, oidcPlaintext, prefix+"OIDC_ISSUER: "+c.OIDC.Issuer+" is not https, so that anybody on the way can say who has logged in")
	}
	if plaintext(c.PublicURL) {
		found = c.refuse(found, publicPlaintext, prefix+"PUBLIC_URL: "+c.PublicURL+" is not https, so that anybody on the way can log in instead")
	}
	files := map[string]string{"TLS_KEY_FILE": c.TLSKeyFile}
	for name, path := range secrets {
		files[name] = path
	}
	for name, path := range files {
		if info, err := os.Stat(path); path != "" && err == nil && info.Mode().Perm()&0o004 != 0 {
			found = c.refuse(found, secretReadable, prefix+name+": everybody on this machine can read the file; chmod o= it")
		}
	}
	return found
}

// CheckListen refuses to serve in plain text beyond this machine, where passwords and records would cross the network readable. A
// proxy that does TLS has to be named.
func (c Config) CheckListen() error {
	if loopback(c.Listen) || c.TLSCertFile != "" || c.BehindProxy {
		return nil
	}
	found := c.refuse(nil, listenPlaintext, prefix+"LISTEN: "+c.Listen+" is no loopback address and there is no TLS: set "+
		"SOCHIBO_TLS_CERT_FILE and SOCHIBO_TLS_KEY_FILE, or SOCHIBO_BEHIND_PROXY=true and SOCHIBO_TRUSTED_PROXIES")
	if len(found) > 0 {
		return found[0]
	}
	return nil
}

func (c Config) refuse(found []error, danger, what string) []error {
	if c.Allows(danger) {
		return found
	}
	return append(found, fmt.Errorf("%s (SOCHIBO_ALLOW_UNSAFE=%s starts nevertheless)", what, danger))
}

// plaintext reports whether the address is reached without TLS over a network.
func plaintext(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Scheme == "http" && !local(u.Hostname())
}

func local(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}
