package account

import (
	"context"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"sochibo/internal/auth"
	"sochibo/internal/httpapi"
)

// Routes returns the routes of users and of login sessions.
func (s *Service) Routes() []httpapi.Route {
	return []httpapi.Route{
		{Method: http.MethodGet, Path: "/users", Permission: auth.UserRead, Handler: s.listUsers, Persons: true},
		{Method: http.MethodPost, Path: "/users", Permission: auth.UserWrite, Handler: s.createUser},
		{Method: http.MethodGet, Path: "/users/{user_id}", Permission: auth.UserRead, Handler: s.getUser, Persons: true},
		{Method: http.MethodPatch, Path: "/users/{user_id}", Permission: auth.UserWrite, Handler: s.editUser},
		{Method: http.MethodPost, Path: "/users/{user_id}/password-reset", Permission: auth.UserWrite, Handler: s.resetPassword},
		{Method: http.MethodGet, Path: "/login-sessions", Permission: httpapi.SignedIn, Handler: s.listSessions, Persons: true},
		{Method: http.MethodDelete, Path: "/login-sessions/{login_session_id}", Permission: httpapi.SignedIn, Handler: s.endSession},
	}
}

type userWire struct {
	ID         auth.UserID `json:"id" swaggertype:"string" format:"uuid"`
	Name       string      `json:"name" example:"bi.thu"`
	FullName   string      `json:"full_name" example:"Nguyễn Văn An"`
	Disabled   bool        `json:"disabled"`
	DisabledAt *time.Time  `json:"disabled_at" format:"date-time" extensions:"x-nullable"`
	Version    int64       `json:"version" example:"1"`
	CreatedAt  time.Time   `json:"created_at" format:"date-time"`
	UpdatedAt  time.Time   `json:"updated_at" format:"date-time"`
} //	@name	UserAccount

type userList struct {
	Data []userWire `json:"data"`
	Next *string    `json:"next" extensions:"x-nullable"` // the cursor of the next page
} //	@name	UserAccountList

type invitedWire struct {
	User        userWire `json:"user"`
	OneTimeCode string   `json:"one_time_code" example:"ABCDE-FGHIJ-KLMNO-PQRST-UVW"` // good for 24 hours, once; shown once
} //	@name	UserInvited

func wire(u auth.User) userWire {
	w := userWire{
		ID: u.ID, Name: u.Name, FullName: u.FullName, Disabled: u.DisabledAt != nil, Version: u.Version,
		CreatedAt: u.CreatedAt.UTC(), UpdatedAt: u.UpdatedAt.UTC(),
	}
	if u.DisabledAt != nil {
		at := u.DisabledAt.UTC()
		w.DisabledAt = &at
	}
	return w
}

// listUsers godoc
//
//	@Summary		List users
//	@Description	Those with a role within the caller's scope, and those with none anywhere, by name.
//	@ID				listUsers
//	@Tags			Users
//	@Security		Bearer
//	@Produce		json
//	@Param			name	query		string	false	"The user of this name"
//	@Param			limit	query		int		false	"-"	minimum(1)	maximum(200)
//	@Param			after	query		string	false	"-"
//	@Success		200		{object}	userList
//	@Failure		400		{object}	httpapi.Problem
//	@Failure		401		{object}	httpapi.Problem
//	@Failure		403		{object}	httpapi.Problem
//	@Router			/api/v1/users [get]
func (s *Service) listUsers(c *gin.Context) error {
	q := httpapi.NewQuery(c)
	name, page := q.String("name"), q.Page(httpapi.KeyText)
	if err := q.Err(); err != nil {
		return err
	}
	users, err := s.List(c.Request.Context(), auth.Current(c), name, page)
	if err != nil {
		return err
	}
	list := userList{Data: []userWire{}}
	users, list.Next = httpapi.Cut(users, page, func(u auth.User) []string { return []string{u.Name} })
	for _, u := range users {
		list.Data = append(list.Data, wire(u))
	}
	return httpapi.JSON(c, http.StatusOK, list)
}

type userInput struct {
	Name     string `json:"name" example:"bi.thu" maxLength:"64" validate:"required"`
	FullName string `json:"full_name" example:"Nguyễn Văn An" maxLength:"200" validate:"required"`
} //	@name	UserAccountInput

