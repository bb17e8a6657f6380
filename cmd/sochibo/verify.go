package main

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"sochibo/internal/app"
	"sochibo/internal/audit"
)

func (p *program) verify() *cobra.Command {
	var since, record, key string
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Hold the store against the ledger and the transparency log; names every place that is wrong",
		Long: `Hold the store against itself: balances are the sums of their entries, entries come from record versions, and every
record, entry and leaf is what the transparency log committed to. Names every place that is wrong; exit status 1 if there is one.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.with(cmd.Context(), func(a *app.App) error {
				options, err := verifyOptions(since, key)
				if err != nil {
					return err
				}
				if record != "" {
					return p.history(cmd.Context(), a, record)
				}
				found, err := a.Verify(cmd.Context(), options)
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
	cmd.Flags().StringVar(&since, "since", "", "a file with checkpoints that were kept, one or several: the log must still begin with each of them")
	cmd.Flags().StringVar(&key, "key", "", "a public key of the log, its present or an earlier one, instead of that of SOCHIBO_LOG_KEY")
	cmd.Flags().StringVar(&record, "record", "", "the id of a record: print what the log says about it")
	return cmd
}

func verifyOptions(since, key string) (app.VerifyOptions, error) {
	var o app.VerifyOptions
	if key != "" {
		var err error
		if o.Key, err = audit.ParseKey(key); err != nil {
			return o, fmt.Errorf("--key: %w", err)
		}
	}
	if since == "" {
		return o, nil
	}
	var err error
	o.Since, err = os.ReadFile(since)
	return o, err
}

// history prints the leaves that name a record, oldest first.
func (p *program) history(ctx context.Context, a *app.App, record string) error {
	leaves, err := a.History(ctx, record)
	if err != nil {
		return err
	}
	for _, l := range leaves {
		fmt.Fprintf(p.stdout, "%d  %s  %s  %s  %s\n", l.Number, l.RecordedAt, l.Act, l.Actor, l.Credential)
	}
	if len(leaves) == 0 {
		return fmt.Errorf("no leaf names %s", record)
	}
	return nil
}
