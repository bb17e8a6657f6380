package httpapi

import (
	"context"
	"time"

	"sochibo/internal/fault"
)

// ErrServerBusy refuses a request for which no place came free in time.
var ErrServerBusy = fault.Retry(fault.New(fault.Unavailable, "server_busy"), queueTime)

// queueTime is how long a request waits for a place: longer, and the caller would rather ask again.
const queueTime = time.Second

// gate bounds how many requests are worked on at once, and how many wait for that.
type gate struct {
	working chan struct{}
	waiting chan struct{}
}

// newGate returns a gate for that many at once; nil, which lets all pass, for none.
func newGate(most int) *gate {
	if most <= 0 {
		return nil
	}
	return &gate{working: make(chan struct{}, most), waiting: make(chan struct{}, most)}
}

// enter takes a place and returns what gives it back; faults: server_busy, canceled, timeout.
func (g *gate) enter(ctx context.Context) (leave func(), err error) {
	if g == nil {
		return func() {}, nil
	}
	leave = func() { <-g.working }
	select {
	case g.working <- struct{}{}:
		return leave, nil
	default:
	}
	select {
	case g.waiting <- struct{}{}:
		defer func() { <-g.waiting }()
	default:
		return nil, ErrServerBusy
	}
	timer := time.NewTimer(queueTime)
	defer timer.Stop()
	select {
	case g.working <- struct{}{}:
		return leave, nil
	case <-timer.C:
		return nil, ErrServerBusy
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
