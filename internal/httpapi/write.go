package httpapi

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"sochibo/internal/database"
	"sochibo/internal/fault"
)

// ErrKeyMalformed refuses an Idempotency-Key that is not 1 to 200 visible ASCII characters.
var ErrKeyMalformed = fault.New(fault.Malformed, "idempotency_key_malformed")

const longestKey = 200

// Write serves a request that changes something. With ?dry_run=true nothing is kept and the answer says what would have happened; with
// an Idempotency-Key on POST, a repeated request gets the bytes of the first answer. The request must do all its writing in one
// database.Write, whose value run returns as it is: the answer is made of it inside the transaction.
func Write[T any](c *gin.Context, run func(ctx context.Context) (T, error), answer func(T) Answer) error {
	query := NewQuery(c)
	dryRun := query.Bool("dry_run")
	if err := query.Err(); err != nil {
		return err
	}
	ctx := c.Request.Context()
	if dryRun {
		value, err := run(database.WithDryRun(ctx))
		if err != nil {
			return err
		}
		return respondDryRun(c, answer(value))
	}
	var kept *database.Answer
	ctx, err := withReceipt(ctx, c, func(value any) (database.Answer, error) {
		typed, ok := value.(T)
		if !ok {
			return database.Answer{}, fmt.Errorf("keep the answer to %T: not what the request returns", value)
		}
		rendered, err := answer(typed).render()
		kept = &rendered
		return rendered, err
	})
	if err != nil {
		return err
	}
	value, err := run(ctx)
	if err != nil {
		return err
	}
	if kept == nil {
		rendered, err := answer(value).render()
		if err != nil {
			return err
		}
		kept = &rendered
	}
	renderKept(c, *kept)
	return nil
}

// respondDryRun answers what would have been; nothing exists that a Location or an entity tag could name.
func respondDryRun(c *gin.Context, answer Answer) error {
	answer.Location, answer.ETag = "", ""
	if answer.Status == http.StatusCreated {
		answer.Status = http.StatusOK
	}
	kept, err := answer.render()
	if err != nil {
		return err
	}
	if err := disclose(c, rowsOf(answer.Body)); err != nil {
		return err
	}
	c.Header("Sochibo-Dry-Run", "true")
	renderKept(c, kept)
	return nil
}

// withReceipt puts the receipt of a POST with an Idempotency-Key into the context.
func withReceipt(ctx context.Context, c *gin.Context, keep func(any) (database.Answer, error)) (context.Context, error) {
	keys := c.Request.Header.Values("Idempotency-Key")
	if c.Request.Method != http.MethodPost || len(keys) == 0 {
		return ctx, nil
	}
	if len(keys) > 1 || !visible(keys[0]) {
		return nil, ErrKeyMalformed
	}
	if Principal(c) == "" {
		return ctx, nil // strangers have no keys of their own
	}
	body, err := Body(c)
	if err != nil {
		return nil, err
	}
	return database.WithReceipt(ctx, database.Receipt{
		Principal: Principal(c), Key: keys[0], Fingerprint: fingerprint(c.Request, body, of(c).scope), Keep: keep,
		Again: of(c).again,
	}), nil
}

func visible(key string) bool {
	return key != "" && len(key) <= longestKey && !strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r > '~' })
}

// fingerprint tells one request from another under the same key. Lengths go before the parts, so that no two requests run together.
func fingerprint(r *http.Request, body []byte, scope string) []byte {
	hash := sha256.New()
	ifMatch := strings.Join(r.Header.Values("If-Match"), ",")
	for _, part := range []string{r.Method, r.URL.EscapedPath(), r.URL.RawQuery, ifMatch, string(body), scope} {
		_ = binary.Write(hash, binary.BigEndian, uint64(len(part))) // a hash never fails
		hash.Write([]byte(part))
	}
	return hash.Sum(nil)
}
