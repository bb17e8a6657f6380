package database

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"sochibo/internal/fault"
)

// Receipts older than this are as if they had never been.
const receiptLife = 7 * 24 * time.Hour

// A request that has not answered for so long never will: no request may take that long.
const abandoned = 2 * time.Minute

// Why a key is refused.
var (
	// ErrKeyReused says that the key was used for another request.
	ErrKeyReused = fault.New(fault.Invalid, "idempotency_key_reused")
	// ErrKeyInFlight says that the first request with the key is still running.
	ErrKeyInFlight = fault.Retry(fault.New(fault.Conflict, "idempotency_key_in_flight"), time.Second)
)

var errSecondWrite = errors.New("a second write under one receipt")

// Receipt makes the effect of one Write happen at most once for a key.
type Receipt struct {
	Principal   string                          // who; part of the key
	Key         string                          // the Idempotency-Key
	Fingerprint []byte                          // SHA-256 of method, path, query and body
	Keep        func(value any) (Answer, error) // renders the answer inside the transaction

	// Again decides whether the caller may still have the answer to a repeated request; nil lets everybody who knows key and request.
	Again func(ctx context.Context, tx *Tx) error
}

// Answer is what was sent for an effect.
type Answer struct {
	Status int
	Header map[string]string
	Body   []byte
}

// Replay is the error that says: the effect has happened already, and this was the answer.
type Replay struct{ Answer }

// Error says that the answer is an old one.
func (r *Replay) Error() string { return fmt.Sprintf("answered before with status %d", r.Status) }

type receiptKey struct{}

// pending is a receipt waiting in a context for its one Write.
type pending struct {
	Receipt
	used atomic.Bool
}

// WithReceipt makes the first Write under the returned context keep its answer under the receipt's key, in its own transaction. A
// second Write under it is a mistake and fails.
func WithReceipt(ctx context.Context, r Receipt) context.Context {
	return context.WithValue(ctx, receiptKey{}, &pending{Receipt: r})
}

// takeReceipt returns the receipt that ctx holds for this Write, if any. A dry run leaves it alone, since nothing is kept.
func takeReceipt(ctx context.Context) (*Receipt, error) {
	held, _ := ctx.Value(receiptKey{}).(*pending)
	if held == nil || IsDryRun(ctx) {
		return nil, nil
	}
	if held.used.Swap(true) {
		return nil, errSecondWrite
	}
	return &held.Receipt, nil
}

// InSteps runs fn, which writes in several transactions, under the receipt that ctx holds: the key is claimed first and the answer kept
// last, so that a repetition meanwhile is refused and one afterwards gets the answer. What fn did before it failed stays; its steps
// must bear to be repeated.
//
// Faults: those of fn; idempotency_key_reused, idempotency_key_in_flight, those of the receipt's Again.
func InSteps[T any](ctx context.Context, db *DB, fn func(ctx context.Context) (T, error)) (T, error) {
	receipt, err := takeReceipt(ctx)
	if err != nil || receipt == nil {
		var none T
		if err == nil {
			return fn(ctx)
		}
		return none, err
	}
	ctx = context.WithValue(ctx, receiptKey{}, nil)
	var none T
	if _, err := Write(ctx, db, func(tx *Tx) (struct{}, error) { return struct{}{}, receipt.claimAlone(ctx, tx) }); err != nil {
		return none, err
	}
	value, err := fn(ctx)
	if err != nil {
		ctx = context.WithoutCancel(ctx)
		_, _ = Write(ctx, db, func(tx *Tx) (struct{}, error) { return struct{}{}, receipt.release(ctx, tx) }) // else it is abandoned
		return none, err
	}
	return Write(ctx, db, func(tx *Tx) (T, error) { return value, receipt.keep(ctx, tx, value) })
}

// claimAlone makes the key that of a request which will answer in a later transaction.
func (r *Receipt) claimAlone(ctx context.Context, tx *Tx) error {
	if err := Gorm(ctx, tx).Exec(forgetAbandoned, r.Principal, r.Key, tx.Now.Add(-abandoned)).Error; err != nil {
		return inFlight(err)
	}
	return r.claim(ctx, tx)
}

// release gives the key back.
func (r *Receipt) release(ctx context.Context, tx *Tx) error {
	return Gorm(ctx, tx).Exec(releaseReceipt, r.Principal, r.Key).Error
}

