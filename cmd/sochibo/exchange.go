package main

import (
	"fmt"
	"os"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"sochibo/internal/app"
	"sochibo/internal/auth"
	"sochibo/internal/exchange"
)

func (p *program) imports() *cobra.Command {
	var dryRun bool
	cmd := &cobra.Command{
		Use:   "import DIR",
		Short: "Import a folder of CSV files, whole or not at all; every fault is named by file, line and column",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if info, err := os.Stat(args[0]); err != nil {
				return err
			} else if !info.IsDir() {
				return fmt.Errorf("%s is not a folder", args[0])
			}
			folder, err := os.OpenRoot(args[0]) // nothing outside of it is opened, whatever the folder holds
			if err != nil {
				return err
			}
			defer folder.Close() // only read
			return p.with(cmd.Context(), func(a *app.App) error {
				progress, done := p.progress()
				report, err := a.Exchange.Import(cmd.Context(), auth.InstallationActor(), folder.FS(), exchange.ImportOptions{DryRun: dryRun, Progress: progress})
				done()
				if err != nil {
					return err
				}
				p.sayReport(report)
				return nil
			})
		},
	}
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "say what would happen and write nothing")
	return cmd
}

func (p *program) sayReport(report exchange.Report) {
	for _, f := range report.Files {
		fmt.Fprintf(p.stdout, "%-24s %9d added %9d unchanged\n", f.Name, f.Added, f.Unchanged)
	}
	switch {
	case report.DryRun:
		fmt.Fprintln(p.stdout, "dry run: nothing was written")
	case !report.Changed():
		fmt.Fprintln(p.stdout, "nothing has changed")
	default:
		fmt.Fprintf(p.stdout, "%d rows added; the ledger stands at entry %d\n", report.Added(), report.Entry)
	}
}

func (p *program) exports() *cobra.Command {
	return &cobra.Command{
		Use:   "export DIR",
		Short: "Export everything as a folder of CSV files",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.with(cmd.Context(), func(a *app.App) error {
				progress, done := p.progress()
				report, err := a.Exchange.Export(cmd.Context(), auth.InstallationActor(), args[0], exchange.ExportOptions{Progress: progress})
				done()
				if err != nil {
					return err
				}
				for _, f := range report.Files {
					fmt.Fprintf(p.stdout, "%-24s %9d rows\n", f.Name, f.Added)
				}
				return nil
			})
		},
	}
}

func (p *program) sample() *cobra.Command {
	return &cobra.Command{
		Use:   "sample DIR",
		Short: "Write the sample as a folder, to read or to import",
		Args:  cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if err := exchange.WriteSample(args[0]); err != nil {
				return err
			}
			fmt.Fprintf(p.stdout, "the sample stands in %s; its README.md says what is invented\n", args[0])
			return nil
		},
	}
}

// progress shows a bar to a person, and one plain line for each step to a file.
func (p *program) progress() (exchange.Progress, func()) {
	if !terminal(p.stderr) {
		last := ""
		return func(step string, _, _ int64) {
			if step != last {
				last = step
				fmt.Fprintln(p.stderr, step)
			}
		}, func() {}
	}
	var bar *progressbar.ProgressBar
	current := ""
	return func(step string, done, total int64) {
			if step != current || bar == nil {
				current = step
				bar = progressbar.NewOptions64(total, progressbar.OptionSetWriter(p.stderr), progressbar.OptionSetDescription(step),
					progressbar.OptionClearOnFinish(), progressbar.OptionSetWidth(30), progressbar.OptionThrottle(100_000_000))
			}
			_ = bar.Set64(done)
		}, func() {
			if bar != nil {
				_ = bar.Finish()
			}
		}
}
