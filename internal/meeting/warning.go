package meeting

import (
	"slices"
	"strconv"
	"strings"

	"sochibo/internal/fault"
	"sochibo/internal/org"
)

// voteWarnings notes where a vote does not agree with the roll, which keeps nobody from handing it in.
func voteWarnings(w *fault.Fields, r Record) {
	for i, v := range r.Votes {
		at := "/votes/" + strconv.Itoa(i)
		if v.Base == nil {
			w.Check(false, at, "vote_base_unknown")
			continue
		}
		if v.StatedBase != nil {
			w.Check(*v.StatedBase == *v.Base, at+"/stated_base", "vote_base_differs", fault.Args{"stated": *v.StatedBase, "base": *v.Base})
		}
		sum := v.For + value(v.Against) + value(v.Abstained)
		w.Check(sum <= *v.Base, at, "votes_over_base", fault.Args{"sum": sum, "base": *v.Base})
	}
}

// recordWarnings notes what a superior may ask about a record that is otherwise sound: votes that do not agree, members nothing is
// recorded of, and content items that the rule set in force on the day asks for and nobody covered.
func recordWarnings(w *fault.Fields, r Record, asked []string) {
	voteWarnings(w, r)
	n := NumbersOf(r)
	w.Check(n.NotRecorded == 0, "/attendance", "roll_incomplete", fault.Args{"count": n.NotRecorded, "expected": n.Expected})
	if !r.Forms.Has(Regular) {
		return
	}
	var missing []string
	for _, item := range asked {
		if !slices.Contains(r.ContentItems, item) {
			missing = append(missing, item)
		}
	}
	w.Check(len(missing) == 0, "/content_items", "content_items_not_covered", fault.Args{"items": missing})
}

// sentence returns the text of a fault or warning in the language; content items get the names that people know them by.
func sentence(f fault.Field, lang string) string {
	if items, listed := f.Args["items"].([]string); listed {
		vi, en := itemLabels(items)
		f.Args = fault.Args{"items": map[string]string{"vi": vi, "en": en}[lang]}
	}
	return f.Text(lang)
}

// itemLabels returns what the content items are called, in both languages.
func itemLabels(items []string) (vi, en string) {
	all, err := org.Enumerations()
	if err != nil {
		return strings.Join(items, ", "), strings.Join(items, ", ")
	}
	var inVietnamese, inEnglish []string
	for _, e := range all {
		for _, w := range e.Words {
			if e.Name == "content_item" && slices.Contains(items, w.Word) {
				inVietnamese, inEnglish = append(inVietnamese, w.Vi), append(inEnglish, w.En)
			}
		}
	}
	return strings.Join(inVietnamese, "; "), strings.Join(inEnglish, "; ")
}
