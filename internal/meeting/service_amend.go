package meeting

import (
	"context"
	"fmt"
	"reflect"
	"slices"

	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
	"sochibo/internal/resolution"
)

// What follows is what the room amendment needs of a meeting within its own transactions.

// Seen returns a meeting whose record the caller may read in every status: who reads accepted records only sees nothing of what might
// become of them.
//
// Faults: meeting_unknown, forbidden.
func Seen(ctx context.Context, tx *database.Tx, actor auth.Actor, id ID) (Meeting, error) {
	m, err := (&Service{}).see(ctx, tx, actor, id)
	if err != nil {
		return Meeting{}, err
	}
	whole, err := org.SeesRecord(ctx, tx, actor, m.OrganizationID, false)
	if err == nil && !whole {
		err = org.ErrForbidden
	}
	return m, err
}

// OpenAccepted locks an accepted meeting, and before it what a posting needs locked, for an act the caller may do; match is the version
// the caller has seen.
//
// Faults: meeting_unknown, forbidden, version_stale, meeting_wrong_status.
func OpenAccepted(
	ctx context.Context, tx *database.Tx, actor auth.Actor, permission httpapi.Permission, id ID, match int64,
) (Meeting, error) {
	m, err := (&Service{}).openPosting(ctx, tx, actor, permission, id, match)
	if err != nil {
		return Meeting{}, err
	}
	return m, m.must(Accepted)
}

// Note remembers an act on an open meeting, which gets its next version.
func Note(ctx context.Context, tx *database.Tx, m *Meeting, act Act, user *auth.UserID, reason *string) error {
	if err := save(ctx, tx, m); err != nil {
		return err
	}
	return noteEvent(ctx, tx, *m, act, user, reason)
}

// NotAnEditor refuses a user who wrote on any version of the record.
//
// Faults: own_record.
func NotAnEditor(ctx context.Context, tx *database.Tx, actor auth.Actor, id ID) error {
	editors, err := editorsOf(ctx, tx, id)
	if err != nil {
		return err
	}
	if user := actor.Editor(); user != nil && slices.Contains(editors, *user) {
		return ErrOwnRecord
	}
	return nil
}

// RecordAt returns the record of one version of a meeting.
//
// Faults: record_version_unknown.
func RecordAt(ctx context.Context, tx *database.Tx, id ID, number int) (Record, error) {
	version, err := findVersion(ctx, tx, id, number)
	if err != nil {
		return Record{}, err
	}
	return ReadRecord(version.Content)
}

// Propose checks a change of an accepted record as a submission is checked, and returns the record as it would be. The roll stays as
// it was frozen but for the rows given, unless the day changes: then it is a roll of the new day.
//
// Faults: meeting_invalid with the places, amendment_changes_nothing.
func Propose(
	ctx context.Context, tx *database.Tx, zone calendar.Zone, actor auth.Actor, m Meeting, change func(*Content), roll *RollInput,
) (Proposal, error) {
	before, err := detailsOf(ctx, tx, m)
	if err != nil {
		return Proposal{}, err
	}
	base, err := RecordAt(ctx, tx, m.ID, m.RecordVersion)
	if err != nil {
		return Proposal{}, fmt.Errorf("version of accepted meeting %s: %w", m.ID, err)
	}
	editors, err := editorsOf(ctx, tx, m.ID)
	if err != nil {
		return Proposal{}, err
	}
	d := draft{
		meeting: m, content: contentOf(before).changed(change), before: thaw(before.Attendance), roll: roll, at: "/attendance",
		submitting: true, frozen: &base, stored: before,
	}
	var f fault.Fields
	d.content.fixed(&f, m)
	if err := f.Err(fault.Invalid, "meeting_invalid"); err != nil {
		return Proposal{}, err
	}
	if err := (&Service{zone: zone}).check(ctx, tx, actor, &d); err != nil {
		return Proposal{}, err
	}
	p := d.propose(before, base, with(editors, actor.Editor()))
	same, err := p.Record.sameAs(base)
	if err == nil && same {
		err = ErrChangesNothing
	}
	return p, err
}

// Adopt makes a proposal the next version of an accepted meeting: its rows become those of the record, what the version before counted
// is taken back and what this one counts is posted. by wrote the change, confirmed by who received it; the locks of a posting are held.
//
// Faults: meeting_invalid where the body is no longer possible on that day, code_taken.
func Adopt(
	ctx context.Context, tx *database.Tx, m *Meeting, p Proposal, amendment uuid.UUID, by, confirmedBy *auth.UserID,
) error {
	base, err := RecordAt(ctx, tx, m.ID, m.RecordVersion)
	if err != nil {
		return err
	}
	if p.Record.Number != m.RecordVersion+1 {
		return fmt.Errorf("amendment %s makes version %d of meeting %s, which has %d", amendment, p.Record.Number, m.ID, m.RecordVersion)
	}
	before := *m
	m.become(p.Record)
	var f fault.Fields
	if err := checkBody(ctx, tx, &f, *m, true); err != nil {
		return err
	}
	if err := f.Err(fault.Invalid, "meeting_invalid"); err != nil {
		return err
	}
	if err := save(ctx, tx, m); err != nil {
		return err
	}
	if err := adoptParts(ctx, tx, base, p); err != nil {
		return err
	}
	if err := noteEditor(ctx, tx, m.ID, by); err != nil {
		return err
	}
	if err := insertVersion(ctx, tx, p.Record, by, &amendment); err != nil {
		return err
	}
	if err := noteEvent(ctx, tx, *m, ActAmended, confirmedBy, nil); err != nil {
		return err
	}
	return repost(ctx, tx, before, *m, Count(p.Record))
}

// adoptParts writes what stands in tables of its own; resolutions and tasks that do not change keep what became of them since.
func adoptParts(ctx context.Context, tx *database.Tx, base Record, p Proposal) error {
	r, lists := p.Record, p.Record.lists()
	if err := replace(ctx, tx, r.MeetingID, lists.contentItems(r.MeetingID)); err != nil {
		return err
	}
	if err := replace(ctx, tx, r.MeetingID, lists.studied(r.MeetingID)); err != nil {
		return err
	}
	if err := replace(ctx, tx, r.MeetingID, r.attendance()); err != nil {
		return err
	}
	if err := replace(ctx, tx, r.MeetingID, r.lines()); err != nil {
		return err
	}
	if err := replace(ctx, tx, r.MeetingID, r.voteRows()); err != nil {
		return err
	}
	if err := replace(ctx, tx, r.MeetingID, lists.totals(r.MeetingID)); err != nil {
		return err
	}
	if err := adoptResolutions(ctx, tx, base, p); err != nil {
		return err
	}
	if !reflect.DeepEqual(base.Tasks, r.Tasks) {
		return resolution.ReplaceTasks(ctx, tx, r.MeetingID.UUID, p.tasks())
	}
	return nil
}

// adoptResolutions writes the resolutions where they change; those that stay are in the series of the record's day, which may be a new one.
func adoptResolutions(ctx context.Context, tx *database.Tx, base Record, p Proposal) error {
	if reflect.DeepEqual(base.Resolutions, p.Record.Resolutions) {
		return resolution.Renumber(ctx, tx, p.Record.sitting(), true)
	}
	return resolution.ReplaceResolutions(ctx, tx, p.Record.sitting(), p.resolutions())
}