const (
	forgetReceipt   = `DELETE FROM idempotency_key WHERE principal = ? AND key = ? AND created_at < ?`
	forgetAbandoned = `DELETE FROM idempotency_key WHERE principal = ? AND key = ? AND status IS NULL AND created_at < ?`
	releaseReceipt  = `DELETE FROM idempotency_key WHERE principal = ? AND key = ? AND status IS NULL`
	claimReceipt    = `INSERT INTO idempotency_key (principal, key, fingerprint, created_at) VALUES (?, ?, ?, ?)
ON CONFLICT (principal, key) DO NOTHING`
	findReceipt = `SELECT fingerprint, status, header, body FROM idempotency_key WHERE principal = ? AND key = ?`
	keepReceipt = `UPDATE idempotency_key SET status = ?, header = ?, body = ? WHERE principal = ? AND key = ?`
	pruneAll    = `DELETE FROM idempotency_key WHERE created_at < ?`
)

// kept is a row of idempotency_key.
type kept struct {
	Fingerprint []byte
	Status      *int
	Header      *string
	Body        []byte
}

// claim makes the key this transaction's own. On PostgreSQL the insertion waits for another transaction that holds the key; on
// SQLite writers are alone anyway.
func (r *Receipt) claim(ctx context.Context, tx *Tx) error {
	db := Gorm(ctx, tx)
	err := db.Exec(forgetReceipt, r.Principal, r.Key, tx.Now.Add(-receiptLife)).Error
	if err != nil {
		return inFlight(err)
	}
	result := db.Exec(claimReceipt, r.Principal, r.Key, r.Fingerprint, tx.Now)
	if result.Error != nil || result.RowsAffected == 1 {
		return inFlight(result.Error)
	}
	var rows []kept
	if err := db.Raw(findReceipt, r.Principal, r.Key).Scan(&rows).Error; err != nil {
		return err
	}
	return r.replay(ctx, tx, rows)
}

// replay returns the kept answer as an error, to those who may still have it.
func (r *Receipt) replay(ctx context.Context, tx *Tx, rows []kept) error {
	replay, err := r.judge(rows)
	if err != nil {
		return err
	}
	if r.Again != nil {
		if err := r.Again(ctx, tx); err != nil {
			return err
		}
	}
	return replay
}

// inFlight says what waiting in vain for a key means.
func inFlight(err error) error {
	if postgresCode(err) == lockTimeout {
		return fault.Because(ErrKeyInFlight, err)
	}
	return err
}

// judge decides what an existing row means; there is none when it was pruned just now.
func (r *Receipt) judge(rows []kept) (*Replay, error) {
	if len(rows) == 0 || rows[0].Status == nil {
		return nil, ErrKeyInFlight
	}
	row := rows[0]
	if !bytes.Equal(row.Fingerprint, r.Fingerprint) {
		return nil, ErrKeyReused
	}
	replay := &Replay{Answer{Status: *row.Status, Body: row.Body}}
	if row.Header != nil {
		if err := json.Unmarshal([]byte(*row.Header), &replay.Header); err != nil {
			return nil, fmt.Errorf("read kept answer: %w", err)
		}
	}
	return replay, nil
}

// keep stores the answer beside the effect.
func (r *Receipt) keep(ctx context.Context, tx *Tx, value any) error {
	answer, err := r.Keep(value)
	if err != nil {
		return fmt.Errorf("render answer to keep: %w", err)
	}
	header, err := json.Marshal(answer.Header)
	if err != nil {
		return fmt.Errorf("keep answer: %w", err)
	}
	result := Gorm(ctx, tx).Exec(keepReceipt, answer.Status, string(header), answer.Body, r.Principal, r.Key)
	if result.Error != nil {
		return fmt.Errorf("keep answer: %w", result.Error)
	}
	return nil
}

// PruneReceipts removes the receipts that have outlived their time and says how many they were.
func PruneReceipts(ctx context.Context, db *DB) (int64, error) {
	return run(ctx, db, mode{}, func(tx *Tx) (int64, error) {
		result := Gorm(ctx, tx).Exec(pruneAll, tx.Now.Add(-receiptLife))
		return result.RowsAffected, result.Error
	})
}
