package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"time"

	"sochibo/internal/account"
	"sochibo/internal/amendment"
	"sochibo/internal/auth"
	"sochibo/internal/briefing"
	"sochibo/internal/config"
	"sochibo/internal/database"
	"sochibo/internal/directive"
	"sochibo/internal/erasure"
	"sochibo/internal/exchange"
	"sochibo/internal/httpapi"
	"sochibo/internal/inspection"
	"sochibo/internal/ledger"
	"sochibo/internal/meeting"
	"sochibo/internal/member"
	"sochibo/internal/org"
	"sochibo/internal/proof"
	"sochibo/internal/resolution"
	"sochibo/internal/structure"
	"sochibo/internal/study"
	"sochibo/internal/summary"
	"sochibo/internal/topic"
)

// App is the whole program over one store.
type App struct {
	config  config.Config
	version string
	logger  *slog.Logger
	db      *database.DB

	Auth        *auth.Service
	Org         *org.Service
	Accounts    *account.Service
	Members     *member.Service
	Ledger      *ledger.Service
	Topics      *topic.Service
	Directives  *directive.Service
	Briefings   *briefing.Service
	Resolutions *resolution.Service
	Meetings    *meeting.Service
	Amendments  *amendment.Service
	Erasures    *erasure.Service
	Structure   *structure.Service
	Studies     *study.Service
	Inspections *inspection.Service
	Summaries   *summary.Service
	Exchange    *exchange.Service
	Proofs      *proof.Service
}

// Open opens the store that the configuration names and builds the services over it. It does not touch the schema.
func Open(ctx context.Context, c config.Config, version string, logger *slog.Logger) (*App, error) {
	db, err := database.Open(ctx, c.DatabaseURL.Reveal(), database.Options{Logger: logger, Zone: c.Zone, MaxConns: c.MaxConns})
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	return Over(db, c, version, logger), nil
}

// Over builds the services over an open store.
func Over(db *database.DB, c config.Config, version string, logger *slog.Logger) *App {
	a := &App{config: c, version: version, logger: logger, db: db}
	zone := c.Zone
	a.Auth = auth.NewWith(db, auth.Settings{
		SecretKey: c.Key(), RequireTOTP: c.TOTPRequired, ContextWords: org.NamesOfGrants,
	})
	a.Org = org.New(db, zone)
	a.Accounts = account.New(db, zone)
	a.Members = member.New(db, zone)
	a.Ledger = ledger.New(db, zone)
	a.Topics = topic.New(db, zone)
	a.Directives = directive.New(db, zone)
	a.Briefings = briefing.New(db, zone)
	a.Resolutions = resolution.New(db, meeting.Sealed())
	a.Meetings = meeting.New(db, zone)
	a.Amendments = amendment.New(db, zone)
	a.Erasures = erasure.New(db, zone)
	a.Structure = structure.New(db, zone)
	a.Studies = study.New(db, zone)
	a.Inspections = inspection.New(db, zone)
	a.Summaries = summary.New(db, zone)
	a.Exchange = exchange.New(db, zone)
	a.Proofs = proof.New(db, signerOf(c))
	return a
}

// DB returns the store.
func (a *App) DB() *database.DB { return a.db }

// Close closes the store.
func (a *App) Close() error { return a.db.Close() }

// Serve answers requests on the listener, and metrics and profiles on a listener of their own where one is configured,
// until ctx ends.
func (a *App) Serve(ctx context.Context, listener net.Listener) error {
	handler, err := a.Handler() //nolint:contextcheck // each request has its own
	if err != nil {
		return err
	}
	pruning, stopPruning := context.WithCancel(ctx)
	pruned := make(chan struct{})
	go func() {
		defer close(pruned)
		a.prune(pruning)
	}()
	defer func() {
		stopPruning()
		<-pruned
	}()
	serve := func(ctx context.Context) error { return httpapi.Serve(ctx, listener, handler, a.logger) }
	if a.config.TLSCertFile != "" {
		serve = func(ctx context.Context) error {
			return httpapi.ServeTLS(ctx, listener, handler, a.logger, a.config.TLSCertFile, a.config.TLSKeyFile)
		}
	}
	if a.config.AdminListen == "" {
		return serve(ctx)
	}
	admin, err := (&net.ListenConfig{}).Listen(ctx, "tcp", a.config.AdminListen)
	if err != nil {
		return fmt.Errorf("listen for administration: %w", err)
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	results := make(chan error, 2)
	for _, serve := range []func(context.Context) error{
		serve, func(ctx context.Context) error { return httpapi.Serve(ctx, admin, a.adminHandler(), a.logger) },
	} {
		go func() {
			defer stop()
			results <- serve(ctx)
		}()
	}
	return errors.Join(<-results, <-results)
}

// pruneEvery is how often answers that were kept for repeated requests are looked through for old ones.
const pruneEvery = time.Hour

// prune removes kept answers that are past their time, now and then until ctx ends.
func (a *App) prune(ctx context.Context) {
	ticker := time.NewTicker(pruneEvery)
	defer ticker.Stop()
	for {
		if n, err := database.PruneReceipts(ctx, a.db); err != nil {
			a.logger.Warn("prune kept answers", "error", database.LogText(err))
		} else if n > 0 {
			a.logger.Info("pruned kept answers", "rows", n)
		}
		if err := a.Auth.Prune(ctx); err != nil {
			a.logger.Warn("prune attempts to log in", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}
