package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"sochibo/internal/app"
	"sochibo/internal/audit"
)

// log returns the commands about the transparency log.
func (p *program) log() *cobra.Command {
	cmd := &cobra.Command{Use: "log", Short: "Keys and checkpoints of the transparency log"}
	var origin string
	key := &cobra.Command{
		Use:   "key FILE",
		Short: "Make a key that signs checkpoints; prints the public one, which whoever verifies needs",
		Args:  cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			secret, public, err := audit.NewKey(origin)
			if err != nil {
				return err
			}
			file, err := os.OpenFile(args[0], os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
			if err != nil {
				return err
			}
			if _, err := fmt.Fprintln(file, secret); err != nil {
				return err
			}
			fmt.Fprintln(p.stdout, public)
			return file.Close()
		},
	}
	key.Flags().StringVar(&origin, "origin", "", "the name of the log, such as the host name of the server and /log")
	_ = key.MarkFlagRequired("origin")
	cmd.AddCommand(key, &cobra.Command{
		Use:   "checkpoint",
		Short: "Sign the log as it is now and print the checkpoint; keep it where nobody of this server can change it",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.with(cmd.Context(), func(a *app.App) error {
				signed, err := a.Proofs.Checkpoint(cmd.Context())
				if err == nil {
					fmt.Fprint(p.stdout, signed)
				}
				return err
			})
		},
	})
	return cmd
}
