package httpapi

import (
	"bytes"
	"html/template"
	"strings"

	"github.com/gin-gonic/gin"

	"sochibo/internal/fault"
)

var faultPage = template.Must(template.New("fault").Parse(`<!doctype html>
<html lang="{{.Lang}}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{{.Problem.Title}}</title></head>
<body>
<h1>{{.Problem.Title}}</h1>
<p>{{.Problem.Detail}}</p>
<p><a href="{{.On}}">{{.OnLabel}}</a></p>
<p><small>{{.Problem.Code}} · {{.Problem.RequestID}}</small></p>
</body>
</html>
`))

// ShowFault is for addresses that people come to by following a link. A browser gets the fault as a page to read, with a way on; whoever
// asks for something else gets the problem, which is err as it is.
func ShowFault(c *gin.Context, err error, on string) error {
	f := fault.Classify(err)
	if !strings.Contains(c.GetHeader("Accept"), "text/html") || f.Kind == fault.Canceled {
		return err
	}
	lang := Language(c)
	label := "Quay lại"
	if lang == "en" {
		label = "Go back"
	}
	var page bytes.Buffer
	if broken := faultPage.Execute(&page, struct {
		Lang, On, OnLabel string
		Problem           Problem
	}{lang, on, label, problemOf(f, lang, RequestID(c))}); broken != nil {
		return err
	}
	noteFailure(c, err, false)
	header := c.Writer.Header()
	setProblemHeaders(header, f)
	header.Set("Content-Language", lang)
	header.Add("Vary", "Accept, Accept-Language")
	c.Data(f.Kind.Status(), "text/html; charset=utf-8", page.Bytes())
	return nil
}
