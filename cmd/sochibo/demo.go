package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"sochibo/internal/app"
	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/config"
	"sochibo/internal/exchange"
)

func (p *program) demo() *cobra.Command {
	var listen string
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Serve the sample from a throw-away database; prints what to open, tokens, and a line to try",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			dir, err := os.MkdirTemp("", "sochibo-demo-")
			if err != nil {
				return err
			}
			return errors.Join(p.runDemo(cmd.Context(), dir, listen), os.RemoveAll(dir))
		},
	}
	cmd.Flags().StringVar(&listen, "listen", "", "host:port, instead of SOCHIBO_LISTEN; a free port where the usual one is taken")
	return cmd
}

func (p *program) runDemo(ctx context.Context, dir, listen string) error {
	p.databaseURL = "sqlite:" + filepath.Join(dir, "demo.db")
	c, err := p.config()
	if err != nil {
		return err
	}
	secret, _, err := audit.NewKey("sochibo.demo/log")
	if err != nil {
		return err
	}
	c.LogKey = config.Secret(secret)
	c.TLSCertFile, c.TLSKeyFile = "", "" // invented people need none, and the lines to try should work as they stand
	a, err := app.Open(ctx, c, version, p.logger(slog.LevelWarn))
	if err != nil {
		return err
	}
	defer a.Close() // thrown away
	if _, err := a.Migrate(ctx); err != nil {
		return err
	}
	report, err := a.Exchange.Import(ctx, auth.InstallationActor(), exchange.Sample(), exchange.ImportOptions{})
	if err != nil {
		return err
	}
	listener, err := demoListener(ctx, c, listen)
	if err != nil {
		return err
	}
	if err := p.introduce(ctx, a, report, "http://"+listener.Addr().String()); err != nil {
		return errors.Join(err, listener.Close())
	}
	return a.Serve(ctx, listener)
}

// demoListener takes the usual address, or a free port where another program has it.
func demoListener(ctx context.Context, c config.Config, listen string) (net.Listener, error) {
	if listen != "" {
		return bind(ctx, listen)
	}
	listener, err := bind(ctx, c.Listen)
	if err == nil {
		return listener, nil
	}
	return bind(ctx, "127.0.0.1:0")
}

// introduce makes a user and a token for each of three roles and says what to do with them.
func (p *program) introduce(ctx context.Context, a *app.App, report exchange.Report, address string) error {
	fmt.Fprintf(p.stdout, "sochibo %s: the sample is loaded (%d rows), its people are invented\n\n", version, report.Added())
	fmt.Fprintf(p.stdout, "  open    %s/docs\n\n", address)
	var auditor string
	for _, who := range []struct {
		name, full, code string
		role             auth.Role
	}{
		{"thu-ky-th", "Bí thư chi bộ (dùng thử)", "VPUB-TH", auth.RoleSecretary},
		{"cap-tren", "Cấp ủy cấp trên (dùng thử)", "VPUB", auth.RoleSuperior},
		{"kiem-toan", "Kiểm tra số liệu (dùng thử)", "DBK", auth.RoleAuditor},
	} {
		if _, err := a.Auth.CreateUser(ctx, auth.InstallationActor(), who.name, who.full); err != nil {
			return err
		}
		token, err := issue(ctx, a, tokenRequest{user: who.name, role: string(who.role), organization: who.code})
		if err != nil {
			return err
		}
		fmt.Fprintf(p.stdout, "  %-10s of %-8s %s\n", who.role, who.code, token)
		auditor = token
	}
	o, err := a.Org.ByCode(ctx, auth.InstallationActor(), "VPUB")
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "\n  try     curl -s -H 'Authorization: Bearer %s' '%s/api/v1/organizations/%s/summary?from=2015-09&to=2018-04'\n\nCtrl-C ends it and removes the database.\n", auditor, address, o.ID)
	return nil
}
