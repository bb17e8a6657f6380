// Package fault says how a request can fail: a kind, a stable code, arguments for the message, field faults and a hidden cause.
//
// It owns the codes' texts in Vietnamese and English (messages.vi.yaml, messages.en.yaml). A room names its codes where it makes
// its faults; a test reads the source of the whole module and fails for a code without texts and for a text without a code.
// Where a code is not written as a literal in the call, a directive beside it names it: //fault:codes one_code other_code
//
// Invariants: the zero Kind is Internal, so an error nobody classified is opaque to clients; a code is never reused or renamed;
// the cause is for the log alone.
//
// It may call no other room.
package fault
