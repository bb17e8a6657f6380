package meeting

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"sochibo/internal/audit"
	"sochibo/internal/database"
	"sochibo/internal/directive"
	"sochibo/internal/fault"
	"sochibo/internal/httpapi"
	"sochibo/internal/member"
	"sochibo/internal/org"
	"sochibo/internal/resolution"
)

// tombstoneKind is the word under which removed meetings are remembered.
const tombstoneKind = "meeting"

// ErrInUse refuses to remove a draft that another meeting names as its preparation.
var ErrInUse = fault.New(fault.Conflict, "meeting_in_use")

// findVisible returns a meeting within the caller's scope; one outside is as unknown as one that does not exist.
func findVisible(ctx context.Context, tx *database.Tx, sight org.Sight, id ID) (Meeting, error) {
	where, args := sight.ForRow().WhereRecords("meeting.organization_id", "meeting.status")
	return first[Meeting](database.Of[Meeting](database.Gorm(ctx, tx)).Where("id = ?", id).Where(where, args...).Take(ctx))
}

// findInspected is findVisible for a sight that may have been opened by a round of inspection.
func findInspected(ctx context.Context, tx *database.Tx, sight org.Sight, id ID) (Meeting, error) {
	where, args := sight.ForRow().WhereInspected("meeting.organization_id", "meeting.status", "meeting.period_month")
	return first[Meeting](database.Of[Meeting](database.Gorm(ctx, tx)).Where("id = ?", id).Where(where, args...).Take(ctx))
}

// lock returns the meeting and keeps others from changing it until the transaction ends.
func lock(ctx context.Context, tx *database.Tx, id ID) (Meeting, error) {
	return first[Meeting](database.Of[Meeting](database.Gorm(ctx, tx), clause.Locking{Strength: "UPDATE"}).Where("id = ?", id).Take(ctx))
}

func first[T any](row T, err error) (T, error) {
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return row, ErrUnknown
	}
	return row, err
}

// claimID checks that an id a client chose is free, and forgets that a removed draft may have had it. Faults: id_taken.
func claimID(ctx context.Context, tx *database.Tx, id ID) error {
	taken, err := database.Of[Meeting](database.Gorm(ctx, tx)).Where("id = ?", id).Count(ctx, "id")
	if err != nil {
		return fmt.Errorf("look for meeting %s: %w", id, err)
	}
	if taken > 0 {
		return ErrIDTaken
	}
	_, err = database.Of[Tombstone](database.Gorm(ctx, tx)).Where("kind = ? AND id = ?", tombstoneKind, id).Delete(ctx)
	return err
}

// insert adds a meeting. Faults: code_taken.
func insert(ctx context.Context, tx *database.Tx, m *Meeting) error {
	audit.Touch(tx, Sealed(), m.ID)
	if err := database.Of[Meeting](database.Gorm(ctx, tx)).Create(ctx, m); err != nil {
		return database.Taken(fmt.Errorf("insert meeting %s: %w", m.ID, err), duplicate(m))
	}
	return nil
}

// duplicate says what a duplicate key means: the code, or without one the id.
func duplicate(m *Meeting) error {
	if m.Code == nil {
		return ErrIDTaken
	}
	return fault.With(ErrCodeTaken, fault.Args{"value": *m.Code})
}

// save writes the head back if it still has the version, and gives it the next one. Faults: version_stale, code_taken.
func save(ctx context.Context, tx *database.Tx, m *Meeting) error {
	audit.Touch(tx, Sealed(), m.ID)
	match := m.Version
	m.Version, m.UpdatedAt = match+1, tx.Now
	changed, err := database.Of[Meeting](database.Gorm(ctx, tx)).
		Where("id = ? AND version = ?", m.ID, match).
		Select("code", "body", "forms", "period_month", "held_on", "started_at", "ended_at", "break_minutes", "mode", "place",
			"status", "title", "search_key", "chair_id", "minutes_taker_id", "topic_id", "guests", "prepared_by_id", "self_score",
			"fees_reported", "paper_book", "paper_page", "totals_only",
			"cancelled_reason", "returned_reason", "postponed", "record_version", "version", "updated_at").
		Updates(ctx, *m)
	if err != nil {
		return database.Taken(fmt.Errorf("save meeting %s: %w", m.ID, err), duplicate(m))
	}
	if changed == 0 {
		return ErrStale
	}
	return nil
}

