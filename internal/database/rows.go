package database

import (
	"context"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Rows are the rows of T's table, narrowed step by step and then read or written. It is a typed front of GORM's own
// chain, with the form of gorm.G and no more than is called: gorm.G compiles its whole interface again for every T,
// which came to a sixth of the binary (docs/adr/0011). Every step leaves the one before as it was.
type Rows[T any] struct{ db *gorm.DB }

// Of begins with all rows of T's table.
func Of[T any](db *gorm.DB, clauses ...clause.Expression) Rows[T] {
	db = db.Model(new(T))
	if len(clauses) > 0 {
		db = db.Clauses(clauses...)
	}
	return Rows[T]{apart(db)}
}

// apart makes what was narrowed a start of its own, since GORM adds to a query in place.
func apart(db *gorm.DB) *gorm.DB { return db.Session(&gorm.Session{}) }

// Where narrows to the rows for which the condition holds.
func (r Rows[T]) Where(condition string, args ...any) Rows[T] {
	return Rows[T]{apart(r.db.Where(condition, args...))}
}

// Order sorts.
func (r Rows[T]) Order(by string) Rows[T] { return Rows[T]{apart(r.db.Order(by))} }

// Limit keeps the first n.
func (r Rows[T]) Limit(n int) Rows[T] { return Rows[T]{apart(r.db.Limit(n))} }

// IDsFirst are the same rows, in no order, of which the ids are found first. Where all conditions are on columns of the index that has the order,
// no other rows are read for them.
func (r Rows[T]) IDsFirst() Rows[T] {
	return Rows[T]{apart(r.db.Session(&gorm.Session{NewDB: true}).Model(new(T)).Where("id IN (?)", r.db.Select("id")))}
}

// Select names the columns that are read, or written.
func (r Rows[T]) Select(column string, more ...any) Rows[T] {
	return Rows[T]{apart(r.db.Select(column, more...))}
}

// Find reads all rows.
func (r Rows[T]) Find(ctx context.Context) ([]T, error) {
	var rows []T
	return rows, r.db.WithContext(ctx).Find(&rows).Error
}

// Take reads one row, whichever comes, or returns gorm.ErrRecordNotFound.
func (r Rows[T]) Take(ctx context.Context) (T, error) {
	var row T
	return row, r.db.WithContext(ctx).Take(&row).Error
}

// Count counts the rows whose column is not null; "*" counts all.
func (r Rows[T]) Count(ctx context.Context, column string) (int64, error) {
	var n int64
	return n, r.db.WithContext(ctx).Select(column).Count(&n).Error
}

// Create adds a row.
func (r Rows[T]) Create(ctx context.Context, row *T) error {
	return r.db.WithContext(ctx).Create(row).Error
}

// CreateInBatches adds rows, so many in one statement.
func (r Rows[T]) CreateInBatches(ctx context.Context, rows *[]T, size int) error {
	return r.db.WithContext(ctx).CreateInBatches(rows, size).Error
}

// Update sets one column and returns the number of rows changed.
func (r Rows[T]) Update(ctx context.Context, column string, value any) (int, error) {
	done := r.db.WithContext(ctx).Update(column, value)
	return int(done.RowsAffected), done.Error
}

// Updates sets the selected columns, zero values among them, and returns the number of rows changed.
func (r Rows[T]) Updates(ctx context.Context, row T) (int, error) {
	done := r.db.WithContext(ctx).Updates(row)
	return int(done.RowsAffected), done.Error
}

// Delete removes the rows and returns how many; without a condition it is refused.
func (r Rows[T]) Delete(ctx context.Context) (int, error) {
	done := r.db.WithContext(ctx).Delete(new(T))
	return int(done.RowsAffected), done.Error
}
