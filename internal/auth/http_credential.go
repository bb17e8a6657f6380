package auth

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"sochibo/internal/httpapi"
)

type passwordSetting struct {
	Name     string `json:"name" example:"bi.thu" validate:"required"`
	Code     string `json:"code" example:"ABCDE-FGHIJ-KLMNO-PQRST-UVW" validate:"required"`
	Password string `json:"password" example:"bốn chú trâu xanh ra đồng" validate:"required" maxLength:"128"`
} //	@name	PasswordSetting

// setPassword godoc
//
//	@Summary		Set a password by a one-time code
//	@Description	The code comes from whoever made the user or reset the password, and is good for 24 hours, once. A password has 15 to 128 characters, or from 8 on where a one-time password is asked for as well; no kinds of characters are asked for. Common ones are refused, and ones made of little but words that anybody would try here.
//	@ID				setPassword
//	@Tags			Session
//	@Accept			json
//	@Produce		json
//	@Param			body	body	passwordSetting	true	"User, code and password"
//	@Success		204		"Set; log in with it"
//	@Failure		400		{object}	httpapi.Problem
//	@Failure		403		{object}	httpapi.Problem
//	@Failure		413		{object}	httpapi.Problem
//	@Failure		415		{object}	httpapi.Problem
//	@Failure		422		{object}	httpapi.Problem
//	@Failure		429		{object}	httpapi.Problem
//	@Failure		503		{object}	httpapi.Problem
//	@Router			/api/v1/password-settings [post]
func (s *Service) setPassword(c *gin.Context) error {
	var body passwordSetting
	if err := bindOnce(c, &body); err != nil {
		return err
	}
	if err := s.SetPassword(c.Request.Context(), body.Name, body.Code, body.Password, c.ClientIP()); err != nil {
		return err
	}
	return httpapi.Respond(c, httpapi.Deleted())
}

type passwordChange struct {
	CurrentPassword string `json:"current_password" example:"bốn chú trâu xanh ra đồng" validate:"required"`
	Password        string `json:"password" example:"năm con nghé vàng về làng" validate:"required" maxLength:"128"`
} //	@name	PasswordChange

// changePassword godoc
//
//	@Summary		Change the own password
//	@Description	Needs the present one. All of the caller's login sessions end, this one too; API tokens stay.
//	@ID				changePassword
//	@Tags			Session
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			body	body	passwordChange	true	"Present and new password"
//	@Success		204		"Changed"
//	@Failure		400		{object}	httpapi.Problem
//	@Failure		401		{object}	httpapi.Problem
//	@Failure		403		"The request came with an API token."
//	@Failure		413		{object}	httpapi.Problem
//	@Failure		415		{object}	httpapi.Problem
//	@Failure		422		{object}	httpapi.Problem
//	@Failure		429		{object}	httpapi.Problem
//	@Failure		503		{object}	httpapi.Problem
//	@Router			/api/v1/me/password [post]
func (s *Service) changePassword(c *gin.Context) error {
	var body passwordChange
	if err := bindOnce(c, &body); err != nil {
		return err
	}
	if err := s.ChangePassword(c.Request.Context(), Current(c), body.CurrentPassword, body.Password); err != nil {
		return err
	}
	DropSessionCookie(c)
	return httpapi.Respond(c, httpapi.Deleted())
}

type enrolmentWire struct {
	Secret string `json:"secret" example:"JBSWY3DPEHPK3PXP"` // base32
	URL    string `json:"url" example:"otpauth://totp/sochibo:bi.thu?issuer=sochibo&secret=…"`
} //	@name	TotpEnrolment

