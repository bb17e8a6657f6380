package meeting

import (
	"strconv"

	"sochibo/internal/fault"
	"sochibo/internal/resolution"
	"sochibo/internal/text"
)

// PaperReference is where the text of a session stands that is kept on paper for secrecy.
type PaperReference struct {
	Book string `json:"book" example:"02" maxLength:"64" validate:"required"`
	Page string `json:"page" example:"17" maxLength:"64" validate:"required"`
} //@name PaperReference

// Paper returns where the text of the meeting stands, nil where it is kept here.
func (m Meeting) Paper() *PaperReference {
	if m.PaperBook == nil || m.PaperPage == nil {
		return nil
	}
	return &PaperReference{*m.PaperBook, *m.PaperPage}
}

func (m *Meeting) keepOnPaper(reference *PaperReference) {
	m.PaperBook, m.PaperPage = nil, nil
	if reference != nil {
		m.PaperBook, m.PaperPage = &reference.Book, &reference.Page
	}
}

// checkPaper cleans the reference and refuses every text of a session that is kept on paper, at its place. stored is what the meeting
// decided so far; the content decides where it says something of its own.
func (c *Content) checkPaper(f *fault.Fields, stored Details) {
	if c.Paper == nil {
		return
	}
	reference := *c.Paper
	c.Paper = &reference
	requiredWord(f, "/paper_reference/book", &reference.Book)
	requiredWord(f, "/paper_reference/page", &reference.Page)
	refuse := func(list string, i int, name string, s *string) {
		f.Check(s == nil || *s == "", "/"+list+"/"+strconv.Itoa(i)+name, "paper_without_text")
	}
	for i, a := range c.Agenda {
		refuse("agenda", i, "/text", a.Text)
	}
	for i, o := range c.Opinions {
		refuse("opinions", i, "/text", &o.Text)
	}
	for i := range c.Conclusions {
		refuse("conclusions", i, "", &c.Conclusions[i])
	}
	for i, v := range c.Votes {
		refuse("votes", i, "/subject", v.Subject)
	}
	for i, x := range c.resolutionsAfter(stored) {
		refuse("resolutions", i, "/title", x.Title)
	}
	for i, t := range c.tasksAfter(stored) {
		refuse("tasks", i, "/title", t.Title)
	}
}

func requiredWord(f *fault.Fields, pointer string, s *string) {
	before := f.Len()
	text.CleanAt(f, pointer, s, text.MaxCode)
	f.Check(*s != "" || f.Len() > before, pointer, "field_required")
}

func (c *Content) resolutionsAfter(stored Details) []resolution.Resolution {
	if c.Resolutions != nil {
		return resolution.Merged(nil, *c.Resolutions)
	}
	return stored.Resolutions
}

func (c *Content) tasksAfter(stored Details) []resolution.Task {
	if c.Tasks != nil {
		return resolution.MergedTasks(nil, *c.Tasks)
	}
	return stored.Tasks
}
