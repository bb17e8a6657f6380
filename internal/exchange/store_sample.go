package exchange

import (
	"context"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"

	"sochibo/internal/database"
)

// refuseSample keeps invented people out of a store of real ones: a folder that holds a member of the built-in sample, by code and name,
// goes into an empty store or one that holds organisations of the sample alone.
//
// Faults: sample_among_others.
func (s *staging) refuseSample(ctx context.Context) error {
	members, err := sampleCells("members.csv", "code", "full_name")
	if err != nil {
		return err
	}
	either, args := make([]string, len(members)), []any{}
	for i, m := range members {
		either[i] = "code = ? AND full_name = ?"
		args = append(args, m[0], m[1])
	}
	invented, err := anyRow(ctx, s.tx, "stage_members WHERE "+strings.Join(either, " OR "), args...)
	if err != nil || !invented {
		return err
	}
	organizations, err := sampleCells("organizations.csv", "code")
	if err != nil {
		return err
	}
	others, err := anyRow(ctx, s.tx, "organization WHERE code IS NULL OR code NOT IN ?", slices.Concat(organizations...))
	if err == nil && others {
		err = ErrSampleAmongOthers
	}
	return err
}

// sampleCells returns some columns of a file of the sample.
func sampleCells(file string, columns ...string) ([][]string, error) {
	opened, err := Sample().Open(file)
	if err != nil {
		return nil, fmt.Errorf("sample: %w", err)
	}
	defer opened.Close() // only read
	rows, err := csv.NewReader(opened).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("sample: %s: %w", file, err)
	}
	cells := make([][]string, 0, len(rows)-1)
	for _, row := range rows[1:] {
		var some []string
		for _, column := range columns {
			some = append(some, row[slices.Index(rows[0], column)])
		}
		cells = append(cells, some)
	}
	return cells, nil
}

// anyRow reports whether there is a row for which the condition holds.
func anyRow(ctx context.Context, tx *database.Tx, from string, args ...any) (bool, error) {
	var n []int64
	err := database.Gorm(ctx, tx).Raw("SELECT 1 FROM "+from+" LIMIT 1", args...).Scan(&n).Error
	return len(n) > 0, err
}
