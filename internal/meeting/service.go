package meeting

import (
	"context"

	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/httpapi"
	"sochibo/internal/member"
	"sochibo/internal/org"
	"sochibo/internal/rules"
)

// Service keeps the meetings and their records.
type Service struct {
	db   *database.DB
	zone calendar.Zone
}

// New returns the service on the store.
func New(db *database.DB, zone calendar.Zone) *Service { return &Service{db: db, zone: zone} }

// Creation asks for a meeting; a zero ID asks for a fresh one.
type Creation struct {
	ID             ID
	OrganizationID org.ID
	Content        Content
	Roll           *RollInput
	Submit         bool
	Planned        bool // the end is the planned one: the meeting is scheduled
}

// Get returns a meeting with everything that belongs to it.
//
// Faults: meeting_unknown.
func (s *Service) Get(ctx context.Context, actor auth.Actor, id ID) (Details, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) (Details, error) {
		m, err := s.look(ctx, tx, actor, id)
		if err != nil {
			return Details{}, err
		}
		return named(ctx, tx, m)
	})
}

// Create adds a meeting: scheduled, held when a roll or an end is given, and handed in at once when asked to.
//
// Faults: meeting_invalid with the places, forbidden, id_taken, code_taken, resolution_number_taken, resolution_series_full.
func (s *Service) Create(ctx context.Context, actor auth.Actor, in Creation) (Details, error) {
	return audit.Write(ctx, s.db, actor.Act("meeting.create"), func(tx *database.Tx) (Details, error) {
		d, err := s.create(ctx, tx, actor, in)
		if err != nil {
			return Details{}, err
		}
		if d.submitted != nil {
			return *d.submitted, nil
		}
		return named(ctx, tx, d.meeting)
	})
}

func (s *Service) create(ctx context.Context, tx *database.Tx, actor auth.Actor, in Creation) (draft, error) {
	if err := s.mayCreate(ctx, tx, actor, in); err != nil {
		return draft{}, err
	}
	if in.Submit {
		if err := lockPosting(ctx, tx, in.OrganizationID); err != nil {
			return draft{}, err
		}
	}
	d := draft{content: in.Content, roll: in.Roll, at: "/attendance", submitting: in.Submit, planned: in.Planned, fresh: true}
	d.meeting = Meeting{
		ID: in.ID, OrganizationID: in.OrganizationID, Status: Scheduled, Version: 1, CreatedAt: tx.Now, UpdatedAt: tx.Now,
	}
	if err := nameDraft(ctx, tx, &d.meeting); err != nil {
		return draft{}, err
	}
	if err := s.check(ctx, tx, actor, &d); err != nil {
		return draft{}, err
	}
	err := s.insertDraft(ctx, tx, actor, &d)
	return d, err
}

// nameDraft gives a draft a fresh id, unless the client chose one that is free.
func nameDraft(ctx context.Context, tx *database.Tx, m *Meeting) error {
	if m.ID != (ID{}) {
		return claimID(ctx, tx, m.ID)
	}
	m.ID = NewID()
	return nil
}

func (s *Service) insertDraft(ctx context.Context, tx *database.Tx, actor auth.Actor, d *draft) error {
	if err := insert(ctx, tx, &d.meeting); err != nil {
		return err
	}
	if err := addParts(ctx, tx, d.meeting, &d.content); err != nil {
		return err
	}
	if d.submitting {
		return s.submit(ctx, tx, actor, d)
	}
	if err := add(ctx, tx, d.meeting.ID, d.rows); err != nil {
		return err
	}
	return noteEditor(ctx, tx, d.meeting.ID, actor.Editor())
}

// mayCreate asks for the rights on the organisation; one out of reach is an unknown reference of the body.
func (s *Service) mayCreate(ctx context.Context, tx *database.Tx, actor auth.Actor, in Creation) error {
	var f fault.Fields
	if !f.Check(in.OrganizationID != org.ID{}, "/organization_id", "field_required") {
		return f.Err(fault.Invalid, "meeting_invalid")
	}
	err := org.Authorize(ctx, tx, actor, auth.MeetingWrite, in.OrganizationID)
	if err == nil && in.Submit {
		err = org.Authorize(ctx, tx, actor, auth.MeetingSubmit, in.OrganizationID)
	}
	if err != nil && fault.KindOf(err) == fault.NotFound {
		f.Check(false, "/organization_id", "reference_unknown")
		return f.Err(fault.Invalid, "meeting_invalid")
	}
	return err
}

// Edit changes the content of a draft. change is called with what is stored and may be called again; resolutions and tasks stay as
// they are unless it sets them.
//
// Faults: meeting_unknown, forbidden, version_stale, meeting_counted, meeting_wrong_status, meeting_invalid with the places, code_taken,
// resolution_number_taken, resolution_series_full.
func (s *Service) Edit(ctx context.Context, actor auth.Actor, id ID, match int64, change func(*Content)) (Details, error) {
	return audit.Write(ctx, s.db, actor.Act("meeting.edit"), func(tx *database.Tx) (Details, error) {
		m, err := s.open(ctx, tx, actor, auth.MeetingWrite, id, match)
		if err != nil {
			return Details{}, err
		}
		if err := m.editable(); err != nil {
			return Details{}, err
		}
		return s.edit(ctx, tx, actor, m, change)
	})
}

