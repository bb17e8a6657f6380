//go:build !unix

package cluster

import (
	"context"
	"errors"
)

// Cluster is a running throw-away PostgreSQL.
type Cluster struct{}

// Start refuses: on this system a PostgreSQL must be running already.
func Start(context.Context) (*Cluster, error) {
	return nil, errors.New("set SOCHIBO_TEST_POSTGRES_URL to a superuser's URL of a running PostgreSQL 15 or later")
}

// StartDurable refuses as Start does.
func StartDurable(ctx context.Context) (*Cluster, error) { return Start(ctx) }

// URL is empty: there is no cluster.
func (c *Cluster) URL() string { return "" }

// Stop has nothing to end.
func (c *Cluster) Stop() error { return nil }
