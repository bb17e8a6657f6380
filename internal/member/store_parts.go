package member

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"sochibo/internal/calendar"
	"sochibo/internal/database"
)

// forEver stands for the last day of a span that has no end, in comparisons with stored days.
func forEver() calendar.Date { return calendar.MustDate("2199-12-31") }

// lastDay returns the last day of a span for comparisons.
func lastDay(span calendar.Span) calendar.Date {
	if span.To == nil {
		return forEver()
	}
	return *span.To
}

// part is one of the dated rows of a member.
type part interface {
	Membership | Status | Office
	TableName() string
	Span() calendar.Span
}

// listParts returns all rows of the member in the order of their first days.
func listParts[P part](ctx context.Context, tx *database.Tx, id ID) ([]P, error) {
	rows, err := database.Of[P](database.Gorm(ctx, tx)).Where("member_id = ?", id).Order("valid_from, id").Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("parts of member %s: %w", id, err)
	}
	return rows, nil
}

// findPart returns one row of the member; fault: part_unknown.
func findPart[P part](ctx context.Context, tx *database.Tx, id ID, partID uuid.UUID) (P, error) {
	row, err := database.Of[P](database.Gorm(ctx, tx)).Where("id = ? AND member_id = ?", partID, id).Take(ctx)
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return row, ErrPartUnknown
	}
	if err != nil {
		return row, fmt.Errorf("part %s of member %s: %w", partID, id, err)
	}
	return row, nil
}

// insertPart stores a new row; fault: id_taken.
func insertPart[P part](ctx context.Context, tx *database.Tx, row P) error {
	if err := database.Of[P](database.Gorm(ctx, tx)).Create(ctx, &row); err != nil {
		return fmt.Errorf("insert part of member: %w", database.Taken(err, ErrIDTaken))
	}
	return nil
}

// savePartEnd stores the last day of a row; nil leaves it open.
func savePartEnd[P part](ctx context.Context, tx *database.Tx, partID uuid.UUID, to *calendar.Date) error {
	var value any
	if to != nil {
		value = *to
	}
	if _, err := database.Of[P](database.Gorm(ctx, tx)).Where("id = ?", partID).Update(ctx, "valid_to", value); err != nil {
		return fmt.Errorf("save the end of part %s: %w", partID, err)
	}
	return nil
}

// overlapping returns the memberships of the member, except the one named, that share a day with the span.
func overlapping(ctx context.Context, tx *database.Tx, id ID, except uuid.UUID, span calendar.Span) ([]Membership, error) {
	rows, err := database.Of[Membership](database.Gorm(ctx, tx)).
		Where("member_id = ? AND id <> ? AND valid_from <= ? AND (valid_to IS NULL OR valid_to >= ?)", id, except, lastDay(span), span.From).
		Order("valid_from").Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("overlapping memberships of member %s: %w", id, err)
	}
	return rows, nil
}
