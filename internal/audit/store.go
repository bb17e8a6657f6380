package audit

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"sochibo/internal/database"
)

// sealRow is the commitment to a record as it is now. One that is gone has neither salt nor commitment.
type sealRow struct {
	Kind       string `gorm:"primaryKey"`
	ObjectID   string `gorm:"primaryKey"`
	Salt       []byte
	Commitment []byte
	LeafNumber int64

	checks string // of the rows, for the leaf
}

// TableName names the table of seals.
func (sealRow) TableName() string { return "log_seal" }

// leafRow is a leaf as it is kept.
type leafRow struct {
	Number     int64 `gorm:"primaryKey;autoIncrement:false"`
	RecordedAt time.Time
	Content    []byte
}

// TableName names the table of leaves.
func (leafRow) TableName() string { return "log_leaf" }

// hashRow is a node of the tree at the position that tlog.StoredHashIndex gives it.
type hashRow struct {
	Position int64 `gorm:"primaryKey;autoIncrement:false"`
	Hash     []byte
}

// TableName names the table of hashes.
func (hashRow) TableName() string { return "log_hash" }

func sealsOf(ctx context.Context, tx *database.Tx, kind string, ids []string) (map[string]sealRow, error) {
	byID := map[string]sealRow{}
	return byID, database.Together(ctx, tx, askSeals(kind, ids, byID))
}

// askSeals asks for the seals of records.
func askSeals(kind string, ids []string, into map[string]sealRow) database.Statement {
	args := []any{kind}
	for _, id := range ids {
		args = append(args, id)
	}
	return database.Statement{
		SQL:  `SELECT object_id, salt, commitment, leaf_number FROM log_seal WHERE kind = ? AND object_id IN ` + database.Places(len(ids)),
		Args: args,
		Read: func(rows database.Found) error {
			for rows.Next() {
				row := sealRow{Kind: kind}
				if err := rows.Scan(&row.ObjectID, &row.Salt, &row.Commitment, &row.LeafNumber); err != nil {
					return fmt.Errorf("read seals: %w", err)
				}
				into[row.ObjectID] = row
			}
			return nil
		},
	}
}

// Sealed returns the ids of the records of a kind that the log has ever committed to, in order.
func Sealed(ctx context.Context, tx *database.Tx, kind string) ([]string, error) {
	rows, err := database.Of[sealRow](database.Gorm(ctx, tx)).Where("kind = ?", kind).Select("object_id").Order("object_id").Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("read seals: %w", err)
	}
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.ObjectID
	}
	return ids, nil
}

// head is what a leaf needs to know of the log to which it is appended.
type head struct {
	number int64 // of the leaf
	at     time.Time
	edge   map[int64][]byte // some hashes at the tree's right edge, by position
}

// edge is how many of the last hashes are read together with the head: the roots of the last subtrees of one, two and four leaves lie
// among them, and all but one leaf in sixteen need no other. What a leaf needs and is not among them is asked for.
const edge = 5

// takeHead makes room for a leaf and returns its number. The row stays locked to the end, which puts leaves in the order of their
// commits.
func takeHead(ctx context.Context, tx *database.Tx) (head, error) {
	h := head{edge: map[int64][]byte{}}
	err := database.Together(ctx, tx, database.Statement{
		SQL: `UPDATE log_head SET size = size + 1, recorded_at = CASE WHEN recorded_at > ? THEN recorded_at ELSE ? END
			WHERE id = 1 RETURNING size - 1, recorded_at`,
		Args: []any{tx.Now, tx.Now},
		Read: func(rows database.Found) error {
			if !rows.Next() {
				return errors.New("there is none")
			}
			return rows.Scan(&h.number, &h.at)
		},
	}, database.Statement{
		SQL:  `SELECT position, hash FROM log_hash ORDER BY position DESC LIMIT ?`,
		Args: []any{edge},
		Read: readHashes(h.edge),
	})
	if err != nil {
		return head{}, fmt.Errorf("take the head of the log: %w", err)
	}
	return h, nil
}

func readHashes(into map[int64][]byte) func(rows database.Found) error {
	return func(rows database.Found) error {
		for rows.Next() {
			var row hashRow
			if err := rows.Scan(&row.Position, &row.Hash); err != nil {
				return fmt.Errorf("read hashes: %w", err)
			}
			into[row.Position] = row.Hash
		}
		return nil
	}
}

const rowsAtOnce = 200

// append writes a leaf, the hashes that it brings to the tree and the seals that hold from now on.
func (h head) append(ctx context.Context, tx *database.Tx, content []byte, seals []sealRow) error {
	hashes, err := tlog.StoredHashes(h.number, content, hashReader(ctx, tx, h.edge))
	if err != nil {
		return fmt.Errorf("grow the log: %w", err)
	}
	grow := database.Statement{}
	for i, hash := range hashes {
		grow.Args = append(grow.Args, tlog.StoredHashIndex(0, h.number)+int64(i), hash[:])
	}
	grow.SQL = `INSERT INTO log_hash (position, hash) VALUES ` + rowsOf(len(hashes), 2)
	statements := []database.Statement{
		{SQL: `INSERT INTO log_leaf (number, recorded_at, content) VALUES (?,?,?)`, Args: []any{h.number, h.at, content}}, grow,
	}
	for some := range slices.Chunk(seals, rowsAtOnce) {
		statements = append(statements, saveSeals(some, h.number))
	}
	if err := database.Together(ctx, tx, statements...); err != nil {
		return fmt.Errorf("append leaf %d: %w", h.number, err)
	}
	return nil
}

func saveSeals(seals []sealRow, leaf int64) database.Statement {
	args := make([]any, 0, 5*len(seals))
	for _, s := range seals {
		args = append(args, s.Kind, s.ObjectID, s.Salt, s.Commitment, leaf)
	}
	return database.Statement{
		SQL: `INSERT INTO log_seal (kind, object_id, salt, commitment, leaf_number) VALUES ` + rowsOf(len(seals), 5) + `
			ON CONFLICT (kind, object_id) DO UPDATE SET salt = excluded.salt, commitment = excluded.commitment, leaf_number = excluded.leaf_number`,
		Args: args,
	}
}

// rowsOf writes the places of so many rows.
func rowsOf(rows, columns int) string {
	return strings.TrimSuffix(strings.Repeat(database.Places(columns)+",", rows), ",")
}

// hashReader reads nodes of the tree, but for those that are known.
func hashReader(ctx context.Context, tx *database.Tx, known map[int64][]byte) tlog.HashReader {
	return tlog.HashReaderFunc(func(positions []int64) ([]tlog.Hash, error) {
		found := maps.Clone(known)
		if found == nil {
			found = map[int64][]byte{}
		}
		var asked []any
		for _, p := range positions {
			if found[p] == nil {
				asked = append(asked, p)
			}
		}
		if len(asked) > 0 {
			const q = `SELECT position, hash FROM log_hash WHERE position IN `
			ask := database.Statement{SQL: q + database.Places(len(asked)), Args: asked, Read: readHashes(found)}
			if err := database.Together(ctx, tx, ask); err != nil {
				return nil, err
			}
		}
		hashes := make([]tlog.Hash, len(positions))
		for i, p := range positions {
			if len(found[p]) != tlog.HashSize {
				return nil, fmt.Errorf("the log lacks the hash at %d", p)
			}
			hashes[i] = tlog.Hash(found[p])
		}
		return hashes, nil
	})
}
