package audit

import (
	"context"

	"sochibo/internal/database"
)

// Act says who does what, for the leaf of a write.
type Act struct {
	Name       string // such as meeting.submit
	Actor      string // the principal: user:ID or installation
	Credential string // what the caller showed: token:ID, session:ID, or nothing on the command line
}

// Write runs fn in a transaction, seals the records that fn touched and appends the leaf of the act, or undoes everything.
//
// Faults: those of fn and of database.Write; clock_behind.
func Write[T any](ctx context.Context, db *database.DB, act Act, fn func(tx *database.Tx) (T, error)) (T, error) {
	return database.Write(ctx, db, sealed(ctx, act, fn))
}

// Bulk is Write for imports, whose statements take as long as they need.
func Bulk[T any](ctx context.Context, db *database.DB, act Act, fn func(tx *database.Tx) (T, error)) (T, error) {
	return database.Bulk(ctx, db, sealed(ctx, act, fn))
}
