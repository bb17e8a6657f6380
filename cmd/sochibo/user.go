package main

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"sochibo/internal/account"
	"sochibo/internal/app"
	"sochibo/internal/auth"
	"sochibo/internal/identity"
	"sochibo/internal/org"
)

func (p *program) user() *cobra.Command {
	cmd := &cobra.Command{Use: "user", Short: "Users"}
	cmd.AddCommand(p.userCreate(), p.userReset(), p.userLink())
	return cmd
}

func (p *program) userCreate() *cobra.Command {
	var fullName string
	create := &cobra.Command{
		Use: "create NAME", Short: "Add a user; prints a one-time code, good for 24 hours, by which the user sets a password", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.with(cmd.Context(), func(a *app.App) error {
				if fullName == "" {
					fullName = args[0]
				}
				invited, err := a.Accounts.Create(cmd.Context(), auth.InstallationActor(), args[0], fullName)
				if err != nil {
					return err
				}
				p.invite(invited)
				return nil
			})
		},
	}
	create.Flags().StringVar(&fullName, "name", "", "the person's name")
	return create
}

func (p *program) userReset() *cobra.Command {
	var forget bool
	reset := &cobra.Command{
		Use: "reset NAME", Short: "Take a user's password away and end the user's sessions; prints a one-time code for another password", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.with(cmd.Context(), func(a *app.App) error {
				user, err := a.Auth.UserByName(cmd.Context(), args[0])
				if err != nil {
					return err
				}
				invited, err := a.Accounts.Reset(cmd.Context(), auth.InstallationActor(), user.ID, forget)
				if err != nil {
					return err
				}
				p.invite(invited)
				return nil
			})
		},
	}
	reset.Flags().BoolVar(&forget, "remove-totp", false, "turn the user's one-time passwords off as well")
	return reset
}

func (p *program) userLink() *cobra.Command {
	var in identity.Input
	link := &cobra.Command{
		Use: "link NAME", Short: "Let a person at the login provider log in as the user; the provider's refusal page shows issuer and subject", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.with(cmd.Context(), func(a *app.App) error {
				user, err := a.Auth.UserByName(cmd.Context(), args[0])
				if err != nil {
					return err
				}
				linked, err := a.Identities.Link(cmd.Context(), auth.InstallationActor(), user.ID, in)
				if err != nil {
					return err
				}
				fmt.Fprintf(p.stdout, "user %s (%s)\nidentity %s\n", user.Name, user.ID, linked.ID)
				return nil
			})
		},
	}
	link.Flags().StringVar(&in.Issuer, "issuer", "", "the provider, as it writes its issuer")
	link.Flags().StringVar(&in.Subject, "subject", "", "the person, as the provider writes the subject")
	return link
}

// invite prints the code that a user sets a password by; it is kept nowhere.
func (p *program) invite(invited account.Invited) {
	fmt.Fprintf(p.stdout, "user %s (%s)\none-time code, good for 24 hours: %s\n", invited.User.Name, invited.User.ID, invited.Code)
}

// tokenRequest is a token with the grant it needs; without an organisation the grant is on the installation.
type tokenRequest struct {
	user, role, organization, name string
	self                           bool
	days                           int
}

// issue grants the role, where the user does not have it yet, and makes a token within that grant.
func issue(ctx context.Context, a *app.App, r tokenRequest) (string, error) {
	actor := auth.InstallationActor()
	u, err := a.Auth.UserByName(ctx, r.user)
	if err != nil {
		return "", err
	}
	in := org.GrantInput{UserID: u.ID, Role: auth.Role(r.role), Reach: org.ReachSubtree}
	if r.self {
		in.Reach = org.ReachSelf
	}
	if r.organization != "" {
		o, err := a.Org.ByCode(ctx, actor, r.organization)
		if err != nil {
			return "", err
		}
		in.OrganizationID = &o.ID
	}
	grant, err := a.Org.EnsureGrant(ctx, actor, in)
	if err != nil {
		return "", err
	}
	name := r.name
	if name == "" {
		name = r.role
	}
	t := auth.TokenInput{User: u.ID, GrantID: grant.ID, Name: name}
	if r.days > 0 {
		t.ExpiresAt = a.DB().Now().Add(time.Duration(r.days) * 24 * time.Hour)
	}
	_, text, err := a.Auth.IssueToken(ctx, actor, t)
	return text, err
}

