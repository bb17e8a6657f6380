package directive

import (
	"context"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/httpapi"
)

// Routes returns the routes of directives.
func (s *Service) Routes() []httpapi.Route {
	return append(s.followingRoutes(), []httpapi.Route{
		{Method: http.MethodGet, Path: "/directives", Permission: auth.RegistryRead, Handler: s.listDirectives},
		{Method: http.MethodPost, Path: "/directives", Permission: auth.RegistryWrite, Handler: s.recordDirective},
		{Method: http.MethodGet, Path: "/directives/{directive_id}", Permission: auth.RegistryRead, Handler: s.getDirective},
		{Method: http.MethodPatch, Path: "/directives/{directive_id}", Permission: auth.RegistryWrite, Handler: s.editDirective},
	}...)
}

// directiveResponse is a document that meetings study.
type directiveResponse struct {
	ID        ID            `json:"id"         swaggertype:"string" format:"uuid"`
	Code      *string       `json:"code"       example:"CT05" extensions:"x-nullable"`
	Number    string        `json:"number"     example:"05-CT/TW"`
	Issuer    *string       `json:"issuer"     example:"Bộ Chính trị" extensions:"x-nullable"`
	IssuedOn  calendar.Date `json:"issued_on"  swaggertype:"string" format:"date" example:"2016-05-15"`
	Title     *string       `json:"title"      example:"Về đẩy mạnh việc học tập và làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh" extensions:"x-nullable"`
	Version   int64         `json:"version"    example:"1"`
	CreatedAt time.Time     `json:"created_at" format:"date-time"`
	UpdatedAt time.Time     `json:"updated_at" format:"date-time"`
} //@name Directive

func wire(d Directive) directiveResponse {
	return directiveResponse{
		ID: d.ID, Code: d.Code, Number: d.Number, Issuer: d.Issuer, IssuedOn: d.IssuedOn, Title: d.Title, Version: d.Version,
		CreatedAt: d.CreatedAt.UTC(), UpdatedAt: d.UpdatedAt.UTC(),
	}
}

// recordDirectiveRequest is a directive to record.
type recordDirectiveRequest struct {
	ID       ID            `json:"id"        swaggertype:"string" format:"uuid"`
	Code     *string       `json:"code"      example:"CT05" maxLength:"64" extensions:"x-nullable"`
	Number   string        `json:"number"    example:"05-CT/TW" maxLength:"100" validate:"required"`
	Issuer   *string       `json:"issuer"    example:"Bộ Chính trị" maxLength:"500" extensions:"x-nullable"`
	IssuedOn calendar.Date `json:"issued_on" swaggertype:"string" format:"date" example:"2016-05-15" validate:"required"`
	Title    *string       `json:"title"     maxLength:"500" extensions:"x-nullable"`
} //@name DirectiveInput

// recordDirective adds a directive.
//
//	@Summary	Record a directive
//	@ID			recordDirective
//	@Tags		Directives
//	@Security	Bearer
//	@Accept		json
//	@Produce	json
//	@Param		Idempotency-Key	header		string					false	"Makes a repeated request answer like the first"
//	@Param		dry_run			query		bool					false	"Say what would happen and write nothing"
//	@Param		body			body		recordDirectiveRequest	true	"The directive"
//	@Success	200				{object}	directiveResponse		"What would be recorded (dry run)"
//	@Success	201				{object}	directiveResponse
//	@Failure	400				{object}	httpapi.Problem
//	@Failure	401				{object}	httpapi.Problem
//	@Failure	403				{object}	httpapi.Problem
//	@Failure	409				{object}	httpapi.Problem
//	@Failure	413				{object}	httpapi.Problem
//	@Failure	415				{object}	httpapi.Problem
//	@Failure	422				{object}	httpapi.Problem
//	@Router		/api/v1/directives [post]
func (s *Service) recordDirective(c *gin.Context) error {
	var body recordDirectiveRequest
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (Directive, error) {
		return s.Record(ctx, auth.Current(c), Input(body))
	}, func(d Directive) httpapi.Answer {
		return httpapi.Created("/api/v1/directives/"+d.ID.String(), d.Version, wire(d))
	})
}

// getDirective shows one directive.
//
//	@Summary	Show a directive
//	@ID			getDirective
//	@Tags		Directives
//	@Security	Bearer
//	@Produce	json
//	@Param		directive_id	path		string	true	"Directive"	format(uuid)
//	@Param		If-None-Match	header		string	false	"The version already known"
//	@Success	200				{object}	directiveResponse
//	@Success	304				"Not changed"
//	@Failure	400				{object}	httpapi.Problem
//	@Failure	401				{object}	httpapi.Problem
//	@Failure	403				{object}	httpapi.Problem
//	@Failure	404				{object}	httpapi.Problem
//	@Router		/api/v1/directives/{directive_id} [get]
func (s *Service) getDirective(c *gin.Context) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	d, err := s.Get(c.Request.Context(), auth.Current(c), id)
	if err != nil || httpapi.NotModified(c, d.Version) {
		return err
	}
	return httpapi.Respond(c, httpapi.OK(d.Version, wire(d)))
}

// editDirectiveRequest is what to change of a directive; what is absent stays, null clears.
type editDirectiveRequest struct {
	Code     httpapi.Optional[string]        `json:"code"      swaggertype:"string" maxLength:"64" extensions:"x-nullable"`
	Number   httpapi.Optional[string]        `json:"number"    swaggertype:"string" maxLength:"100"`
	Issuer   httpapi.Optional[string]        `json:"issuer"    swaggertype:"string" maxLength:"500" extensions:"x-nullable"`
	IssuedOn httpapi.Optional[calendar.Date] `json:"issued_on" swaggertype:"string" format:"date"`
	Title    httpapi.Optional[string]        `json:"title"     swaggertype:"string" maxLength:"500" extensions:"x-nullable"`
} //@name DirectiveChange

// editDirective changes a directive.
//
//	@Summary	Change a directive
//	@ID			editDirective
//	@Tags		Directives
//	@Security	Bearer
//	@Accept		json
//	@Produce	json
//	@Param		directive_id	path		string					true	"Directive"	format(uuid)
//	@Param		If-Match		header		string					true	"The version this change rests on"
//	@Param		dry_run			query		bool					false	"Say what would happen and write nothing"
//	@Param		body			body		editDirectiveRequest	true	"What changes"
//	@Success	200				{object}	directiveResponse
//	@Failure	400				{object}	httpapi.Problem
//	@Failure	401				{object}	httpapi.Problem
//	@Failure	403				{object}	httpapi.Problem
//	@Failure	404				{object}	httpapi.Problem
//	@Failure	409				{object}	httpapi.Problem
//	@Failure	412				{object}	httpapi.Problem
//	@Failure	413				{object}	httpapi.Problem
//	@Failure	415				{object}	httpapi.Problem
//	@Failure	422				{object}	httpapi.Problem
//	@Failure	428				{object}	httpapi.Problem
//	@Router		/api/v1/directives/{directive_id} [patch]
func (s *Service) editDirective(c *gin.Context) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	match, err := httpapi.IfMatch(c)
	if err != nil {
		return err
	}
	var body editDirectiveRequest
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (Directive, error) {
		return s.Edit(ctx, auth.Current(c), id, match, Change(body))
	}, func(d Directive) httpapi.Answer { return httpapi.OK(d.Version, wire(d)) })
}

// pathID reads the directive's id from the path.
func pathID(c *gin.Context) (ID, error) {
	id, err := httpapi.PathUUID(c, "directive_id")
	return ID{id}, err
}
