package docs_test

import (
	"bytes"
	"io"
	"io/fs"
	"testing"

	swaggerui "github.com/swaggo/files/v2"

	"sochibo/internal/openapi/docs"
)

func TestAssetsAreThoseOfTheModule(t *testing.T) {
	t.Parallel()
	for _, name := range docs.Assets() {
		answer := get(t, "GET", "/docs/"+name)
		got, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		want, err := fs.ReadFile(swaggerui.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is not what the module has: run make page", name)
		}
	}
}
