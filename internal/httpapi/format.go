package httpapi

import (
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"sochibo/internal/fault"
	"sochibo/internal/text"
)

// ErrNotAcceptable says that the answer exists in none of the formats the caller accepts.
var ErrNotAcceptable = fault.New(fault.NotAcceptable, "format_not_acceptable")

// MediaType returns the media type of a format by its short name.
func MediaType(format string) string {
	switch format {
	case "json":
		return jsonType
	case "csv":
		return "text/csv; charset=utf-8"
	case "xlsx":
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case "docx":
		return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	case "pdf":
		return "application/pdf"
	case "svg":
		return "image/svg+xml"
	case "png":
		return "image/png"
	case "ics":
		return "text/calendar; charset=utf-8"
	default:
		return "application/octet-stream"
	}
}

// Format chooses among the formats an answer exists in, the first being the usual one: by ?format=, else by Accept. It is called
// before Query.Err. An answer that leaves as a file counts towards the caller's exports.
func Format(c *gin.Context, formats ...string) (string, error) {
	format, err := chooseFormat(c, formats)
	switch format {
	case "", "json", "svg", "png":
		return format, err
	default:
		return format, takeExport(c)
	}
}

func chooseFormat(c *gin.Context, formats []string) (string, error) {
	of(c).format = true
	query := NewQuery(c)
	c.Writer.Header().Add("Vary", "Accept")
	if asked := query.raw("format"); asked != "" {
		if !slices.Contains(formats, asked) {
			return "", atParameter("parameter_value", "format", fault.Args{"name": "format", "allowed": strings.Join(formats, ", ")})
		}
		return asked, nil
	}
	accept := strings.Join(c.Request.Header.Values("Accept"), ",")
	if strings.TrimSpace(accept) == "" {
		return formats[0], nil
	}
	best, weight := "", 0.0
	for _, format := range formats {
		if q := acceptWeight(accept, MediaType(format)); q > weight {
			best, weight = format, q
		}
	}
	if best == "" {
		return "", fault.With(ErrNotAcceptable, fault.Args{"allowed": strings.Join(formats, ", ")})
	}
	return best, nil
}

// acceptWeight returns the quality an Accept header gives a media type; the most exact range decides.
func acceptWeight(accept, mediaType string) float64 {
	mediaType, _, _ = strings.Cut(mediaType, ";")
	family, _, _ := strings.Cut(mediaType, "/")
	weight, exactness := 0.0, 0
	for entry := range strings.SplitSeq(accept, ",") {
		name, parameters, err := mime.ParseMediaType(entry)
		if err != nil {
			continue
		}
		exact := slices.Index([]string{"", "*/*", family + "/*", mediaType}, name)
		if exact <= exactness {
			continue
		}
		q, err := strconv.ParseFloat(parameters["q"], 64)
		if err != nil {
			q = 1
		}
		weight, exactness = q, exact
	}
	return weight
}

// Attachment makes the answer a download under the name, as RFC 6266 writes it.
func Attachment(c *gin.Context, filename string) {
	plain := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || strings.ContainsRune(`"\/:*?<>|`, r) {
			return '_'
		}
		return r
	}, strings.ReplaceAll(text.SearchKey(filename), " ", "-"))
	c.Header("Content-Disposition", fmt.Sprintf(`attachment; filename="%s"; filename*=UTF-8''%s`, plain, url.PathEscape(filename)))
}

// File answers with the bytes of a file in the format, as a download.
func File(c *gin.Context, filename, format string, data []byte) error {
	if err := refuseStray(c); err != nil {
		return err
	}
	if err := disclose(c, func() *int { return nil }); err != nil {
		return err
	}
	Attachment(c, filename)
	c.Data(http.StatusOK, MediaType(format), data)
	return nil
}

// CSV streams rows, the first of them the names of the columns, as a download that spreadsheets open rightly: with a byte order mark, and
// with no cell taken for a formula. The rows may be asked for twice.
func CSV(c *gin.Context, filename string, rows iter.Seq[[]string]) error {
	if err := refuseStray(c); err != nil {
		return err
	}
	if err := disclose(c, func() *int { return lines(rows) }); err != nil {
		return err
	}
	Attachment(c, filename)
	c.Header("Content-Type", MediaType("csv"))
	c.Status(http.StatusOK)
	noteLost(c, writeCSV(c.Writer, rows))
	return nil
}

// lines counts the rows below the names of the columns.
func lines(rows iter.Seq[[]string]) *int {
	n := -1
	for range rows {
		n++
	}
	n = max(n, 0)
	return &n
}

func writeCSV(to io.Writer, rows iter.Seq[[]string]) error {
	if _, err := io.WriteString(to, "\ufeff"); err != nil {
		return err
	}
	writer := csv.NewWriter(to)
	writer.UseCRLF = true
	for row := range rows {
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = Neutral(cell)
		}
		if err := writer.Write(cells); err != nil {
			return err
		}
	}
	writer.Flush()
	return writer.Error()
}

var plainNumber = regexp.MustCompile(`^[+-]?[0-9]+([.,][0-9]+)*( ?%)?$`)

// Neutral puts an apostrophe before a cell that a spreadsheet would take for a formula; plain numbers stay numbers. Programs differ in
// what they pass over at the beginning, so spaces and marks that show nothing do not help a formula. A cell that begins so with an
// apostrophe already gets another: taking one away always gives the text that was meant.
func Neutral(cell string) string {
	start := strings.TrimLeftFunc(cell, func(r rune) bool {
		return r == '\'' || r == '\ufeff' || r == '\u200b' || unicode.Is(unicode.Zs, r)
	})
	if start == "" || !strings.ContainsRune("=+-@\t\r\n\x00＝＋－＠﹢﹣﹦﹫", firstRune(start)) || plainNumber.MatchString(cell) {
		return cell
	}
	return "'" + cell
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}
