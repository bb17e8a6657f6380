package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"sochibo/internal/app"
)

func (p *program) verify() *cobra.Command {
	return &cobra.Command{
		Use:   "verify",
		Short: "Recount the ledger: balances, entries, record versions, paths and obligations; names every fault",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.with(cmd.Context(), func(a *app.App) error {
				found, err := a.Verify(cmd.Context())
				if err != nil {
					return err
				}
				for _, m := range found {
					fmt.Fprintf(p.stdout, "%s: %s\n", m.Place, m.Detail)
				}
				erased, err := a.Erased(cmd.Context())
				if err != nil {
					return err
				}
				for _, line := range erased {
					fmt.Fprintln(p.stdout, line)
				}
				if len(found) > 0 {
					return errFound
				}
				fmt.Fprintln(p.stdout, "everything adds up")
				return nil
			})
		},
	}
}
