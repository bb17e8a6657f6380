package main

import (
	"encoding/csv"
	"fmt"

	"github.com/spf13/cobra"

	"sochibo/internal/app"
	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/httpapi"
	"sochibo/internal/ledger"
	"sochibo/internal/summary"
)

func (p *program) summary() *cobra.Command {
	var f struct {
		from, to, groupBy, scope, basis, base, tree, lang string
		csv, json                                         bool
	}
	cmd := &cobra.Command{
		Use:   "summary CODE --from YYYY-MM --to YYYY-MM",
		Short: "Print the figures of an organisation over a period",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			period, err := calendar.ParsePeriod(f.from, f.to)
			if err != nil {
				return err
			}
			q := summary.Query{
				Period: period, GroupBy: summary.GroupBy(f.groupBy), Scope: summary.Scope(f.scope), Basis: ledger.Basis(f.basis),
				Base: summary.Base(f.base), Tree: summary.Tree(f.tree),
			}
			if err := q.Check(); err != nil {
				return err
			}
			if f.lang == "" {
				f.lang = p.lang()
			}
			return p.with(cmd.Context(), func(a *app.App) error {
				out, err := a.Summaries.ForCode(cmd.Context(), auth.InstallationActor(), args[0], q)
				if err != nil {
					return err
				}
				return p.printSummary(out, f.lang, f.csv, f.json)
			})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.from, "from", "", "first month")
	flags.StringVar(&f.to, "to", "", "last month, included")
	flags.StringVar(&f.groupBy, "group-by", "", "month, quarter, year or child")
	flags.StringVar(&f.scope, "scope", "subtree", "subtree or own")
	flags.StringVar(&f.basis, "basis", "submitted", "submitted or accepted")
	flags.StringVar(&f.base, "base", "eligible", "eligible, roster or eligible_minus_excused")
	flags.StringVar(&f.tree, "tree", "at_meeting", "at_meeting or current")
	flags.StringVar(&f.lang, "lang", "", "vi or en; the terminal's language if not given")
	flags.BoolVar(&f.csv, "csv", false, "as CSV")
	flags.BoolVar(&f.json, "json", false, "exactly the API's answer")
	for _, name := range []string{"from", "to"} {
		if err := cmd.MarkFlagRequired(name); err != nil {
			panic(fmt.Sprintf("flag %s: %v", name, err)) //nolint:forbidigo // a flag that was just defined
		}
	}
	cmd.MarkFlagsMutuallyExclusive("csv", "json")
	return cmd
}

// printSummary writes a summary as a table for people, as CSV, or exactly as the API answers.
func (p *program) printSummary(out summary.Summary, lang string, asCSV, asJSON bool) error {
	switch {
	case asJSON:
		body, err := httpapi.Encode(out)
		if err != nil {
			return err
		}
		_, err = p.stdout.Write(body)
		return err
	case asCSV:
		return csv.NewWriter(p.stdout).WriteAll(out.Records(lang))
	default:
		return out.Print(p.stdout, lang)
	}
}
