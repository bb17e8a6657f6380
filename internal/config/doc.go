// Package config reads the environment into one value and reports everything that is wrong with it at once.
//
// It owns the names of the settings; docs/configuration.md explains them. Only cmd and app import it, others receive
// values. Invariants: a secret may come from a file (NAME_FILE) and is never printed.
package config
