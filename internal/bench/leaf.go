package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"

	"sochibo/internal/auth"
	"sochibo/internal/database"
)

// leaf compares the program with the same one whose writes leave no leaf: submissions by people who are logged in.
func (b *bench) leaf(ctx context.Context) error {
	without, err := b.leafless(ctx)
	if err != nil {
		return err
	}
	b.printf("\n### Submissions with the leaf and without\n\n")
	b.printf("| engine | writers | with login, leaf and posting, per second | the same without the leaf | with ÷ without |\n|---|---:|---:|---:|---:|\n")
	for _, s := range b.stores {
		if err := b.leafOn(ctx, s, without); err != nil {
			return fmt.Errorf("leaf, %s: %w", s.engine, err)
		}
	}
	return nil
}

func (b *bench) leafOn(ctx context.Context, s store, without string) (err error) {
	var sides []*side
	defer func() {
		for _, o := range sides {
			err = errors.Join(err, o.child.stop())
		}
	}()
	for name, program := range map[string]string{"leaf": b.program, "leafless": without} {
		o, err := b.open(ctx, s, name, program)
		if err != nil {
			return err
		}
		sides = append(sides, o)
	}
	with, bare := sides[0], sides[1]
	if with.program == without {
		with, bare = bare, with
	}
	if err := errors.Join(with.leaves(ctx, true), bare.leaves(ctx, false)); err != nil {
		return err
	}
	n := b.size.leaves
	for _, at := range []int{1, writers} {
		spreads, err := taking(b.size.rounds,
			func() error { return together(&with.next, at, n, func(i int) error { return with.post(ctx, i) }) },
			func() error { return together(&bare.next, at, n, func(i int) error { return bare.post(ctx, i) }) },
		)
		if err != nil {
			return err
		}
		b.printf("| %s | %d | %s | %s | %s |\n", s.engine, at, spreads[0].rates(n), spreads[1].rates(n), spreads[1].over(spreads[0]))
	}
	return nil
}

// side is one of the two programs over a database of its own, with somebody logged in.
type side struct {
	program string
	child   *child
	store   bare
	server  server
	cells   []cell
	next    atomic.Int64
}

// open loads a database, starts the program on it and logs in.
func (b *bench) open(ctx context.Context, s store, name, program string) (*side, error) {
	folder := shape{cells: 64, members: 12, months: 1}
	loaded, address, err := b.load(ctx, s, name, folder)
	if err != nil {
		return nil, err
	}
	code, err := loaded.secretary(ctx)
	if err := errors.Join(err, loaded.stop()); err != nil {
		return nil, err
	}
	o := &side{program: program}
	if o.store, err = openBare(ctx, s.engine, address); err != nil {
		return nil, err
	}
	if o.cells, err = cellsOf(ctx, o.store, folder); err != nil {
		return nil, errors.Join(err, o.store.close())
	}
	if s.engine == database.Postgres {
		if err := settle(ctx, address); err != nil {
			return nil, err
		}
	}
	listen, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	if o.child, err = b.serveProgram(ctx, program, address, listen); err != nil {
		return nil, err
	}
	o.server = server{client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: writers}}, address: "http://" + listen}
	return o, o.logIn(ctx, code)
}

// secretary makes somebody who may submit anywhere, and returns the code with which to set a password.
func (s *server) secretary(ctx context.Context) (code string, err error) {
	if err := s.admit(ctx, auth.RoleSecretary); err != nil {
		return "", err
	}
	user, err := s.app.Auth.UserByName(ctx, string(auth.RoleSecretary))
	if err != nil {
		return "", err
	}
	invited, err := s.app.Accounts.Reset(ctx, auth.InstallationActor(), user.ID, false)
	return invited.Code, err
}

const password = "bốn chú trâu xanh ra đồng"

// logIn sets a password and opens a session, whose secret stands for the caller from then on.
func (o *side) logIn(ctx context.Context, code string) error {
	name := string(auth.RoleSecretary)
	set, err := json.Marshal(map[string]string{"name": name, "code": code, "password": password})
	if err != nil {
		return err
	}
	if err := o.server.outside(ctx, http.MethodPost, "/api/v1/password-settings", set, http.StatusNoContent); err != nil {
		return err
	}
	login, err := json.Marshal(map[string]string{"name": name, "password": password})
	if err != nil {
		return err
	}
	answer, err := o.server.answer(ctx, http.MethodPost, "/api/v1/login-sessions", login, http.StatusCreated)
	if err != nil {
		return err
	}
	var opened struct{ Token string }
	err = json.Unmarshal(answer, &opened)
	o.server.token = opened.Token
	return err
}

func (o *side) post(ctx context.Context, i int) error {
	body, err := submissionBody(o.cells[i%len(o.cells)], month(1+i/len(o.cells)))
	if err != nil {
		return err
	}
	return o.server.outside(ctx, http.MethodPost, "/api/v1/meetings", body, http.StatusCreated)
}

// leaves makes sure that the program is the one it is taken for: one submission leaves a leaf, or none.
func (o *side) leaves(ctx context.Context, wanted bool) error {
	count := func() (n any, err error) {
		err = o.store.transact(ctx, true, func(s sender) (err error) {
			n, err = s.ask(ctx, `SELECT count(*) FROM log_leaf`)
			return err
		})
		return n, err
	}
	before, err := count()
	if err != nil {
		return err
	}
	if err := o.post(ctx, int(o.next.Add(1))); err != nil {
		return err
	}
	after, err := count()
	if err == nil && (before != after) != wanted {
		err = fmt.Errorf("%s: %v leaves before a submission, %v after", o.program, before, after)
	}
	return errors.Join(err, o.store.close())
}
