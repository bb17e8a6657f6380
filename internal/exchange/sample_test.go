package exchange_test

import (
	"errors"
	"io/fs"
	"os"
	"testing"
	"testing/fstest"

	"sochibo/internal/auth"
	"sochibo/internal/database"
	"sochibo/internal/exchange"
	"sochibo/internal/testkit/dbtest"
)

func importing(t *testing.T, db *database.DB, o exchange.ImportOptions, folder fs.FS) error {
	t.Helper()
	_, err := service(t, db).Import(t.Context(), auth.InstallationActor(), folder, o)
	return err
}

// TestSampleStaysAlone: the invented people of the sample do not get among real ones, as a whole or one of them; a folder of somebody
// else's that uses a code of the sample does.
func TestSampleStaysAlone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		theirs := fstest.MapFS{
			"organizations.csv": {Data: []byte("code,kind,name,founded_on\nTHAT,base_cell,Chi bộ thật,2010-01-01\nVPUB,base_cell,Văn phòng khác,2010-01-01\n")},
			"members.csv":       {Data: []byte("code,full_name\nDV01,Lê Văn Thật\n")},
		}
		mustImport(t, db, theirs)
		copied := t.TempDir() + "/sample"
		if err := exchange.WriteSample(copied); err != nil {
			t.Fatal(err)
		}
		one := fstest.MapFS{"members.csv": {Data: []byte("code,full_name\nDV-9,Người thật\nDV02,Lương Thị Khuyên\n")}}
		for _, dryRun := range []bool{true, false} {
			for what, err := range map[string]error{
				"the sample":        importing(t, db, exchange.ImportOptions{DryRun: dryRun}, os.DirFS(copied)),
				"one of its people": importing(t, db, exchange.ImportOptions{DryRun: dryRun}, one),
			} {
				if !errors.Is(err, exchange.ErrSampleAmongOthers) {
					t.Errorf("%s, dry run %t: %v", what, dryRun, err)
				}
			}
		}
		if again := mustImport(t, db, theirs); again.Changed() {
			t.Errorf("the refused import changed something: %+v", again)
		}
	})
}