// edit changes a draft that is locked.
func (s *Service) edit(ctx context.Context, tx *database.Tx, actor auth.Actor, m Meeting, change func(*Content)) (Details, error) {
	before, err := detailsOf(ctx, tx, m)
	if err != nil {
		return Details{}, err
	}
	d := draft{meeting: m, content: contentOf(before).changed(change), before: before.Attendance, stored: before, at: "/attendance"}
	if err := s.check(ctx, tx, actor, &d); err != nil {
		return Details{}, err
	}
	if err := s.saveDraft(ctx, tx, actor, &d.meeting); err != nil {
		return Details{}, err
	}
	if err := replaceParts(ctx, tx, d.meeting, &d.content); err != nil {
		return Details{}, err
	}
	return named(ctx, tx, d.meeting)
}

// RecordRoll writes the roll of a draft: the whole of it, or the rows given among those that are there.
//
// Faults: meeting_unknown, forbidden, version_stale, meeting_counted, meeting_wrong_status, meeting_invalid with the places.
func (s *Service) RecordRoll(ctx context.Context, actor auth.Actor, id ID, match int64, in RollInput, whole bool) (Details, error) {
	return audit.Write(ctx, s.db, actor.Act("meeting.record_roll"), func(tx *database.Tx) (Details, error) {
		m, err := s.open(ctx, tx, actor, auth.MeetingWrite, id, match)
		if err != nil {
			return Details{}, err
		}
		if err := m.editable(); err != nil {
			return Details{}, err
		}
		rows, err := s.rollAfter(ctx, tx, m, in, whole)
		if err != nil {
			return Details{}, err
		}
		if m.Status == Scheduled && len(rows) > 0 {
			m.Status = Held
		}
		if err := s.saveDraft(ctx, tx, actor, &m); err != nil {
			return Details{}, err
		}
		if err := replace(ctx, tx, id, rows); err != nil {
			return Details{}, err
		}
		return named(ctx, tx, m)
	})
}

func (s *Service) rollAfter(ctx context.Context, tx *database.Tx, m Meeting, in RollInput, whole bool) ([]Attendance, error) {
	var before []Attendance
	if !whole {
		var err error
		if before, err = rollOf(ctx, tx, m.ID); err != nil {
			return nil, err
		}
	}
	who, err := rosterOf(ctx, tx, m)
	if err != nil {
		return nil, err
	}
	var f fault.Fields
	in.check(&f, "", !whole)
	rows := in.merged(m.ID, before, who)
	checkRows(&f, rows, &in, "", who)
	f.Check(!m.TotalsOnly || len(rows) == 0, "/rows", "totals_and_roll")
	return rows, f.Err(fault.Invalid, "meeting_invalid")
}

// Remove deletes a draft that was never handed in and leaves a tombstone.
//
// Faults: meeting_unknown, forbidden, version_stale, meeting_counted, meeting_wrong_status, meeting_has_versions, meeting_in_use.
func (s *Service) Remove(ctx context.Context, actor auth.Actor, id ID, match int64) error {
	_, err := audit.Write(ctx, s.db, actor.Act("meeting.remove"), func(tx *database.Tx) (struct{}, error) {
		m, err := s.open(ctx, tx, actor, auth.MeetingWrite, id, match)
		if err != nil {
			return struct{}{}, err
		}
		if err := m.editable(); err != nil {
			return struct{}{}, err
		}
		if m.RecordVersion > 0 {
			return struct{}{}, ErrHasVersions
		}
		return struct{}{}, remove(ctx, tx, m)
	})
	return err
}

// Versions returns the record versions of a meeting, the first one first.
//
// Faults: meeting_unknown.
func (s *Service) Versions(ctx context.Context, actor auth.Actor, id ID) ([]RecordVersion, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) ([]RecordVersion, error) {
		if _, err := s.look(ctx, tx, actor, id); err != nil {
			return nil, err
		}
		return listVersions(ctx, tx, id)
	})
}

// OneVersion is a record version with its bytes, and the number of the last one there is.
type OneVersion struct {
	RecordVersion

	Last int
}

// Version returns one record version with its bytes.
//
// Faults: meeting_unknown, record_version_unknown.
func (s *Service) Version(ctx context.Context, actor auth.Actor, id ID, number int) (OneVersion, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) (OneVersion, error) {
		m, err := s.look(ctx, tx, actor, id)
		if err != nil {
			return OneVersion{}, err
		}
		version, err := findVersion(ctx, tx, id, number)
		return OneVersion{version, m.RecordVersion}, err
	})
}

// see returns a meeting the caller may read.
func (s *Service) see(ctx context.Context, tx *database.Tx, actor auth.Actor, id ID) (Meeting, error) {
	sight, err := org.Scope(ctx, tx, actor, auth.MeetingRead)
	if err != nil {
		return Meeting{}, err
	}
	return findVisible(ctx, tx, sight, id)
}

