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
	RegistryRead      httpapi.Permission = "registry.read"
	RegistryWrite     httpapi.Permission = "registry.write"
	TaskWrite         httpapi.Permission = "task.write"
	InspectionRead    httpapi.Permission = "inspection.read"
	InspectionWrite   httpapi.Permission = "inspection.write"
	SummaryRead       httpapi.Permission = "summary.read"
	LedgerRead        httpapi.Permission = "ledger.read"
	AuditRead         httpapi.Permission = "audit.read"
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
		MeetingReceive, ScheduleRead, DelegateRead, DelegateWrite,
		RegistryRead, RegistryWrite, TaskWrite, InspectionRead, InspectionWrite, SummaryRead, LedgerRead, AuditRead,
		GrantRead, GrantWrite,
		ErasureRead, ErasureRequest, ErasureConfirm,
		UserRead, UserWrite,
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
		return append(granted(RoleMinutesTaker), MemberWrite, MeetingSubmit, RegistryWrite, TaskWrite, InspectionRead)
	case RoleSuperior:
		return []httpapi.Permission{
			OrganizationRead, MemberRead, MeetingRead, MeetingReceive, ScheduleRead, DelegateRead, DelegateWrite, ExcusedMonthWrite, RegistryRead, RegistryWrite,
			InspectionRead, InspectionWrite, TaskWrite, SummaryRead, LedgerRead, ErasureRead, ErasureConfirm,
		}
	case RoleAdministrator:
		return []httpapi.Permission{
			OrganizationRead, OrganizationWrite, ExcusedMonthWrite, MemberRead, MemberWrite, RegistryRead, SummaryRead,
			GrantRead, GrantWrite, ErasureRead, ErasureRequest, ErasureConfirm, UserRead, UserWrite,
		}
	case RoleAuditor:
		return []httpapi.Permission{
			OrganizationRead, MemberRead, MeetingRead, ScheduleRead, DelegateRead, RegistryRead, InspectionRead, SummaryRead, LedgerRead, AuditRead, GrantRead,
			ErasureRead, UserRead,
		}
	default:
		return nil
	}
}
