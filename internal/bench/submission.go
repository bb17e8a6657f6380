package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/database"
)

// writers is how many submit at once in the second half.
const writers = 8

// cell is where meetings are submitted.
type cell struct {
	id, path, chain string
	ancestors       []string // itself first
	members         []string
}

// submissions submits meetings of twelve, each in a month of its cell that had none.
func (b *bench) submissions(ctx context.Context) error {
	b.printf("\n### Submissions of a meeting with a roll of 12, durable\n\n")
	b.printf("| engine | writers | through the server, per second | the same statements, bare | server ÷ bare |\n|---|---:|---:|---:|---:|\n")
	for _, s := range b.stores {
		if err := b.submission(ctx, s); err != nil {
			return fmt.Errorf("submissions, %s: %w", s.engine, err)
		}
	}
	return nil
}

func (b *bench) submission(ctx context.Context, s store) (err error) {
	folder := shape{cells: 64, members: 12, months: 1}
	served, address, err := b.load(ctx, s, "submission", folder)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, served.stop()) }()
	if err := served.admit(ctx, auth.RoleSecretary); err != nil {
		return err
	}
	store, err := openBare(ctx, s.engine, address)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.close()) }()
	w := &writing{bench: b, served: served, store: store, postgres: s.engine == database.Postgres}
	if w.who, err = askerOf(ctx, store); err != nil {
		return err
	}
	if w.cells, err = cellsOf(ctx, store, folder); err != nil {
		return err
	}
	if w.postgres {
		if err := settle(ctx, address); err != nil {
			return err
		}
	}
	n := b.size.submissions
	for _, at := range []int{1, writers} {
		spreads, err := taking(b.size.rounds,
			func() error { return together(&w.next, at, n, func(i int) error { return w.post(ctx, i) }) },
			func() error { return together(&w.next, at, n, func(i int) error { return w.send(ctx, i) }) },
		)
		if err != nil {
			return err
		}
		b.printf("| %s | %d | %s | %s | %s |\n", s.engine, at, spreads[0].rates(n), spreads[1].rates(n), spreads[1].over(spreads[0]))
	}
	return nil
}

// writing submits meetings in both ways.
type writing struct {
	*bench
	served   server
	store    bare
	postgres bool
	who      asker
	cells    []cell
	next     atomic.Int64
}

// together does n things with so many writers, each with a number of its own.
func together(next *atomic.Int64, at, n int, thing func(i int) error) error {
	var group sync.WaitGroup
	failures := make([]error, at)
	for writer := range at {
		group.Go(func() {
			for range n / at {
				if err := thing(int(next.Add(1))); err != nil {
					failures[writer] = err
					return
				}
			}
		})
	}
	group.Wait()
	return errors.Join(failures...)
}

// slot is the cell and the month of the i-th submission; no two have the same.
func (w *writing) slot(i int) (cell, string) {
	return w.cells[i%len(w.cells)], month(1 + i/len(w.cells))
}

// post submits through the server.
func (w *writing) post(ctx context.Context, i int) error {
	body, err := submissionBody(w.slot(i))
	if err != nil {
		return err
	}
	return w.served.outside(ctx, http.MethodPost, "/api/v1/meetings", body, http.StatusCreated)
}

// submissionBody is a meeting of the cell in the month, with everybody there.
func submissionBody(c cell, m string) ([]byte, error) {
	return json.Marshal(map[string]any{
		"organization_id": c.id, "body": "cell", "forms": []string{"regular"}, "period_month": m,
		"started_at": m + "-03T14:00:00+07:00", "ended_at": m + "-03T15:30:00+07:00", "mode": "in_person", "place": "Phòng họp số 3",
		"title": "Sinh hoạt chi bộ", "chair_id": c.members[0], "minutes_taker_id": c.members[1],
		"attendance": map[string]any{"others": "present"}, "submit": true,
	})
}

// send sends the same statements without the server.
func (w *writing) send(ctx context.Context, i int) error {
	if err := w.who.authenticate(ctx, w.store); err != nil {
		return err
	}
	c, m := w.slot(i)
	sub := submission{
		writing: w, cell: c, month: m, day: m + "-03", id: uuid.Must(uuid.NewV7()).String(), now: time.Now().UTC().Truncate(time.Microsecond),
	}
	return w.store.transact(ctx, false, func(s sender) error {
		for _, step := range []func(context.Context, sender) error{sub.permit, sub.roster, sub.record, sub.ledger, sub.answer} {
			if err := step(ctx, s); err != nil {
				return err
			}
		}
		return nil
	})
}

// submission is one hand-written submission.
type submission struct {
	*writing
	cell       cell
	month, day string
	id         string
	now        time.Time
}

// statement is one step of a transaction.
type statement struct {
	sql  string
	args []any
}

func askAll(ctx context.Context, s sender, list []statement) error {
	for _, next := range list {
		if _, err := s.ask(ctx, next.sql, next.args...); err != nil {
			return err
		}
	}
	return nil
}

// permit asks twice, for writing and for submitting, and takes the locks.
func (m submission) permit(ctx context.Context, s sender) error {
	for range 2 {
		if err := m.who.authorize(ctx, s, m.cell.id); err != nil {
			return err
		}
	}
	lock := organizationSQL
	if m.postgres {
		if _, err := s.ask(ctx, treeLockSQL); err != nil {
			return err
		}
		lock += rowLockSQL
	}
	_, err := s.ask(ctx, lock, m.cell.id)
	return err
}

