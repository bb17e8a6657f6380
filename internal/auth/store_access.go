package auth

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"sochibo/internal/audit"
	"sochibo/internal/database"
)

// findCredential returns the user's credential, an empty one if there is none yet.
func findCredential(ctx context.Context, tx *database.Tx, user UserID) (Credential, error) {
	c, err := database.Of[Credential](database.Gorm(ctx, tx)).Where("user_id = ?", user).Take(ctx)
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Credential{UserID: user}, nil
	}
	return c, err
}

const lockUser = `SELECT id FROM user_account WHERE id = ? FOR UPDATE`

// lockCredential is findCredential for a change: changes of one user's credential and sessions come one after the other. SQLite has one
// writer anyway.
func lockCredential(ctx context.Context, tx *database.Tx, user UserID) (Credential, error) {
	if tx.Engine() == database.Postgres {
		if err := database.Gorm(ctx, tx).Exec(lockUser, user).Error; err != nil {
			return Credential{}, fmt.Errorf("lock user: %w", err)
		}
	}
	return findCredential(ctx, tx, user)
}

const saveCredentialQuery = `
INSERT INTO user_credential (user_id, password, password_set_at, code_hash, code_expires_at, totp_secret, totp_confirmed_at, totp_step,
    last_login_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (user_id) DO UPDATE SET password = excluded.password, password_set_at = excluded.password_set_at,
    code_hash = excluded.code_hash, code_expires_at = excluded.code_expires_at, totp_secret = excluded.totp_secret,
    totp_confirmed_at = excluded.totp_confirmed_at, totp_step = excluded.totp_step, last_login_at = excluded.last_login_at`

func saveCredential(ctx context.Context, tx *database.Tx, c Credential) error {
	audit.Touch(tx, SealedCredential(), c.UserID)
	err := database.Gorm(ctx, tx).Exec(saveCredentialQuery, c.UserID, c.Password, c.PasswordSetAt, c.CodeHash, c.CodeExpiresAt,
		c.TotpSecret, c.TotpConfirmedAt, c.TotpStep, c.LastLoginAt).Error
	if err != nil {
		return fmt.Errorf("save credential: %w", err)
	}
	return nil
}

// replaceRecovery replaces the user's recovery codes.
func replaceRecovery(ctx context.Context, tx *database.Tx, user UserID, hashes [][]byte) error {
	audit.Touch(tx, SealedCredential(), user)
	if _, err := database.Of[recovery](database.Gorm(ctx, tx)).Where("user_id = ?", user).Delete(ctx); err != nil {
		return fmt.Errorf("remove recovery codes: %w", err)
	}
	for _, hash := range hashes {
		if err := database.Of[recovery](database.Gorm(ctx, tx)).Create(ctx, &recovery{UserID: user, Hash: hash}); err != nil {
			return fmt.Errorf("insert recovery code: %w", err)
		}
	}
	return nil
}

// useRecovery spends a recovery code and reports whether there was such a one.
func useRecovery(ctx context.Context, tx *database.Tx, user UserID, hash []byte) (bool, error) {
	audit.Touch(tx, SealedCredential(), user)
	n, err := database.Of[recovery](database.Gorm(ctx, tx)).Where("user_id = ? AND hash = ? AND used_at IS NULL", user, hash).
		Update(ctx, "used_at", tx.Now)
	return n == 1, err
}

func insertDevice(ctx context.Context, tx *database.Tx, d *device) error {
	audit.Touch(tx, SealedCredential(), d.UserID)
	return database.Of[device](database.Gorm(ctx, tx)).Create(ctx, d)
}

func removeDevices(ctx context.Context, tx *database.Tx, user UserID) error {
	audit.Touch(tx, SealedCredential(), user)
	_, err := database.Of[device](database.Gorm(ctx, tx)).Where("user_id = ?", user).Delete(ctx)
	return err
}

