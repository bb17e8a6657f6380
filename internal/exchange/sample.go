package exchange

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

//go:embed sample
var sampleFiles embed.FS

// Sample returns the folder that is built into the program.
func Sample() fs.FS {
	folder, err := fs.Sub(sampleFiles, "sample")
	if err != nil {
		return sampleFiles // never reached: the name is the one that was embedded
	}
	return folder
}

// WriteSample copies the sample to a folder, which must be absent, empty or an earlier copy. Fault: folder_taken.
func WriteSample(dir string) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return fmt.Errorf("sample: %w", err)
	}
	if err := vacantFor(dir, func(name string) bool { _, err := fs.Stat(Sample(), name); return err == nil }); err != nil {
		return err
	}
	_, err = writeBeside(dir, func(temporary string) (Report, error) {
		return Report{}, os.CopyFS(temporary, Sample())
	})
	return err
}
