package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"time"

	"sochibo/internal/account"
	"sochibo/internal/activity"
	"sochibo/internal/amendment"
	"sochibo/internal/auth"
	"sochibo/internal/briefing"
	"sochibo/internal/config"
	"sochibo/internal/database"
	"sochibo/internal/directive"
	"sochibo/internal/erasure"
	"sochibo/internal/exchange"
	"sochibo/internal/httpapi"
	"sochibo/internal/identity"
	"sochibo/internal/inspection"
	"sochibo/internal/ledger"
	"sochibo/internal/meeting"
	"sochibo/internal/member"
	"sochibo/internal/org"
	"sochibo/internal/proof"
	"sochibo/internal/rating"
	"sochibo/internal/resolution"
	"sochibo/internal/rules"
	"sochibo/internal/schedule"
	"sochibo/internal/structure"
	"sochibo/internal/study"
	"sochibo/internal/summary"
	"sochibo/internal/topic"
	"sochibo/internal/warning"
)

// App is the whole program over one store.
type App struct {
	config  config.Config
	version string
	logger  *slog.Logger
	db      *database.DB
	broken  error // why nothing can be served

	Auth        *auth.Service
	Org         *org.Service
	Accounts    *account.Service
	Identities  *identity.Service
	Members     *member.Service
	Rules       *rules.Service
	Ledger      *ledger.Service
	Topics      *topic.Service
	Directives  *directive.Service
	Briefings   *briefing.Service
	Resolutions *resolution.Service
	Meetings    *meeting.Service
	Schedules   *schedule.Service
	Amendments  *amendment.Service
	Erasures    *erasure.Service
	Structure   *structure.Service
	Studies     *study.Service
	Inspections *inspection.Service
	Warnings    *warning.Service
	Summaries   *summary.Service
	Activities  *activity.Service
	Ratings     *rating.Service
	Exchange    *exchange.Service
	Proofs      *proof.Service
}

// Open opens the store that the configuration names and builds the services over it. It does not touch the schema.
func Open(ctx context.Context, c config.Config, version string, logger *slog.Logger) (*App, error) {
	db, err := database.Open(ctx, c.DatabaseURL.Reveal(), database.Options{Logger: logger, Zone: c.Zone, MaxConns: c.MaxConns})
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	a := Over(db, c, version, logger)
	if a.broken != nil {
		return nil, errors.Join(a.broken, db.Close())
	}
	return a, nil
}

// Over builds the services over an open store. Rule sets that cannot be read fail whatever is done first.
func Over(db *database.DB, c config.Config, version string, logger *slog.Logger) *App {
	a := &App{config: c, version: version, logger: logger, db: db}
	zone := c.Zone
	var book *rules.Book
	book, a.broken = rules.Books(c.RulesDir)
	a.Auth = auth.NewWith(db, auth.Settings{
		SecretKey: c.Key(), RequireTOTP: c.TOTPRequired, FreshProof: time.Duration(c.FreshProof), ContextWords: org.NamesOfGrants,
	})
	a.Org = org.New(db, zone)
	a.Accounts = account.New(db, zone)
	a.Identities = identity.New(db, identity.Settings{
		Issuer: c.OIDC.Issuer, ClientID: c.OIDC.ClientID, ClientSecret: c.OIDC.ClientSecret.Reveal(), Name: c.OIDC.Name,
		PublicURL: c.PublicURL, ReturnOrigins: c.OIDC.ReturnOrigins, FactorAMR: c.OIDC.FactorAMR, FactorACR: c.OIDC.FactorACR,
	})
	a.Members = member.New(db, zone, rules.CountingOn)
	a.Rules = rules.New(db, book)
	a.Ledger = ledger.New(db, zone)
	a.Topics = topic.New(db, zone)
	a.Directives = directive.New(db, zone)
	a.Briefings = briefing.New(db, zone)
	a.Resolutions = resolution.New(db, meeting.Sealed(), meeting.Ballots)
	a.Meetings = meeting.New(db, zone)
	a.Schedules = schedule.New(db, zone)
	a.Amendments = amendment.New(db, zone)
	a.Erasures = erasure.New(db, zone)
	a.Structure = structure.New(db, zone)
	a.Studies = study.New(db, zone)
	a.Inspections = inspection.New(db, zone)
	a.Warnings = warning.New(db, zone, book)
	a.Summaries = summary.New(db, zone)
	a.Activities = activity.New(db, a.Summaries)
	a.Ratings = rating.New(db, zone, book)
	a.Exchange = exchange.NewWith(db, zone, book)
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
	keeping, stopKeeping := context.WithCancel(ctx)
	kept := make(chan struct{})
	go func() {
		defer close(kept)
		newHousekeeper(a).run(keeping)
	}()
	defer func() {
		stopKeeping()
		<-kept
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
