package openapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/getkin/kin-openapi/openapi2"
	"github.com/getkin/kin-openapi/openapi2conv"
	"github.com/getkin/kin-openapi/openapi3"
)

// Convert makes OpenAPI 3.0.3, as JSON and as YAML, from swag's Swagger 2.0. It returns every fault of the document at
// once: operations without summary, operationId or known tag, operationIds used twice, references that lead nowhere.
// Examples are request bodies by the name of their file, which begins with the operationId.
func Convert(swagger2 []byte, examples map[string][]byte) (jsonDoc, yamlDoc []byte, err error) {
	contract, err := readContract()
	if err != nil {
		return nil, nil, err
	}
	doc, err := upgrade(swagger2)
	if err != nil {
		return nil, nil, err
	}
	if err := repair(doc, contract); err != nil {
		return nil, nil, err
	}
	if err := addExamples(doc, examples); err != nil {
		return nil, nil, err
	}
	jsonDoc, yamlDoc, err = render(doc)
	if err != nil {
		return nil, nil, err
	}
	for _, document := range [][]byte{jsonDoc, yamlDoc} {
		if err := check(document); err != nil {
			return nil, nil, err
		}
	}
	return jsonDoc, yamlDoc, nil
}

// upgrade converts the document as it is, with the base path moved into the paths, because health checks lie outside it.
func upgrade(swagger2 []byte) (*openapi3.T, error) {
	named, err := nameSchemas(swagger2)
	if err != nil {
		return nil, err
	}
	var old openapi2.T
	if err := json.Unmarshal(named, &old); err != nil {
		return nil, fmt.Errorf("read Swagger 2.0: %w", err)
	}
	if base := old.BasePath; base != "" && base != "/" {
		paths := make(map[string]*openapi2.PathItem, len(old.Paths))
		for path, item := range old.Paths {
			paths[base+path] = item
		}
		old.Paths = paths
	}
	old.Host, old.BasePath, old.Schemes = "", "", nil
	if c := old.Info.Contact; c != nil && c.Name == "" && c.URL == "" && c.Email == "" {
		old.Info.Contact = nil
	}
	doc, err := openapi2conv.ToV3(&old)
	if err != nil {
		return nil, fmt.Errorf("convert to OpenAPI 3: %w", err)
	}
	if doc.Paths == nil {
		doc.Paths = openapi3.NewPaths()
	}
	return doc, nil
}

func repair(doc *openapi3.T, c contract) error {
	doc.Servers = openapi3.Servers{{URL: "/"}}
	bearer(doc)
	addShared(doc, c)
	var faults []error
	for place, op := range operations(doc) {
		faults = append(faults, repairOperation(place, op, c)...)
	}
	faults = append(faults, uniqueIDs(doc)...)
	keepReachable(doc)
	repairSchemas(doc, c)
	useTags(doc, c)
	return errors.Join(faults...)
}

// bearer replaces the header scheme, the only one Swagger 2.0 has for tokens, by what it stands for.
func bearer(doc *openapi3.T) {
	for name, scheme := range doc.Components.SecuritySchemes {
		if scheme.Value.Type != "apiKey" || scheme.Value.Name != "Authorization" {
			continue
		}
		description := scheme.Value.Description
		if description == "" {
			description = "A token of `sochibo token create`."
		}
		doc.Components.SecuritySchemes[name] = &openapi3.SecuritySchemeRef{
			Value: openapi3.NewSecurityScheme().WithType("http").WithScheme("bearer").WithDescription(description),
		}
	}
}

func check(document []byte) error {
	loader := openapi3.NewLoader()
	doc, err := loader.LoadFromData(document)
	if err != nil {
		return fmt.Errorf("read the converted document: %w", err)
	}
	if err := doc.Validate(context.Background()); err != nil {
		return fmt.Errorf("validate the converted document: %w", err)
	}
	return nil
}
