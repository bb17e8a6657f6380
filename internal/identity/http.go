package identity

import (
	"context"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/httpapi"
)

// Routes returns the routes of identities and of logging in through the provider.
func (s *Service) Routes() []httpapi.Route {
	return []httpapi.Route{
		{Method: http.MethodGet, Path: "/login-methods", Permission: httpapi.Public, Handler: s.listMethods},
		{Method: http.MethodPost, Path: "/login-exchanges", Permission: httpapi.Public, Handler: s.beginExchange},
		{Method: http.MethodGet, Path: callbackPath, Permission: httpapi.Public, Handler: s.finishExchange},
		{Method: http.MethodPost, Path: "/provider-logouts", Permission: httpapi.SignedIn, Handler: s.leaveProvider},
		{Method: http.MethodGet, Path: "/users/{user_id}/identities", Permission: auth.UserRead, Handler: s.listIdentities, Persons: true},
		{Method: http.MethodPost, Path: "/users/{user_id}/identities", Permission: auth.UserWrite, Handler: s.linkIdentity},
		{Method: http.MethodDelete, Path: "/users/{user_id}/identities/{identity_id}", Permission: auth.UserWrite, Handler: s.unlinkIdentity},
	}
}

type identityWire struct {
	ID        uuid.UUID    `json:"id" swaggertype:"string" format:"uuid"`
	UserID    auth.UserID  `json:"user_id" swaggertype:"string" format:"uuid"`
	Issuer    string       `json:"issuer" example:"https://dang-nhap.example.org"`
	Subject   string       `json:"subject" example:"5f0d3a2e-1c4b"`
	CreatedBy *auth.UserID `json:"created_by" swaggertype:"string" format:"uuid" extensions:"x-nullable"` // null: the installation
	CreatedAt time.Time    `json:"created_at" format:"date-time"`
} //	@name	UserIdentity

type identityList struct {
	Data []identityWire `json:"data"`
	Next *string        `json:"next" extensions:"x-nullable"` // always null: they come whole
} //	@name	UserIdentityList

func wire(i Identity) identityWire {
	return identityWire{
		ID: i.ID, UserID: i.UserID, Issuer: i.Issuer, Subject: i.Subject, CreatedBy: i.CreatedBy, CreatedAt: i.CreatedAt.UTC(),
	}
}

func pathUser(c *gin.Context) (auth.UserID, error) {
	id, err := httpapi.PathUUID(c, "user_id")
	return auth.UserID{UUID: id}, err
}

// listIdentities godoc
//
//	@Summary		List the identities of a user
//	@Description	As whom at an identity provider the user may log in, the first one first.
//	@ID				listIdentities
//	@Tags			Users
//	@Security		Bearer
//	@Produce		json
//	@Param			user_id	path		string	true	"-"	format(uuid)
//	@Success		200		{object}	identityList
//	@Failure		400		{object}	httpapi.Problem
//	@Failure		401		{object}	httpapi.Problem
//	@Failure		403		{object}	httpapi.Problem
//	@Failure		404		{object}	httpapi.Problem
//	@Router			/api/v1/users/{user_id}/identities [get]
func (s *Service) listIdentities(c *gin.Context) error {
	user, err := pathUser(c)
	if err == nil {
		err = httpapi.NewQuery(c).Err()
	}
	if err != nil {
		return err
	}
	identities, err := s.List(c.Request.Context(), auth.Current(c), user)
	if err != nil {
		return err
	}
	all := identityList{Data: []identityWire{}}
	for _, i := range identities {
		all.Data = append(all.Data, wire(i))
	}
	return httpapi.JSON(c, http.StatusOK, all)
}

type identityInput struct {
	Issuer  string `json:"issuer" example:"https://dang-nhap.example.org" maxLength:"255" validate:"required"`
	Subject string `json:"subject" example:"5f0d3a2e-1c4b" maxLength:"255" validate:"required"`
} //	@name	UserIdentityInput

// linkIdentity godoc
//
//	@Summary		Link an identity to a user
//	@Description	From now on the person whom the provider calls by this subject logs in as the user. Issuer and subject are compared as they are written, byte by byte; who is refused with identity_unlinked is shown both. Nobody links an identity to the own account.
//	@ID				linkIdentity
//	@Tags			Users
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			user_id	path		string			true	"-"	format(uuid)
//	@Param			body	body		identityInput	true	"The person at the provider"
//	@Success		200		{object}	identityWire	"What would be linked (dry run)"
//	@Success		201		{object}	identityWire
//	@Failure		400		{object}	httpapi.Problem
//	@Failure		401		{object}	httpapi.Problem
//	@Failure		403		{object}	httpapi.Problem
//	@Failure		404		{object}	httpapi.Problem
//	@Failure		409		"It is linked already, to this user or another."
//	@Failure		413		{object}	httpapi.Problem
//	@Failure		415		{object}	httpapi.Problem
//	@Failure		422		{object}	httpapi.Problem
//	@Router			/api/v1/users/{user_id}/identities [post]
func (s *Service) linkIdentity(c *gin.Context) error {
	user, err := pathUser(c)
	if err != nil {
		return err
	}
	var body identityInput
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (Identity, error) {
		return s.Link(ctx, auth.Current(c), user, Input(body))
	}, func(i Identity) httpapi.Answer {
		return httpapi.Answer{
			Status: http.StatusCreated, Location: "/api/v1/users/" + user.String() + "/identities/" + i.ID.String(), Body: wire(i),
		}
	})
}

// unlinkIdentity godoc
//
//	@Summary		Take an identity away from a user
//	@Description	That person logs in as the user no more, and all login sessions of the user end.
//	@ID				unlinkIdentity
//	@Tags			Users
//	@Security		Bearer
//	@Param			user_id		path	string	true	"-"				format(uuid)
//	@Param			identity_id	path	string	true	"The identity"	format(uuid)
//	@Success		204			"Taken away"
//	@Failure		400			{object}	httpapi.Problem
//	@Failure		401			{object}	httpapi.Problem
//	@Failure		403			{object}	httpapi.Problem
//	@Failure		404			{object}	httpapi.Problem
//	@Router			/api/v1/users/{user_id}/identities/{identity_id} [delete]
func (s *Service) unlinkIdentity(c *gin.Context) error {
	user, err := pathUser(c)
	if err != nil {
		return err
	}
	id, err := httpapi.PathUUID(c, "identity_id")
	if err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (Identity, error) {
		return s.Unlink(ctx, auth.Current(c), user, id)
	}, func(Identity) httpapi.Answer { return httpapi.Deleted() })
}
