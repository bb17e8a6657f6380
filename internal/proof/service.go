package proof

import (
	"context"
	"strconv"

	"golang.org/x/mod/sumdb/note"

	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/database"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
)

// Service reads the log for auditors.
type Service struct {
	db     *database.DB
	signer note.Signer
}

// New returns the service; without a signer there are no checkpoints.
func New(db *database.DB, signer note.Signer) *Service { return &Service{db, signer} }

// Leaves is a page of the log.
type Leaves struct {
	Data []audit.Kept
	Next *string
}

// Leaves lists leaves in the order of their numbers.
//
// Faults: forbidden.
func (s *Service) Leaves(ctx context.Context, actor auth.Actor, page httpapi.Page) (Leaves, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) (Leaves, error) {
		if err := org.AuthorizeAnywhere(ctx, tx, actor, auth.AuditRead); err != nil {
			return Leaves{}, err
		}
		from := int64(0)
		if len(page.After) == 1 {
			last, err := strconv.ParseInt(page.After[0], 10, 64)
			if err != nil {
				return Leaves{}, err
			}
			from = last + 1
		}
		rows, err := audit.Leaves(ctx, tx, from, page.Limit+1)
		var out Leaves
		out.Data, out.Next = httpapi.Cut(rows, page, func(k audit.Kept) []string { return []string{strconv.FormatInt(k.Number, 10)} })
		return out, err
	})
}

// Grown signs the log as it is now if it has not as many leaves as the checkpoint before, and returns how many it has; nothing is signed
// otherwise, or without a key.
//
// Faults: log_key_retired.
func (s *Service) Grown(ctx context.Context, before int64) (signed []byte, size int64, err error) {
	if s.signer == nil {
		return nil, before, nil
	}
	size, err = database.Read(ctx, s.db, func(tx *database.Tx) (int64, error) { return audit.Size(ctx, tx) })
	if err != nil || size == before || size == 0 {
		return nil, size, err
	}
	signed, err = database.Write(ctx, s.db, func(tx *database.Tx) ([]byte, error) { return audit.Sign(ctx, tx, s.signer) })
	if err != nil {
		return nil, size, err
	}
	size, err = audit.SizeOf(signed)
	return signed, size, err
}

// Signed returns how many leaves the newest checkpoint is about, 0 where there is none.
func (s *Service) Signed(ctx context.Context) (int64, error) {
	if s.signer == nil {
		return 0, nil
	}
	return database.Read(ctx, s.db, func(tx *database.Tx) (int64, error) { return audit.Signed(ctx, tx, s.signer) })
}

// Checkpoint signs the log as it is now; everybody who is signed in may keep it.
//
// Faults: log_key_missing, log_key_retired.
func (s *Service) Checkpoint(ctx context.Context) (string, error) {
	if s.signer == nil {
		return "", audit.ErrNoKey
	}
	signed, err := database.Write(ctx, s.db, func(tx *database.Tx) ([]byte, error) { return audit.Sign(ctx, tx, s.signer) })
	return string(signed), err
}

// Inclusion proves that a leaf is among the first size leaves; 0 means all there are.
//
// Faults: forbidden, leaf_unknown.
func (s *Service) Inclusion(ctx context.Context, actor auth.Actor, leaf, size int64) (audit.Proof, error) {
	return s.prove(ctx, actor, func(tx *database.Tx) (audit.Proof, error) { return audit.ProveLeaf(ctx, tx, leaf, size) })
}

// Growth proves that the first size leaves begin with the first since leaves.
//
// Faults: forbidden, leaf_unknown.
func (s *Service) Growth(ctx context.Context, actor auth.Actor, since, size int64) (audit.Proof, error) {
	return s.prove(ctx, actor, func(tx *database.Tx) (audit.Proof, error) { return audit.ProveGrowth(ctx, tx, since, size) })
}

func (s *Service) prove(ctx context.Context, actor auth.Actor, proof func(*database.Tx) (audit.Proof, error)) (audit.Proof, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) (audit.Proof, error) {
		if err := org.AuthorizeAnywhere(ctx, tx, actor, auth.AuditRead); err != nil {
			return audit.Proof{}, err
		}
		return proof(tx)
	})
}
