package account

import (
	"context"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/httpapi"
)

type sessionWire struct {
	ID           uuid.UUID   `json:"id" swaggertype:"string" format:"uuid"`
	UserID       auth.UserID `json:"user_id" swaggertype:"string" format:"uuid"`
	SecondFactor bool        `json:"second_factor"`
	Current      bool        `json:"current"` // the one this request came with
	CreatedAt    time.Time   `json:"created_at" format:"date-time"`
	LastUsedAt   time.Time   `json:"last_used_at" format:"date-time"`                         // to the minute
	ConfirmedAt  *time.Time  `json:"confirmed_at" format:"date-time" extensions:"x-nullable"` // when the user last proved again to be the one
	ExpiresAt    time.Time   `json:"expires_at" format:"date-time"`
} //	@name	LoginSession

type sessionList struct {
	Data []sessionWire `json:"data"`
	Next *string       `json:"next" extensions:"x-nullable"` // the cursor of the next page
} //	@name	LoginSessionList

// listSessions godoc
//
//	@Summary		List open login sessions
//	@Description	The caller's own, or those of a user whom the caller administers.
//	@ID				listLoginSessions
//	@Tags			Session
//	@Security		Bearer
//	@Produce		json
//	@Param			user_id	query		string	false	"The user whose they are; the caller when left out"	format(uuid)
//	@Param			limit	query		int		false	"-"													minimum(1)	maximum(200)
//	@Param			after	query		string	false	"-"
//	@Success		200		{object}	sessionList
//	@Failure		400		{object}	httpapi.Problem
//	@Failure		401		{object}	httpapi.Problem
//	@Failure		403		{object}	httpapi.Problem
//	@Failure		404		{object}	httpapi.Problem
//	@Router			/api/v1/login-sessions [get]
func (s *Service) listSessions(c *gin.Context) error {
	q := httpapi.NewQuery(c)
	var of *auth.UserID
	if id := q.UUID("user_id"); q.Has("user_id") {
		of = &auth.UserID{UUID: id}
	}
	page := q.Page(httpapi.KeyUUID)
	if err := q.Err(); err != nil {
		return err
	}
	actor := auth.Current(c)
	sessions, err := s.Sessions(c.Request.Context(), actor, of, page)
	if err != nil {
		return err
	}
	list := sessionList{Data: []sessionWire{}}
	sessions, list.Next = httpapi.Cut(sessions, page, func(o auth.Session) []string { return []string{o.ID.String()} })
	for _, o := range sessions {
		row := sessionWire{
			ID: o.ID, UserID: o.UserID, SecondFactor: o.SecondFactor, Current: o.ID == actor.SessionID,
			CreatedAt: o.CreatedAt.UTC(), LastUsedAt: o.LastUsedAt.UTC(), ExpiresAt: o.ExpiresAt.UTC(),
		}
		if o.ConfirmedAt != nil {
			at := o.ConfirmedAt.UTC()
			row.ConfirmedAt = &at
		}
		list.Data = append(list.Data, row)
	}
	return httpapi.JSON(c, http.StatusOK, list)
}

// endSession godoc
//
//	@Summary		End a login session
//	@Description	One of the caller's own, or of a user whom the caller administers. It ends at once.
//	@ID				endLoginSession
//	@Tags			Session
//	@Security		Bearer
//	@Param			login_session_id	path	string	true	"The session"	format(uuid)
//	@Success		204					"Ended"
//	@Failure		400					{object}	httpapi.Problem
//	@Failure		401					{object}	httpapi.Problem
//	@Failure		403					{object}	httpapi.Problem
//	@Failure		404					{object}	httpapi.Problem
//	@Router			/api/v1/login-sessions/{login_session_id} [delete]
func (s *Service) endSession(c *gin.Context) error {
	id, err := httpapi.PathUUID(c, "login_session_id")
	if err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (auth.Session, error) {
		return s.EndSession(ctx, auth.Current(c), id)
	}, func(auth.Session) httpapi.Answer { return httpapi.Deleted() })
}
