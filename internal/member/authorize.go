package member

import (
	"context"
	"slices"
	"strings"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
)

// authorizeEverywhere lets only those pass who hold the permission on the whole installation; fault: forbidden.
func authorizeEverywhere(ctx context.Context, tx *database.Tx, actor auth.Actor, permission httpapi.Permission) error {
	scope, err := org.Scope(ctx, tx, actor, permission)
	if err != nil {
		return err
	}
	if !scope.All() {
		return org.ErrForbidden
	}
	return nil
}

// authorizeHome lets pass who may write members of the member's home: that of today, else the last, else the next one; a member who
// was never at home anywhere is written by those who write members everywhere. Fault: forbidden.
func authorizeHome(ctx context.Context, tx *database.Tx, actor auth.Actor, id ID) error {
	homes, err := homesAt(ctx, tx, []ID{id}, tx.Today())
	if err != nil {
		return err
	}
	home, ok := homes[id]
	if !ok {
		return authorizeEverywhere(ctx, tx, actor, auth.MemberWrite)
	}
	return forbidden(org.Authorize(ctx, tx, actor, auth.MemberWrite, home))
}

// forbidden hides that an organisation cannot be seen, where the member can.
func forbidden(err error) error {
	if fault.KindOf(err) == fault.NotFound && err != nil {
		return org.ErrForbidden
	}
	return err
}

// authorizeReference lets pass who may write members of the organisation a request names; one that does not exist or is out of reach
// is member_invalid with reference_unknown at the pointer. Other fault: forbidden.
func authorizeReference(ctx context.Context, tx *database.Tx, actor auth.Actor, id org.ID, pointer string) error {
	err := org.Authorize(ctx, tx, actor, auth.MemberWrite, id)
	if err != nil && fault.KindOf(err) == fault.NotFound {
		return invalid(pointer, "reference_unknown")
	}
	return err
}

// invalid is member_invalid with one field.
func invalid(pointer, code string, args ...fault.Args) error {
	var f fault.Fields
	f.Check(false, pointer, code, args...)
	return f.Err(fault.Invalid, "member_invalid")
}

// checkWord notes a word that is none of the allowed ones.
func checkWord[W ~string](f *fault.Fields, pointer string, word W, allowed []W) bool {
	if word == "" {
		return f.Check(false, pointer, "field_required")
	}
	names := make([]string, len(allowed))
	for i, a := range allowed {
		names[i] = string(a)
	}
	return f.Check(slices.Contains(allowed, word), pointer, "word_unknown", fault.Args{"allowed": strings.Join(names, ", ")})
}

// checkSpan notes a missing first day, and a last day before it.
func checkSpan(f *fault.Fields, pointer string, span calendar.Span) {
	if f.Check(!span.From.IsZero(), pointer+"/from", "field_required") {
		f.Check(span.Valid(), pointer+"/to", "ends_before_start")
	}
}
