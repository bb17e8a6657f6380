package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"
)

// idle is how long a server rests before its memory is read.
const idle = 2 * time.Second

// process measures start, memory at rest and size.
func (b *bench) process(ctx context.Context) error {
	b.printf("\n### The process\n\n| engine | first start, with migrations | start to first answer | resident memory at rest |\n|---|---:|---:|---:|\n")
	for _, s := range b.stores {
		b.say("%s: starting %d times", s.engine, b.size.starts)
		if err := b.started(ctx, s); err != nil {
			return fmt.Errorf("process, %s: %w", s.engine, err)
		}
	}
	info, err := os.Stat(b.program)
	if err != nil {
		return err
	}
	b.printf("\nBinary: %.1f MiB.\n", float64(info.Size())/(1<<20))
	return nil
}

func (b *bench) started(ctx context.Context, s store) error {
	var first, again spread
	var rest int64
	for n := range b.size.starts {
		address, err := s.fresh(ctx, fmt.Sprintf("start%d", n))
		if err != nil {
			return err
		}
		for _, into := range []*spread{&first, &again} {
			c, took, err := b.serveChild(ctx, address)
			if err != nil {
				return err
			}
			*into = append(*into, took)
			if n == 0 && into == &again {
				err = pause(ctx, idle)
				rest = c.memory("VmRSS")
			}
			if err := errors.Join(err, c.stop()); err != nil {
				return err
			}
		}
	}
	b.printf("| %s | %s | %s | %s |\n", s.engine, first, again, mib(rest))
	return nil
}

func pause(ctx context.Context, span time.Duration) error {
	timer := time.NewTimer(span)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
