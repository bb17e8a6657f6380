// Command bench measures the program against the bare store beneath it, on both engines, and prints Markdown:
//
//	make bench
//	go run ./internal/bench -quick
//
// Every ratio is taken within one run, from repetitions that take turns, as medians with the least and the greatest value.
// The baselines are written by hand in this package, without the program: plain SQL through pgx or database/sql, and COPY.
//
// It makes everything it needs, a durable throw-away PostgreSQL and the files of SQLite among it, in a temporary folder,
// listens on the loopback alone, and removes all of it. docs/performance.md says what the figures mean.
//
// It may call app and everything to the left of it, and testkit/cluster.
package main
