// Package calendar holds days, months, quarters and periods, and the installation's time zone, which decides the day of an instant.
//
// It owns the text forms 2018-04-30, 2018-04, 2018-Q2 and 2018, which are the same in JSON, in files and in the store.
//
// Invariants: values are comparable, and their zero value is no day at all; only the years 1900 to 2199 are read; a "to" is always the
// last day or month, included. Nothing here reads the clock: callers pass the instant.
//
// It may call fault.
package calendar
