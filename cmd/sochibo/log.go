package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

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
			if err := writeKey(args[0], secret); err != nil {
				return err
			}
			fmt.Fprintln(p.stdout, public)
			return nil
		},
	}
	key.Flags().StringVar(&origin, "origin", "", "the name of the log, such as the host name of the server and /log")
	_ = key.MarkFlagRequired("origin")
	cmd.AddCommand(key, p.rotate(), &cobra.Command{
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

// writeKey writes a secret key into a new file, for its owner's eyes alone, and waits until it is on the disk.
func writeKey(path, secret string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(file, secret)
	return errors.Join(err, file.Sync(), file.Close())
}

// rotate returns the command that puts a new key in the place of the configured one.
func (p *program) rotate() *cobra.Command {
	return &cobra.Command{
		Use:   "rotate FILE",
		Short: "Let another key sign checkpoints from now on: the one in FILE, which is made if it is not there",
		Long: `Appends a leaf that names the new key and is signed by the old and by the new one. From that leaf on the new key signs
checkpoints, and the old one does so no longer: let SOCHIBO_LOG_KEY_FILE name the new file and restart the server. Prints the new
public key and the signed statement; keep both beside the checkpoints.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.with(cmd.Context(), func(a *app.App) error {
				if a.Origin() == "" {
					return audit.ErrNoKey
				}
				secret, err := newOrKept(args[0], a.Origin())
				if err != nil {
					return err
				}
				rotation, signed, err := a.RotateKey(cmd.Context(), secret)
				if err == nil {
					fmt.Fprintf(p.stdout, "%s\n\n%s", rotation.New, signed)
				}
				return err
			})
		},
	}
}

// newOrKept returns the secret key in the file, a new one where there is no file.
func newOrKept(path, origin string) (string, error) {
	text, err := os.ReadFile(path)
	if !errors.Is(err, os.ErrNotExist) {
		return strings.TrimSpace(string(text)), err
	}
	secret, _, err := audit.NewKey(origin)
	if err != nil {
		return "", err
	}
	return secret, writeKey(path, secret)
}
