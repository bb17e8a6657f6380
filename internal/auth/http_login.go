package auth

import (
	"context"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"sochibo/internal/httpapi"
)

// Routes returns the routes of logging in and of one's own credential and tokens.
func (s *Service) Routes() []httpapi.Route {
	return []httpapi.Route{
		{Method: http.MethodPost, Path: "/login-sessions", Permission: httpapi.Public, Handler: s.openLoginSession},
		{Method: http.MethodDelete, Path: "/login-sessions/current", Permission: httpapi.SignedIn, Handler: s.closeLoginSession},
		{Method: http.MethodPost, Path: "/login-sessions/current/confirmation", Permission: httpapi.SignedIn, Handler: s.confirmLoginSession},
		{Method: http.MethodPost, Path: "/password-settings", Permission: httpapi.Public, Handler: s.setPassword},
		{Method: http.MethodPost, Path: "/me/password", Permission: httpapi.SignedIn, Handler: s.changePassword},
		{Method: http.MethodPost, Path: "/me/totp", Permission: httpapi.SignedIn, Handler: s.enrolTotp},
		{Method: http.MethodPost, Path: "/me/totp/confirmation", Permission: httpapi.SignedIn, Handler: s.confirmTotp},
		{Method: http.MethodPost, Path: "/me/totp/removal", Permission: httpapi.SignedIn, Handler: s.removeTotp},
		{Method: http.MethodGet, Path: "/tokens", Permission: httpapi.SignedIn, Handler: s.listOwnTokens},
		{Method: http.MethodPost, Path: "/tokens", Permission: httpapi.SignedIn, Handler: s.issueOwnToken},
		{Method: http.MethodDelete, Path: "/tokens/{token_id}", Permission: httpapi.SignedIn, Handler: s.revokeOwnToken},
	}
}

// The cookies of browsers. Their names bind them to this host, without other paths or subdomains.
const (
	sessionCookieName = "__Host-sid"
	deviceCookieName  = "__Host-device"
)

type loginRequest struct {
	Name         string `json:"name" example:"bi.thu" validate:"required"`
	Password     string `json:"password" example:"bốn chú trâu xanh ra đồng" validate:"required"`
	TOTP         string `json:"totp" example:"123456"`
	RecoveryCode string `json:"recovery_code" example:"ABCDE-FGHIJ-KLMNO-PQRST-UVW"`
	Cookie       bool   `json:"cookie" example:"false"` // set cookies as well, for browsers
} //	@name	LoginInput

type openedWire struct {
	ID           uuid.UUID `json:"id" swaggertype:"string" format:"uuid"`
	Token        string    `json:"token" example:"scs_…"` // for the header Authorization: Bearer; shown once
	SecondFactor bool      `json:"second_factor"`
	ExpiresAt    time.Time `json:"expires_at" format:"date-time"`
} //	@name	LoginSessionOpened

// openLoginSession godoc
//
//	@Summary		Log in
//	@Description	Opens a login session, which ends after 30 minutes without a request, after 12 hours, or when it is closed. Its token goes into the header Authorization like an API token; with cookie, browsers get it as a cookie, too. A wrong name and a wrong password are answered alike. From the fifth failure in a row on, each waits longer.
//	@ID				openLoginSession
//	@Tags			Session
//	@Accept			json
//	@Produce		json
//	@Param			body	body		loginRequest	true	"Who, and the proof"
//	@Success		201		{object}	openedWire
//	@Failure		400		{object}	httpapi.Problem
//	@Failure		401		"Name or password is wrong, or a one-time password is missing."
//	@Failure		403		{object}	httpapi.Problem
//	@Failure		413		{object}	httpapi.Problem
//	@Failure		415		{object}	httpapi.Problem
//	@Failure		429		{object}	httpapi.Problem
//	@Failure		503		{object}	httpapi.Problem
//	@Router			/api/v1/login-sessions [post]
func (s *Service) openLoginSession(c *gin.Context) error {
	var body loginRequest
	if err := bindOnce(c, &body); err != nil {
		return err
	}
	in := LoginInput{
		Name: body.Name, Password: body.Password, TOTP: body.TOTP, RecoveryCode: body.RecoveryCode,
		Address: c.ClientIP(), Remember: body.Cookie,
	}
	if known, err := c.Request.Cookie(deviceCookieName); err == nil {
		in.Device = known.Value
	}
	opened, err := s.Login(c.Request.Context(), in)
	if err != nil {
		return err
	}
	if body.Cookie {
		SetSessionCookie(c, opened)
		if opened.Device != "" {
			SetCookie(c, deviceCookieName, opened.Device, int(deviceLife.Seconds()))
		}
	}
	return httpapi.Respond(c, httpapi.Answer{
		Status: http.StatusCreated, Location: "/api/v1/login-sessions/" + opened.Session.ID.String(),
		Body: openedWire{
			ID: opened.Session.ID, Token: opened.Token, SecondFactor: opened.Session.SecondFactor,
			ExpiresAt: opened.Session.ExpiresAt.UTC(),
		},
	})
}

// SetSessionCookie gives a browser the session that was opened for it.
func SetSessionCookie(c *gin.Context, opened Opened) {
	SetCookie(c, sessionCookieName, opened.Token, int(sessionLife.Seconds()))
}

// DropSessionCookie takes the session away from a browser.
func DropSessionCookie(c *gin.Context) { SetCookie(c, sessionCookieName, "", -1) }

// SetCookie sets a cookie that only this host gets, and only from its own pages or when somebody follows a link to it. Its name
// begins with __Host-; a negative age removes it.
func SetCookie(c *gin.Context, name, value string, maxAge int) {
	http.SetCookie(c.Writer, &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: maxAge, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

// bindOnce reads the body of a request whose answer is a secret, or that is counted: it can be neither rehearsed nor repeated.
func bindOnce(c *gin.Context, body any) error {
	if err := httpapi.RefuseDryRun(c); err != nil {
		return err
	}
	return httpapi.Bind(c, body)
}

// closeLoginSession godoc
//
//	@Summary		Log out
//	@Description	Ends the present login session at once.
//	@ID				closeLoginSession
//	@Tags			Session
//	@Security		Bearer
//	@Success		204	"Ended"
//	@Failure		400	{object}	httpapi.Problem
//	@Failure		401	{object}	httpapi.Problem
//	@Failure		403	"The request came with an API token."
//	@Router			/api/v1/login-sessions/current [delete]
func (s *Service) closeLoginSession(c *gin.Context) error {
	DropSessionCookie(c)
	return httpapi.Write(c, func(ctx context.Context) (Session, error) {
		return s.Logout(ctx, Current(c))
	}, func(Session) httpapi.Answer { return httpapi.Deleted() })
}
