package auth_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sochibo/internal/auth"
	"sochibo/internal/httpapi"
)

func TestRoles(t *testing.T) {
	t.Parallel()
	want := map[auth.Role]string{
		auth.RoleMember:       "organization.read meeting.read schedule.read registry.read summary.read",
		auth.RoleMinutesTaker: "organization.read member.read meeting.read meeting.write schedule.read registry.read summary.read",
		auth.RoleSecretary: "organization.read member.read member.write meeting.read meeting.write meeting.submit schedule.read warning.read " +
			"registry.read registry.write task.write inspection.read remedy.report summary.read",
		auth.RoleSuperior: "organization.read excused_month.write member.read meeting.read meeting.receive schedule.read delegate.read " +
			"delegate.write warning.read oversight.read registry.read registry.write task.write inspection.read inspection.write remedy.report summary.read ledger.read erasure.read erasure.confirm",
		auth.RoleAdministrator: "organization.read organization.write excused_month.write member.read member.write registry.read summary.read " +
			"access.read grant.read grant.write erasure.read erasure.request erasure.confirm user.read user.write",
		auth.RoleAuditor: "organization.read member.read meeting.read schedule.read delegate.read warning.read oversight.read registry.read inspection.read summary.read ledger.read " +
			"audit.read access.read grant.read erasure.read user.read",
		"emperor": "",
	}
	for role, permissions := range want {
		var got []string
		for _, p := range auth.PermissionsOf(role) {
			got = append(got, string(p))
		}
		if diff := cmp.Diff(permissions, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s: %s", role, diff)
		}
	}
}

func TestAuditorReadsAllAndWritesNothing(t *testing.T) {
	t.Parallel()
	for _, p := range auth.Permissions() {
		if strings.HasSuffix(string(p), ".read") != auth.Allows(auth.RoleAuditor, p) {
			t.Errorf("%s", p)
		}
	}
}

func TestEveryPermissionIsWeightyOrNot(t *testing.T) {
	t.Parallel()
	weighty := []httpapi.Permission{auth.MeetingReceive, auth.GrantWrite, auth.ErasureRequest, auth.ErasureConfirm, auth.UserWrite}
	for _, p := range append(auth.Permissions(), httpapi.Public, httpapi.SignedIn) {
		if !auth.Declared(p) {
			t.Errorf("nobody has decided whether %s is weighty", p)
		}
		if auth.Weighty(p) != slices.Contains(weighty, p) {
			t.Errorf("%s: weighty is %t", p, auth.Weighty(p))
		}
	}
	if !auth.Weighty("unheard.of") {
		t.Error("what nobody decided about is light")
	}
}

func TestEveryPermissionIsSomebodys(t *testing.T) {
	t.Parallel()
	for _, p := range auth.Permissions() {
		if !slices.ContainsFunc(auth.Roles(), func(r auth.Role) bool { return auth.Allows(r, p) }) {
			t.Errorf("nobody has %s", p)
		}
	}
	for _, p := range []httpapi.Permission{httpapi.Public, httpapi.SignedIn, ""} {
		if auth.Allows(auth.RoleAdministrator, p) {
			t.Errorf("%q is no permission of a role", p)
		}
	}
}
