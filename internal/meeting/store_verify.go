package meeting

import (
	"context"

	"github.com/google/uuid"

	"sochibo/internal/database"
)

func versionsAfter(ctx context.Context, tx *database.Tx, after uuid.UUID, limit int) ([]versionRow, error) {
	const q = `SELECT m.id, m.status, m.record_version, v.content, v.sha256, v.erasure_id
		FROM meeting m LEFT JOIN record_version v ON v.meeting_id = m.id AND v.number = m.record_version
		WHERE m.id > ? ORDER BY m.id LIMIT ?`
	var rows []versionRow
	return rows, database.Gorm(ctx, tx).Raw(q, after, limit).Scan(&rows).Error
}
