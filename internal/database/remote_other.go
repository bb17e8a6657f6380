//go:build !linux

package database

// remoteFileSystem cannot tell here.
func remoteFileSystem(string) string { return "" }