// stale refuses a version that is not the current one and names the current one.
func (m Meeting) stale(match int64) error {
	if m.Version == match {
		return nil
	}
	return fault.WithETag(ErrStale, httpapi.ETag(m.Version))
}

// remove deletes a draft and leaves a tombstone. Faults: meeting_in_use.
func remove(ctx context.Context, tx *database.Tx, m Meeting) error {
	audit.Touch(tx, Sealed(), m.ID)
	if err := resolution.Remove(ctx, tx, m.ID.UUID); err != nil {
		return err
	}
	if _, err := database.Of[Meeting](database.Gorm(ctx, tx)).Where("id = ?", m.ID).Delete(ctx); err != nil {
		return database.Referenced(fmt.Errorf("remove meeting %s: %w", m.ID, err), ErrInUse)
	}
	organization := m.OrganizationID
	stone := Tombstone{Kind: tombstoneKind, ID: m.ID.UUID, OrganizationID: &organization, RemovedAt: tx.Now}
	return database.Of[Tombstone](database.Gorm(ctx, tx)).Create(ctx, &stone)
}

// Details are a meeting with everything that belongs to it.
type Details struct {
	Meeting      Meeting
	ContentItems []string
	DirectiveIDs []directive.ID
	Attendance   []Attendance
	Minutes      []MinutesLine
	Resolutions  []resolution.Resolution
	Tasks        []resolution.Task
	Votes        []Vote
	Totals       *Totals
	Events       []Event
	Record       *Record              // what is frozen, nil for a draft; of a draft with votes what it would be
	Warnings     []fault.Field        // what may be asked about it
	Names        map[member.ID]string // full names of everybody the details name
}

// detailsOf loads what belongs to a meeting.
func detailsOf(ctx context.Context, tx *database.Tx, m Meeting) (Details, error) {
	d := Details{Meeting: m}
	var err error
	if d.ContentItems, err = contentItemsOf(ctx, tx, m.ID); err != nil {
		return d, err
	}
	if d.DirectiveIDs, err = directivesOf(ctx, tx, m.ID); err != nil {
		return d, err
	}
	if d.Attendance, err = rollOf(ctx, tx, m.ID); err != nil {
		return d, err
	}
	if d.Minutes, err = database.Of[MinutesLine](database.Gorm(ctx, tx)).Where("meeting_id = ?", m.ID).Order("position").Find(ctx); err != nil {
		return d, fmt.Errorf("minutes of meeting %s: %w", m.ID, err)
	}
	if d.Events, err = eventsOf(ctx, tx, m.ID); err != nil {
		return d, err
	}
	if err := d.loadVotes(ctx, tx); err != nil {
		return d, err
	}
	written, err := resolution.OfMeetings(ctx, tx, []uuid.UUID{m.ID.UUID})
	if err != nil {
		return d, err
	}
	d.Resolutions, d.Tasks = written[m.ID.UUID].Resolutions, written[m.ID.UUID].Tasks
	return d, nil
}

func eventsOf(ctx context.Context, tx *database.Tx, id ID) ([]Event, error) {
	rows, err := database.Of[Event](database.Gorm(ctx, tx)).Where("meeting_id = ?", id).Order("recorded_at, id").Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("events of meeting %s: %w", id, err)
	}
	return rows, nil
}

func contentItemsOf(ctx context.Context, tx *database.Tx, id ID) ([]string, error) {
	rows, err := database.Of[ContentItem](database.Gorm(ctx, tx)).Where("meeting_id = ?", id).Order("position").Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("content items of meeting %s: %w", id, err)
	}
	items := make([]string, len(rows))
	for i, row := range rows {
		items[i] = row.Item
	}
	return items, nil
}

func directivesOf(ctx context.Context, tx *database.Tx, id ID) ([]directive.ID, error) {
	rows, err := database.Of[StudiedDirective](database.Gorm(ctx, tx)).Where("meeting_id = ?", id).Order("position").Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("directives of meeting %s: %w", id, err)
	}
	ids := make([]directive.ID, len(rows))
	for i, row := range rows {
		ids[i] = row.DirectiveID
	}
	return ids, nil
}

func rollOf(ctx context.Context, tx *database.Tx, id ID) ([]Attendance, error) {
	rows, err := database.Of[Attendance](database.Gorm(ctx, tx)).Where("meeting_id = ?", id).Order("member_id").Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("roll of meeting %s: %w", id, err)
	}
	return rows, nil
}

