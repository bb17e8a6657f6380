// Package cluster starts a throw-away PostgreSQL for tests from the server programs of this machine.
//
// It owns the temporary directory of the cluster and its processes. Invariants: the cluster listens on a Unix socket alone; a
// watchdog ends it and removes its directory when the process that started it ends, however that happens; it is durable only when asked to be.
//
// It may call no other room.
package cluster
