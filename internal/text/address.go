package text

import (
	"net/url"
	"strings"

	"sochibo/internal/fault"
)

// MaxAddress is how long the address of a page may be, in characters.
const MaxAddress = 2000

// IsAddress reports whether a text is the whole address of a page that may be linked: https, a host, no account, and no sign that an
// address has to escape.
func IsAddress(s string) bool {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.Opaque != "" {
		return false
	}
	return !strings.ContainsAny(s, " <>\"{}|\\^`")
}

// AddressAt cleans the address of a page in place; what is wrong with it is noted at the pointer.
func AddressAt(f *fault.Fields, pointer string, s *string) {
	CleanAt(f, pointer, s, MaxAddress)
	f.Check(*s == "" || IsAddress(*s), pointer, "address_malformed")
}

// OptionalAddressAt is AddressAt for an address that may be missing: an empty one becomes nil.
func OptionalAddressAt(f *fault.Fields, pointer string, s **string) {
	OptionalAt(f, pointer, s, MaxAddress)
	f.Check(*s == nil || IsAddress(**s), pointer, "address_malformed")
}
