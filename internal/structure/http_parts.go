package structure

import (
	"context"
	"slices"

	"github.com/gin-gonic/gin"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/fault"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
	"sochibo/internal/text"
)

type installBodyRequest struct {
	Body org.Body       `json:"body" swaggertype:"string" enums:"cell_committee,party_committee,standing_committee,conference,inspection_commission" validate:"required"`
	From calendar.Date  `json:"from" swaggertype:"string" format:"date" validate:"required" example:"2015-07-15"`
	To   *calendar.Date `json:"to" swaggertype:"string" format:"date" extensions:"x-nullable"`
} //@name InstallBody

// install puts a body into office.
//
//	@Summary		Put a committee or commission into office
//	@Description	From a day on, until a last day or for good. Its regular sessions are due from the first whole month.
//	@ID				installBody
//	@Tags			Organizations
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			organization_id	path		string				true	"The organization"	format(uuid)
//	@Param			If-Match		header		string				true	"The version of the organization that was read"
//	@Param			Idempotency-Key	header		string				false	"Repeated requests with one key have one effect"
//	@Param			dry_run			query		boolean				false	"Answer what would happen and write nothing"
//	@Param			body			body		installBodyRequest	true	"The body and its days"
//	@Success		200				{object}	org.TermWire		"Dry run"
//	@Success		201				{object}	org.TermWire
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		404				{object}	httpapi.Problem
//	@Failure		409				{object}	httpapi.Problem
//	@Failure		412				{object}	httpapi.Problem
//	@Failure		413				{object}	httpapi.Problem
//	@Failure		415				{object}	httpapi.Problem
//	@Failure		422				{object}	httpapi.Problem
//	@Failure		428				{object}	httpapi.Problem
//	@Failure		503				{object}	httpapi.Problem
//	@Router			/api/v1/organizations/{organization_id}/bodies [post]
func (s *Service) install(c *gin.Context) error {
	id, match, err := target(c)
	if err != nil {
		return err
	}
	var r installBodyRequest
	if err := httpapi.Bind(c, &r); err != nil {
		return err
	}
	in := TermInput(r)
	var f fault.Fields
	checkBody(&f, in.Body)
	checkSpan(&f, in.span())
	if err := f.Err(fault.Invalid, "organization_invalid"); err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (Part[org.BodyTerm], error) {
		return s.Install(ctx, auth.Current(c), id, match, in)
	}, func(p Part[org.BodyTerm]) httpapi.Answer {
		return httpapi.Created("/api/v1/organizations/"+id.String()+"/bodies", p.Version, org.WireOfTerm(p.Row))
	})
}

func checkBody(f *fault.Fields, body org.Body) {
	if f.Check(body != "", "/body", "field_required") {
		f.Check(slices.Contains(org.Bodies, body), "/body", "word_unknown", fault.Args{"allowed": org.Bodies})
	}
}

type endTermRequest struct {
	To *calendar.Date `json:"to" swaggertype:"string" format:"date" extensions:"x-nullable" example:"2020-07-14"`
} //@name EndTerm

// endTerm ends a term.
//
//	@Summary		End a term of a committee or commission
//	@Description	`to` is the last day; null leaves the term open.
//	@ID				endBodyTerm
//	@Tags			Organizations
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			organization_id	path		string			true	"The organization"	format(uuid)
//	@Param			term_id			path		string			true	"The term"			format(uuid)
//	@Param			If-Match		header		string			true	"The version of the organization that was read"
//	@Param			dry_run			query		boolean			false	"Answer what would happen and write nothing"
//	@Param			body			body		endTermRequest	true	"The last day"
//	@Success		200				{object}	org.TermWire
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		404				{object}	httpapi.Problem
//	@Failure		412				{object}	httpapi.Problem
//	@Failure		413				{object}	httpapi.Problem
//	@Failure		415				{object}	httpapi.Problem
//	@Failure		422				{object}	httpapi.Problem
//	@Failure		428				{object}	httpapi.Problem
//	@Failure		503				{object}	httpapi.Problem
//	@Router			/api/v1/organizations/{organization_id}/bodies/{term_id} [patch]
func (s *Service) endTerm(c *gin.Context) error {
	id, match, err := target(c)
	if err != nil {
		return err
	}
	part, err := httpapi.PathUUID(c, "term_id")
	if err != nil {
		return err
	}
	var r endTermRequest
	if err := httpapi.Bind(c, &r); err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (Part[org.BodyTerm], error) {
		return s.EndTerm(ctx, auth.Current(c), id, match, part, r.To)
	}, func(p Part[org.BodyTerm]) httpapi.Answer { return httpapi.OK(p.Version, org.WireOfTerm(p.Row)) })
}

