package auth

import (
	"slices"

	"sochibo/internal/httpapi"
)

// The permissions a route or a use case asks for.
const (
	OrganizationRead  httpapi.Permission = "organization.read"
	OrganizationWrite httpapi.Permission = "organization.write"
	ExcusedMonthWrite httpapi.Permission = "excused_month.write"
	MemberRead        httpapi.Permission = "member.read"
	MemberWrite       httpapi.Permission = "member.write"
	MeetingRead       httpapi.Permission = "meeting.read"
	MeetingWrite      httpapi.Permission = "meeting.write"
	MeetingSubmit     httpapi.Permission = "meeting.submit"
	MeetingReceive    httpapi.Permission = "meeting.receive"
	ScheduleRead      httpapi.Permission = "schedule.read"
	DelegateRead      httpapi.Permission = "delegate.read"
	DelegateWrite     httpapi.Permission = "delegate.write"
	WarningRead       httpapi.Permission = "warning.read"   // what a cell has to put right
	OversightRead     httpapi.Permission = "oversight.read" // what its superior and an auditor look into
	RegistryRead      httpapi.Permission = "registry.read"
	RegistryWrite     httpapi.Permission = "registry.write"
	TaskWrite         httpapi.Permission = "task.write"
	InspectionRead    httpapi.Permission = "inspection.read"
	InspectionWrite   httpapi.Permission = "inspection.write"
	RemedyReport      httpapi.Permission = "remedy.report"
	SummaryRead       httpapi.Permission = "summary.read"
	LedgerRead        httpapi.Permission = "ledger.read"
	AuditRead         httpapi.Permission = "audit.read"
	AccessRead        httpapi.Permission = "access.read"
	GrantRead         httpapi.Permission = "grant.read"
	GrantWrite        httpapi.Permission = "grant.write"
	ErasureRead       httpapi.Permission = "erasure.read"
	ErasureRequest    httpapi.Permission = "erasure.request"
	ErasureConfirm    httpapi.Permission = "erasure.confirm"
	UserRead          httpapi.Permission = "user.read"
	UserWrite         httpapi.Permission = "user.write"
)

// Permissions returns every permission there is, in the order of their texts' first mention above.
func Permissions() []httpapi.Permission {
	return []httpapi.Permission{
		OrganizationRead, OrganizationWrite, ExcusedMonthWrite, MemberRead, MemberWrite, MeetingRead, MeetingWrite, MeetingSubmit,
		MeetingReceive, ScheduleRead, DelegateRead, DelegateWrite, WarningRead, OversightRead,
		RegistryRead, RegistryWrite, TaskWrite, InspectionRead, InspectionWrite, RemedyReport, SummaryRead, LedgerRead, AuditRead,
		AccessRead, GrantRead, GrantWrite,
		ErasureRead, ErasureRequest, ErasureConfirm,
		UserRead, UserWrite,
	}
}

// Weighty reports whether a permission is for acts that accept or decide, or that say who may: in a login session they need a fresh
// proof of the person. A permission that is not declared counts as weighty.
func Weighty(permission httpapi.Permission) bool {
	weighty, declared := weight(permission)
	return weighty || !declared
}

func weight(permission httpapi.Permission) (weighty, declared bool) {
	switch permission {
	case MeetingReceive, GrantWrite, ErasureRequest, ErasureConfirm, UserWrite:
		return true, true
	case httpapi.Public, httpapi.SignedIn,
		OrganizationRead, OrganizationWrite, ExcusedMonthWrite, MemberRead, MemberWrite, MeetingRead, MeetingWrite, MeetingSubmit,
		ScheduleRead, DelegateRead, DelegateWrite, WarningRead, OversightRead, RegistryRead, RegistryWrite, TaskWrite, InspectionRead,
		InspectionWrite, RemedyReport, SummaryRead, LedgerRead, AuditRead, AccessRead, GrantRead,
		ErasureRead, UserRead:
		return false, true
	default:
		return false, false
	}
}

// Role is what a user is to an organisation, or to the whole installation.
type Role string

// The roles.
const (
	RoleMember        Role = "member"
	RoleMinutesTaker  Role = "minutes_taker"
	RoleSecretary     Role = "secretary"
	RoleSuperior      Role = "superior"
	RoleAdministrator Role = "administrator"
	RoleAuditor       Role = "auditor"
)

// Roles returns every role, the narrowest first.
func Roles() []Role {
	return []Role{RoleMember, RoleMinutesTaker, RoleSecretary, RoleSuperior, RoleAdministrator, RoleAuditor}
}

// Allows reports whether the role permits it, somewhere within the reach of the role's grant.
func Allows(role Role, permission httpapi.Permission) bool {
	return slices.Contains(granted(role), permission)
}

// Privileged reports whether the role looks at others' cells from above or from outside, so that what it reads of persons is recorded.
func Privileged(role Role) bool {
	return role == RoleSuperior || role == RoleAdministrator || role == RoleAuditor
}

// OnlyAccepted reports whether the role shows the records of meetings once they are accepted, and drafts never.
func OnlyAccepted(role Role) bool { return role == RoleMember }

// PermissionsOf returns what the roles permit together, each permission once.
func PermissionsOf(roles ...Role) []httpapi.Permission {
	var all []httpapi.Permission
	for _, permission := range Permissions() {
		if slices.ContainsFunc(roles, func(role Role) bool { return Allows(role, permission) }) {
			all = append(all, permission)
		}
	}
	return all
}

func granted(role Role) []httpapi.Permission {
	switch role {
	case RoleMember:
		return []httpapi.Permission{OrganizationRead, RegistryRead, SummaryRead, MeetingRead, ScheduleRead}
	case RoleMinutesTaker:
		return append(granted(RoleMember), MemberRead, MeetingWrite)
	case RoleSecretary:
		return append(granted(RoleMinutesTaker), MemberWrite, MeetingSubmit, WarningRead, RegistryWrite, TaskWrite, InspectionRead, RemedyReport)
	case RoleSuperior:
		return []httpapi.Permission{
			OrganizationRead, MemberRead, MeetingRead, MeetingReceive, ScheduleRead, DelegateRead, DelegateWrite, WarningRead, OversightRead,
			ExcusedMonthWrite, RegistryRead, RegistryWrite, InspectionRead, InspectionWrite, RemedyReport, TaskWrite, SummaryRead, LedgerRead, ErasureRead, ErasureConfirm,
		}
	case RoleAdministrator:
		return []httpapi.Permission{
			OrganizationRead, OrganizationWrite, ExcusedMonthWrite, MemberRead, MemberWrite, RegistryRead, SummaryRead,
			AccessRead, GrantRead, GrantWrite, ErasureRead, ErasureRequest, ErasureConfirm, UserRead, UserWrite,
		}
	case RoleAuditor:
		return []httpapi.Permission{
			OrganizationRead, MemberRead, MeetingRead, ScheduleRead, DelegateRead, WarningRead, OversightRead, RegistryRead, InspectionRead, SummaryRead,
			LedgerRead, AuditRead, AccessRead, GrantRead, ErasureRead, UserRead,
		}
	default:
		return nil
	}
}