// enrolTotp godoc
//
//	@Summary		Begin with one-time passwords
//	@Description	Makes a secret for an authenticator application, shown once. It counts for nothing until a one-time password by it is confirmed; asking again makes another.
//	@ID				enrolTotp
//	@Tags			Session
//	@Security		Bearer
//	@Produce		json
//	@Success		200	{object}	enrolmentWire
//	@Failure		400	{object}	httpapi.Problem
//	@Failure		401	{object}	httpapi.Problem
//	@Failure		403	"The request came with an API token."
//	@Failure		409	"They are on already, or the installation has no key for their secrets."
//	@Router			/api/v1/me/totp [post]
func (s *Service) enrolTotp(c *gin.Context) error {
	if err := httpapi.RefuseDryRun(c); err != nil {
		return err
	}
	enrolment, err := s.EnrolTotp(c.Request.Context(), Current(c))
	if err != nil {
		return err
	}
	return httpapi.JSON(c, http.StatusOK, enrolmentWire(enrolment))
}

type totpConfirmation struct {
	Code string `json:"code" example:"123456" validate:"required"`
} //	@name	TotpConfirmation

type recoveryCodesWire struct {
	RecoveryCodes []string `json:"recovery_codes" example:"ABCDE-FGHIJ-KLMNO-PQRST-UVW"`
} //	@name	RecoveryCodes

// confirmTotp godoc
//
//	@Summary		Turn one-time passwords on
//	@Description	Takes a one-time password by the new secret and answers ten recovery codes, shown once, each good once in place of a one-time password. The caller's other login sessions end.
//	@ID				confirmTotp
//	@Tags			Session
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			body	body		totpConfirmation	true	"A one-time password"
//	@Success		200		{object}	recoveryCodesWire
//	@Failure		400		{object}	httpapi.Problem
//	@Failure		401		{object}	httpapi.Problem
//	@Failure		403		"The request came with an API token."
//	@Failure		409		"They are on already, or were not begun with."
//	@Failure		413		{object}	httpapi.Problem
//	@Failure		415		{object}	httpapi.Problem
//	@Failure		422		{object}	httpapi.Problem
//	@Failure		429		{object}	httpapi.Problem
//	@Router			/api/v1/me/totp/confirmation [post]
func (s *Service) confirmTotp(c *gin.Context) error {
	var body totpConfirmation
	if err := bindOnce(c, &body); err != nil {
		return err
	}
	codes, err := s.ConfirmTotp(c.Request.Context(), Current(c), body.Code)
	if err != nil {
		return err
	}
	return httpapi.JSON(c, http.StatusOK, recoveryCodesWire{RecoveryCodes: codes})
}

type totpRemoval struct {
	Password     string `json:"password" example:"bốn chú trâu xanh ra đồng" validate:"required"`
	TOTP         string `json:"totp" example:"123456"`
	RecoveryCode string `json:"recovery_code" example:"ABCDE-FGHIJ-KLMNO-PQRST-UVW"`
} //	@name	TotpRemoval

// removeTotp godoc
//
//	@Summary		Turn one-time passwords off
//	@Description	Needs the password and a one-time password or a recovery code. A password that is too short to stand alone has to be changed first.
//	@ID				removeTotp
//	@Tags			Session
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			body	body	totpRemoval	true	"The proof"
//	@Success		204		"Off"
//	@Failure		400		{object}	httpapi.Problem
//	@Failure		401		{object}	httpapi.Problem
//	@Failure		403		"The request came with an API token."
//	@Failure		409		"They are off."
//	@Failure		413		{object}	httpapi.Problem
//	@Failure		415		{object}	httpapi.Problem
//	@Failure		422		{object}	httpapi.Problem
//	@Failure		429		{object}	httpapi.Problem
//	@Failure		503		{object}	httpapi.Problem
//	@Router			/api/v1/me/totp/removal [post]
func (s *Service) removeTotp(c *gin.Context) error {
	var body totpRemoval
	if err := bindOnce(c, &body); err != nil {
		return err
	}
	if err := s.RemoveTotp(c.Request.Context(), Current(c), body.Password, body.TOTP, body.RecoveryCode); err != nil {
		return err
	}
	return httpapi.Respond(c, httpapi.Deleted())
}
