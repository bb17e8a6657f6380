package fault

// Field is one fault in one place of the input: a JSON pointer, a query or path parameter, or a line of a file.
type Field struct {
	Pointer   string
	Parameter string
	Place     string // "file:line: column"
	Code      string
	Args      Args
}

// String says where and what, for logs and terminals.
func (f Field) String() string {
	for _, where := range []string{f.Place, f.Pointer, f.Parameter} {
		if where != "" {
			return where + ": " + f.Code
		}
	}
	return f.Code
}

// Fields collects faults, so that one answer names all of them. The zero value is ready.
type Fields struct {
	list []Field
}

// Check notes a fault at the JSON pointer unless ok, and returns ok.
func (f *Fields) Check(ok bool, pointer, code string, args ...Args) bool {
	if !ok {
		f.Add(Field{Pointer: pointer, Code: code, Args: joined(args)})
	}
	return ok
}

// Param notes a fault of the query or path parameter unless ok, and returns ok.
func (f *Fields) Param(ok bool, parameter, code string, args ...Args) bool {
	if !ok {
		f.Add(Field{Parameter: parameter, Code: code, Args: joined(args)})
	}
	return ok
}

// At notes a fault at a place of a file.
func (f *Fields) At(place, code string, args ...Args) {
	f.Add(Field{Place: place, Code: code, Args: joined(args)})
}

// Add notes a fault.
func (f *Fields) Add(field Field) { f.list = append(f.list, field) }

// Len returns how many faults were noted.
func (f *Fields) Len() int { return len(f.list) }

// All returns the faults noted so far.
func (f *Fields) All() []Field { return f.list }

// Err returns a fault of the kind and code that holds all noted ones, or nil if there are none.
func (f *Fields) Err(kind Kind, code string) error {
	if len(f.list) == 0 {
		return nil
	}
	return &Fault{Kind: kind, Code: code, Fields: f.list}
}

// joined merges the optional arguments of a call into one set.
func joined(args []Args) Args {
	switch len(args) {
	case 0:
		return nil
	case 1:
		return args[0]
	}
	merged := Args{}
	for _, a := range args {
		for name, value := range a {
			merged[name] = value
		}
	}
	return merged
}
