package rules

import (
	"fmt"
	"strconv"
	"strings"
)

// Share is a ratio of whole numbers; what is measured is compared with it without rounding.
type Share struct{ N, D int64 }

const maxShare = 1_000_000

// ParseShare reads "90%", "2/3" or "3".
func ParseShare(text string) (Share, error) {
	number, divisor := text, "1"
	if before, is := strings.CutSuffix(text, "%"); is {
		number, divisor = before, "100"
	} else if before, after, is := strings.Cut(text, "/"); is {
		number, divisor = before, after
	}
	n, err1 := strconv.ParseInt(number, 10, 64)
	d, err2 := strconv.ParseInt(divisor, 10, 64)
	if err1 != nil || err2 != nil || n < 0 || d <= 0 || n > maxShare || d > maxShare {
		return Share{}, fmt.Errorf("%q is neither a percentage such as 90%% nor a ratio such as 2/3", text)
	}
	return Share{n, d}, nil
}

// compare returns how s stands to o: negative, 0 or positive.
func (s Share) compare(o Share) int64 { return s.N*o.D - o.N*s.D }

// String writes whole percentages as such.
func (s Share) String() string {
	if s.N*100%s.D == 0 {
		return strconv.FormatInt(s.N*100/s.D, 10) + "%"
	}
	return fmt.Sprintf("%d/%d", s.N, s.D)
}

// Least is a lower bound: at least the share, or more than it.
type Least struct {
	Share

	Above bool
}

func (l Least) holds(n, d int64) bool {
	by := Share{n, d}.compare(l.Share)
	return by > 0 || by == 0 && !l.Above
}

// Holds reports whether the ratio keeps the bound.
func (l Least) Holds(n, d int64) bool { return l.holds(n, d) }

// Most is an upper bound: at most the share, or less than it.
type Most struct {
	Share

	Below bool
}

func (m Most) holds(n, d int64) bool {
	by := Share{n, d}.compare(m.Share)
	return by < 0 || by == 0 && !m.Below
}

// Holds reports whether the ratio keeps the bound.
func (m Most) Holds(n, d int64) bool { return m.holds(n, d) }
