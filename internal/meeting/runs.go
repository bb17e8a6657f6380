package meeting

import "sochibo/internal/member"

// Runs counts how many sessions running each member was excused. The sessions of a year are added in the order in which they were held.
type Runs map[member.ID]int64

// Add goes on with the roll of the next session and returns the longest run that it continues. Who is not on a roll keeps the run; who is
// temporarily here has none.
func (r Runs) Add(roll []RollRow) (longest int64) {
	for _, row := range roll {
		if row.Status != Excused || row.Standing == member.Temporary {
			r[row.MemberID] = 0
			continue
		}
		r[row.MemberID]++
		longest = max(longest, r[row.MemberID])
	}
	return longest
}
