package exchange

// Progress is told how far a step has come: read files in bytes, everything else in rows.
type Progress func(step string, done, total int64)

// FileReport says what became of the rows of one file.
type FileReport struct {
	Name      string
	Added     int64
	Unchanged int64
}

// Report says what an import added, or how many rows an export wrote (as Added).
type Report struct {
	Files []FileReport
	// Entry is the number of the ledger's last entry after an import.
	Entry int64
	// DryRun tells that nothing was kept.
	DryRun bool
}

// Changed reports whether the import added anything.
func (r Report) Changed() bool { return r.Added() > 0 }

// Added returns the number of rows added in all files.
func (r Report) Added() int64 {
	var n int64
	for _, f := range r.Files {
		n += f.Added
	}
	return n
}

// Unchanged returns the number of rows that the store had already.
func (r Report) Unchanged() int64 {
	var n int64
	for _, f := range r.Files {
		n += f.Unchanged
	}
	return n
}
