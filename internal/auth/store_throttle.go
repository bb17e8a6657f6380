package auth

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"sochibo/internal/database"
	"sochibo/internal/fault"
)

const lockStreakQuery = `
INSERT INTO login_failure (subject, failures, not_before, updated_at) VALUES (?, 0, ?, ?)
ON CONFLICT (subject) DO UPDATE SET updated_at = excluded.updated_at`

// lockStreak returns the failures of the subject and holds them to the end of the transaction.
func lockStreak(ctx context.Context, tx *database.Tx, subject string) (streak, error) {
	if err := database.Gorm(ctx, tx).Exec(lockStreakQuery, subject, tx.Now, tx.Now).Error; err != nil {
		return streak{}, fmt.Errorf("lock failures: %w", err)
	}
	return database.Of[streak](database.Gorm(ctx, tx)).Where("subject = ?", subject).Take(ctx)
}

// hear counts an attempt as failed before it is looked at, so that many at once do not slip through, or refuses it.
//
// Faults: login_throttled.
func hear(ctx context.Context, tx *database.Tx, s subjects) error {
	account, err := lockStreak(ctx, tx, s.account)
	if err != nil {
		return err
	}
	waiting := account
	if s.streak != s.account {
		if waiting, err = lockStreak(ctx, tx, s.streak); err != nil {
			return err
		}
	}
	switch {
	case s.closes && account.Failures >= closedAfter:
		return fault.Retry(ErrThrottled, closedRetry)
	case waiting.NotBefore.After(tx.Now):
		return fault.Retry(ErrThrottled, waiting.NotBefore.Sub(tx.Now))
	}
	if err := hearOne(ctx, tx, s.account, accountAttempts); err != nil {
		return err
	}
	if s.address != "" {
		if err := hearOne(ctx, tx, s.address, addressAttempts); err != nil {
			return err
		}
	}
	if err := countFailure(ctx, tx, waiting); err != nil || s.streak == s.account {
		return err
	}
	account.NotBefore = tx.Now // an account as a whole never waits, it closes
	return countFailure(ctx, tx, account)
}

// hearOne notes an attempt of the subject unless there were as many within the last hour.
func hearOne(ctx context.Context, tx *database.Tx, subject string, most int) error {
	recent, err := database.Of[attempt](database.Gorm(ctx, tx)).Where("subject = ? AND at > ?", subject, tx.Now.Add(-attemptWindow)).
		Order("at").Limit(most).Find(ctx)
	if err != nil {
		return fmt.Errorf("count attempts: %w", err)
	}
	if len(recent) >= most {
		return fault.Retry(ErrThrottled, max(time.Second, recent[0].At.Add(attemptWindow).Sub(tx.Now)))
	}
	one := attempt{ID: uuid.NewString(), Subject: subject, At: tx.Now}
	return database.Of[attempt](database.Gorm(ctx, tx)).Create(ctx, &one)
}

func countFailure(ctx context.Context, tx *database.Tx, s streak) error {
	s.Failures++
	s.NotBefore, s.UpdatedAt = tx.Now.Add(waitAfter(s.Failures)), tx.Now
	_, err := database.Of[streak](database.Gorm(ctx, tx)).Where("subject = ?", s.Subject).
		Select("failures", "not_before", "updated_at").Updates(ctx, s)
	return err
}

// forgive forgets the failures in a row of the subjects.
func forgive(ctx context.Context, tx *database.Tx, subjects ...string) error {
	_, err := database.Of[streak](database.Gorm(ctx, tx)).Where("subject IN ?", subjects).Delete(ctx)
	return err
}