type excuseMonthRequest struct {
	Body   org.Body       `json:"body" swaggertype:"string" enums:"cell,cell_committee,party_committee,standing_committee,conference,inspection_commission" validate:"required"`
	Month  calendar.Month `json:"month" swaggertype:"string" validate:"required" example:"2021-08"`
	Reason *string        `json:"reason" maxLength:"500" extensions:"x-nullable" example:"Giãn cách xã hội"`
} //@name ExcuseMonth

// excuse sets a month aside.
//
//	@Summary		Excuse a month
//	@Description	The month stays due but is set aside: neither met nor missed.
//	@ID				excuseMonth
//	@Tags			Organizations
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			organization_id	path		string					true	"The organization"	format(uuid)
//	@Param			If-Match		header		string					true	"The version of the organization that was read"
//	@Param			Idempotency-Key	header		string					false	"Repeated requests with one key have one effect"
//	@Param			dry_run			query		boolean					false	"Answer what would happen and write nothing"
//	@Param			body			body		excuseMonthRequest		true	"The body and the month"
//	@Success		200				{object}	org.ExcusedMonthWire	"Dry run"
//	@Success		201				{object}	org.ExcusedMonthWire
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		404				{object}	httpapi.Problem
//	@Failure		409				{object}	httpapi.Problem
//	@Failure		412				{object}	httpapi.Problem
//	@Failure		413				{object}	httpapi.Problem
//	@Failure		415				{object}	httpapi.Problem
//	@Failure		422				{object}	httpapi.Problem
//	@Failure		428				{object}	httpapi.Problem
//	@Failure		503				{object}	httpapi.Problem
//	@Router			/api/v1/organizations/{organization_id}/excused-months [post]
func (s *Service) excuse(c *gin.Context) error {
	id, match, err := target(c)
	if err != nil {
		return err
	}
	var r excuseMonthRequest
	if err := httpapi.Bind(c, &r); err != nil {
		return err
	}
	in := ExcuseInput(r)
	var f fault.Fields
	checkBody(&f, in.Body)
	f.Check(!in.Month.IsZero(), "/month", "field_required")
	text.OptionalAt(&f, "/reason", &in.Reason, 500)
	if err := f.Err(fault.Invalid, "organization_invalid"); err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (Part[org.ExcusedMonth], error) {
		return s.Excuse(ctx, auth.Current(c), id, match, in)
	}, func(p Part[org.ExcusedMonth]) httpapi.Answer {
		return httpapi.Created("/api/v1/organizations/"+id.String()+"/excused-months", p.Version, org.WireOfExcused(p.Row))
	})
}

// unexcuse makes a month due again.
//
//	@Summary		Take back an excused month
//	@Description	The month is due again, met or missed.
//	@ID				unexcuseMonth
//	@Tags			Organizations
//	@Security		Bearer
//	@Produce		json
//	@Param			organization_id		path		string	true	"The organization"	format(uuid)
//	@Param			excused_month_id	path		string	true	"The excused month"	format(uuid)
//	@Param			If-Match			header		string	true	"The version of the organization that was read"
//	@Param			dry_run				query		boolean	false	"Answer what would happen and write nothing"
//	@Success		200					{object}	org.Wire
//	@Failure		400					{object}	httpapi.Problem
//	@Failure		401					{object}	httpapi.Problem
//	@Failure		403					{object}	httpapi.Problem
//	@Failure		404					{object}	httpapi.Problem
//	@Failure		412					{object}	httpapi.Problem
//	@Failure		428					{object}	httpapi.Problem
//	@Failure		503					{object}	httpapi.Problem
//	@Router			/api/v1/organizations/{organization_id}/excused-months/{excused_month_id} [delete]
func (s *Service) unexcuse(c *gin.Context) error {
	part, err := httpapi.PathUUID(c, "excused_month_id")
	if err != nil {
		return err
	}
	return perform(c, nil, func(ctx context.Context, id org.ID, match int64) (org.Detail, error) {
		return s.Unexcuse(ctx, auth.Current(c), id, match, part)
	})
}
