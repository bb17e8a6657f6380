package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"sochibo/internal/app"
	"sochibo/internal/config"
	"sochibo/internal/fault"
)

// program is what every command needs.
type program struct {
	environ        []string
	stdout, stderr io.Writer
	databaseURL    string
}

// errFound tells that a check ran and found faults; they are printed already.
var errFound = errors.New("faults were found")

func (p *program) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "sochibo",
		Short:         "The session book of Party organisations (sổ sinh hoạt chi bộ)",
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.PersistentFlags().StringVar(&p.databaseURL, "database-url", "", "sqlite:PATH or postgres://…, instead of SOCHIBO_DATABASE_URL")
	root.AddCommand(
		p.serve(), p.demo(), p.migrate(), p.imports(), p.exports(), p.sample(), p.summary(), p.user(), p.token(),
		p.verify(), p.log(), p.health(), p.version(),
	)
	return root
}

// exit turns the error of a command into the status, and says it once.
func (p *program) exit(err error) int {
	if err == nil {
		return 0
	}
	f, isFault := fault.As(err)
	switch {
	case errors.Is(err, errFound):
		return 1
	case isFault && f.Kind != fault.Internal && f.Kind != fault.Unavailable && f.Kind != fault.Timeout && f.Kind != fault.Canceled:
		p.sayFault(f)
		return 1
	default:
		fmt.Fprintf(p.stderr, "sochibo: %v\n", err)
		return 2
	}
}

// sayFault prints a fault and its fields, one on a line, places first.
func (p *program) sayFault(f *fault.Fault) {
	title, detail := fault.Message(p.lang(), f.Code, f.Args)
	fmt.Fprintf(p.stderr, "sochibo: %s: %s\n", title, detail)
	for _, field := range f.Fields {
		where := field.Place
		if where == "" {
			where = field.Pointer + field.Parameter
		}
		_, detail := fault.Message(p.lang(), field.Code, field.Args)
		fmt.Fprintf(p.stderr, "%s: %s\n", where, detail)
	}
}

// lang is the language of the terminal: Vietnamese where the locale says so.
func (p *program) lang() string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		for _, pair := range p.environ {
			if value, ok := strings.CutPrefix(pair, name+"="); ok && value != "" {
				if strings.HasPrefix(value, "vi") {
					return "vi"
				}
				return "en"
			}
		}
	}
	return "en"
}

func (p *program) config() (config.Config, error) {
	environ := p.environ
	if p.databaseURL != "" {
		kept := []string{"SOCHIBO_DATABASE_URL=" + p.databaseURL}
		for _, pair := range environ {
			if !strings.HasPrefix(pair, "SOCHIBO_DATABASE_URL") {
				kept = append(kept, pair)
			}
		}
		environ = kept
	}
	return config.Load(environ)
}

func (p *program) logger(level slog.Level) *slog.Logger {
	return slog.New(slog.NewJSONHandler(p.stderr, &slog.HandlerOptions{Level: level}))
}

// open opens the store that is configured, with its schema brought up to date.
func (p *program) open(ctx context.Context) (*app.App, error) {
	c, err := p.config()
	if err != nil {
		return nil, err
	}
	// That a statement is slow is news for whoever runs a server; a command says how far it is itself.
	a, err := app.Open(ctx, c, version, p.logger(max(c.LogLevel, slog.LevelError)))
	if err != nil {
		return nil, err
	}
	if _, err := a.Migrate(ctx); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

// with runs a command over the open store.
func (p *program) with(ctx context.Context, do func(*app.App) error) error {
	a, err := p.open(ctx)
	if err != nil {
		return err
	}
	return errors.Join(do(a), a.Close())
}

// terminal reports whether a person watches the writer.
func terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
