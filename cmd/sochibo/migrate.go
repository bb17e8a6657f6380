package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"sochibo/internal/app"
	"sochibo/internal/database"
)

func (p *program) migrate() *cobra.Command {
	cmd := &cobra.Command{Use: "migrate", Short: "Bring the schema up to date, or show what is applied"}
	cmd.AddCommand(
		&cobra.Command{
			Use: "up", Short: "Apply what is missing", Args: cobra.NoArgs,
			RunE: func(cmd *cobra.Command, _ []string) error {
				return p.withoutMigrating(cmd, func(a *app.App) error {
					applied, err := a.Migrate(cmd.Context())
					if err != nil {
						return err
					}
					for _, name := range applied {
						fmt.Fprintln(p.stdout, "applied", name)
					}
					if len(applied) == 0 {
						fmt.Fprintln(p.stdout, "the schema is up to date")
					}
					return nil
				})
			},
		},
		&cobra.Command{
			Use: "status", Short: "Show which migrations are applied", Args: cobra.NoArgs,
			RunE: func(cmd *cobra.Command, _ []string) error {
				return p.withoutMigrating(cmd, func(a *app.App) error {
					migrations, err := database.MigrationStatus(cmd.Context(), a.DB())
					if err != nil {
						return err
					}
					for _, m := range migrations {
						when := "pending"
						if m.AppliedAt != nil {
							when = m.AppliedAt.UTC().Format("2006-01-02T15:04:05Z")
						}
						fmt.Fprintf(p.stdout, "%-32s %s\n", m.Name, when)
					}
					return nil
				})
			},
		},
	)
	return cmd
}

func (p *program) withoutMigrating(cmd *cobra.Command, do func(*app.App) error) error {
	c, err := p.config()
	if err != nil {
		return err
	}
	a, err := app.Open(cmd.Context(), c, version, p.logger(c.LogLevel))
	if err != nil {
		return err
	}
	defer a.Close() // nothing is left to lose
	return do(a)
}