// findDevice returns the user's device of the secret, or nil.
func findDevice(ctx context.Context, tx *database.Tx, user UserID, secret string) (*device, error) {
	found, err := database.Of[device](database.Gorm(ctx, tx)).
		Where("hash = ? AND user_id = ? AND expires_at > ?", hashOf(secret), user, tx.Now).Find(ctx)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

func insertSession(ctx context.Context, tx *database.Tx, s *Session) error {
	audit.Touch(tx, SealedSession(), s.ID)
	return database.Of[Session](database.Gorm(ctx, tx)).Create(ctx, s)
}

func findSession(ctx context.Context, tx *database.Tx, id uuid.UUID) (Session, error) {
	s, err := database.Of[Session](database.Gorm(ctx, tx)).Where("id = ?", id).Take(ctx)
	return s, unknown(err, ErrSessionUnknown)
}

// confirmSession notes that the user has just proved to be the one, and the second factor where there was one.
func confirmSession(ctx context.Context, tx *database.Tx, s *Session, factor bool) error {
	audit.Touch(tx, SealedSession(), s.ID)
	s.ConfirmedAt, s.SecondFactor = &tx.Now, s.SecondFactor || factor
	_, err := database.Of[Session](database.Gorm(ctx, tx)).Where("id = ? AND ended_at IS NULL", s.ID).
		Select("confirmed_at", "second_factor").Updates(ctx, *s)
	return err
}

// endSessions ends those of the sessions that have not ended.
func endSessions(ctx context.Context, tx *database.Tx, open []Session) error {
	for _, s := range open {
		audit.Touch(tx, SealedSession(), s.ID)
		_, err := database.Of[Session](database.Gorm(ctx, tx)).Where("id = ? AND ended_at IS NULL", s.ID).Update(ctx, "ended_at", tx.Now)
		if err != nil {
			return fmt.Errorf("end login session: %w", err)
		}
	}
	return nil
}

func endSessionsOf(ctx context.Context, tx *database.Tx, user UserID) error {
	open, err := database.Of[Session](database.Gorm(ctx, tx)).Where("user_id = ? AND ended_at IS NULL", user).Order("id").Find(ctx)
	if err != nil {
		return fmt.Errorf("find login sessions: %w", err)
	}
	return endSessions(ctx, tx, open)
}

// visitor is a session with what decides whether its user may use it.
type visitor struct {
	Session    `gorm:"embedded"`
	UserName   string
	DisabledAt *time.Time
}

const visitorQuery = `
SELECT s.*, u.name AS user_name, u.disabled_at
FROM login_session s JOIN user_account u ON u.id = s.user_id
WHERE s.hash = ?`

func findVisitor(ctx context.Context, tx *database.Tx, hash []byte) (visitor, error) {
	var found []visitor
	if err := database.Gorm(ctx, tx).Raw(visitorQuery, hash).Scan(&found).Error; err != nil {
		return visitor{}, fmt.Errorf("find login session: %w", err)
	}
	if len(found) == 0 {
		return visitor{}, ErrUnauthenticated
	}
	return found[0], nil
}

func touchSession(ctx context.Context, tx *database.Tx, id uuid.UUID) error {
	_, err := database.Of[Session](database.Gorm(ctx, tx)).
		Where("id = ? AND ended_at IS NULL AND last_used_at < ?", id, tx.Now).Update(ctx, "last_used_at", tx.Now)
	return err
}

// peopleLogIn reports whether anybody ever logged in here.
func peopleLogIn(ctx context.Context, tx *database.Tx) (bool, error) {
	found, err := database.Of[Credential](database.Gorm(ctx, tx)).Where("last_login_at IS NOT NULL").Limit(1).Find(ctx)
	return len(found) > 0, err
}

func pruneSessions(ctx context.Context, tx *database.Tx) error {
	for _, query := range []struct {
		sql string
		old time.Time
	}{
		{"DELETE FROM login_attempt WHERE at < ?", tx.Now.Add(-attemptWindow)},
		{"DELETE FROM login_failure WHERE updated_at < ? AND subject NOT LIKE 'account:%'", tx.Now.Add(-7 * 24 * time.Hour)},
	} {
		if err := database.Gorm(ctx, tx).Exec(query.sql, query.old).Error; err != nil {
			return fmt.Errorf("prune attempts to log in: %w", err)
		}
	}
	return nil
}

// resumeSession takes back that the session ended in this transaction and notes its second factor.
func resumeSession(ctx context.Context, tx *database.Tx, id uuid.UUID) error {
	audit.Touch(tx, SealedSession(), id)
	_, err := database.Of[Session](database.Gorm(ctx, tx)).Where("id = ? AND ended_at = ?", id, tx.Now).
		Select("ended_at", "second_factor").Updates(ctx, Session{SecondFactor: true})
	return err
}
