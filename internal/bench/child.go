package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"time"
)

// child is the built program in a process of its own.
type child struct {
	cmd   *exec.Cmd
	log   bytes.Buffer
	ended chan error
	begun time.Time
}

// unlimited lifts the limits on one caller: what is measured is the server.
func unlimited() []string {
	return []string{"SOCHIBO_RATE_READ=off", "SOCHIBO_RATE_WRITE=off", "SOCHIBO_RATE_EXPORT=off", "SOCHIBO_RATE_STRANGER=off"}
}

// start runs the program on a database. The process ends with the context, or with stop.
func (b *bench) start(ctx context.Context, address string, args ...string) (*child, error) {
	return b.startProgram(ctx, b.program, address, args...)
}

func (b *bench) startProgram(ctx context.Context, program, address string, args ...string) (*child, error) {
	c := &child{cmd: exec.CommandContext(ctx, program, args...), ended: make(chan error, 1)}
	c.cmd.Env = append(unlimited(), "SOCHIBO_DATABASE_URL="+address, "TMPDIR="+b.dir, "HOME="+b.dir, "SOCHIBO_LOG_LEVEL=ERROR")
	c.cmd.Stdout, c.cmd.Stderr = &c.log, &c.log
	c.begun = time.Now()
	if err := c.cmd.Start(); err != nil {
		return nil, err
	}
	go func() { c.ended <- c.cmd.Wait() }()
	return c, nil
}

// memory reads a figure of the process in KiB.
func (c *child) memory(name string) int64 {
	return kib(fileField("/proc/"+strconv.Itoa(c.cmd.Process.Pid)+"/status", name))
}

// toEnd waits for the process and returns how long it took and the most memory it ever held.
func (c *child) toEnd() (took time.Duration, peak int64, err error) {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case err := <-c.ended:
			if err != nil {
				err = fmt.Errorf("%w\n%s", err, c.log.String())
			}
			return time.Since(c.begun), peak, err
		case <-tick.C:
			peak = max(peak, c.memory("VmHWM"))
		}
	}
}

// serveChild starts the server and waits for its first answer.
func (b *bench) serveChild(ctx context.Context, address string) (*child, time.Duration, error) {
	listen, err := freeAddress(ctx)
	if err != nil {
		return nil, 0, err
	}
	c, err := b.serveProgram(ctx, b.program, address, listen)
	if err != nil {
		return nil, 0, err
	}
	return c, time.Since(c.begun), nil
}

// serveProgram starts a program as a server and waits for its first answer.
func (b *bench) serveProgram(ctx context.Context, program, address, listen string) (*child, error) {
	c, err := b.startProgram(ctx, program, address, "serve", "--listen", listen)
	if err != nil {
		return nil, err
	}
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for range tick.C {
		if ready(ctx, "http://"+listen+"/health/ready") {
			return c, nil
		}
		select {
		case err := <-c.ended:
			return nil, fmt.Errorf("the server ended: %w\n%s", err, c.log.String())
		default:
		}
		if time.Since(c.begun) > time.Minute {
			return nil, errors.Join(errors.New("the server does not answer"), c.stop())
		}
	}
	return nil, ctx.Err()
}

func ready(ctx context.Context, url string) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return false
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	_ = response.Body.Close()
	return response.StatusCode == http.StatusOK
}

// stop asks the process to end and waits for it.
func (c *child) stop() error {
	if err := c.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	return <-c.ended
}

func freeAddress(ctx context.Context) (string, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}
