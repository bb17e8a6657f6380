package meeting

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"sochibo/internal/member"
)

// ErasedFormat tags the tombstone of a record version.
const ErasedFormat = "sochibo/erased/1"

// erasedText stands where a text was that a rule demands.
const erasedText = "[đã xóa]"

// Erased is the tombstone of a record version: which decisions erased what, what the version counts, and the record without the erased
// texts. It holds nothing from which the bytes before could be found out, not even their hash.
type Erased struct {
	Format    string           `json:"format"`
	MeetingID ID               `json:"meeting_id"`
	Number    int              `json:"number"`
	ErasureID uuid.UUID        `json:"erasure_id"` // the last one
	Earlier   []uuid.UUID      `json:"earlier_erasure_ids"`
	Counters  map[string]int64 `json:"counters"`
	Record    Record           `json:"record"`
}

// readErased reads a tombstone, and nil where the bytes are none.
func readErased(content []byte) (*Erased, error) {
	var head struct {
		Format string `json:"format"`
	}
	if err := json.Unmarshal(content, &head); err != nil || head.Format != ErasedFormat {
		return nil, nil //nolint:nilnil,nilerr // what cannot be read is no tombstone
	}
	var stone Erased
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&stone); err != nil {
		return nil, fmt.Errorf("read tombstone: %w", err)
	}
	return &stone, nil
}

// buried returns the tombstone of the version after one more erasure that leaves the record given.
func (v RecordVersion) buried(erasure uuid.UUID, left Record) (RecordVersion, error) {
	old, err := readErased(v.Content)
	if err != nil {
		return v, err
	}
	stone := Erased{
		Format: ErasedFormat, MeetingID: v.MeetingID, Number: v.Number, ErasureID: erasure, Earlier: []uuid.UUID{},
		Counters: Count(left).Named(), Record: left,
	}
	if old != nil {
		stone.Earlier = append(old.Earlier, old.ErasureID)
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(stone); err != nil {
		return v, fmt.Errorf("write tombstone of version %d of meeting %s: %w", v.Number, v.MeetingID, err)
	}
	v.Content = bytes.TrimSuffix(out.Bytes(), []byte("\n"))
	sum := sha256.Sum256(v.Content)
	v.SHA256, v.ErasureID = sum[:], &erasure
	return v, nil
}

// sound reports whether a tombstone is that of the version, names its erasure and counts what its record counts.
func (e *Erased) sound(v RecordVersion) bool {
	counters := Count(e.Record).Named()
	if e.MeetingID != v.MeetingID || e.Number != v.Number || v.ErasureID == nil || e.ErasureID != *v.ErasureID || len(counters) != len(e.Counters) {
		return false
	}
	for name, n := range counters {
		if e.Counters[name] != n {
			return false
		}
	}
	return true
}

// WithoutMember returns the record without what it tells of a member beside the facts that count: the reasons of absence and the texts
// of the member's opinions. changed is false where there is nothing of the kind.
func (r Record) WithoutMember(who member.ID) (left Record, changed bool) {
	r.Roll, r.Minutes = slices.Clone(r.Roll), slices.Clone(r.Minutes)
	for i := range r.Roll {
		if row := &r.Roll[i]; row.MemberID == who && (row.Reason != nil || row.ReasonKind != nil) {
			row.Reason, row.ReasonKind, changed = nil, nil, true
		}
	}
	for i := range r.Minutes {
		line := &r.Minutes[i]
		if line.Part == Opinion && line.MemberID != nil && *line.MemberID == who && deref(line.Text) != erasedText {
			text := erasedText
			line.Text, changed = &text, true
		}
	}
	return r, changed
}

// WithoutTexts returns the record without any text that somebody wrote freely.
func (r Record) WithoutTexts() Record {
	r.Place, r.Title = nil, nil
	r.Roll, r.Minutes = slices.Clone(r.Roll), slices.Clone(r.Minutes)
	r.Resolutions, r.Tasks = slices.Clone(r.Resolutions), slices.Clone(r.Tasks)
	for i := range r.Roll {
		r.Roll[i].Reason, r.Roll[i].ReasonKind = nil, nil
	}
	text := erasedText
	for i := range r.Minutes {
		if r.Minutes[i].Text != nil {
			r.Minutes[i].Text = &text
		}
	}
	for i := range r.Resolutions {
		r.Resolutions[i].Title = &text
	}
	for i := range r.Tasks {
		r.Tasks[i].Title = &text
	}
	r.Votes = slices.Clone(r.Votes)
	for i := range r.Votes {
		if r.Votes[i].Subject != nil {
			r.Votes[i].Subject = &text
		}
	}
	if r.Totals != nil {
		totals := *r.Totals
		totals.Reason, r.Totals = text, &totals
	}
	return r
}
