package rating

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/fault"
	"sochibo/internal/meeting"
	"sochibo/internal/rules"
	"sochibo/internal/text"
)

// ID names a judgement.
type ID struct{ uuid.UUID }

// NewID returns a fresh id, in the order of time.
func NewID() ID { return ID{uuid.Must(uuid.NewV7())} }

// The faults of ratings.
var (
	ErrUnknown   = fault.New(fault.NotFound, "rating_unknown")
	ErrNoRubric  = fault.New(fault.Conflict, "rating_without_rubric")
	ErrNotRated  = fault.New(fault.Conflict, "rating_not_of_such")
	ErrConfirmed = fault.New(fault.Conflict, "rating_confirmed")
	ErrOutdated  = fault.New(fault.Conflict, "rating_outdated")
	ErrOwn       = fault.New(fault.Forbidden, "own_rating")
	ErrStale     = fault.New(fault.Stale, "version_stale")
)

// Stage is who judges.
type Stage string

// The stages: the cell itself, and the organisation above.
const (
	Self      Stage = "self"
	Confirmed Stage = "confirmed"
)

// Stages returns every stage.
func Stages() []Stage { return []Stage{Self, Confirmed} }

// Rating is one judgement of a session. Points and Available are nil where the rubric has none; Content is nil for one that was imported
// without what it was computed from. No RatedBy is the installation.
type Rating struct {
	ID             ID `gorm:"primaryKey;autoIncrement:false"`
	MeetingID      meeting.ID
	Number         int
	Stage          Stage
	RecordVersion  int
	RuleSet        string
	Grade          string
	Points         *int
	Available      *int
	VotesFor       *int
	VotesAgainst   *int
	VotesAbstained *int
	VoteBase       *int
	Content        *string
	Reason         *string
	RatedBy        *auth.UserID
	CreatedAt      time.Time `gorm:"autoCreateTime:false"`
}

// TableName names the table.
func (Rating) TableName() string { return "rating" }

// Format tags the content of a judgement.
const Format = "sochibo/rating/1"

// Content is what a judgement was computed from. The order of the fields is the order of the bytes.
type Content struct {
	Format       string        `json:"format"`
	Day          calendar.Date `json:"day"` // by which the rule set was chosen
	RuleSet      string        `json:"rule_set"`
	SHA256       string        `json:"rule_set_sha256"`
	Parent       *string       `json:"parent"`
	ParentSHA256 *string       `json:"parent_sha256"`
	rules.Result
}

// Write returns the canonical text of the content.
func (c Content) Write() (string, error) {
	c.Format = Format
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(c); err != nil {
		return "", fmt.Errorf("write rating: %w", err)
	}
	return string(bytes.TrimSuffix(out.Bytes(), []byte("\n"))), nil
}

// ReadContent reads the text of a judgement's content back; it refuses what Write does not write.
func ReadContent(text string) (Content, error) {
	var c Content
	decoder := json.NewDecoder(bytes.NewReader([]byte(text)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&c); err != nil {
		return c, fmt.Errorf("read rating: %w", err)
	}
	if c.Format != Format {
		return c, fmt.Errorf("read rating: format %q is not %q", c.Format, Format)
	}
	again, err := c.Write()
	if err == nil && again != text {
		err = fmt.Errorf("read rating: not in canonical form")
	}
	return c, err
}

// Vote is how the cell voted on its own grade.
type Vote struct{ For, Against, Abstained int }

// mostVotes bounds the votes of a session of which nobody knows how many may vote.
const mostVotes = 100_000

// check notes votes that there cannot be: more than the members who may vote.
func (v *Vote) check(f *fault.Fields, base *int) {
	if v == nil {
		return
	}
	most := mostVotes
	if base != nil {
		most = *base
	}
	for i, n := range []int{v.For, v.Against, v.Abstained} {
		f.Check(n >= 0 && n <= most, "/vote/"+[]string{"for", "against", "abstained"}[i], "votes_exceed_base", fault.Args{"base": most})
	}
	if f.Len() == 0 {
		f.Check(v.For+v.Against+v.Abstained <= most, "/vote", "votes_exceed_base", fault.Args{"base": most})
	}
}

// Input is what the cell says of its own session.
type Input struct {
	Answers []rules.Answer
	Vote    *Vote
}

// Decision is what the organisation above says: an empty grade confirms the one that the cell gave itself.
type Decision struct {
	Grade  string
	Reason *string
}

const maxReason = 2000

// check cleans the reason and notes what is wrong: a grade that the rule set does not have, another grade without a reason.
func (d *Decision) check(own Rating, grades []string) error {
	var f fault.Fields
	text.OptionalLinesAt(&f, "/reason", &d.Reason, maxReason)
	if d.Grade == "" {
		d.Grade = own.Grade
	}
	f.Check(slices.Contains(grades, d.Grade), "/grade", "word_unknown", fault.Args{"value": d.Grade, "allowed": strings.Join(grades, ", ")})
	f.Check(d.Grade == own.Grade || d.Reason != nil, "/reason", "field_required")
	return f.Err(fault.Invalid, "rating_invalid")
}
