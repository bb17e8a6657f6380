package warning

import (
	_ "embed"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
)

//go:embed texts.yaml
var textsFile []byte

// sentence is a text in both languages; values stand in it as {name}.
type sentence struct {
	Vi string `yaml:"vi" json:"vi"`
	En string `yaml:"en" json:"en"`
}

// wording is what is said of a code: what is amiss, and the rule. Where there is a set, the rule names it.
type wording struct {
	Message sentence `yaml:"message"`
	Rule    sentence `yaml:"rule"`
}

// readTexts reads the sentences of all codes and duties.
func readTexts() (map[string]wording, error) {
	var texts map[string]wording
	if err := yaml.UnmarshalWithOptions(textsFile, &texts, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("texts of warnings: %w", err)
	}
	return texts, nil
}

// filled puts the values in their places.
func (s sentence) filled(args map[string]string) sentence {
	var pairs []string
	for name, value := range args {
		pairs = append(pairs, "{"+name+"}", value)
	}
	r := strings.NewReplacer(pairs...)
	return sentence{r.Replace(s.Vi), r.Replace(s.En)}
}
