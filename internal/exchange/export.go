package exchange

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"sochibo/internal/auth"
	"sochibo/internal/database"
	"sochibo/internal/fault"
)

// ExportOptions say how to export.
type ExportOptions struct {
	Progress Progress // may be nil
}

// Export writes all records of the store into a folder, which must be absent, empty or an earlier export; it appears whole or not at
// all.
//
// Faults: folder_taken when the folder holds anything else; installation_only; those of database.Read.
func (s *Service) Export(ctx context.Context, actor auth.Actor, dir string, o ExportOptions) (Report, error) {
	if !actor.Installation {
		return Report{}, ErrInstallation
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return Report{}, fmt.Errorf("export: %w", err)
	}
	if err := vacant(dir); err != nil {
		return Report{}, err
	}
	if o.Progress == nil {
		o.Progress = func(string, int64, int64) {}
	}
	return writeBeside(dir, func(temporary string) (Report, error) {
		return database.BulkRead(ctx, s.db, func(tx *database.Tx) (Report, error) {
			return s.writeFolder(ctx, tx, temporary, o.Progress)
		})
	})
}

// vacant refuses a folder that holds anything but the files of an earlier export.
func vacant(dir string) error {
	list := files()
	return vacantFor(dir, func(name string) bool {
		base, isCSV := strings.CutSuffix(name, ".csv")
		return isCSV && findFile(list, base) != nil
	})
}

// vacantFor refuses a folder that holds anything but files that may be replaced.
func vacantFor(dir string, mine func(name string) bool) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fault.Because(fault.With(ErrFolderTaken, fault.Args{"name": filepath.Base(dir)}), err)
	}
	for _, entry := range entries {
		if !mine(entry.Name()) || !entry.Type().IsRegular() {
			return fault.With(ErrFolderTaken, fault.Args{"name": printable(entry.Name())})
		}
	}
	return nil
}

// writeBeside lets write fill a new folder beside dir, and puts it in the place of dir when it is complete.
func writeBeside(dir string, write func(temporary string) (Report, error)) (Report, error) {
	parent := filepath.Dir(dir)
	if err := os.MkdirAll(parent, 0o700); err != nil {
		return Report{}, fmt.Errorf("export: %w", err)
	}
	temporary, err := os.MkdirTemp(parent, "."+filepath.Base(dir)+"-")
	if err != nil {
		return Report{}, fmt.Errorf("export: %w", err)
	}
	defer func() { _ = os.RemoveAll(temporary) }()
	report, err := write(temporary)
	if err != nil {
		return Report{}, err
	}
	return report, replace(dir, temporary)
}

// replace renames the new folder to dir. An earlier export steps aside first and is removed last.
func replace(dir, temporary string) error {
	old := temporary + ".old"
	err := os.Rename(dir, old)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("export: %w", err)
	}
	if err := os.Rename(temporary, dir); err != nil {
		return errors.Join(fmt.Errorf("export: %w", err), ignoreAbsent(os.Rename(old, dir)))
	}
	return ignoreAbsent(os.RemoveAll(old))
}

func ignoreAbsent(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// writeFolder writes every file of the format, those without rows as a header.
func (s *Service) writeFolder(ctx context.Context, tx *database.Tx, dir string, progress Progress) (Report, error) {
	var report Report
	list := files()
	for i := range list {
		n, err := s.writeFile(ctx, tx, dir, list, &list[i])
		if err != nil {
			return Report{}, err
		}
		progress("write "+list[i].name, n, n)
		report.Files = append(report.Files, FileReport{Name: list[i].name + ".csv", Added: n})
	}
	return report, nil
}

func (s *Service) writeFile(ctx context.Context, tx *database.Tx, dir string, list []file, f *file) (n int64, err error) {
	target, err := os.OpenFile(filepath.Join(dir, f.name+".csv"), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return 0, fmt.Errorf("export: %w", err)
	}
	defer func() { err = errors.Join(err, target.Close()) }()
	buffered := bufio.NewWriterSize(target, 1<<16)
	w := csv.NewWriter(buffered)
	var header []string
	for _, c := range f.written() {
		header = append(header, c.name)
	}
	if err := w.Write(header); err != nil {
		return 0, fmt.Errorf("write %s: %w", f.name, err)
	}
	err = eachRow(ctx, tx, list, f, s.zone, func(cells []string) error {
		n++
		return w.Write(cells)
	})
	w.Flush()
	if err := errors.Join(err, w.Error(), buffered.Flush(), target.Sync()); err != nil {
		return 0, fmt.Errorf("write %s: %w", f.name, err)
	}
	return n, nil
}
