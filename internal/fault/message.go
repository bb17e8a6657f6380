package fault

import (
	"embed"
	"fmt"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// Languages are those in which messages exist; the first is the one of callers who name none.
func Languages() []string { return []string{"vi", "en"} }

//go:embed messages.vi.yaml messages.en.yaml
var messages embed.FS

// Message returns the title and the detail of a code in the language, with the arguments filled in. A language nobody wrote
// falls back to Vietnamese, a code without texts to a general one.
func Message(lang, code string, args Args) (title, detail string) {
	localizers, err := catalogue()
	if err != nil {
		return code, code
	}
	localizer, ok := localizers[lang]
	if !ok {
		localizer = localizers[Languages()[0]]
	}
	title, errTitle := localize(localizer, code+".title", args)
	detail, errDetail := localize(localizer, code+".detail", args)
	if errTitle != nil || errDetail != nil {
		title, _ = localize(localizer, "internal.title", nil)
		return title, code
	}
	return title, detail
}

// Text returns the detail of a field fault in the language.
func (f Field) Text(lang string) string {
	_, detail := Message(lang, f.Code, f.Args)
	return detail
}

func localize(localizer *i18n.Localizer, id string, args Args) (string, error) {
	text, err := localizer.Localize(&i18n.LocalizeConfig{MessageID: id, TemplateData: map[string]any(args)})
	return strings.ReplaceAll(text, "<no value>", "…"), err
}

// catalogue reads the embedded texts once; they cannot change while the program runs.
var catalogue = sync.OnceValues(func() (map[string]*i18n.Localizer, error) {
	localizers := make(map[string]*i18n.Localizer)
	for _, lang := range Languages() {
		// One bundle for each language, so that a missing text shows as missing instead of in another language.
		bundle := i18n.NewBundle(language.Make(lang))
		bundle.RegisterUnmarshalFunc("yaml", func(data []byte, v any) error { return yaml.Unmarshal(data, v) })
		if _, err := bundle.LoadMessageFileFS(messages, "messages."+lang+".yaml"); err != nil {
			return nil, fmt.Errorf("read messages in %q: %w", lang, err)
		}
		localizers[lang] = i18n.NewLocalizer(bundle, lang)
	}
	return localizers, nil
})
