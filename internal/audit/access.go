package audit

import (
	"context"
	"crypto/sha256"
	"time"

	"github.com/google/uuid"

	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/fault"
)

// ErrUnrecorded keeps data of persons back because it could not be recorded who was about to see them.
var ErrUnrecorded = fault.New(fault.Unavailable, "access_unrecorded")

// Access is one reading of data of persons by somebody in a privileged role. It holds ids and the route, no name and no query.
type Access struct {
	ID             uuid.UUID     `gorm:"primaryKey"`
	Day            calendar.Date // of RecordedAt, in the installation's zone
	RecordedAt     time.Time
	UserID         uuid.UUID
	TokenID        *uuid.UUID
	SessionID      *uuid.UUID
	RequestID      string
	Method         string
	Route          string
	OrganizationID *uuid.UUID
	MemberID       *uuid.UUID
	MeetingID      *uuid.UUID
	ObjectID       *uuid.UUID // any other thing that was asked for; the route says what it is
	RowCount       *int64     // of a list
	SHA256         []byte     `gorm:"column:sha256"` // of the canonical bytes
}

// TableName names the table of accesses.
func (Access) TableName() string { return "access_entry" }

// accessKind says what the canonical bytes of an access are: those of a record of this kind, as leaves commit to them.
func accessKind() Kind {
	return Kind{Name: "access", Parts: []Part{{Model: Access{}, Key: "id", Omit: []string{"sha256"}}}}
}

// hashAccess is what an access row carries of itself, so that verify can name the row and not the day alone.
func hashAccess(content []byte) []byte {
	hash := sha256.New()
	hash.Write([]byte("sochibo/access/1\n"))
	hash.Write(content)
	return hash.Sum(nil)
}

// Record commits an access, before what it is about is shown. The id, the time, the day and the hash are given to it.
//
// Faults: access_unrecorded, whatever the cause; canceled.
func Record(ctx context.Context, db *database.DB, access Access) error {
	_, err := database.Write(ctx, db, func(tx *database.Tx) (struct{}, error) {
		row := access
		id, err := uuid.NewV7()
		if err != nil {
			return struct{}{}, err
		}
		row.ID, row.Day, row.RecordedAt = id, tx.Today(), tx.Now
		return struct{}{}, insertAccess(ctx, tx, &row)
	})
	if err == nil || fault.KindOf(err) == fault.Canceled {
		return err
	}
	return fault.Because(ErrUnrecorded, err)
}

// AccessFilter says which accesses are asked for; what is not set does not narrow.
type AccessFilter struct {
	From, To       calendar.Date // days, both included
	UserID         *uuid.UUID
	OrganizationID *uuid.UUID
	MemberID       *uuid.UUID
	SubjectID      *uuid.UUID // a member, a meeting or any other thing that was asked for
	After          *uuid.UUID
	Limit          int
}

// Accesses returns the accesses of the filter in the order in which they were recorded.
func Accesses(ctx context.Context, tx *database.Tx, f AccessFilter) ([]Access, error) {
	return findAccesses(ctx, tx, f)
}
