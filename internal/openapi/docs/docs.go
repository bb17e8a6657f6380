package docs

import (
	"embed"
	"fmt"
	"net/http"
	"path"
)

// policy allows the page what Swagger UI needs and nothing from elsewhere: it sets styles from its script and draws its
// icons as data: pictures.
const policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
	"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

//go:embed index.html page.css page.js
var page embed.FS

//go:embed assets/*.gz
var assets embed.FS

// Assets names what the page loads of Swagger UI; the folder assets has each of them, compressed.
func Assets() []string {
	return []string{"swagger-ui-bundle.js", "swagger-ui.css", "favicon-32x32.png"}
}

// Handler serves GET and HEAD of /openapi.json (the given document), /docs and what that page loads, and leads
// /swagger/index.html there. Every other path is 404. It fails only if the page's files are not in the binary.
func Handler(spec []byte) (*http.ServeMux, error) {
	files, err := pageFiles()
	if err != nil {
		return nil, err
	}
	files["/openapi.json"] = newFile("openapi.json", spec)
	mux := http.NewServeMux()
	for name, f := range files {
		mux.Handle("GET "+name, f)
	}
	for _, old := range []string{"/docs/{$}", "/swagger", "/swagger/{$}", "/swagger/index.html"} {
		mux.Handle("GET "+old, http.RedirectHandler("/docs", http.StatusMovedPermanently))
	}
	return mux, nil
}

// Paths names every path that Handler answers, as gin's router writes them.
func Paths() []string {
	return []string{"/openapi.json", "/docs", "/docs/*asset", "/swagger", "/swagger/*page"}
}

func pageFiles() (map[string]*file, error) {
	files := map[string]*file{}
	for _, name := range Assets() {
		packed, err := assets.ReadFile(path.Join("assets", name+".gz"))
		if err != nil {
			return nil, fmt.Errorf("read the page's %s: %w", name, err)
		}
		files[path.Join("/docs", name)] = newPacked(name, packed)
	}
	for name, at := range map[string]string{"index.html": "/docs", "page.css": "/docs/page.css", "page.js": "/docs/page.js"} {
		raw, err := page.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read the page's %s: %w", name, err)
		}
		files[at] = newFile(name, raw)
	}
	return files, nil
}
