package auth

import (
	"github.com/google/uuid"

	"sochibo/internal/audit"
)

// UserID is the id of a user.
type UserID struct{ uuid.UUID }

// NewUserID returns a fresh id, later ones sorting after earlier ones.
func NewUserID() UserID { return UserID{uuid.Must(uuid.NewV7())} }

// Actor is who is calling: a user by a login session or by one of the user's tokens, or the installation.
type Actor struct {
	UserID       UserID
	TokenID      uuid.UUID
	SessionID    uuid.UUID
	SecondFactor bool      // the session was opened with a one-time password
	NeedsFactor  bool      // the installation asks for one where something is accepted
	Stale        bool      // the session's last proof of the person is too old for what is weighty
	GrantID      uuid.UUID // the one grant the call may use; the zero id means all of the user's grants
	Name         string
	Installation bool
}

// InstallationActor returns the actor of the command line, who may do everything.
func InstallationActor() Actor { return Actor{Name: "installation", Installation: true} }

// Principal returns a text that is the same for all calls of one user and differs between users.
func (a Actor) Principal() string {
	if a.Installation {
		return "installation"
	}
	return "user:" + a.UserID.String()
}

// Editor returns the user to name in a record, or nil for the installation.
func (a Actor) Editor() *UserID {
	if a.Installation {
		return nil
	}
	id := a.UserID
	return &id
}

// Act says for the log that the actor does this.
func (a Actor) Act(name string) audit.Act {
	act := audit.Act{Name: name, Actor: a.Principal()}
	switch {
	case a.inSession():
		act.Credential = "session:" + a.SessionID.String()
	case a.TokenID != (uuid.UUID{}):
		act.Credential = "token:" + a.TokenID.String()
	}
	return act
}

// CheckProof refuses a weighty act in a login session whose last proof of the person is too old.
//
// Faults: fresh_proof_needed.
func (a Actor) CheckProof() error {
	if a.inSession() && a.Stale {
		return ErrProofNeeded
	}
	return nil
}

// inSession reports whether the actor is a person who logged in.
func (a Actor) inSession() bool { return a.SessionID != (uuid.UUID{}) }
