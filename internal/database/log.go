package database

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"gorm.io/gorm/logger"
)

// slowQuery is the time after which a statement is worth a line.
const slowQuery = 500 * time.Millisecond

// queryLog writes slow statements, without their parameters, to the program's log. Failed ones are returned to the caller and not
// logged here, since an error is logged or returned, never both.
type queryLog struct {
	log  *slog.Logger
	slow time.Duration
}

// LogMode keeps the logger as it is: what is logged does not depend on the session.
func (q queryLog) LogMode(logger.LogLevel) logger.Interface { return q }

// Info passes GORM's remarks on.
func (q queryLog) Info(ctx context.Context, text string, args ...any) {
	q.log.InfoContext(ctx, withoutValues(fmt.Sprintf(text, args...)))
}

// Warn passes GORM's warnings on.
func (q queryLog) Warn(ctx context.Context, text string, args ...any) {
	q.log.WarnContext(ctx, withoutValues(fmt.Sprintf(text, args...)))
}

// Error passes GORM's complaints on.
func (q queryLog) Error(ctx context.Context, text string, args ...any) {
	q.log.ErrorContext(ctx, withoutValues(fmt.Sprintf(text, args...)))
}

// Trace writes a line for a slow statement.
func (q queryLog) Trace(ctx context.Context, begin time.Time, statement func() (string, int64), _ error) {
	took := time.Since(begin)
	if took < q.slow || !q.log.Enabled(ctx, slog.LevelWarn) {
		return
	}
	text, rows := statement()
	q.log.WarnContext(ctx, "slow query", "duration", took, "rows", rows, "sql", text)
}

// ParamsFilter keeps parameter values out of the text.
func (q queryLog) ParamsFilter(_ context.Context, sql string, _ ...any) (string, []any) {
	return sql, nil
}
