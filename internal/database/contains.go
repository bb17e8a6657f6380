package database

// Contains returns the condition that a column of bytes holds a text, with one place for the text.
func Contains(tx *Tx, column string) string {
	if tx.Engine() == Postgres {
		return "position(convert_to(CAST(? AS text), 'UTF8') IN " + column + ") > 0"
	}
	return "instr(CAST(" + column + " AS TEXT), ?) > 0"
}
