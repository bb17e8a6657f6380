package docs

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"
)

// file is one answer held in memory, plain or compressed; the other form is made when somebody asks for it.
type file struct {
	name, contentType, etag string
	plain, zipped           func() []byte
}

func newFile(name string, body []byte) *file {
	f := named(name, body)
	f.plain = func() []byte { return body }
	f.zipped = sync.OnceValue(func() []byte { return zip(body) })
	return f
}

// newPacked makes a file of what is compressed already.
func newPacked(name string, body []byte) *file {
	f := named(name, body)
	f.zipped = func() []byte { return body }
	f.plain = sync.OnceValue(func() []byte { return unzip(body) })
	return f
}

func named(name string, body []byte) *file {
	sum := sha256.Sum256(body)
	contentType := mime.TypeByExtension(path.Ext(name))
	if contentType == "application/json" {
		contentType += "; charset=utf-8"
	}
	return &file{name: name, contentType: contentType, etag: hex.EncodeToString(sum[:8])}
}

// ServeHTTP answers with the file, compressed for those who take it, or with 304 to those who have it.
func (f *file) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Content-Type", f.contentType)
	header.Set("Content-Security-Policy", policy)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Cache-Control", "no-cache")
	header.Set("Vary", "Accept-Encoding")
	body, etag := f.plain, f.etag
	if takesGzip(r) {
		body, etag = f.zipped, f.etag+"-gzip"
		header.Set("Content-Encoding", "gzip")
	}
	header.Set("ETag", `"`+etag+`"`)
	http.ServeContent(w, r, f.name, time.Time{}, bytes.NewReader(body()))
}

func takesGzip(r *http.Request) bool {
	if r.Header.Get("Range") != "" {
		return false
	}
	for part := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, quality, _ := strings.Cut(strings.TrimSpace(part), ";")
		if name == "gzip" && strings.TrimSpace(quality) != "q=0" {
			return true
		}
	}
	return false
}

// zip compresses into memory, where writing cannot fail.
func zip(body []byte) []byte {
	var out bytes.Buffer
	writer := gzip.NewWriter(&out)
	_, _ = writer.Write(body)
	_ = writer.Close()
	return out.Bytes()
}

// unzip reads back what the binary carries, which tests have read before.
func unzip(packed []byte) []byte {
	reader, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil
	}
	plain, err := io.ReadAll(reader)
	if err != nil {
		return nil
	}
	return plain
}
