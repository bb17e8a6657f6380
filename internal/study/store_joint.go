package study

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/database"
	"sochibo/internal/httpapi"
	"sochibo/internal/meeting"
	"sochibo/internal/org"
)

// seenJoint is the condition under which the actor sees a joint session: its organizer is in reach or above what is. Fault: forbidden.
func seenJoint(ctx context.Context, tx *database.Tx, actor auth.Actor) (condition, error) {
	if err := org.AuthorizeAnywhere(ctx, tx, actor, auth.RegistryRead); err != nil {
		return condition{}, err
	}
	sight, err := org.Scope(ctx, tx, actor, auth.RegistryRead)
	where, args := sight.ForRow().WhereOffered("joint_session.organization_id")
	return condition{where, args}, err
}

// findJoint returns a joint session that the actor sees, without its sessions. Faults: joint_session_unknown, forbidden.
func findJoint(ctx context.Context, tx *database.Tx, actor auth.Actor, id JointID) (Joint, error) {
	seen, err := seenJoint(ctx, tx, actor)
	if err != nil {
		return Joint{}, err
	}
	j, err := database.Of[Joint](database.Gorm(ctx, tx)).Where("id = ?", id).Where(seen.where, seen.args...).Take(ctx)
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Joint{}, ErrJointUnknown
	}
	if err != nil {
		return Joint{}, fmt.Errorf("find joint session %s: %w", id, err)
	}
	return j, nil
}

// joined is the condition that a meeting is part of the joint session.
func joined(id JointID) condition {
	return condition{"m.id IN (SELECT p.meeting_id FROM joint_session_meeting p WHERE p.joint_session_id = ?)", []any{id}}
}

// listJoint returns up to limit+1 joint sessions that the actor sees, the newest first.
func listJoint(ctx context.Context, tx *database.Tx, actor auth.Actor, f JointFilter) ([]Joint, error) {
	seen, err := seenJoint(ctx, tx, actor)
	if err != nil {
		return nil, err
	}
	q := database.Of[Joint](database.Gorm(ctx, tx)).Where(seen.where, seen.args...)
	if f.Organization != nil {
		where, args := org.Narrow(ctx, tx, *f.Organization, f.Scope, "joint_session.organization_id")
		q = q.Where(where, args...)
	}
	if f.Code != "" {
		q = q.Where("code = ?", f.Code)
	}
	if f.Page.After != nil {
		q = q.Where("id < ?", f.Page.After[0])
	}
	rows, err := q.Order("id DESC").Limit(f.Page.Limit + 1).Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("list joint sessions: %w", err)
	}
	return rows, nil
}

// insertJoint stores a new joint session; faults: id_taken, code_taken.
func insertJoint(ctx context.Context, tx *database.Tx, j *Joint) error {
	audit.Touch(tx, SealedJoint(), j.ID)
	same, err := database.Of[Joint](database.Gorm(ctx, tx)).Where("id = ?", j.ID).Count(ctx, "*")
	if err != nil {
		return fmt.Errorf("look for joint session %s: %w", j.ID, err)
	}
	if same > 0 {
		return ErrIDTaken
	}
	if err := database.Of[Joint](database.Gorm(ctx, tx)).Create(ctx, j); err != nil {
		return fmt.Errorf("insert joint session %s: %w", j.ID, database.Taken(err, ErrCodeTaken))
	}
	return nil
}

const touchJoint = `UPDATE joint_session SET version = version + 1, updated_at = ? WHERE id = ? RETURNING version`

// bumpJoint gives the joint session its next version because a part changed, and locks its row.
func bumpJoint(ctx context.Context, tx *database.Tx, j *Joint) error {
	audit.Touch(tx, SealedJoint(), j.ID)
	if err := database.Gorm(ctx, tx).Raw(touchJoint, tx.Now, j.ID).Scan(&j.Version).Error; err != nil {
		return fmt.Errorf("touch joint session %s: %w", j.ID, err)
	}
	j.UpdatedAt = tx.Now
	return nil
}

const sameBody = `SELECT count(*) FROM joint_session_meeting p JOIN meeting m ON m.id = p.meeting_id
	WHERE p.joint_session_id = ? AND m.organization_id = ? AND m.body = ?`

// join makes a meeting part of the joint session, whose row is locked. Faults: meeting_joined, organization_joined.
func join(ctx context.Context, tx *database.Tx, j Joint, m meeting.Meeting) error {
	audit.Touch(tx, SealedJoint(), j.ID)
	taken, err := database.Of[JointMeeting](database.Gorm(ctx, tx)).Where("meeting_id = ?", m.ID).Count(ctx, "*")
	if err != nil {
		return fmt.Errorf("look for meeting %s among joint sessions: %w", m.ID, err)
	}
	if taken > 0 {
		return ErrJoined
	}
	var others int64
	if err := database.Gorm(ctx, tx).Raw(sameBody, j.ID, m.OrganizationID, m.Body).Scan(&others).Error; err != nil {
		return fmt.Errorf("look for organisations of joint session %s: %w", j.ID, err)
	}
	if others > 0 {
		return ErrOrgJoined
	}
	part := JointMeeting{m.ID, j.ID}
	if err := database.Of[JointMeeting](database.Gorm(ctx, tx)).Create(ctx, &part); err != nil {
		return fmt.Errorf("join meeting %s: %w", m.ID, database.Taken(err, ErrJoined))
	}
	return nil
}

// leave takes a meeting out of the joint session; fault: meeting_not_joined.
func leave(ctx context.Context, tx *database.Tx, j Joint, id meeting.ID) error {
	audit.Touch(tx, SealedJoint(), j.ID)
	n, err := database.Of[JointMeeting](database.Gorm(ctx, tx)).Where("joint_session_id = ? AND meeting_id = ?", j.ID, id).Delete(ctx)
	if err == nil && n == 0 {
		err = ErrNotJoined
	}
	return err
}

// JointFilter says which joint sessions to list; zero fields do not narrow.
type JointFilter struct {
	Organization *org.ID // the organizer
	Scope        string
	Code         string
	Page         httpapi.Page
}
