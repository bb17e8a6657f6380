package dbtest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"sochibo/internal/database"
	"sochibo/internal/testkit/cluster"
)

// URLVariable names the environment variable that leads to a PostgreSQL all test processes share: the URL of a superuser.
const URLVariable = "SOCHIBO_TEST_POSTGRES_URL"

// templateLock is the advisory lock under which processes make the template.
const templateLock = 7_405_211

// patience is how long making or dropping a database may take on a busy machine.
const patience = 2 * time.Minute

// postgres is the server of this process's tests, started when the first of them needs it.
var postgres = sync.OnceValues(func() (*server, error) {
	s := &server{url: os.Getenv(URLVariable)}
	if s.url == "" {
		started, err := cluster.Start(context.Background())
		if err != nil {
			return nil, err
		}
		s.started, s.url = started, started.URL()
	}
	return s, s.makeTemplate()
})

// server is a PostgreSQL with a migrated template database.
type server struct {
	started  *cluster.Cluster // kept, for the cluster ends when its owner is forgotten
	url      string
	template string
	creating sync.Mutex
}

// postgresURL makes a database for one test; it is dropped with the test.
func postgresURL(tb testing.TB, migrated bool) string {
	tb.Helper()
	s, err := postgres()
	if err != nil {
		tb.Fatal(err)
	}
	name := "t_" + strings.ToLower(rand.Text())
	template := "template0"
	if migrated {
		template = s.template
	}
	if err := s.create(name, template); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.admin(func(ctx context.Context, conn *pgx.Conn) error {
			return execute(ctx, conn, "DROP DATABASE "+quoted(name)+" WITH (FORCE)")
		}); err != nil {
			tb.Error(err)
		}
	})
	return s.database(name)
}

// create clones a database; one at a time, for the server allows no more.
func (s *server) create(name, template string) error {
	s.creating.Lock()
	defer s.creating.Unlock()
	return s.admin(func(ctx context.Context, conn *pgx.Conn) error {
		return execute(ctx, conn, "CREATE DATABASE "+quoted(name)+" TEMPLATE "+quoted(template))
	})
}

// makeTemplate lets the process that comes first make the template for these migrations; the others find it. It gets its name when
// it is ready, so that half a template is never taken for one.
func (s *server) makeTemplate() error {
	sum, err := database.MigrationSum(database.Postgres)
	if err != nil {
		return err
	}
	s.template = "template_" + sum[:24]
	draft := s.template + "_draft"
	return s.admin(func(ctx context.Context, conn *pgx.Conn) error {
		if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", templateLock); err != nil {
			return err
		}
		var ready bool
		row := conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", s.template)
		if err := row.Scan(&ready); err != nil || ready {
			return err
		}
		if err := execute(ctx, conn, "DROP DATABASE IF EXISTS "+quoted(draft)+" WITH (FORCE)"); err != nil {
			return err
		}
		if err := execute(ctx, conn, "CREATE DATABASE "+quoted(draft)+" TEMPLATE template0"); err != nil {
			return err
		}
		if err := migrate(ctx, s.database(draft)); err != nil {
			return err
		}
		return execute(ctx, conn, "ALTER DATABASE "+quoted(draft)+" RENAME TO "+quoted(s.template))
	})
}

// admin runs fn on the maintenance database.
func (s *server) admin(fn func(ctx context.Context, conn *pgx.Conn) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.url)
	if err != nil {
		return fmt.Errorf("test PostgreSQL: %w", err)
	}
	return errors.Join(fn(ctx, conn), conn.Close(ctx))
}

// database is the address of another database on the same server.
func (s *server) database(name string) string {
	address, err := url.Parse(s.url)
	if err != nil {
		return s.url
	}
	address.Path = "/" + name
	return address.String()
}

func execute(ctx context.Context, conn *pgx.Conn, sql string) error {
	if _, err := conn.Exec(ctx, sql); err != nil {
		return fmt.Errorf("%s: %w", sql, err)
	}
	return nil
}

func quoted(name string) string { return pgx.Identifier{name}.Sanitize() }
