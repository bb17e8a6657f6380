// Command pack copies what the page loads of Swagger UI out of the pinned module, compressed, into the folder it is given.
// It leaves a file alone that has the right content already, so that another version of the compressor changes nothing.
package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	swaggerui "github.com/swaggo/files/v2"

	"sochibo/internal/openapi/docs"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "pack:", err)
		os.Exit(1) //nolint:forbidigo // this is main
	}
}

func run(args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("one folder, please")
	}
	for _, name := range docs.Assets() {
		if err := pack(name, filepath.Join(args[0], name+".gz")); err != nil {
			return err
		}
	}
	return nil
}

func pack(name, path string) error {
	content, err := fs.ReadFile(swaggerui.FS, name)
	if err != nil {
		return err
	}
	if packed, err := os.ReadFile(path); err == nil && bytes.Equal(unpacked(packed), content) {
		return nil
	}
	var out bytes.Buffer
	writer, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := writer.Write(content); err != nil {
		return err
	}
	if err := writer.Close(); err != nil {
		return err
	}
	return os.WriteFile(path, out.Bytes(), 0o644)
}

// unpacked returns nothing where the file is no gzip.
func unpacked(packed []byte) []byte {
	reader, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil
	}
	content, err := io.ReadAll(reader)
	if err != nil {
		return nil
	}
	return content
}
