package audit

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"time"
)

// format is the version of the form of leaves; leaves of an earlier form stay as they are.
const format = "sochibo/leaf/1"

// Leaf is one entry of the log. Its bytes are kept as they were hashed and never built again.
type Leaf struct {
	Format     string   `json:"format"`
	Number     int64    `json:"number"`
	RecordedAt string   `json:"recorded_at"` // RFC 3339, UTC, microseconds
	Act        string   `json:"act"`
	Actor      string   `json:"actor"`
	Credential string   `json:"credential,omitempty"`
	Part       int      `json:"part,omitempty"` // an act on very many records has several leaves, the last of them without a part
	Objects    []Object `json:"objects,omitempty"`
}

// Object is a record that the act changed. Commitment is empty where the record is gone afterwards.
type Object struct {
	Kind       string `json:"kind"`
	ID         string `json:"record"`
	Before     string `json:"before,omitempty"` // the commitment that held until now
	Commitment string `json:"commitment,omitempty"`
	Rows       string `json:"rows,omitempty"` // a short check of each row, for a record of many rows that each have a name
}

const saltSize = 32

// commit returns the commitment to a content under a fresh salt. The salt keeps others from finding out the content by guessing.
func commit(content []byte) (salt []byte, commitment []byte) {
	salt = make([]byte, saltSize)
	_, _ = rand.Read(salt) // it never fails
	return salt, commitment32(salt, content)
}

func commitment32(salt, content []byte) []byte {
	hash := sha256.New()
	hash.Write([]byte("sochibo/object/1\n"))
	hash.Write(salt)
	hash.Write(content)
	return hash.Sum(nil)
}

// rowCheckBytes is enough to tell which row was changed where the commitment says that one was.
const rowCheckBytes = 4

// rowChecks returns a short salted check of each line of a content.
func rowChecks(salt, content []byte) []byte {
	var checks []byte
	for line := range bytes.Lines(content) {
		hash := sha256.New()
		hash.Write([]byte("sochibo/row/1\n"))
		hash.Write(salt)
		hash.Write(line)
		checks = append(checks, hash.Sum(nil)[:rowCheckBytes]...)
	}
	return checks
}

func text64(b []byte) string { return base64.StdEncoding.EncodeToString(b) }

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }
