package ledger

import (
	"strings"

	"github.com/google/uuid"

	"sochibo/internal/org"
)

// pathSpace is the name space of path ids: a path id is the UUID of its chain, so that interning needs no question to
// the store.
var pathSpace = uuid.MustParse("6f6a1f0e-5b0e-5d3c-9a53-0d5a3c1b8e11")

// Path is a chain of organisations from one up to its root.
type Path struct {
	ID    uuid.UUID
	Chain []org.ID
}

// step is one organisation of a path, and the child through which the path reaches it.
type step struct {
	Depth        int
	Organization org.ID
	Via          org.ID
}

func newPath(chain []org.ID) Path {
	p := Path{Chain: chain}
	p.ID = uuid.NewSHA1(pathSpace, []byte(p.text()))
	return p
}

func (p Path) text() string {
	parts := make([]string, len(p.Chain))
	for i, id := range p.Chain {
		parts[i] = id.String()
	}
	return strings.Join(parts, "/")
}

func (p Path) steps() []step {
	steps := make([]step, len(p.Chain))
	for i, id := range p.Chain {
		via := id
		if i > 0 {
			via = p.Chain[i-1]
		}
		steps[i] = step{Depth: i, Organization: id, Via: via}
	}
	return steps
}

func parsePath(id uuid.UUID, text string) (Path, error) {
	p := Path{ID: id}
	for part := range strings.SplitSeq(text, "/") {
		parsed, err := uuid.Parse(part)
		if err != nil {
			return Path{}, err
		}
		p.Chain = append(p.Chain, org.ID{UUID: parsed})
	}
	return p, nil
}
