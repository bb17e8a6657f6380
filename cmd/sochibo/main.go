// Command sochibo is the session book of Party organisations: a server, its tools, and a demonstration in one binary.
//
//	@title						sochibo
//	@version					1.0
//	@description				The session book of Party organisations (sổ sinh hoạt chi bộ): meetings, attendance, minutes, and the figures that are reported from them.
//	@license.name				Apache-2.0
//	@license.url				https://www.apache.org/licenses/LICENSE-2.0
//	@securityDefinitions.apikey	Bearer
//	@in							header
//	@name						Authorization
//	@description				An API token after the word Bearer.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// version is set by the build.
var version = "dev"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Environ(), os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the whole program; tests call it. It returns the exit status: 0 done, 1 refused input or a fault found, 2 could
// not run.
func run(ctx context.Context, args, environ []string, stdout, stderr io.Writer) int {
	p := &program{environ: environ, stdout: stdout, stderr: stderr}
	root := p.root() //nolint:contextcheck // each command gets ctx from cobra
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	return p.exit(root.ExecuteContext(ctx))
}
