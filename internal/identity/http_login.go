package identity

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"sochibo/internal/auth"
	"sochibo/internal/httpapi"
)

// browserCookie binds a login to the browser it began in.
const browserCookie = "__Host-login"

type providerWire struct {
	Name string `json:"name" example:"Cổng đăng nhập của tỉnh"`
} //	@name	LoginProvider

type methodsWire struct {
	Password bool          `json:"password" example:"true"`          // by POST /login-sessions
	Provider *providerWire `json:"provider" extensions:"x-nullable"` // by POST /login-exchanges; null where there is none
} //	@name	LoginMethods

// listMethods godoc
//
//	@Summary		Tell how people log in here
//	@Description	What a page offers to somebody who is not logged in yet.
//	@ID				getLoginMethods
//	@Tags			Session
//	@Produce		json
//	@Success		200	{object}	methodsWire
//	@Failure		400	{object}	httpapi.Problem
//	@Router			/api/v1/login-methods [get]
func (s *Service) listMethods(c *gin.Context) error {
	if err := httpapi.NewQuery(c).Err(); err != nil {
		return err
	}
	methods := methodsWire{Password: true}
	if s.settings.on() {
		methods.Provider = &providerWire{Name: s.settings.Name}
	}
	return httpapi.JSON(c, http.StatusOK, methods)
}

type exchangeInput struct {
	ReturnTo string `json:"return_to" example:"/" maxLength:"500"` // a path of this server, or a page of an origin that is configured for it; / when left out
} //	@name	LoginExchangeInput

type exchangeWire struct {
	AuthorizationURL string    `json:"authorization_url" format:"uri" example:"https://dang-nhap.example.org/authorize?client_id=sochibo"` // where the browser goes now
	ExpiresAt        time.Time `json:"expires_at" format:"date-time"`
} //	@name	LoginExchange

// beginExchange godoc
//
//	@Summary		Begin to log in through the identity provider
//	@Description	The answer names the address at the provider where the browser goes now, and sets a cookie that binds the login to this browser. From there the browser comes back to GET /login-exchanges/callback, which opens the login session as a cookie and leads on to return_to. It has to be done within ten minutes, and in the same browser. Which way of logging in there is tells GET /login-methods.
//	@ID				beginLoginExchange
//	@Tags			Session
//	@Accept			json
//	@Produce		json
//	@Param			body	body		exchangeInput	true	"Where to go afterwards"
//	@Success		200		{object}	exchangeWire
//	@Failure		400		{object}	httpapi.Problem
//	@Failure		403		{object}	httpapi.Problem
//	@Failure		404		"No identity provider is configured."
//	@Failure		413		{object}	httpapi.Problem
//	@Failure		415		{object}	httpapi.Problem
//	@Failure		422		{object}	httpapi.Problem
//	@Failure		429		{object}	httpapi.Problem
//	@Failure		503		"The provider cannot be reached."
//	@Router			/api/v1/login-exchanges [post]
func (s *Service) beginExchange(c *gin.Context) error {
	var body exchangeInput
	if err := httpapi.RefuseDryRun(c); err != nil {
		return err
	}
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	begun, err := s.Begin(c.Request.Context(), body.ReturnTo, c.ClientIP())
	if err != nil {
		return err
	}
	auth.SetCookie(c, browserCookie, begun.Browser, int(exchangeLife.Seconds()))
	return httpapi.Respond(c, httpapi.Answer{
		Status: http.StatusOK, Body: exchangeWire{AuthorizationURL: begun.URL, ExpiresAt: begun.ExpiresAt.UTC()},
	})
}

// finishExchange godoc
//
//	@Summary		Come back from the identity provider
//	@Description	The redirect URI that the provider has to know. Browsers are sent here; programs have no use for it. The session is set as a cookie. Whoever is not linked to a user is refused with identity_unlinked, which tells issuer and subject for the administrator. To a browser (Accept: text/html) a refusal is a page to read, with a way back. Parameters that providers add are passed over.
//	@ID				finishLoginExchange
//	@Tags			Session
//	@Produce		json
//	@Param			state	query	string	false	"The state of the login"
//	@Param			code	query	string	false	"The code that the provider gives out for its token"
//	@Param			iss		query	string	false	"The issuer, where the provider tells it"
//	@Param			error	query	string	false	"Why the provider gives no code"
//	@Success		303		"Logged in; leads to return_to"
//	@Failure		400		{object}	httpapi.Problem
//	@Failure		403		"The login has ended, was begun in another browser, or proves nobody who is linked to a user."
//	@Failure		404		"No identity provider is configured."
//	@Failure		429		{object}	httpapi.Problem
//	@Failure		503		"The provider cannot be reached."
//	@Router			/api/v1/login-exchanges/callback [get]
func (s *Service) finishExchange(c *gin.Context) error {
	query := c.Request.URL.Query()
	in := Return{
		State: query.Get("state"), Code: query.Get("code"), Issuer: query.Get("iss"), Error: query.Get("error"), Address: c.ClientIP(),
	}
	if cookie, err := c.Request.Cookie(browserCookie); err == nil {
		in.Browser = cookie.Value
	}
	opened, returnTo, err := s.Finish(c.Request.Context(), in)
	if err != nil {
		return httpapi.ShowFault(c, err, returnTo)
	}
	auth.SetCookie(c, browserCookie, "", -1)
	auth.SetSessionCookie(c, opened)
	c.Redirect(http.StatusSeeOther, returnTo)
	return nil
}

type logoutInput struct {
	ReturnTo string `json:"return_to" example:"/" maxLength:"500"` // as in LoginExchangeInput; the provider has to know it, too
} //	@name	ProviderLogoutInput

type logoutWire struct {
	EndSessionURL *string `json:"end_session_url" format:"uri" extensions:"x-nullable" example:"https://dang-nhap.example.org/logout?client_id=sochibo"` // where the session with the provider ends; null where that cannot be done
} //	@name	ProviderLogout

// leaveProvider godoc
//
//	@Summary		Log out here and at the identity provider
//	@Description	Ends the present login session at once. The browser then goes to end_session_url, where the session with the provider ends, and from there to return_to. It is null where the provider has no such address or cannot be reached.
//	@ID				leaveProvider
//	@Tags			Session
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			body	body		logoutInput	true	"Where to go afterwards"
//	@Success		200		{object}	logoutWire
//	@Failure		400		{object}	httpapi.Problem
//	@Failure		401		{object}	httpapi.Problem
//	@Failure		403		"The request came with an API token."
//	@Failure		404		"No identity provider is configured."
//	@Failure		413		{object}	httpapi.Problem
//	@Failure		415		{object}	httpapi.Problem
//	@Failure		422		{object}	httpapi.Problem
//	@Router			/api/v1/provider-logouts [post]
func (s *Service) leaveProvider(c *gin.Context) error {
	var body logoutInput
	if err := httpapi.RefuseDryRun(c); err != nil {
		return err
	}
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	end, err := s.Leave(c.Request.Context(), auth.Current(c), body.ReturnTo)
	if err != nil {
		return err
	}
	auth.DropSessionCookie(c)
	answer := logoutWire{}
	if end != "" {
		answer.EndSessionURL = &end
	}
	return httpapi.JSON(c, http.StatusOK, answer)
}
