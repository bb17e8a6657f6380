package inspection

import (
	"context"
	"strconv"

	"github.com/google/uuid"

	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/ledger"
	"sochibo/internal/member"
	"sochibo/internal/org"
)

// Service holds the use cases of inspections.
type Service struct {
	db *database.DB
}

// New returns the service.
func New(db *database.DB, _ calendar.Zone) *Service { return &Service{db: db} }

// View is a round with its objects.
type View struct {
	Inspection

	Objects []Object
}

// maxObjects is how many objects one request brings; further ones are added one by one.
const maxObjects = 200

// Record adds a round with its objects and posts them.
//
// Faults: forbidden, id_taken, code_taken, inspection_invalid (field_required, word_unknown, text_too_long, ends_before_start,
// reference_unknown, body_not_possible, outside_organization_life, list_too_long, object_of_other_type, object_duplicate).
func (s *Service) Record(ctx context.Context, actor auth.Actor, in Input) (View, error) {
	return audit.Write(ctx, s.db, actor.Act("inspection.record"), func(tx *database.Tx) (View, error) {
		var f fault.Fields
		i := in.row(&f, tx.Now)
		f.Check(len(in.Objects) <= maxObjects, "/objects", "list_too_long", fault.Args{"limit": maxObjects})
		objects := make([]Object, len(in.Objects))
		for n, object := range in.Objects {
			objects[n] = object.row(&f, "/objects/"+strconv.Itoa(n), i.ID, tx.Now)
		}
		if err := org.ShareTree(ctx, tx); err != nil {
			return View{}, err
		}
		if err := checkSide(ctx, tx, actor, &f, i); err != nil {
			return View{}, err
		}
		if err := checkObjects(ctx, tx, actor, &f, objects, "/objects"); err != nil {
			return View{}, err
		}
		if err := f.Err(fault.Invalid, "inspection_invalid"); err != nil {
			return View{}, err
		}
		if _, err := org.Lock(ctx, tx, i.OrganizationID); err != nil {
			return View{}, err
		}
		if err := insert(ctx, tx, &i); err != nil {
			return View{}, err
		}
		round := []ledger.Posting{posting(i, ledger.Inspection, i.ID.UUID, ledger.Counters{Rounds: 1})}
		return View{i, objects}, store(ctx, tx, i, objects, round)
	})
}

// checkSide notes what is wrong with the inspecting organisation: unknown or out of reach, dissolved that day, without such a body;
// and with what it is said to carry out. Other fault: forbidden.
func checkSide(ctx context.Context, tx *database.Tx, actor auth.Actor, f *fault.Fields, i Inspection) error {
	if f.Len() > 0 {
		return nil
	}
	err := org.Authorize(ctx, tx, actor, auth.InspectionWrite, i.OrganizationID)
	if err != nil && fault.KindOf(err) == fault.NotFound {
		f.Check(false, "/organization_id", "reference_unknown")
		return nil
	}
	if err != nil {
		return err
	}
	side, err := org.Find(ctx, tx, i.OrganizationID)
	if err != nil {
		return err
	}
	f.Check(side.Kind.May(i.Body), "/body", "body_not_possible", fault.Args{"body": i.Body, "kind": side.Kind})
	f.Check(side.ExistsOn(i.FromOn), "/from", "outside_organization_life", fault.Args{"organization": side.Name})
	return checkPlanned(ctx, tx, f, i)
}

// checkObjects notes objects that do not exist or that the actor may not see, and those that stand twice. The pointer is that of the
// list, empty for a single object.
func checkObjects(
	ctx context.Context, tx *database.Tx, actor auth.Actor, f *fault.Fields, objects []Object, pointer string,
) error {
	if f.Len() > 0 {
		return nil
	}
	var members []member.ID
	for _, o := range objects {
		if o.MemberID != nil {
			members = append(members, *o.MemberID)
		}
	}
	visible, err := member.VisibleAll(ctx, tx, actor, members)
	if err != nil {
		return err
	}
	for n, o := range objects {
		at := pointer
		if pointer != "" {
			at += "/" + strconv.Itoa(n)
		}
		if err := checkObject(ctx, tx, actor, f, o, visible, at); err != nil {
			return err
		}
		for _, before := range objects[:n] {
			f.Check(!o.sameAs(before), at, "object_duplicate")
		}
	}
	return nil
}

