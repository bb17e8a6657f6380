package meeting

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"sochibo/internal/database"
	"sochibo/internal/ledger"
)

// verifyAtOnce is how many record versions are read at a time.
const verifyAtOnce = 500

// Verify recounts the latest record version of every meeting and compares it with what the ledger holds for the meeting; of the versions
// before it looks whether their bytes are whole.
// It returns what does not agree, nothing when all is well.
func (s *Service) Verify(ctx context.Context) ([]ledger.Mismatch, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) ([]ledger.Mismatch, error) {
		var found []ledger.Mismatch
		after := uuid.Nil
		for {
			rows, err := versionsAfter(ctx, tx, after, verifyAtOnce)
			if err != nil {
				return nil, err
			}
			if len(rows) == 0 {
				replaced, err := verifyReplaced(ctx, tx)
				if err != nil {
					return nil, err
				}
				absent, err := verifyAbsent(ctx, tx)
				return slices.Concat(found, replaced, absent), err
			}
			ids := make([]uuid.UUID, len(rows))
			for i, row := range rows {
				ids[i] = row.ID.UUID
			}
			standing, err := ledger.StandingOf(ctx, tx, ledger.Meeting, ids)
			if err != nil {
				return nil, err
			}
			for _, row := range rows {
				after = row.ID.UUID
				found = append(found, row.verify(standing[after])...)
			}
		}
	})
}

// versionRow is a meeting with its latest record version; the version is empty for one that was never submitted.
type versionRow struct {
	ID            ID
	Status        Status
	RecordVersion int
	Content       []byte
	SHA256        []byte `gorm:"column:sha256"`
	ErasureID     *uuid.UUID
}

func (r versionRow) verify(standing []ledger.Entry) []ledger.Mismatch {
	place := "meeting " + r.ID.String()
	wanted := map[ledger.Basis]ledger.Counters{}
	var found []ledger.Mismatch
	if r.RecordVersion > 0 {
		record, problem := r.record()
		if problem != "" {
			return []ledger.Mismatch{{Place: place, Detail: problem}}
		}
		if r.Status == Submitted || r.Status == Accepted {
			wanted = r.wanted(record)
			for _, e := range standing {
				if e.OrganizationID != record.OrganizationID || e.Body != record.Body || e.Month != record.PeriodMonth || e.Day != record.HeldOn {
					found = append(found, ledger.Mismatch{Place: e.String(), Detail: "does not carry the organisation, body, month and day of its record"})
				}
			}
		}
	}
	return append(found, compare(place, wanted, standing)...)
}

func (r versionRow) record() (Record, string) {
	return RecordVersion{MeetingID: r.ID, Number: r.RecordVersion, Content: r.Content, SHA256: r.SHA256, ErasureID: r.ErasureID}.whole()
}

// whole reads a version and says what is wrong with its bytes. A tombstone must name the erasure that the row names, and a row that
// names one must have a tombstone.
func (v RecordVersion) whole() (record Record, problem string) {
	sum := sha256.Sum256(v.Content)
	if !bytes.Equal(sum[:], v.SHA256) {
		return Record{}, fmt.Sprintf("record version %d does not have its SHA-256", v.Number)
	}
	record, err := ReadRecord(v.Content)
	if err != nil {
		return Record{}, fmt.Sprintf("record version %d cannot be read", v.Number)
	}
	stone, err := readErased(v.Content)
	if err != nil || stone != nil && !stone.sound(v) {
		return Record{}, fmt.Sprintf("the tombstone of record version %d is not that of its erasure", v.Number)
	}
	if stone == nil && v.ErasureID != nil {
		return Record{}, fmt.Sprintf("record version %d names an erasure and has no tombstone", v.Number)
	}
	return record, ""
}

// verifyReplaced looks through the versions that others took the place of.
func verifyReplaced(ctx context.Context, tx *database.Tx) ([]ledger.Mismatch, error) {
	var found []ledger.Mismatch
	var after RecordVersion
	for {
		rows, err := replacedAfter(ctx, tx, after, verifyAtOnce)
		if err != nil || len(rows) == 0 {
			return found, err
		}
		for _, v := range rows {
			after = v
			if _, problem := v.whole(); problem != "" {
				found = append(found, ledger.Mismatch{Place: "meeting " + v.MeetingID.String(), Detail: problem})
			}
		}
	}
}

// verifyAbsent looks again for who was not present.
func verifyAbsent(ctx context.Context, tx *database.Tx) (found []ledger.Mismatch, err error) {
	differences, err := absentRows().Verify(ctx, tx)
	for _, d := range differences {
		found = append(found, ledger.Mismatch(d))
	}
	return found, err
}

func (r versionRow) wanted(record Record) map[ledger.Basis]ledger.Counters {
	wanted := map[ledger.Basis]ledger.Counters{}
	if !record.Forms.Counted() {
		return wanted
	}
	wanted[ledger.Submitted] = Count(record)
	if r.Status == Accepted {
		wanted[ledger.Accepted] = Count(record)
	}
	return wanted
}

func compare(place string, wanted map[ledger.Basis]ledger.Counters, standing []ledger.Entry) []ledger.Mismatch {
	var found []ledger.Mismatch
	for _, basis := range []ledger.Basis{ledger.Submitted, ledger.Accepted} {
		var posted ledger.Counters
		for _, e := range standing {
			if e.Basis == basis {
				posted = posted.Plus(e.Counters)
			}
		}
		if posted != wanted[basis] {
			found = append(found, ledger.Mismatch{Place: place, Detail: fmt.Sprintf("what is posted under the basis %s is not what its record counts", basis)})
		}
	}
	return found
}
