package auth

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"sochibo/internal/httpapi"
)

type confirmationRequest struct {
	Password     string `json:"password" example:"bốn chú trâu xanh ra đồng"`
	TOTP         string `json:"totp" example:"123456"`
	RecoveryCode string `json:"recovery_code" example:"ABCDE-FGHIJ-KLMNO-PQRST-UVW"`
} //	@name	ConfirmationInput

type confirmedWire struct {
	ID           uuid.UUID  `json:"id" swaggertype:"string" format:"uuid"`
	SecondFactor bool       `json:"second_factor"`
	ConfirmedAt  time.Time  `json:"confirmed_at" format:"date-time"`
	FreshUntil   *time.Time `json:"fresh_until" format:"date-time" extensions:"x-nullable"` // null: as long as the session lives
	ExpiresAt    time.Time  `json:"expires_at" format:"date-time"`
} //	@name	LoginSessionConfirmed

// confirmLoginSession godoc
//
//	@Summary		Prove again who is calling
//	@Description	Acts that accept or decide, that give or take rights and that issue tokens need a proof of the person that is a few minutes old at most; opening the session was one. Without it they answer 403 `fresh_proof_needed`, and this request settles it: it takes the password, a one-time password or a recovery code; what is given has to be right. With a one-time password or a recovery code the session is one with a second factor from then on. Attempts count as those to log in do.
//	@ID				confirmLoginSession
//	@Tags			Session
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			body	body		confirmationRequest	true	"The proof"
//	@Success		200		{object}	confirmedWire
//	@Failure		400		{object}	httpapi.Problem
//	@Failure		401		"The proof is wrong, or the session has ended."
//	@Failure		403		"The request came with an API token."
//	@Failure		409		"The installation has no key for the secrets of one-time passwords."
//	@Failure		413		{object}	httpapi.Problem
//	@Failure		415		{object}	httpapi.Problem
//	@Failure		422		{object}	httpapi.Problem
//	@Failure		429		{object}	httpapi.Problem
//	@Failure		503		{object}	httpapi.Problem
//	@Router			/api/v1/login-sessions/current/confirmation [post]
func (s *Service) confirmLoginSession(c *gin.Context) error {
	var body confirmationRequest
	if err := bindOnce(c, &body); err != nil {
		return err
	}
	in := Confirmation{Password: body.Password, TOTP: body.TOTP, RecoveryCode: body.RecoveryCode, Address: c.ClientIP()}
	if known, err := c.Request.Cookie(deviceCookieName); err == nil {
		in.Device = known.Value
	}
	session, err := s.ConfirmSession(c.Request.Context(), Current(c), in)
	if err != nil {
		return err
	}
	return httpapi.JSON(c, http.StatusOK, confirmedWire{
		ID: session.ID, SecondFactor: session.SecondFactor, ConfirmedAt: session.provenAt().UTC(), FreshUntil: s.freshUntil(session),
		ExpiresAt: session.ExpiresAt.UTC(),
	})
}
