package proof

import (
	"context"

	"github.com/google/uuid"

	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/httpapi"
	"sochibo/internal/member"
	"sochibo/internal/org"
)

// Accesses is a page of the accesses of privileged roles to data of persons.
type Accesses struct {
	Data []audit.Access
	Next *string
}

// Accesses lists accesses in the order in which they were recorded.
//
// Faults: forbidden.
func (s *Service) Accesses(ctx context.Context, actor auth.Actor, f audit.AccessFilter, page httpapi.Page) (Accesses, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) (Accesses, error) {
		if err := org.AuthorizeAnywhere(ctx, tx, actor, auth.AuditRead); err != nil {
			return Accesses{}, err
		}
		return accesses(ctx, tx, f, page)
	})
}

// AccessesTo lists the accesses that asked for a member, for those who may see at the member's home who read there: the home of today,
// else the last, else the next one. For a member without any home that takes the right on the whole installation.
//
// Faults: forbidden, member_unknown.
func (s *Service) AccessesTo(ctx context.Context, actor auth.Actor, id member.ID, page httpapi.Page) (Accesses, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) (Accesses, error) {
		sight, err := org.ScopeAnywhere(ctx, tx, actor, auth.AccessRead)
		if err != nil {
			return Accesses{}, err
		}
		home, err := member.HomeNow(ctx, tx, id)
		switch {
		case err != nil:
			return Accesses{}, err
		case home != nil:
			err = org.Authorize(ctx, tx, actor, auth.AccessRead, *home)
		case !sight.All():
			err = member.ErrUnknown
		default:
			_, err = member.Find(ctx, tx, id)
		}
		if err != nil && fault.KindOf(err) == fault.NotFound {
			err = member.ErrUnknown
		}
		if err != nil {
			return Accesses{}, err
		}
		return accesses(ctx, tx, audit.AccessFilter{MemberID: &id.UUID}, page)
	})
}

func accesses(ctx context.Context, tx *database.Tx, f audit.AccessFilter, page httpapi.Page) (Accesses, error) {
	f.Limit = page.Limit + 1
	if page.After != nil {
		after, err := uuid.Parse(page.After[0])
		if err != nil {
			return Accesses{}, err
		}
		f.After = &after
	}
	rows, err := audit.Accesses(ctx, tx, f)
	var out Accesses
	out.Data, out.Next = httpapi.Cut(rows, page, func(a audit.Access) []string { return []string{a.ID.String()} })
	return out, err
}
