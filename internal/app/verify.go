package app

import (
	"context"

	"sochibo/internal/amendment"
	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/briefing"
	"sochibo/internal/database"
	"sochibo/internal/directive"
	"sochibo/internal/erasure"
	"sochibo/internal/identity"
	"sochibo/internal/inspection"
	"sochibo/internal/ledger"
	"sochibo/internal/meeting"
	"sochibo/internal/member"
	"sochibo/internal/org"
	"sochibo/internal/rating"
	"sochibo/internal/resolution"
	"sochibo/internal/rules"
	"sochibo/internal/schedule"
	"sochibo/internal/study"
	"sochibo/internal/topic"
)

// Kinds are all kinds of records that the log commits to, in the order of the rooms; of rule sets those that come with the program.
func Kinds() []audit.Kind { return kindsWith(rules.Sealed()) }

// kinds are Kinds with the local rule sets among them.
func (a *App) kinds() []audit.Kind { return kindsWith(a.Rules.Book().Sealed()) }

func kindsWith(ruleSets audit.Kind) []audit.Kind {
	return []audit.Kind{
		auth.SealedUser(), auth.SealedCredential(), auth.SealedSession(), auth.SealedToken(), org.Sealed(), org.SealedGrant(),
		identity.Sealed(), member.Sealed(), ruleSets, ledger.Sealed(), directive.Sealed(), directive.SealedRequirement(), directive.SealedPlan(), topic.Sealed(),
		briefing.Sealed(), briefing.SealedUse(), resolution.Sealed(),
		resolution.SealedTask(), meeting.Sealed(), schedule.SealedRegistration(), schedule.SealedNotice(), schedule.SealedDelegate(), schedule.SealedFeed(),
		amendment.Sealed(), erasure.Sealed(), study.SealedPlan(), study.SealedJoint(), inspection.Sealed(), inspection.SealedRemedy(),
		inspection.SealedSample(), inspection.SealedPlan(), inspection.SealedPlanItem(), rating.Sealed(),
		audit.SealedAccessDay(), audit.SealedRotation(),
	}
}

// VerifyOptions say what to hold the log against besides itself.
type VerifyOptions struct {
	Key   string // the public key whose signatures count; none: the configured one
	Since []byte // checkpoints that somebody kept, one after another
}

// Verify holds the store against itself: balances are the sums of entries, entries come from record versions, and all of it is what the
// transparency log committed to. Days of accesses that nobody has closed yet are closed first. It returns every place that is wrong: those that the log knows of, or else those of the recount.
func (a *App) Verify(ctx context.Context, o VerifyOptions) ([]audit.Mismatch, error) {
	if o.Key == "" && a.config.LogKey != "" {
		key, err := audit.PublicKey(a.config.LogKey.Reveal())
		if err != nil {
			return nil, err
		}
		o.Key = key
	}
	if err := a.closeDays(ctx); err != nil { // what keeps a day open is what verify looks for
		a.logger.Warn("close the days of accesses", "error", database.LogText(err))
	}
	found, err := database.BulkRead(ctx, a.db, func(tx *database.Tx) ([]audit.Mismatch, error) {
		return audit.Verify(ctx, tx, audit.Check{Kinds: a.kinds(), Key: o.Key, Since: o.Since})
	})
	if err != nil || len(found) > 0 {
		return found, err // what was tampered with cannot be recounted
	}
	for _, recount := range []func(context.Context) ([]ledger.Mismatch, error){a.Ledger.Verify, a.Meetings.Verify, a.wronglyErased, a.Org.Verify, a.Members.Verify, a.misfiled} {
		more, err := recount(ctx)
		if err != nil && ctx.Err() != nil {
			return nil, err
		}
		if err != nil { // a value that cannot be one stops a recount
			more = []ledger.Mismatch{{Place: "recount", Detail: err.Error()}}
		}
		found = append(found, more...)
	}
	return found, nil
}

func (a *App) wronglyErased(ctx context.Context) ([]ledger.Mismatch, error) {
	erasures, err := a.Erasures.Verify(ctx)
	return erasures.Wrong, err
}

// misfiled are the texts that a search would not find by their words, or by others.
func (a *App) misfiled(ctx context.Context) ([]ledger.Mismatch, error) {
	texts, err := database.BulkRead(ctx, a.db, func(tx *database.Tx) ([]database.Misfiled, error) { return database.VerifySearch(ctx, tx) })
	found := make([]ledger.Mismatch, len(texts))
	for i, t := range texts {
		found[i] = ledger.Mismatch{Place: "search_word " + t.Table + " " + t.ID, Detail: "it is found by other words than those of its text"}
		if t.ID == "" {
			found[i] = ledger.Mismatch{Place: "search_word", Detail: "there are words of no text"}
		}
	}
	return found, err
}

// Erased says what was erased and under which decision, which is nothing wrong.
func (a *App) Erased(ctx context.Context) ([]string, error) {
	erasures, err := a.Erasures.Verify(ctx)
	return erasures.Erased, err
}

// History returns the leaves that name a record, oldest first.
func (a *App) History(ctx context.Context, record string) ([]audit.Leaf, error) {
	return database.BulkRead(ctx, a.db, func(tx *database.Tx) ([]audit.Leaf, error) { return audit.History(ctx, tx, record) })
}
