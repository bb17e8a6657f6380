// Command report reads `go test -json` and prints what a person wants to know: the output of what failed, then for each
// package how many tests ran on which engine. With -require it fails when an engine saw no test at all.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
)

func main() {
	require := flag.String("require", "", "engines that must have run tests, separated by commas")
	flag.Parse()
	if err := run(os.Stdin, os.Stdout, *require); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(in io.Reader, out io.Writer, require string) error {
	results, err := read(in, out)
	if err != nil {
		return err
	}
	results.print(out)
	if require != "" {
		return results.verdict(strings.Split(require, ","))
	}
	return results.verdict(nil)
}
