package database

import (
	"errors"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// quoted finds what an error text shows of data: drivers and parsers put values in quotation marks, and PostgreSQL lists keys as
// (code)=(…). From the first mark to the last everything goes, since a value may hold marks itself.
var quoted = regexp.MustCompile(`(?s)".*"|'.*'|` + "`.*`" + `|\(.*?\)=\(.*\)|“.*”|«.*»`)

// longestLogText bounds one cause in the log.
const longestLogText = 500

// LogText returns what the log may hold of an error: its words without the values of data in it. Of an error of PostgreSQL it keeps what
// the server names of the schema.
func LogText(err error) string {
	if err == nil {
		return ""
	}
	parts := []string{withoutValues(err.Error())}
	var failed *pgconn.PgError
	if errors.As(err, &failed) {
		for _, part := range []struct{ name, value string }{
			{"sqlstate", failed.Code}, {"table", failed.TableName}, {"column", failed.ColumnName}, {"constraint", failed.ConstraintName},
		} {
			if part.value != "" {
				parts = append(parts, part.name+"="+part.value)
			}
		}
	}
	return strings.Join(parts, " ")
}

func withoutValues(text string) string {
	text = quoted.ReplaceAllString(strings.ToValidUTF8(text, "?"), "…")
	if runes := []rune(text); len(runes) > longestLogText {
		text = string(runes[:longestLogText]) + "…"
	}
	return text
}