func (p *program) token() *cobra.Command {
	cmd := &cobra.Command{Use: "token", Short: "API tokens of users"}
	cmd.AddCommand(p.tokenCreate(), p.tokenList(), p.tokenRevoke())
	return cmd
}

func (p *program) tokenCreate() *cobra.Command {
	var r tokenRequest
	var installation bool
	cmd := &cobra.Command{
		Use: "create --user NAME --role ROLE (--organization CODE | --installation)", Short: "Grant a role and make a token for it; the token is shown once, on the last line", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.with(cmd.Context(), func(a *app.App) error {
				text, err := issue(cmd.Context(), a, r)
				if err != nil {
					return err
				}
				fmt.Fprintln(p.stdout, text)
				return nil
			})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&r.user, "user", "", "the user's name")
	flags.StringVar(&r.role, "role", "", "member, minutes_taker, secretary, superior, administrator or auditor")
	flags.StringVar(&r.organization, "organization", "", "the organisation's code")
	flags.BoolVar(&installation, "installation", false, "on the whole installation")
	flags.BoolVar(&r.self, "self", false, "on the organisation alone, without what is below it")
	flags.StringVar(&r.name, "name", "", "what the token is for")
	flags.IntVar(&r.days, "days", 0, "days until it expires (90 if not given, 365 at most)")
	for _, name := range []string{"user", "role"} {
		if err := cmd.MarkFlagRequired(name); err != nil {
			panic(fmt.Sprintf("flag %s: %v", name, err)) //nolint:forbidigo // a flag that was just defined
		}
	}
	cmd.MarkFlagsMutuallyExclusive("organization", "installation")
	cmd.MarkFlagsOneRequired("organization", "installation")
	return cmd
}

func (p *program) tokenList() *cobra.Command {
	var user string
	cmd := &cobra.Command{
		Use: "list --user NAME", Short: "List the tokens of a user", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.with(cmd.Context(), func(a *app.App) error {
				u, err := a.Auth.UserByName(cmd.Context(), user)
				if err != nil {
					return err
				}
				tokens, err := a.Auth.ListTokens(cmd.Context(), auth.InstallationActor(), u.ID)
				if err != nil {
					return err
				}
				for _, t := range tokens {
					state := "until " + t.ExpiresAt.UTC().Format(time.DateOnly)
					if t.RevokedAt != nil {
						state = "revoked"
					} else if !t.Usable(a.DB().Now()) {
						state = "expired"
					}
					fmt.Fprintf(p.stdout, "%s  %-20s  %s\n", t.ID, t.Name, state)
				}
				return nil
			})
		},
	}
	cmd.Flags().StringVar(&user, "user", "", "the user's name")
	if err := cmd.MarkFlagRequired("user"); err != nil {
		panic(err) //nolint:forbidigo // a flag that was just defined
	}
	return cmd
}

func (p *program) tokenRevoke() *cobra.Command {
	return &cobra.Command{
		Use: "revoke ID", Short: "Revoke a token at once", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := uuid.Parse(args[0])
			if err != nil {
				return auth.ErrTokenUnknown
			}
			return p.with(cmd.Context(), func(a *app.App) error {
				if _, err := a.Auth.RevokeToken(cmd.Context(), auth.InstallationActor(), id); err != nil {
					return err
				}
				fmt.Fprintln(p.stdout, "revoked")
				return nil
			})
		},
	}
}