func checkObject(
	ctx context.Context, tx *database.Tx, actor auth.Actor, f *fault.Fields, o Object, visible map[member.ID]member.Member, at string,
) error {
	if o.MemberID != nil {
		_, ok := visible[*o.MemberID]
		f.Check(ok, at+"/member_id", "reference_unknown")
		return nil
	}
	err := org.Authorize(ctx, tx, actor, auth.OrganizationRead, *o.OrganizationID)
	switch fault.KindOf(err) {
	case fault.NotFound, fault.Forbidden:
		f.Check(err == nil, at+"/organization_id", "reference_unknown")
		return nil
	default:
		return err
	}
}

// posting makes the entry of a round or of one of its objects.
func posting(i Inspection, source ledger.Source, id uuid.UUID, counters ledger.Counters) ledger.Posting {
	return ledger.Posting{
		Cause: ledger.Inspecting, Source: source, SourceID: id, Organization: i.OrganizationID, Day: i.FromOn, Month: i.FromOn.Month(),
		Body: i.Body, Basis: ledger.Both, Counters: counters,
	}
}

// store adds the objects of the round and posts them after the postings given.
func store(ctx context.Context, tx *database.Tx, i Inspection, objects []Object, postings []ledger.Posting) error {
	for _, o := range objects {
		if err := insertObject(ctx, tx, o); err != nil {
			return err
		}
		counters := ledger.Counters{InspectedOrganizations: 1}
		if o.ObjectType == Member {
			counters = ledger.Counters{InspectedMembers: 1}
		}
		postings = append(postings, posting(i, ledger.InspectionObject, o.ID, counters))
	}
	book, err := ledger.Open(ctx, tx)
	if err != nil {
		return err
	}
	for _, p := range postings {
		if err := book.Post(ctx, p); err != nil {
			return err
		}
	}
	_, err = book.Close(ctx)
	return err
}

// Get returns a round with its objects; faults: inspection_unknown, forbidden.
func (s *Service) Get(ctx context.Context, actor auth.Actor, id ID) (View, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) (View, error) {
		i, err := findVisible(ctx, tx, actor, id)
		if err != nil {
			return View{}, err
		}
		objects, err := objectsOf(ctx, tx, id)
		return View{i, objects}, err
	})
}

// List returns the inspections of the filter whose inspecting organisations the actor may see, one more than the limit if there are
// more; fault: forbidden.
func (s *Service) List(ctx context.Context, actor auth.Actor, filter Filter) ([]Inspection, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) ([]Inspection, error) {
		return list(ctx, tx, actor, filter)
	})
}

// Added is an object that was added, with the round's new version.
type Added struct {
	Object

	Version int64
}

// AddObject adds an object to a round and posts it; AnyVersion matches every version.
//
// Faults: inspection_unknown, forbidden, version_stale, inspection_invalid (field_required, word_unknown, object_of_other_type,
// reference_unknown, object_duplicate).
func (s *Service) AddObject(ctx context.Context, actor auth.Actor, id ID, match int64, in ObjectInput) (Added, error) {
	return audit.Write(ctx, s.db, actor.Act("inspection.add_object"), func(tx *database.Tx) (Added, error) {
		if err := org.ShareTree(ctx, tx); err != nil {
			return Added{}, err
		}
		i, err := findVisible(ctx, tx, actor, id)
		if err != nil {
			return Added{}, err
		}
		if err := org.Authorize(ctx, tx, actor, auth.InspectionWrite, i.OrganizationID); err != nil {
			return Added{}, err
		}
		if _, err := org.Lock(ctx, tx, i.OrganizationID); err != nil {
			return Added{}, err
		}
		if err := touch(ctx, tx, &i, match); err != nil {
			return Added{}, err
		}
		object, err := newObject(ctx, tx, actor, i, in)
		if err != nil {
			return Added{}, err
		}
		return Added{object, i.Version}, store(ctx, tx, i, []Object{object}, nil)
	})
}

// newObject makes the row of a further object of the round.
func newObject(ctx context.Context, tx *database.Tx, actor auth.Actor, i Inspection, in ObjectInput) (Object, error) {
	var f fault.Fields
	object := in.row(&f, "", i.ID, tx.Now)
	if err := checkObjects(ctx, tx, actor, &f, []Object{object}, ""); err != nil {
		return Object{}, err
	}
	present, err := objectsOf(ctx, tx, i.ID)
	if err != nil {
		return Object{}, err
	}
	for _, o := range present {
		f.Check(!object.sameAs(o), "", "object_duplicate")
	}
	return object, f.Err(fault.Invalid, "inspection_invalid")
}
