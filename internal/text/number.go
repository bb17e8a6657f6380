package text

import (
	"strconv"
	"strings"
)

// FormatInt writes a number as Vietnamese readers expect it: 1234567 as 1.234.567.
func FormatInt(n int64) string {
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	head := len(digits) % 3
	groups := make([]string, 0, len(digits)/3+1)
	if head > 0 {
		groups = append(groups, digits[:head])
	}
	for ; head < len(digits); head += 3 {
		groups = append(groups, digits[head:head+3])
	}
	return sign + strings.Join(groups, ".")
}

// Percent writes a percentage with one decimal as Vietnamese readers expect it: 92.7 as 92,7 %.
func Percent(percent float64) string {
	return strings.Replace(strconv.FormatFloat(percent, 'f', 1, 64), ".", ",", 1) + " %"
}
