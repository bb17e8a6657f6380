package main

import (
	"context"
	"errors"
	"fmt"
	"net"

	"github.com/spf13/cobra"

	"sochibo/internal/app"
)

func (p *program) serve() *cobra.Command {
	var listen string
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the API; brings the schema up to date first",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx := cmd.Context()
			c, err := p.config()
			if err != nil {
				return err
			}
			if listen != "" {
				c.Listen = listen
			}
			if err := c.CheckListen(); err != nil {
				return err
			}
			logger := p.logger(c.LogLevel)
			a, err := app.Open(ctx, c, version, logger)
			if err != nil {
				return err
			}
			if err := a.CheckSafe(ctx); err != nil {
				return errors.Join(err, a.Close())
			}
			if _, err := a.Migrate(ctx); err != nil {
				return errors.Join(err, a.Close())
			}
			listener, err := bind(ctx, c.Listen)
			if err != nil {
				return errors.Join(err, a.Close())
			}
			logger.Info("serving", "address", listener.Addr().String(), "tls", c.TLSCertFile != "", "engine", string(a.DB().Engine()), "version", version)
			return errors.Join(a.Serve(ctx, listener), a.Close())
		},
	}
	cmd.Flags().StringVar(&listen, "listen", "", "host:port, instead of SOCHIBO_LISTEN")
	return cmd
}

func bind(ctx context.Context, address string) (net.Listener, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	return listener, nil
}