// replace makes rows the whole of what a meeting has in a table.
func replace[T any](ctx context.Context, tx *database.Tx, id ID, rows []T) error {
	audit.Touch(tx, Sealed(), id)
	if _, err := database.Of[T](database.Gorm(ctx, tx)).Where("meeting_id = ?", id).Delete(ctx); err != nil {
		return fmt.Errorf("clear %T of meeting %s: %w", *new(T), id, err)
	}
	return add(ctx, tx, id, rows)
}

// add writes rows of a meeting into a table.
func add[T any](ctx context.Context, tx *database.Tx, id ID, rows []T) error {
	if len(rows) == 0 {
		return nil
	}
	audit.Touch(tx, Sealed(), id)
	if err := database.Of[T](database.Gorm(ctx, tx)).CreateInBatches(ctx, &rows, batch); err != nil {
		return fmt.Errorf("write %T of meeting %s: %w", *new(T), id, err)
	}
	return nil
}

// batch keeps a statement below the parameter limit of both engines.
const batch = 500

// contentItems and studied are the rows of the content's lists.
func (c *Content) contentItems(id ID) []ContentItem {
	rows := make([]ContentItem, len(c.ContentItems))
	for i, item := range c.ContentItems {
		rows[i] = ContentItem{id, i + 1, item}
	}
	return rows
}

func (c *Content) studied(id ID) []StudiedDirective {
	rows := make([]StudiedDirective, len(c.DirectiveIDs))
	for i, directive := range c.DirectiveIDs {
		rows[i] = StudiedDirective{id, i + 1, directive}
	}
	return rows
}

// addParts writes the parts of a new meeting that stand in tables of their own.
func addParts(ctx context.Context, tx *database.Tx, m Meeting, c *Content) error {
	id := m.ID
	if err := add(ctx, tx, id, c.contentItems(id)); err != nil {
		return err
	}
	if err := add(ctx, tx, id, c.studied(id)); err != nil {
		return err
	}
	if err := add(ctx, tx, id, c.lines(id)); err != nil {
		return err
	}
	if err := add(ctx, tx, id, c.votes(id)); err != nil {
		return err
	}
	if err := add(ctx, tx, id, c.totals(id)); err != nil {
		return err
	}
	if c.Resolutions != nil {
		if err := resolution.InsertResolutions(ctx, tx, m.sitting(), *c.Resolutions); err != nil {
			return err
		}
	}
	if c.Tasks != nil {
		return resolution.InsertTasks(ctx, tx, id.UUID, *c.Tasks)
	}
	return nil
}

// replaceParts writes them over what is stored.
func replaceParts(ctx context.Context, tx *database.Tx, m Meeting, c *Content) error {
	id := m.ID
	if err := replace(ctx, tx, id, c.contentItems(id)); err != nil {
		return err
	}
	if err := replace(ctx, tx, id, c.studied(id)); err != nil {
		return err
	}
	if !c.sameMinutes {
		if err := replace(ctx, tx, id, c.lines(id)); err != nil {
			return err
		}
	}
	if err := replace(ctx, tx, id, c.votes(id)); err != nil {
		return err
	}
	if err := replace(ctx, tx, id, c.totals(id)); err != nil {
		return err
	}
	if err := replaceResolutions(ctx, tx, m, c); err != nil {
		return err
	}
	if c.Tasks != nil {
		return resolution.ReplaceTasks(ctx, tx, id.UUID, *c.Tasks)
	}
	return nil
}

// replaceResolutions writes the resolutions of the content; those that stay are numbered in the term of the meeting's day, which may be a
// new one.
func replaceResolutions(ctx context.Context, tx *database.Tx, m Meeting, c *Content) error {
	if c.Resolutions == nil {
		return resolution.Renumber(ctx, tx, m.sitting(), false)
	}
	return resolution.ReplaceResolutions(ctx, tx, m.sitting(), *c.Resolutions)
}

// members returns everybody the details name, each once.
func (d Details) members() []member.ID {
	seen := make(map[member.ID]bool)
	var ids []member.ID
	add := func(id *member.ID) {
		if id != nil && !seen[*id] {
			seen[*id], ids = true, append(ids, *id)
		}
	}
	add(d.Meeting.ChairID)
	add(d.Meeting.MinutesTakerID)
	for i := range d.Attendance {
		add(&d.Attendance[i].MemberID)
	}
	for _, line := range d.Minutes {
		add(line.MemberID)
	}
	for _, task := range d.Tasks {
		add(task.AssigneeID)
	}
	if d.Record != nil {
		for _, id := range d.Record.absent() {
			add(&id)
		}
	}
	return ids
}