func (m submission) roster(ctx context.Context, s sender) error {
	within := []any{m.cell.id, m.day, m.day}
	var list []statement
	for _, who := range []string{onRoll, onVisit} {
		list = append(list,
			statement{fmt.Sprintf(membersSQL, who), within},
			statement{fmt.Sprintf(statusesSQL, who), append([]any{m.day, m.day}, within...)},
			statement{fmt.Sprintf(officesSQL, who), append([]any{m.cell.id, m.day, m.day}, within...)})
	}
	return askAll(ctx, s, append(list, statement{organizationSQL, []any{m.cell.id}}))
}

func (m submission) record(ctx context.Context, s sender) error {
	started, err := time.Parse(time.DateOnly, m.day)
	if err != nil {
		return err
	}
	started = started.Add(7 * time.Hour)
	ended := started.Add(90 * time.Minute)
	chair, taker := m.cell.members[0], m.cell.members[1]
	content := []byte(`{"format":"sochibo/record/2","roll":["` + strings.Repeat(m.id+`","`, 3*len(m.cell.members)) + `"]}`)
	sum := sha256.Sum256(content)
	roll := make([]any, 0, 10*len(m.cell.members))
	for _, who := range m.cell.members {
		roll = append(roll, m.id, who, "present", nil, nil, nil, nil, nil, nil, "base")
	}
	const title, key, place = "Sinh hoạt chi bộ", "sinh hoat chi bo", "Phòng họp số 3"
	for _, next := range []statement{
		{meetingSQL, []any{m.id, nil, m.cell.id, "cell", "regular", m.month, m.day, started, ended, nil, "in_person", place, "held", title, key, chair, taker,
			nil, nil, nil, nil, nil, nil, nil, false, nil, nil, false, 0, 1, m.now, m.now}},
		{saveSQL, []any{nil, "cell", "regular", m.month, m.day, started, ended, nil, "in_person", place, "submitted", title, key, chair, taker,
			nil, nil, nil, nil, nil, nil, nil, false, nil, nil, false, 1, 2, m.now, m.id, 1}},
		{editorSQL, []any{m.id, m.who.user, m.now}},
		{rollSQL(len(m.cell.members)), roll},
	} {
		if err := s.tell(ctx, next.sql, next.args...); err != nil {
			return err
		}
	}
	if err := m.parts(ctx, s); err != nil {
		return err
	}
	if _, err := s.ask(ctx, editorsSQL, m.id); err != nil {
		return err
	}
	if err := s.tell(ctx, versionSQL, m.id, content, sum[:], m.who.user, m.now); err != nil {
		return err
	}
	return s.tell(ctx, eventSQL, uuid.Must(uuid.NewV7()).String(), m.id, m.who.user, m.now)
}

func (m submission) parts(ctx context.Context, s sender) error {
	for _, query := range partsSQL {
		if _, err := s.ask(ctx, query, m.id); err != nil {
			return err
		}
	}
	return nil
}

// ledger posts the meeting, and that its month is covered and reported.
func (m submission) ledger(ctx context.Context, s sender) error {
	id := m.cell.id
	if err := askAll(ctx, s, []statement{
		{aboveSQL, []any{id}}, {organizationsSQL, []any{id}}, {termsSQL, []any{id}}, {excusedSQL, []any{id}},
		{metSQL, []any{id, m.month, m.month}}, {postedSQL(), []any{id, m.month, m.month}},
	}); err != nil {
		return err
	}
	if err := s.tell(ctx, pathSQL, m.cell.path, m.cell.chain); err != nil {
		return err
	}
	counted := []any{1, 0, 0, 1, 12, 12, 0, 0, 12, 12, 0, 0, 0, 0, 0, 90, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0}
	var balances []any
	for depth, organization := range m.cell.ancestors {
		for _, via := range []string{zeroID, m.cell.ancestors[max(0, depth-1)]} {
			balances = append(append(balances, organization, via, m.month, "cell", "submitted"), counted...)
		}
	}
	if err := s.tell(ctx, addBalanceSQL(2*len(m.cell.ancestors)), balances...); err != nil {
		return err
	}
	first, err := s.ask(ctx, advanceSQL, m.now, m.now)
	if err != nil {
		return err
	}
	number, ok := first.(int64)
	if !ok {
		return fmt.Errorf("the head of the ledger is %v", first)
	}
	settled := append([]any{}, counted...)
	for i := range settled[:17] {
		settled[i] = 0
	}
	entries := append([]any{number - 1, m.now, "submission", "meeting", m.id, 1, nil, m.cell.path, id, m.day, m.month, "cell", "submitted"}, counted...)
	entries = append(entries, number, m.now, "settlement", "obligation", id, nil, nil, m.cell.path, id, m.day, m.month, "cell", "submitted")
	return s.tell(ctx, entriesSQL(2), append(entries, settled...)...)
}

// answer reads what the answer shows.
func (m submission) answer(ctx context.Context, s sender) error {
	if err := m.parts(ctx, s); err != nil {
		return err
	}
	ids := make([]any, len(m.cell.members))
	for i, id := range m.cell.members {
		ids[i] = id
	}
	_, err := s.ask(ctx, `SELECT * FROM member WHERE id IN `+many(1, len(ids)), ids...)
	return err
}
