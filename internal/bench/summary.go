package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"sochibo/internal/auth"
	"sochibo/internal/database"
)

const zeroID = "00000000-0000-0000-0000-000000000000"

// asker is what the hand-written statements need to know of who asks.
type asker struct {
	user, grant, token, root string
	today                    string
}

// askerOf reads the ids of the one user there is.
func askerOf(ctx context.Context, store bare) (asker, error) {
	a := asker{today: time.Now().Format(time.DateOnly)}
	err := store.transact(ctx, true, func(s sender) error {
		for query, to := range map[string]*string{
			`SELECT CAST(id AS text) FROM user_account`:                                 &a.user,
			`SELECT CAST(id AS text) FROM role_grant`:                                   &a.grant,
			`SELECT CAST(id AS text) FROM api_token`:                                    &a.token,
			`SELECT CAST(id AS text) FROM organization WHERE code = '` + rootCode + `'`: &a.root,
		} {
			first, err := s.ask(ctx, query)
			if err != nil {
				return err
			}
			*to = fmt.Sprint(first)
		}
		return nil
	})
	return a, err
}

// authenticate is the transaction that every request begins with.
func (a asker) authenticate(ctx context.Context, store bare) error {
	return store.transact(ctx, true, func(s sender) error {
		_, err := s.ask(ctx, holderSQL, a.token)
		return err
	})
}

func (a asker) authorize(ctx context.Context, s sender, organization string) error {
	if _, err := s.ask(ctx, grantSQL, a.user, a.today, a.today, a.grant); err != nil {
		return err
	}
	_, err := s.ask(ctx, chainSQL, organization, a.today, a.today)
	return err
}

// summarize sends everything that a summary takes.
func (a asker) summarize(ctx context.Context, store bare, from, to string) error {
	if err := a.authenticate(ctx, store); err != nil {
		return err
	}
	return store.transact(ctx, true, func(s sender) error {
		if err := a.authorize(ctx, s, a.root); err != nil {
			return err
		}
		for _, next := range []struct {
			sql  string
			args []any
		}{
			{organizationSQL, []any{a.root}}, {headSQL, nil}, {balanceSQL(), []any{a.root, zeroID, from, to}}, {openingSQL(), []any{a.root, zeroID, from}},
		} {
			if _, err := s.ask(ctx, next.sql, next.args...); err != nil {
				return err
			}
		}
		return nil
	})
}

// balances sends the balance query alone.
func (a asker) balances(ctx context.Context, store bare, from, to string) error {
	return store.transact(ctx, true, func(s sender) error {
		_, err := s.ask(ctx, balanceSQL(), a.root, zeroID, from, to)
		return err
	})
}

// tree is a loaded folder that is summed up in four ways.
type tree struct {
	cells  int
	served server
	store  bare
	who    asker
	from   string
	to     string
}

// summaries asks for the summary of trees of different sizes, which take turns as well.
func (b *bench) summaries(ctx context.Context) error {
	b.printf("\n### Summary of the whole tree over %d months\n\n", b.size.treeMonths)
	b.printf("| engine | cells | in the handler | over the loopback | its statements, bare | balance query alone | handler ÷ statements | loopback ÷ statements | handler ÷ that of the first tree |\n")
	b.printf("|---|---:|---:|---:|---:|---:|---:|---:|---:|\n")
	for _, s := range b.stores {
		if err := b.summary(ctx, s); err != nil {
			return fmt.Errorf("summary, %s: %w", s.engine, err)
		}
	}
	return nil
}

func (b *bench) summary(ctx context.Context, s store) (err error) {
	var trees []tree
	defer func() {
		for _, t := range trees {
			err = errors.Join(err, t.store.close(), t.served.stop())
		}
	}()
	for _, cells := range b.size.trees {
		t, err := b.plant(ctx, s, shape{cells: cells, members: 2, months: b.size.treeMonths})
		if err != nil {
			return err
		}
		trees = append(trees, t)
	}
	n := b.size.summaries
	var things []func() error
	for _, t := range trees {
		for _, way := range t.ways(ctx) {
			things = append(things, times(n, way))
		}
	}
	spreads, err := taking(b.size.rounds, things...)
	if err != nil {
		return err
	}
	for i, t := range trees {
		own := spreads[4*i : 4*i+4]
		b.printf("| %s | %d | %s | %s | %s | %s | %s | %s | %s |\n", s.engine, t.cells, own[0].of(n), own[1].of(n), own[2].of(n), own[3].of(n),
			own[0].over(own[2]), own[1].over(own[2]), own[0].over(spreads[0]))
	}
	return nil
}

// plant loads a folder, and lets an auditor in.
func (b *bench) plant(ctx context.Context, s store, folder shape) (tree, error) {
	served, address, err := b.load(ctx, s, fmt.Sprintf("summary%d", folder.cells), folder)
	if err != nil {
		return tree{}, err
	}
	t := tree{cells: folder.cells, served: served, from: month(0), to: month(folder.months - 1)}
	if err := t.served.admit(ctx, auth.RoleAuditor); err != nil {
		return tree{}, errors.Join(err, served.stop())
	}
	if s.engine == database.Postgres {
		err = settle(ctx, address)
	}
	if err == nil {
		t.store, err = openBare(ctx, s.engine, address)
	}
	if err == nil {
		t.who, err = askerOf(ctx, t.store)
	}
	if err != nil {
		return tree{}, errors.Join(err, served.stop())
	}
	return t, nil
}

// ways are the handler, the loopback, the bare statements, and the one query that adds up.
func (t *tree) ways(ctx context.Context) []func() error {
	path := "/api/v1/organizations/" + t.who.root + "/summary?from=" + t.from + "&to=" + t.to
	return []func() error{
		func() error { return t.served.inside(ctx, http.MethodGet, path, nil, http.StatusOK) },
		func() error { return t.served.outside(ctx, http.MethodGet, path, nil, http.StatusOK) },
		func() error { return t.who.summarize(ctx, t.store, t.from, t.to) },
		func() error { return t.who.balances(ctx, t.store, t.from, t.to) },
	}
}
