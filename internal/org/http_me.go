package org

import (
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/httpapi"
)

type meWire struct {
	User        userWire             `json:"user"`
	Grants      []grantWire          `json:"grants"`
	Permissions []httpapi.Permission `json:"permissions" swaggertype:"array,string" enums:"organization.read,organization.write,excused_month.write,member.read,member.write,meeting.read,meeting.write,meeting.submit,meeting.receive,schedule.read,delegate.read,delegate.write,warning.read,oversight.read,registry.read,registry.write,task.write,inspection.read,inspection.write,remedy.report,summary.read,ledger.read,audit.read,access.read,grant.read,grant.write,erasure.read,erasure.request,erasure.confirm,user.read,user.write" example:"organization.read,meeting.read"`
} //	@name	Me

type userWire struct {
	ID       auth.UserID `json:"id" swaggertype:"string" format:"uuid"`
	Name     string      `json:"name" example:"secretary"`
	FullName string      `json:"full_name"`
} //	@name	User

type grantWire struct {
	ID           uuid.UUID         `json:"id" swaggertype:"string" format:"uuid"`
	Role         auth.Role         `json:"role" swaggertype:"string" enums:"member,minutes_taker,secretary,superior,administrator,auditor" example:"secretary"`
	Organization *organizationStub `json:"organization" extensions:"x-nullable"`
	Reach        Reach             `json:"reach" swaggertype:"string" enums:"self,subtree" example:"subtree"`
	From         calendar.Date     `json:"from" swaggertype:"string" format:"date" example:"2015-09-01"`
	To           *calendar.Date    `json:"to" swaggertype:"string" format:"date" extensions:"x-nullable" example:"2018-04-30"`
	InspectionID *uuid.UUID        `json:"inspection_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"`                 // the round that the grant is tied to
	FromMonth    *calendar.Month   `json:"from_month" swaggertype:"string" format:"month" extensions:"x-nullable" example:"2018-01"` // with a round: the months whose records it opens
	ToMonth      *calendar.Month   `json:"to_month" swaggertype:"string" format:"month" extensions:"x-nullable" example:"2018-03"`
} //	@name	Grant

type organizationStub struct {
	ID   ID      `json:"id" swaggertype:"string" format:"uuid"`
	Code *string `json:"code" extensions:"x-nullable" example:"38.168.053.000.001"`
	Name string  `json:"name" example:"Chi bộ Văn phòng"`
} //	@name	OrganizationStub

// getMe godoc
//
//	@Summary		Tell who is calling
//	@Description	The caller, the roles the token may use today, and what they permit, at least somewhere. A role without an organization holds on the whole installation.
//	@ID				getMe
//	@Tags			Session
//	@Security		Bearer
//	@Produce		json
//	@Success		200	{object}	meWire
//	@Failure		400	{object}	httpapi.Problem
//	@Failure		401	{object}	httpapi.Problem
//	@Router			/api/v1/me [get]
func (s *Service) getMe(c *gin.Context) error {
	self, err := s.Me(c.Request.Context(), auth.Current(c))
	if err != nil {
		return err
	}
	return httpapi.JSON(c, http.StatusOK, meOf(self))
}

func meOf(self Self) meWire {
	me := meWire{
		User:        userWire{ID: self.User.ID, Name: self.User.Name, FullName: self.User.FullName},
		Permissions: append([]httpapi.Permission{}, self.Permissions...),
	}
	me.Grants = mapped(self.Grants, func(g Grant) grantWire {
		wire := grantWire{ID: g.ID, Role: g.Role, Reach: g.Reach, From: g.ValidFrom, To: g.ValidTo, InspectionID: g.InspectionID, FromMonth: g.FromMonth, ToMonth: g.ToMonth}
		if g.OrganizationID != nil {
			o := self.Organizations[*g.OrganizationID]
			wire.Organization = &organizationStub{ID: o.ID, Code: o.Code, Name: o.Name}
		}
		return wire
	})
	return me
}

type enumerationList struct {
	Data []enumerationWire `json:"data"`
} //	@name	EnumerationList

type enumerationWire struct {
	Name  string     `json:"name" example:"body"`
	Words []wordWire `json:"words"`
} //	@name	Enumeration

type wordWire struct {
	Word string `json:"word" example:"cell"`
	Vi   string `json:"vi" example:"chi bộ"`
	En   string `json:"en" example:"cell"`
} //	@name	EnumerationWord

// listEnumerations godoc
//
//	@Summary		List the words of enumerated fields
//	@Description	Every word that an enumerated field can hold, with its Vietnamese and its English label, in the order in which people expect them.
//	@ID				listEnumerations
//	@Tags			Session
//	@Security		Bearer
//	@Produce		json
//	@Success		200	{object}	enumerationList
//	@Failure		400	{object}	httpapi.Problem
//	@Failure		401	{object}	httpapi.Problem
//	@Router			/api/v1/enumerations [get]
func (s *Service) listEnumerations(c *gin.Context) error {
	enumerations, err := Enumerations()
	if err != nil {
		return err
	}
	return httpapi.JSON(c, http.StatusOK, enumerationList{Data: mapped(enumerations, func(e Enumeration) enumerationWire {
		return enumerationWire{Name: e.Name, Words: mapped(e.Words, func(w Word) wordWire { return wordWire(w) })}
	})})
}
