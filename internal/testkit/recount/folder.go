package recount

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Row is one record: the text of each cell by the name of its column.
type Row map[string]string

// Folder is an exchange folder in memory: the rows of each file in their order.
type Folder map[string][]Row

// ReadFolder reads the files of an exchange folder; a file that is absent has no rows.
func ReadFolder(dir string) (Folder, error) {
	folder := Folder{}
	for _, file := range Files() {
		content, err := os.ReadFile(filepath.Join(dir, file.Name))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", file.Name, err)
		}
		rows, err := parse(content)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file.Name, err)
		}
		folder[file.Name] = rows
	}
	return folder, nil
}

func parse(content []byte) ([]Row, error) {
	content = bytes.TrimPrefix(content, []byte("\xef\xbb\xbf"))
	records, err := csv.NewReader(bytes.NewReader(content)).ReadAll()
	if err != nil || len(records) == 0 {
		return nil, err
	}
	var rows []Row
	for _, record := range records[1:] {
		row := Row{}
		for i, column := range records[0] {
			row[column] = record[i]
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// Write writes every file of the folder, those without rows as a header.
func (f Folder) Write(dir string) error {
	for _, file := range Files() {
		content, err := f.CSV(file)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, file.Name), content, 0o600); err != nil {
			return fmt.Errorf("write %s: %w", file.Name, err)
		}
	}
	return nil
}

// CSV is the content of one file, its own columns first and then any that it should not have.
func (f Folder) CSV(file File) ([]byte, error) {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	header := f.header(file)
	records := [][]string{header}
	for _, row := range f[file.Name] {
		record := make([]string, len(header))
		for i, column := range header {
			record[i] = row[column]
		}
		records = append(records, record)
	}
	if err := w.WriteAll(records); err != nil {
		return nil, fmt.Errorf("%s: %w", file.Name, err)
	}
	return out.Bytes(), nil
}

func (f Folder) header(file File) []string {
	unknown := map[string]bool{}
	for _, row := range f[file.Name] {
		for column := range row {
			if !slices.Contains(file.Columns, column) {
				unknown[column] = true
			}
		}
	}
	return append(slices.Clone(file.Columns), slices.Sorted(maps.Keys(unknown))...)
}

// Line is the line of the written file on which the row at the index begins; the header is line 1.
func (f Folder) Line(name string, index int) int {
	line := 2
	for _, row := range f[name][:index] {
		line++
		for _, cell := range row {
			line += strings.Count(cell, "\n")
		}
	}
	return line
}

// Clone is a copy that shares nothing with the folder.
func (f Folder) Clone() Folder {
	out := Folder{}
	for name, rows := range f {
		for _, row := range rows {
			out[name] = append(out[name], maps.Clone(row))
		}
	}
	return out
}

// Shuffled is the same folder with the rows of each file in another order.
func (f Folder) Shuffled(r *rand.Rand) Folder {
	out := f.Clone()
	for _, file := range Files() {
		rows := out[file.Name]
		r.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	}
	return out
}

func (f Folder) add(name string, row Row) { f[name] = append(f[name], row) }
