package auth

import (
	"context"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"sochibo/internal/httpapi"
)

type tokenWire struct {
	ID        uuid.UUID  `json:"id" swaggertype:"string" format:"uuid"`
	Name      string     `json:"name" example:"máy của văn phòng"`
	GrantID   uuid.UUID  `json:"grant_id" swaggertype:"string" format:"uuid"`
	CreatedAt time.Time  `json:"created_at" format:"date-time"`
	ExpiresAt time.Time  `json:"expires_at" format:"date-time"`
	RevokedAt *time.Time `json:"revoked_at" format:"date-time" extensions:"x-nullable"`
} //	@name	Token

type tokenList struct {
	Data []tokenWire `json:"data"`
	Next *string     `json:"next" extensions:"x-nullable"` // the cursor of the next page
} //	@name	TokenList

type issuedWire struct {
	Token  tokenWire `json:"token"`
	Secret string    `json:"secret" example:"scb_…"` // for the header Authorization: Bearer; shown once
} //	@name	TokenIssued

func wireToken(t Token) tokenWire {
	wire := tokenWire{ID: t.ID, Name: t.Name, GrantID: t.GrantID, CreatedAt: t.CreatedAt.UTC(), ExpiresAt: t.ExpiresAt.UTC()}
	if t.RevokedAt != nil {
		at := t.RevokedAt.UTC()
		wire.RevokedAt = &at
	}
	return wire
}

// listOwnTokens godoc
//
//	@Summary		List the own API tokens
//	@Description	Revoked and expired ones are among them. Their secrets are kept nowhere.
//	@ID				listTokens
//	@Tags			Session
//	@Security		Bearer
//	@Produce		json
//	@Param			limit	query		int		false	"-"	minimum(1)	maximum(200)
//	@Param			after	query		string	false	"-"
//	@Success		200		{object}	tokenList
//	@Failure		400		{object}	httpapi.Problem
//	@Failure		401		{object}	httpapi.Problem
//	@Router			/api/v1/tokens [get]
func (s *Service) listOwnTokens(c *gin.Context) error {
	q := httpapi.NewQuery(c)
	page := q.Page(httpapi.KeyUUID)
	if err := q.Err(); err != nil {
		return err
	}
	tokens, err := s.ListTokens(c.Request.Context(), Current(c), Current(c).UserID)
	if err != nil {
		return err
	}
	list := tokenList{Data: []tokenWire{}}
	tokens, list.Next = httpapi.Cut(after(tokens, page), page, func(t Token) []string { return []string{t.ID.String()} })
	for _, t := range tokens {
		list.Data = append(list.Data, wireToken(t))
	}
	return httpapi.JSON(c, http.StatusOK, list)
}

// after cuts off the rows of the pages before; a user has few tokens.
func after(tokens []Token, page httpapi.Page) []Token {
	for page.After != nil && len(tokens) > 0 && tokens[0].ID.String() <= page.After[0] {
		tokens = tokens[1:]
	}
	return tokens[:min(len(tokens), page.Limit+1)]
}

type tokenRequest struct {
	Name      string    `json:"name" example:"máy của văn phòng" maxLength:"100" validate:"required"`
	GrantID   uuid.UUID `json:"grant_id" swaggertype:"string" format:"uuid" validate:"required"` // one of the own grants, as in /me
	ExpiresAt time.Time `json:"expires_at" format:"date-time"`                                   // 90 days from now when left out, 365 at most
} //	@name	TokenInput

// issueOwnToken godoc
//
//	@Summary		Make an API token
//	@Description	A token acts for the caller within one of the caller's grants, and never for more than the caller may at that time. The secret is shown once. It takes a login session; a token makes no further tokens.
//	@ID				issueToken
//	@Tags			Session
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			body	body		tokenRequest	true	"The token"
//	@Success		201		{object}	issuedWire
//	@Failure		400		{object}	httpapi.Problem
//	@Failure		401		{object}	httpapi.Problem
//	@Failure		403		"The request came with an API token."
//	@Failure		413		{object}	httpapi.Problem
//	@Failure		415		{object}	httpapi.Problem
//	@Failure		422		{object}	httpapi.Problem
//	@Router			/api/v1/tokens [post]
func (s *Service) issueOwnToken(c *gin.Context) error {
	var body tokenRequest
	if err := bindOnce(c, &body); err != nil {
		return err
	}
	token, secret, err := s.IssueToken(c.Request.Context(), Current(c), TokenInput{
		User: Current(c).UserID, GrantID: body.GrantID, Name: body.Name, ExpiresAt: body.ExpiresAt,
	})
	if err != nil {
		return err
	}
	return httpapi.Respond(c, httpapi.Answer{
		Status: http.StatusCreated, Location: "/api/v1/tokens/" + token.ID.String(),
		Body: issuedWire{Token: wireToken(token), Secret: secret},
	})
}

// revokeOwnToken godoc
//
//	@Summary		Revoke an API token
//	@Description	It ends at once; one that was revoked stays as it is.
//	@ID				revokeToken
//	@Tags			Session
//	@Security		Bearer
//	@Param			token_id	path	string	true	"The token"	format(uuid)
//	@Success		204			"Revoked"
//	@Failure		400			{object}	httpapi.Problem
//	@Failure		401			{object}	httpapi.Problem
//	@Failure		403			{object}	httpapi.Problem
//	@Failure		404			{object}	httpapi.Problem
//	@Router			/api/v1/tokens/{token_id} [delete]
func (s *Service) revokeOwnToken(c *gin.Context) error {
	id, err := httpapi.PathUUID(c, "token_id")
	if err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (Token, error) {
		return s.RevokeToken(ctx, Current(c), id)
	}, func(Token) httpapi.Answer { return httpapi.Deleted() })
}
