package provider

import (
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"net/http"
	"strings"
	"testing"
)

func encode(data []byte) string { return base64.RawURLEncoding.EncodeToString(data) }

func challenge(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return encode(sum[:])
}

func part(tb testing.TB, v any) string {
	tb.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		tb.Fatal(err)
	}
	return encode(text)
}

// Claims reads what a token says.
func Claims(tb testing.TB, token string) Answer {
	tb.Helper()
	claims := Answer{}
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	if err == nil {
		err = json.Unmarshal(payload, &claims)
	}
	if err != nil {
		tb.Fatalf("not a token: %v", err)
	}
	return claims
}

// unbound is what a token says, without the claim that binds it to an access token: whoever forges leaves that out.
func unbound(tb testing.TB, token string) string {
	tb.Helper()
	claims := Claims(tb, token)
	delete(claims, "at_hash")
	return part(tb, claims)
}

// WithHMAC signs what the token says with a key that both sides know, or that everybody knows.
func WithHMAC(tb testing.TB, token string, header Answer, key []byte) string {
	tb.Helper()
	signed := part(tb, header) + "." + unbound(tb, token)
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(signed))
	return signed + "." + encode(mac.Sum(nil))
}

// WithoutSignature says the same under a header without signing it.
func WithoutSignature(tb testing.TB, token string, header Answer) string {
	tb.Helper()
	return part(tb, header) + "." + unbound(tb, token) + "."
}

// WithClaims keeps header and signature and says something else.
func WithClaims(tb testing.TB, token string, claims Answer) string {
	tb.Helper()
	parts := strings.Split(token, ".")
	return parts[0] + "." + part(tb, claims) + "." + parts[2]
}

// Key is a key of somebody who is not the provider.
type Key struct {
	ID      string
	private *rsa.PrivateKey
}

// NewKey makes a key.
func NewKey(tb testing.TB, id string) Key {
	tb.Helper()
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		tb.Fatal(err)
	}
	return Key{id, private}
}

// Sign signs the claims, as RS256 whatever the header says.
func (k Key) Sign(tb testing.TB, header, claims Answer) string {
	tb.Helper()
	signed := part(tb, header) + "." + part(tb, claims)
	sum := sha256.Sum256([]byte(signed))
	signature, err := rsa.SignPKCS1v15(rand.Reader, k.private, crypto.SHA256, sum[:])
	if err != nil {
		tb.Fatal(err)
	}
	return signed + "." + encode(signature)
}

// JWK is the public half as a provider shows it.
func (k Key) JWK() Answer {
	return Answer{
		"kty": "RSA", "use": "sig", "alg": "RS256", "kid": k.ID, "n": encode(k.private.N.Bytes()),
		"e": encode(big.NewInt(int64(k.private.E)).Bytes()),
	}
}

// PublicForms returns the provider's public key in every form in which somebody may take it for a secret, and its id.
func (m *Middle) PublicForms(tb testing.TB) (id string, forms map[string][]byte) {
	tb.Helper()
	_, said := m.visit(tb, http.MethodGet, m.Issuer+"/keys", nil)
	var set struct{ Keys []struct{ Kid, N, E string } }
	if err := json.Unmarshal([]byte(said), &set); err != nil || len(set.Keys) != 1 {
		tb.Fatalf("the provider's keys: %s", said)
	}
	n, errN := base64.RawURLEncoding.DecodeString(set.Keys[0].N)
	e, errE := base64.RawURLEncoding.DecodeString(set.Keys[0].E)
	if errN != nil || errE != nil {
		tb.Fatalf("the provider's keys: %s", said)
	}
	public := &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(new(big.Int).SetBytes(e).Int64())}
	pkix, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		tb.Fatal(err)
	}
	pkcs1 := x509.MarshalPKCS1PublicKey(public)
	return set.Keys[0].Kid, map[string][]byte{
		"PKIX PEM": pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: pkix}), "PKIX DER": pkix,
		"PKCS1 PEM": pem.EncodeToMemory(&pem.Block{Type: "RSA PUBLIC KEY", Bytes: pkcs1}), "PKCS1 DER": pkcs1,
		"n": n, "n as text": []byte(set.Keys[0].N), "the set": []byte(said), "nothing": {},
	}
}
