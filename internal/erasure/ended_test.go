package erasure_test

import (
	"fmt"
	"net/http"
	"testing"

	"sochibo/internal/auth"
	"sochibo/internal/database"
	"sochibo/internal/testkit/apitest"
)

// withdraw takes an erasure back.
func withdraw(t *testing.T, c apitest.Caller, path, etag string) apitest.Answer {
	t.Helper()
	return c.Do(t, http.MethodDelete, path, "", "If-Match: "+etag)
}

// reject turns an erasure down.
func reject(t *testing.T, c apitest.Caller, path, etag, reason string) apitest.Answer {
	t.Helper()
	return c.Post(t, path+"/rejection", fmt.Sprintf(`{"reason":%q}`, reason), "If-Match: "+etag)
}

func TestAnErasureIsWithdrawn(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *scene) {
		one := s.requested(s.theMember())
		withdraw(t, s.superior, one, `"1"`).Problem(t, http.StatusForbidden, "forbidden")
		withdraw(t, s.As(t, auth.RoleAdministrator, ""), one, `"1"`).Problem(t, http.StatusForbidden, "erasure_not_yours")
		withdraw(t, s.As(t, auth.RoleAdministrator, "b"), one, `"1"`).Problem(t, http.StatusNotFound, "erasure_unknown")
		withdraw(t, s.administrator, one, `"7"`).Problem(t, http.StatusPreconditionFailed, "version_stale")
		s.administrator.Do(t, http.MethodDelete, one, "").Problem(t, http.StatusPreconditionRequired, "if_match_missing")
		s.administrator.Do(t, http.MethodDelete, one+"?dry_run=true", "", `If-Match: "1"`).OK(t, http.StatusOK)
		if got := s.superior.Get(t, one).Field(t, "status"); got != "requested" {
			t.Errorf("a rehearsal withdrew: %s", got)
		}
		ended := withdraw(t, s.administrator, one, `"1"`).OK(t, http.StatusOK)
		if ended.Field(t, "status") != "withdrawn" || ended.Field(t, "ended_by") != s.administrator.Actor.UserID.String() ||
			ended.Field(t, "ended_at") == "" || ended.Field(t, "decision_reason")+ended.Field(t, "confirmed_at")+ended.Field(t, "pseudonym") != "" || ended.ETag() != `"2"` {
			t.Errorf("withdrawn: %s", ended)
		}
		s.superior.Post(t, one+"/confirmation", "", `If-Match: "2"`).Problem(t, http.StatusConflict, "erasure_ended")
		reject(t, s.superior, one, `"2"`, "Muộn rồi").Problem(t, http.StatusConflict, "erasure_ended")
		withdraw(t, s.administrator, one, `"2"`).Problem(t, http.StatusConflict, "erasure_ended")
		if len(s.traces(name)) == 0 {
			t.Error("a withdrawn erasure erased")
		}
		s.erase(s.theMember()) // asked anew
		if wrong := s.wrong(); len(wrong) > 0 {
			t.Errorf("verify: %v", wrong)
		}
	})
}

func TestAnErasureIsRejected(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *scene) {
		one := s.requested(s.theVersion())
		reject(t, s.administrator, one, `"1"`, "Tự bác").Problem(t, http.StatusForbidden, "own_erasure")
		reject(t, s.As(t, auth.RoleAuditor, ""), one, `"1"`, "Bác").Problem(t, http.StatusForbidden, "forbidden")
		reject(t, s.As(t, auth.RoleSuperior, "b"), one, `"1"`, "Bác").Problem(t, http.StatusNotFound, "erasure_unknown")
		reject(t, s.superior, one, `"1"`, "  ").Problem(t, http.StatusUnprocessableEntity, "erasure_invalid", "/reason field_required")
		reject(t, s.superior, one, `"7"`, "Bác").Problem(t, http.StatusPreconditionFailed, "version_stale")
		ended := reject(t, s.superior, one, `"1"`, "Còn trong thời hạn lưu trữ").OK(t, http.StatusOK)
		if ended.Field(t, "status") != "rejected" || ended.Field(t, "ended_by") != s.superior.Actor.UserID.String() ||
			ended.Field(t, "decision_reason") != "Còn trong thời hạn lưu trữ" || ended.Field(t, "confirmed_by") != "" {
			t.Errorf("rejected: %s", ended)
		}
		s.superior.Post(t, one+"/confirmation", "", `If-Match: "2"`).Problem(t, http.StatusConflict, "erasure_ended")
		s.requested(s.theVersion()) // may be asked anew, and is weighed anew
		confirmed := s.erase(s.theMember()).Field(t, "id")
		reject(t, s.As(t, auth.RoleSuperior, "a"), "/erasures/"+confirmed, `"2"`, "Muộn rồi").Problem(t, http.StatusConflict, "erasure_confirmed")
		if wrong := s.wrong(); len(wrong) > 0 {
			t.Errorf("verify: %v", wrong)
		}
	})
}

// TestTheStoreKeepsEndedErasures writes past the program.
func TestTheStoreKeepsEndedErasures(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *scene) {
		rejected, withdrawn := s.requested(s.theVersion()), s.requested(s.theMember())
		reject(t, s.superior, rejected, `"1"`, "Bác").OK(t, http.StatusOK)
		withdraw(t, s.administrator, withdrawn, `"1"`).OK(t, http.StatusOK)
		waiting := s.requested(s.theMember())
		try := func(q, path string) error {
			_, err := database.Write(t.Context(), s.DB, func(tx *database.Tx) (struct{}, error) {
				return struct{}{}, database.Gorm(t.Context(), tx).Exec(q, path[len("/erasures/"):]).Error
			})
			return err
		}
		const revive, again = "SET status = 'requested', ended_at = NULL, ended_by = NULL, decision_reason = NULL", "SET ended_at = requested_at"
		for what, err := range map[string]error{
			"a rejection undone":         try("UPDATE erasure "+revive+" WHERE id = ?", rejected),
			"a withdrawal undone":        try("UPDATE erasure "+revive+" WHERE id = ?", withdrawn),
			"another time of the end":    try("UPDATE erasure "+again+" WHERE id = ?", withdrawn),
			"an end while it waits":      try("UPDATE erasure "+again+" WHERE id = ?", waiting),
			"a rejection without reason": try("UPDATE erasure SET status = 'rejected', ended_at = requested_at WHERE id = ?", waiting),
			"a rejection of the own": try("UPDATE erasure SET status = 'rejected', ended_at = requested_at, ended_by = requested_by, decision_reason = 'x' WHERE id = ?",
				waiting),
			"an end that nobody knows": try("UPDATE erasure SET status = 'forgotten' WHERE id = ?", waiting),
		} {
			if err == nil {
				t.Errorf("the store takes %s", what)
			}
		}
	})
}
