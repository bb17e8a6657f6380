package auth

import (
	"regexp"
	"time"

	"sochibo/internal/fault"
	"sochibo/internal/text"
)

// The faults of users.
var (
	ErrUserUnknown  = fault.New(fault.NotFound, "user_unknown")
	ErrUserDisabled = fault.New(fault.Forbidden, "user_disabled")
	ErrNameTaken    = fault.New(fault.Conflict, "user_name_taken")
	ErrForbidden    = fault.New(fault.Forbidden, "forbidden")
)

// User is a person, or a program, that can call.
type User struct {
	ID         UserID `gorm:"primaryKey"`
	Name       string
	FullName   string
	DisabledAt *time.Time
	Version    int64
	CreatedAt  time.Time
	UpdatedAt  time.Time
}

// TableName names the table of users.
func (User) TableName() string { return "user_account" }

const maxFullName = 200

var userName = regexp.MustCompile(`^[a-z0-9][a-z0-9._@-]{0,63}$`)

// check cleans the texts of a new user and says what is wrong with them.
func (u *User) check() error {
	var faults fault.Fields
	faults.Check(userName.MatchString(u.Name), "/name", "user_name_malformed")
	full, err := text.Clean(u.FullName)
	if err != nil {
		f := fault.Classify(err)
		faults.Add(fault.Field{Pointer: "/full_name", Code: f.Code, Args: f.Args}) //fault:codes text_encoding text_control text_invisible
	}
	if faults.Check(err != nil || full != "", "/full_name", "field_required") {
		faults.Check(len([]rune(full)) <= maxFullName, "/full_name", "text_too_long", fault.Args{"limit": maxFullName})
	}
	u.FullName = full
	return faults.Err(fault.Invalid, "user_invalid")
}
