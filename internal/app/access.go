package app

import (
	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
)

// recordAccess records who is about to see data of persons, if the caller can use a privileged role. What cannot be recorded is not
// shown.
//
// Faults: access_unrecorded, canceled.
func recordAccess(db *database.DB) func(*gin.Context, httpapi.Disclosure) error {
	return func(c *gin.Context, d httpapi.Disclosure) error {
		ctx, actor := c.Request.Context(), auth.Current(c)
		privileged, err := org.Privileged(ctx, db, actor)
		switch {
		case err != nil && fault.KindOf(err) != fault.Canceled:
			return fault.Because(audit.ErrUnrecorded, err)
		case err != nil || !privileged:
			return err
		}
		return audit.Record(ctx, db, accessOf(actor, d))
	}
}

// accessOf says who asks for what.
func accessOf(actor auth.Actor, d httpapi.Disclosure) audit.Access {
	a := audit.Access{
		UserID: actor.UserID.UUID, TokenID: given(actor.TokenID), SessionID: given(actor.SessionID),
		RequestID: d.RequestID, Method: d.Method, Route: d.Route,
	}
	if n := d.Rows(); n != nil {
		rows := int64(*n)
		a.RowCount = &rows
	}
	for _, asked := range d.IDs {
		place := &a.ObjectID
		switch asked.Name {
		case "organization_id", "counted_for":
			place = &a.OrganizationID
		case "member_id", "assignee_id":
			place = &a.MemberID
		case "meeting_id":
			place = &a.MeetingID
		}
		if *place == nil { // the path comes first
			*place = given(asked.ID)
		}
	}
	return a
}

// given is nil for no id.
func given(id uuid.UUID) *uuid.UUID {
	if id == (uuid.UUID{}) {
		return nil
	}
	return &id
}
