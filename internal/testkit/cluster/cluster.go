//go:build unix

package cluster

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// Cluster is a running throw-away PostgreSQL.
type Cluster struct {
	dir      string
	durable  bool
	lifeline *os.File // the watchdog waits for its end
	watchdog *exec.Cmd
}

// startTime is how long a slow machine may take to make and start a cluster.
const startTime = 2 * time.Minute

// Start makes a cluster and waits until it answers. It ends with Stop, with this process, or when nobody holds it any more.
func Start(ctx context.Context) (*Cluster, error) { return start(ctx, false) }

// StartDurable is Start with PostgreSQL's own settings for what a commit has to survive, for measurements.
func StartDurable(ctx context.Context) (*Cluster, error) { return start(ctx, true) }

func start(ctx context.Context, durable bool) (*Cluster, error) {
	bin, err := serverPrograms()
	if err != nil {
		return nil, err
	}
	account, err := serverAccount()
	if err != nil {
		return nil, err
	}
	dir, err := makeDir(account)
	if err != nil {
		return nil, err
	}
	c := &Cluster{dir: dir, durable: durable}
	if err := c.launch(ctx, bin, account); err != nil {
		return nil, errors.Join(fmt.Errorf("start test PostgreSQL: %w", err), c.Stop())
	}
	return c, nil
}

// URL leads to the cluster's maintenance database, as a superuser.
func (c *Cluster) URL() string {
	query := url.Values{"host": {c.dir}, "port": {"5432"}}
	return (&url.URL{Scheme: "postgres", User: url.User("postgres"), Path: "/postgres", RawQuery: query.Encode()}).String()
}

// Stop ends the cluster and removes its files.
func (c *Cluster) Stop() error {
	if c.watchdog == nil {
		return os.RemoveAll(c.dir)
	}
	err := c.lifeline.Close()
	return errors.Join(err, c.watchdog.Wait())
}

func (c *Cluster) launch(ctx context.Context, bin string, account *syscall.Credential) error {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	if err := c.initialize(ctx, bin, account); err != nil {
		return err
	}
	if err := c.watch(); err != nil {
		return err
	}
	log, err := os.Create(filepath.Join(c.dir, "log"))
	if err != nil {
		return err
	}
	defer log.Close()
	server := c.command(context.WithoutCancel(ctx), account, filepath.Join(bin, "postgres"), "-D", filepath.Join(c.dir, "data"))
	server.Stdout, server.Stderr = log, log
	if err := server.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Wait() }()
	return c.awaitAnswer(ctx, ended)
}

// initialize makes the data directory. Text is ordered by Vietnamese rules unless a column says otherwise, as on many real servers,
// so that a column which forgets to say so is noticed; a server built without ICU gets the plain order.
func (c *Cluster) initialize(ctx context.Context, bin string, account *syscall.Credential) error {
	data := filepath.Join(c.dir, "data")
	plain := []string{"-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"}
	vietnamese := append([]string{"--locale-provider=icu", "--icu-locale=vi"}, plain...)
	var out []byte
	var err error
	for _, args := range [][]string{vietnamese, plain} {
		if out, err = c.command(ctx, account, filepath.Join(bin, "initdb"), args...).CombinedOutput(); err == nil {
			break
		}
		if cleaned := os.RemoveAll(data); cleaned != nil {
			return cleaned
		}
	}
	if err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, bytes.TrimSpace(out))
	}
	return c.configure(filepath.Join(data, "postgresql.conf"))
}

// forgetful are settings that make tests faster and lose everything with the machine.
const forgetful = `
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
`

func (c *Cluster) configure(path string) error {
	file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(file, `
port = 5432
listen_addresses = ''
unix_socket_directories = '%s'
max_connections = 400
shared_buffers = 128MB
max_wal_size = 4GB
`, c.dir)
	if err == nil && !c.durable {
		_, err = file.WriteString(forgetful)
	}
	return errors.Join(err, file.Close())
}

// watchScript waits for the end of its input, which comes with Stop or with the death of the process that holds the other end.
const watchScript = `cat >/dev/null
pid=$(head -n 1 "$0/data/postmaster.pid" 2>/dev/null)
if [ -n "$pid" ]; then
  kill -QUIT "$pid" 2>/dev/null
  n=0
  while kill -0 "$pid" 2>/dev/null && [ "$n" -lt 100 ]; do sleep 0.05; n=$((n+1)); done
fi
rm -rf "$0"
`

// watch starts the watchdog in a process group of its own, where a Ctrl-C at the terminal does not reach it.
func (c *Cluster) watch() error {
	read, write, err := os.Pipe()
	if err != nil {
		return err
	}
	watchdog := exec.Command("sh", "-c", watchScript, c.dir)
	watchdog.Stdin = read
	watchdog.Dir = "/"
	watchdog.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := watchdog.Start(); err != nil {
		return errors.Join(err, read.Close(), write.Close())
	}
	c.lifeline, c.watchdog = write, watchdog
	return read.Close()
}

// awaitAnswer asks until the server answers or ends.
func (c *Cluster) awaitAnswer(ctx context.Context, ended <-chan error) error {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		conn, err := pgx.Connect(ctx, c.URL())
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case failed := <-ended:
			log, _ := os.ReadFile(filepath.Join(c.dir, "log"))
			return fmt.Errorf("the server ended: %w\n%s", failed, bytes.TrimSpace(log))
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		case <-tick.C:
		}
	}
}

func (c *Cluster) command(ctx context.Context, account *syscall.Credential, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = c.dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: account}
	for _, pair := range os.Environ() {
		if !strings.HasPrefix(pair, "PG") && !strings.HasPrefix(pair, "HOME=") {
			cmd.Env = append(cmd.Env, pair)
		}
	}
	cmd.Env = append(cmd.Env, "HOME="+c.dir)
	return cmd
}
