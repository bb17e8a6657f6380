// Package rating judges sessions by the rubric in force: the cell rates itself, the organisation above confirms or sets another grade.
//
// It owns the table rating. What the records say is computed and shown with its numbers; what only people can judge is asked.
//
// Invariants: a judgement keeps what it was computed from and is never changed, neither by other rules nor by another roll; the last one
// of a stage stands; nobody confirms what they rated, nor a record that they wrote on; a grade is confirmed once for each self-rating.
//
// It may call what meeting may, meeting, rules, ledger and summary, whose ratios it shows.
package rating