// createUser godoc
//
//	@Summary		Add a user
//	@Description	The answer holds a one-time code, shown once, by which the user sets a password within 24 hours. The user can do nothing until a role is granted.
//	@ID				createUser
//	@Tags			Users
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			body	body		userInput	true	"The user"
//	@Success		201		{object}	invitedWire
//	@Failure		400		{object}	httpapi.Problem
//	@Failure		401		{object}	httpapi.Problem
//	@Failure		403		{object}	httpapi.Problem
//	@Failure		409		{object}	httpapi.Problem
//	@Failure		413		{object}	httpapi.Problem
//	@Failure		415		{object}	httpapi.Problem
//	@Failure		422		{object}	httpapi.Problem
//	@Router			/api/v1/users [post]
func (s *Service) createUser(c *gin.Context) error {
	var body userInput
	if err := httpapi.RefuseDryRun(c); err != nil {
		return err
	}
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	invited, err := s.Create(c.Request.Context(), auth.Current(c), body.Name, body.FullName)
	if err != nil {
		return err
	}
	return httpapi.Respond(c, httpapi.Answer{
		Status: http.StatusCreated, Location: "/api/v1/users/" + invited.User.ID.String(),
		Body: invitedWire{User: wire(invited.User), OneTimeCode: invited.Code},
	})
}

// getUser godoc
//
//	@Summary	Show a user
//	@ID			getUser
//	@Tags		Users
//	@Security	Bearer
//	@Produce	json
//	@Param		user_id			path		string	true	"-"	format(uuid)
//	@Param		If-None-Match	header		string	false	"The version already known"
//	@Success	200				{object}	userWire
//	@Success	304				"Not changed"
//	@Failure	400				{object}	httpapi.Problem
//	@Failure	401				{object}	httpapi.Problem
//	@Failure	403				{object}	httpapi.Problem
//	@Failure	404				{object}	httpapi.Problem
//	@Router		/api/v1/users/{user_id} [get]
func (s *Service) getUser(c *gin.Context) error {
	id, err := httpapi.PathUUID(c, "user_id")
	if err == nil {
		err = httpapi.NewQuery(c).Err()
	}
	if err != nil {
		return err
	}
	user, err := s.Get(c.Request.Context(), auth.Current(c), auth.UserID{UUID: id})
	if err != nil || httpapi.NotModified(c, user.Version) {
		return err
	}
	return httpapi.Respond(c, httpapi.OK(user.Version, wire(user)))
}

type userChange struct {
	FullName httpapi.Optional[string] `json:"full_name" swaggertype:"string" maxLength:"200"`
	Disabled httpapi.Optional[bool]   `json:"disabled" swaggertype:"boolean"` // not of the own account
} //	@name	UserAccountChange

// editUser godoc
//
//	@Summary		Change, disable or enable a user
//	@Description	Disabling ends the user's login sessions and stops the user's API tokens at once. Somebody with a role outside the caller's scope can be seen, not changed.
//	@ID				editUser
//	@Tags			Users
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			user_id	path		string		true	"-"	format(uuid)
//	@Param			body	body		userChange	true	"What changes"
//	@Success		200		{object}	userWire
//	@Failure		400		{object}	httpapi.Problem
//	@Failure		401		{object}	httpapi.Problem
//	@Failure		403		{object}	httpapi.Problem
//	@Failure		404		{object}	httpapi.Problem
//	@Failure		412		{object}	httpapi.Problem
//	@Failure		413		{object}	httpapi.Problem
//	@Failure		415		{object}	httpapi.Problem
//	@Failure		422		{object}	httpapi.Problem
//	@Failure		428		{object}	httpapi.Problem
//	@Router			/api/v1/users/{user_id} [patch]
func (s *Service) editUser(c *gin.Context) error {
	id, err := httpapi.PathUUID(c, "user_id")
	if err != nil {
		return err
	}
	match, err := httpapi.IfMatch(c)
	if err != nil {
		return err
	}
	var body userChange
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (auth.User, error) {
		return s.Edit(ctx, auth.Current(c), auth.UserID{UUID: id}, match, auth.UserChange(body))
	}, func(u auth.User) httpapi.Answer { return httpapi.OK(u.Version, wire(u)) })
}

// resetPassword godoc
//
//	@Summary		Reset a user's password
//	@Description	The present password counts no more and all login sessions of the user end. The answer holds a one-time code, shown once, by which the user sets a password within 24 hours. One-time passwords stay on.
//	@ID				resetPassword
//	@Tags			Users
//	@Security		Bearer
//	@Produce		json
//	@Param			user_id	path		string	true	"-"	format(uuid)
//	@Success		200		{object}	invitedWire
//	@Failure		400		{object}	httpapi.Problem
//	@Failure		401		{object}	httpapi.Problem
//	@Failure		403		{object}	httpapi.Problem
//	@Failure		404		{object}	httpapi.Problem
//	@Router			/api/v1/users/{user_id}/password-reset [post]
func (s *Service) resetPassword(c *gin.Context) error {
	id, err := httpapi.PathUUID(c, "user_id")
	if err != nil {
		return err
	}
	if err := httpapi.RefuseDryRun(c); err != nil {
		return err
	}
	invited, err := s.Reset(c.Request.Context(), auth.Current(c), auth.UserID{UUID: id}, false)
	if err != nil {
		return err
	}
	return httpapi.JSON(c, http.StatusOK, invitedWire{User: wire(invited.User), OneTimeCode: invited.Code})
}
