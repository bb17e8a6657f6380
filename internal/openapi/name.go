package openapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// nameSchemas names the types that have no //@name after their Go name, without the package: meeting.status becomes
// Status. Two types that would share a name are a fault, for a client would know only one of them.
func nameSchemas(swagger2 []byte) ([]byte, error) {
	var doc map[string]json.RawMessage
	if err := json.Unmarshal(swagger2, &doc); err != nil {
		return nil, fmt.Errorf("read Swagger 2.0: %w", err)
	}
	var definitions map[string]json.RawMessage
	if raw := doc["definitions"]; raw != nil {
		if err := json.Unmarshal(raw, &definitions); err != nil {
			return nil, fmt.Errorf("read the definitions: %w", err)
		}
	}
	renamed := make(map[string]json.RawMessage, len(definitions))
	names := make(map[string]string, len(definitions))
	var faults []error
	for _, old := range slices.Sorted(maps.Keys(definitions)) {
		name := schemaName(old)
		if renamed[name] != nil {
			faults = append(faults, fmt.Errorf("%s: another type is called %s already; give it a //@name", old, name))
		}
		renamed[name], names[old] = definitions[old], name
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	raw, err := json.Marshal(renamed)
	if err != nil {
		return nil, fmt.Errorf("write the definitions: %w", err)
	}
	doc["definitions"] = raw
	out, err := json.Marshal(doc)
	if err != nil {
		return nil, fmt.Errorf("write Swagger 2.0: %w", err)
	}
	for old, name := range names {
		out = bytes.ReplaceAll(out, []byte(`"#/definitions/`+old+`"`), []byte(`"#/definitions/`+name+`"`))
	}
	return out, nil
}

func schemaName(old string) string {
	name := old[strings.LastIndex(old, ".")+1:]
	return strings.ToUpper(name[:1]) + name[1:]
}
