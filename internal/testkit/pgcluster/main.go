// Command pgcluster runs a command beside a throw-away PostgreSQL that all of its test processes share:
//
//	go run ./internal/testkit/pgcluster -- go test ./...
//
// The command finds the server in SOCHIBO_TEST_POSTGRES_URL; where that is set already, no server is started. Its exit status is
// the command's.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"sochibo/internal/testkit/cluster"
)

const urlVariable = "SOCHIBO_TEST_POSTGRES_URL"

func main() {
	os.Exit(run(context.Background(), os.Args[1:], os.Getenv, os.Stdin, os.Stdout, os.Stderr))
}

func run(
	ctx context.Context, args []string, getenv func(string) string, stdin io.Reader, stdout, stderr io.Writer,
) (status int) {
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	if len(args) == 0 {
		fmt.Fprintln(stderr, "usage: pgcluster -- COMMAND [ARGUMENT…]")
		return 2
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	url := getenv(urlVariable)
	if url == "" {
		server, err := cluster.Start(ctx)
		if err != nil {
			fmt.Fprintln(stderr, "pgcluster:", err)
			return 2
		}
		defer func() {
			if err := server.Stop(); err != nil {
				fmt.Fprintln(stderr, "pgcluster:", err)
				status = max(status, 2)
			}
		}()
		url = server.URL()
	}
	child := exec.CommandContext(ctx, args[0], args[1:]...)
	child.Env = append(os.Environ(), urlVariable+"="+url)
	child.Stdin, child.Stdout, child.Stderr = stdin, stdout, stderr
	return wait(child, signals, stderr)
}

// wait runs the command to its end. A Ctrl-C reaches it through the terminal as well, so that only the request to terminate is
// handed on.
func wait(child *exec.Cmd, signals <-chan os.Signal, stderr io.Writer) int {
	if err := child.Start(); err != nil {
		fmt.Fprintln(stderr, "pgcluster:", err)
		return 2
	}
	ended := make(chan error, 1)
	go func() { ended <- child.Wait() }()
	for {
		select {
		case caught := <-signals:
			if caught == syscall.SIGTERM {
				_ = child.Process.Signal(caught)
			}
		case err := <-ended:
			return statusOf(err, stderr)
		}
	}
}

func statusOf(err error, stderr io.Writer) int {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit) && exit.ExitCode() > 0:
		return exit.ExitCode()
	default:
		fmt.Fprintln(stderr, "pgcluster:", err)
		return 2
	}
}
