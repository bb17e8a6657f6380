package recount_test

import (
	"bytes"
	"encoding/csv"
	"reflect"
	"slices"
	"testing"

	"sochibo/internal/testkit/recount"
)

func TestSpoilSaysWhereEveryFaultStands(t *testing.T) {
	t.Parallel()
	r := random(t)
	sound := recount.RandomFolder(r, recount.Small(today))
	spoiled, faults := recount.Spoil(r, sound, 1000)
	if len(faults) != recount.Kinds() || len(faults) < 40 {
		t.Fatalf("%d faults of %d kinds", len(faults), recount.Kinds())
	}
	places := map[string]bool{}
	for _, f := range faults {
		row := rowAt(t, spoiled, f.File, f.Line, f.Column)
		if row == nil {
			t.Errorf("no row begins at %+v", f)
		}
		for _, line := range f.Or {
			if rowAt(t, spoiled, f.File, line, f.Column) == nil {
				t.Errorf("no row begins at line %d of %+v", line, f)
			}
		}
		for _, known := range sound[f.File] {
			if reflect.DeepEqual(known, row) {
				t.Errorf("a sound row at %+v", f)
			}
		}
		place := f.File + ":" + string(rune(f.Line))
		if places[place] {
			t.Errorf("two faults at %+v", f)
		}
		places[place] = true
	}
	if again, _ := recount.Spoil(r, sound, 0); !reflect.DeepEqual(again, sound) {
		t.Error("spoiling with nothing changed the folder")
	}
	if _, few := recount.Spoil(r, sound, 40); len(few) != 40 {
		t.Errorf("%d faults, want 40", len(few))
	}
}

// rowAt is the record of the written file that begins on the line, the header for line 1.
func rowAt(t *testing.T, f recount.Folder, name string, line int, column string) recount.Row {
	t.Helper()
	i := slices.IndexFunc(recount.Files(), func(file recount.File) bool { return file.Name == name })
	content, err := f.CSV(recount.Files()[i])
	if err != nil {
		t.Fatal(err)
	}
	reader := csv.NewReader(bytes.NewReader(content))
	header, err := reader.Read()
	if err != nil || !slices.Contains(header, column) {
		t.Fatalf("%s has no column %s: %v", name, column, err)
	}
	if line == 1 {
		return recount.Row{}
	}
	for {
		record, err := reader.Read()
		if err != nil {
			return nil
		}
		if at, _ := reader.FieldPos(0); at == line {
			row := recount.Row{}
			for i, cell := range record {
				row[header[i]] = cell
			}
			return row
		}
	}
}