// look returns a meeting whose record the caller may read, also by a round of inspection.
func (s *Service) look(ctx context.Context, tx *database.Tx, actor auth.Actor, id ID) (Meeting, error) {
	sight, err := org.ScopeRecords(ctx, tx, actor)
	if err != nil {
		return Meeting{}, err
	}
	return findInspected(ctx, tx, sight, id)
}

// open locks a meeting for an act the caller may do; match is the version the caller has seen.
func (s *Service) open(
	ctx context.Context, tx *database.Tx, actor auth.Actor, permission httpapi.Permission, id ID, match int64,
) (Meeting, error) {
	if _, err := s.may(ctx, tx, actor, permission, id, match); err != nil {
		return Meeting{}, err
	}
	m, err := lock(ctx, tx, id)
	if err != nil {
		return Meeting{}, err
	}
	return m, m.stale(match)
}

// openPosting is open for an act that posts: the tree and the organisation are locked before the meeting.
func (s *Service) openPosting(
	ctx context.Context, tx *database.Tx, actor auth.Actor, permission httpapi.Permission, id ID, match int64,
) (Meeting, error) {
	seen, err := s.may(ctx, tx, actor, permission, id, match)
	if err != nil {
		return Meeting{}, err
	}
	if err := lockPosting(ctx, tx, seen.OrganizationID); err != nil {
		return Meeting{}, err
	}
	m, err := lock(ctx, tx, id)
	if err != nil {
		return Meeting{}, err
	}
	return m, m.stale(match)
}

// may returns the meeting if the caller sees it and has the right on its organisation. A version that is stale already is refused
// before anybody waits for a lock; versions only grow.
func (s *Service) may(
	ctx context.Context, tx *database.Tx, actor auth.Actor, permission httpapi.Permission, id ID, match int64,
) (Meeting, error) {
	m, err := s.see(ctx, tx, actor, id)
	if err != nil {
		return Meeting{}, err
	}
	if m.Version > match {
		err = m.stale(match)
	}
	if forbidden := org.Authorize(ctx, tx, actor, permission, m.OrganizationID); forbidden != nil {
		return m, forbidden
	}
	return m, err
}

// lockPosting takes the locks that stand before the meeting's own: postings of one organisation wait for each other here, so that
// what is covered is posted once.
func lockPosting(ctx context.Context, tx *database.Tx, organization org.ID) error {
	if err := org.ShareTree(ctx, tx); err != nil {
		return err
	}
	_, err := org.Lock(ctx, tx, organization)
	return err
}

// saveDraft writes the head back and remembers the editor.
func (s *Service) saveDraft(ctx context.Context, tx *database.Tx, actor auth.Actor, m *Meeting) error {
	if err := save(ctx, tx, m); err != nil {
		return err
	}
	return noteEditor(ctx, tx, m.ID, actor.Editor())
}

// rosterOf returns who may be on the roll of the meeting.
func rosterOf(ctx context.Context, tx *database.Tx, m Meeting) (roster, error) {
	people, err := member.RosterOn(ctx, tx, m.OrganizationID, m.Body, m.HeldOn)
	if err != nil {
		return roster{}, err
	}
	temporary, err := member.TemporaryOn(ctx, tx, m.OrganizationID, m.HeldOn)
	if err != nil {
		return roster{}, err
	}
	table, err := rules.CountingOn(m.HeldOn)
	return newRoster(people, temporary, table), err
}

// named loads what belongs to a meeting, with the names of everybody in it and what is computed from its record.
func named(ctx context.Context, tx *database.Tx, m Meeting) (Details, error) {
	d, err := detailsOf(ctx, tx, m)
	if err != nil {
		return d, err
	}
	if err := d.loadRecord(ctx, tx); err != nil {
		return d, err
	}
	return name(ctx, tx, d)
}

// loadRecord adds the record as it is frozen, or as it would be of a draft whose votes need a base.
func (d *Details) loadRecord(ctx context.Context, tx *database.Tx) error {
	m := d.Meeting
	switch {
	case m.Status == Submitted || m.Status == Accepted:
		r, err := RecordAt(ctx, tx, m.ID, m.RecordVersion)
		d.Record = &r
		return err
	case m.Draft() && len(d.Votes) > 0:
		who, err := rosterOf(ctx, tx, m)
		if err != nil {
			return err
		}
		r := (&draft{meeting: m, content: contentOf(*d), rows: d.Attendance, who: who}).record()
		d.Record = &r
	}
	return nil
}

// name adds the full names of everybody the details name, and what may be asked about their record.
func name(ctx context.Context, tx *database.Tx, d Details) (Details, error) {
	if err := d.warn(); err != nil {
		return d, err
	}
	known, err := member.LookupAll(ctx, tx, d.members())
	if err != nil {
		return d, err
	}
	d.Names = make(map[member.ID]string, len(known))
	for id, who := range known {
		d.Names[id] = who.FullName
	}
	return d, nil
}
