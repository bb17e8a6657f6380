package exchange_test

import (
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sochibo/internal/auth"
	"sochibo/internal/database"
	"sochibo/internal/exchange"
	"sochibo/internal/fault"
	"sochibo/internal/testkit/dbtest"
	"sochibo/internal/testkit/recount"
)

// folders is how many random folders each engine gets.
const folders = 20

// random makes a folder from a seed and writes it.
func random(tb testing.TB, seed uint64) (recount.Folder, string) {
	tb.Helper()
	size := recount.Small("2019-06-15")
	size.InterleavedMinutes = true
	folder := recount.RandomFolder(rand.New(rand.NewPCG(seed, seed)), size)
	dir := tb.TempDir()
	if err := folder.Write(dir); err != nil {
		tb.Fatal(err)
	}
	return folder, dir
}

func seed(i int) uint64 { return uint64(time.Now().UnixNano()) + uint64(i) }

func TestRandomFoldersComeBack(t *testing.T) {
	t.Parallel()
	for i := range folders {
		seed := seed(i)
		t.Run("", func(t *testing.T) {
			t.Parallel()
			t.Logf("seed %d", seed)
			folder, dir := random(t, seed)
			var exports []map[string]string
			for _, engine := range dbtest.Engines() {
				db := dbtest.Open(t, engine, database.Options{})
				mustImport(t, db, os.DirFS(dir))
				out, files := mustExport(t, db)
				back, err := recount.ReadFolder(out)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(recount.NormalForm(folder), recount.NormalForm(back)); diff != "" {
					t.Fatalf("%s: (-put in +came out)\n%s", engine, diff)
				}
				exports = append(exports, files)
				if again := mustImport(t, db, os.DirFS(dir)); again.Changed() {
					t.Errorf("%s: a second import changed %+v", engine, again)
				}
				dir = out // the next engine gets what this one gave
			}
			for _, files := range exports[1:] {
				if diff := cmp.Diff(exports[0], files); diff != "" {
					t.Error(diff)
				}
			}
		})
	}
}

func TestSpoiledFolders(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		for i := range folders / 2 {
			seed := seed(i)
			folder, _ := random(t, seed)
			spoiled, planted := recount.Spoil(rand.New(rand.NewPCG(seed, 1)), folder, 40+i*100)
			dir := t.TempDir()
			if err := spoiled.Write(dir); err != nil {
				t.Fatal(err)
			}
			_, err := service(t, db).Import(t.Context(), auth.InstallationActor(), os.DirFS(dir), exchange.ImportOptions{})
			f, ok := fault.As(err)
			if !ok || f.Code != "folder_invalid" {
				t.Fatalf("seed %d: %v", seed, err)
			}
			named := make(map[string]bool)
			for _, field := range f.Fields {
				named[field.Place] = true
			}
			for _, p := range planted {
				if !isNamed(p, named) {
					t.Errorf("seed %d: %+v is not named", seed, p)
				}
			}
			if len(f.Fields) > 2*len(planted) {
				t.Errorf("seed %d: %d faults for %d planted ones:\n%s", seed, len(f.Fields), len(planted), explain(err))
			}
		}
		if _, files := mustExport(t, db); strings.Count(files["members.csv"], "\n") != 1 {
			t.Error("something was written")
		}
	})
}

// isNamed looks for a planted fault, or for the other row of the two that contradict each other.
func isNamed(f recount.Fault, places map[string]bool) bool {
	for _, line := range append([]int{f.Line}, f.Or...) {
		if places[f.File+":"+strconv.Itoa(line)+": "+f.Column] {
			return true
		}
	}
	return false
}
