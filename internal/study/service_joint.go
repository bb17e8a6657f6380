package study

import (
	"context"
	"slices"
	"strconv"

	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/httpapi"
	"sochibo/internal/meeting"
	"sochibo/internal/org"
	"sochibo/internal/topic"
)

// JointInput is a joint session to be arranged, with the meetings that are part of it from the beginning.
type JointInput struct {
	ID             JointID // zero: a new one
	Code           *string
	OrganizationID org.ID
	Title          string
	TopicID        *topic.ID
	MeetingIDs     []meeting.ID
}

// maxJoined is how many meetings one request joins.
const maxJoined = 100

// Arrange adds a joint session of its organizer and of organisations below it.
//
// Faults: forbidden, joint_session_invalid (field_required, text_too_long, list_too_long, reference_unknown), id_taken, code_taken,
// meeting_cancelled, meeting_joined, organization_joined, meeting_outside_organizer.
func (s *Service) Arrange(ctx context.Context, actor auth.Actor, in JointInput) (Joint, error) {
	return audit.Write(ctx, s.db, actor.Act("joint_session.arrange"), func(tx *database.Tx) (Joint, error) {
		if err := org.AuthorizeNamed(ctx, tx, actor, auth.RegistryWrite, in.OrganizationID, "joint_session_invalid"); err != nil {
			return Joint{}, err
		}
		j := Joint{
			ID: in.ID, Code: in.Code, OrganizationID: in.OrganizationID, Title: in.Title, TopicID: in.TopicID, Version: 1,
			CreatedAt: tx.Now, UpdatedAt: tx.Now,
		}
		if j.ID == (JointID{}) {
			j.ID = NewJointID()
		}
		meetings, err := checkJoint(ctx, tx, actor, &j, in.MeetingIDs)
		if err != nil {
			return Joint{}, err
		}
		if err := insertJoint(ctx, tx, &j); err != nil {
			return Joint{}, err
		}
		for _, m := range meetings {
			if err := takeIn(ctx, tx, j, m); err != nil {
				return Joint{}, err
			}
		}
		return withSessions(ctx, tx, actor, j)
	})
}

// checkJoint tidies the joint session, refuses what is wrong with it, and returns the meetings that the actor may join to it.
func checkJoint(ctx context.Context, tx *database.Tx, actor auth.Actor, j *Joint, ids []meeting.ID) ([]meeting.Meeting, error) {
	var f fault.Fields
	j.tidy(&f)
	if j.TopicID != nil {
		_, err := topic.Seen(ctx, tx, actor, *j.TopicID)
		if err != nil && fault.KindOf(err) != fault.NotFound {
			return nil, err
		}
		f.Check(err == nil, "/topic_id", "reference_unknown")
	}
	if !f.Check(len(ids) <= maxJoined, "/meeting_ids", "list_too_long", fault.Args{"limit": maxJoined}) {
		ids = nil
	}
	meetings := make([]meeting.Meeting, 0, len(ids))
	for i, id := range ids {
		m, err := writable(ctx, tx, actor, id)
		if err != nil && fault.KindOf(err) != fault.NotFound {
			return nil, err
		}
		if f.Check(err == nil, "/meeting_ids/"+strconv.Itoa(i), "reference_unknown") {
			meetings = append(meetings, m)
		}
	}
	return meetings, f.Err(fault.Invalid, "joint_session_invalid")
}

// takeIn makes a meeting part of a joint session of its own organisation or of one above it today.
func takeIn(ctx context.Context, tx *database.Tx, j Joint, m meeting.Meeting) error {
	if m.Status == meeting.Cancelled {
		return ErrCancelled
	}
	chain, err := org.ChainOn(ctx, tx, m.OrganizationID, tx.Today())
	if err != nil {
		return err
	}
	if !slices.Contains(chain, j.OrganizationID) {
		return ErrOutside
	}
	return join(ctx, tx, j, m)
}

// withSessions fills in the sessions that the actor may know of.
func withSessions(ctx context.Context, tx *database.Tx, actor auth.Actor, j Joint) (Joint, error) {
	var err error
	j.Sessions, err = listSessions(ctx, tx, actor, httpapi.Page{}, joined(j.ID))
	return j, err
}

// Joint returns a joint session with the sessions that the actor may know of. Faults: joint_session_unknown, forbidden.
func (s *Service) Joint(ctx context.Context, actor auth.Actor, id JointID) (Joint, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) (Joint, error) {
		j, err := findJoint(ctx, tx, actor, id)
		if err != nil {
			return Joint{}, err
		}
		return withSessions(ctx, tx, actor, j)
	})
}

// ListJoint returns a page of the joint sessions that the actor sees, without their sessions. Faults: forbidden.
func (s *Service) ListJoint(ctx context.Context, actor auth.Actor, f JointFilter) ([]Joint, *string, error) {
	rows, err := database.Read(ctx, s.db, func(tx *database.Tx) ([]Joint, error) { return listJoint(ctx, tx, actor, f) })
	if err != nil {
		return nil, nil, err
	}
	data, next := httpapi.Cut(rows, f.Page, func(j Joint) []string { return []string{j.ID.String()} })
	return data, next, nil
}

// Join makes a meeting part of a joint session.
//
// Faults: joint_session_unknown, meeting_unknown, forbidden, meeting_cancelled, meeting_joined, organization_joined,
// meeting_outside_organizer.
func (s *Service) Join(ctx context.Context, actor auth.Actor, id JointID, of meeting.ID) (Joint, error) {
	return audit.Write(ctx, s.db, actor.Act("joint_session.join"), func(tx *database.Tx) (Joint, error) {
		j, m, err := openJoint(ctx, tx, actor, id, of)
		if err != nil {
			return Joint{}, err
		}
		if err := takeIn(ctx, tx, j, m); err != nil {
			return Joint{}, err
		}
		return withSessions(ctx, tx, actor, j)
	})
}

// Leave takes a meeting out of a joint session.
//
// Faults: joint_session_unknown, meeting_unknown, forbidden, meeting_not_joined.
func (s *Service) Leave(ctx context.Context, actor auth.Actor, id JointID, of meeting.ID) error {
	_, err := audit.Write(ctx, s.db, actor.Act("joint_session.leave"), func(tx *database.Tx) (struct{}, error) {
		j, m, err := openJoint(ctx, tx, actor, id, of)
		if err != nil {
			return struct{}{}, err
		}
		return struct{}{}, leave(ctx, tx, j, m.ID)
	})
	return err
}

// openJoint returns a joint session, with its row locked and its next version, and a meeting that the actor may write on.
func openJoint(ctx context.Context, tx *database.Tx, actor auth.Actor, id JointID, of meeting.ID) (Joint, meeting.Meeting, error) {
	j, err := findJoint(ctx, tx, actor, id)
	if err != nil {
		return Joint{}, meeting.Meeting{}, err
	}
	m, err := writable(ctx, tx, actor, of)
	if err != nil {
		return Joint{}, meeting.Meeting{}, err
	}
	if err := bumpJoint(ctx, tx, &j); err != nil {
		return Joint{}, meeting.Meeting{}, err
	}
	return j, m, nil
}
