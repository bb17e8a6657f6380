// Command convert reads the contract as swag wrote it and writes it beside as OpenAPI 3, with the examples of api/examples:
// convert [FOLDER], api if not given.
package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"sochibo/internal/openapi"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	folder := "api"
	if len(args) > 0 {
		folder = args[0]
	}
	swagger, err := os.ReadFile(filepath.Join(folder, "swagger.json"))
	if err != nil {
		return err
	}
	examples, err := readExamples()
	if err != nil {
		return err
	}
	jsonDoc, yamlDoc, err := openapi.Convert(swagger, examples)
	if err != nil {
		return err
	}
	return errors.Join(
		os.WriteFile(filepath.Join(folder, "openapi.json"), jsonDoc, 0o644),
		os.WriteFile(filepath.Join(folder, "openapi.yaml"), yamlDoc, 0o644),
	)
}

func readExamples() (map[string][]byte, error) {
	files, err := filepath.Glob("api/examples/*.json")
	if err != nil {
		return nil, err
	}
	examples := map[string][]byte{}
	for _, file := range files {
		if examples[filepath.Base(file)], err = os.ReadFile(file); err != nil {
			return nil, err
		}
	}
	return examples, nil
}
