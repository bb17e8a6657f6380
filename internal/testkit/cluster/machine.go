//go:build unix

package cluster

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
)

var errNoPrograms = errors.New("no PostgreSQL server programs (initdb, postgres) in PATH or /usr/lib/postgresql/*/bin: " +
	"install PostgreSQL 15 or later (Debian, Ubuntu: apt-get install postgresql; Fedora: dnf install postgresql-server; " +
	"macOS: brew install postgresql), or set SOCHIBO_TEST_POSTGRES_URL to a superuser's URL of a running one")

// serverPrograms finds the directory that holds initdb and postgres: the one in PATH, or else the newest of Debian's.
func serverPrograms() (string, error) {
	if initdb, err := exec.LookPath("initdb"); err == nil {
		if target, err := filepath.EvalSymlinks(initdb); err == nil && hasServer(filepath.Dir(target)) {
			return filepath.Dir(target), nil
		}
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil {
		return "", err
	}
	slices.SortFunc(found, func(a, b string) int { return cmp.Compare(major(b), major(a)) })
	for _, dir := range found {
		if hasServer(dir) {
			return dir, nil
		}
	}
	return "", errNoPrograms
}

func major(bin string) int {
	number, _ := strconv.Atoi(filepath.Base(filepath.Dir(bin)))
	return number
}

func hasServer(dir string) bool {
	_, initdb := os.Stat(filepath.Join(dir, "initdb"))
	_, postgres := os.Stat(filepath.Join(dir, "postgres"))
	return initdb == nil && postgres == nil
}

// serverAccount is whom the server runs as: PostgreSQL refuses root, everybody else runs it as themselves (nil).
func serverAccount() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		account, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(account.Uid, 10, 32)
		if err != nil {
			return nil, err
		}
		gid, err := strconv.ParseUint(account.Gid, 10, 32)
		if err != nil {
			return nil, err
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("PostgreSQL does not run as root, and there is no account postgres or nobody to run it as")
}

// makeDir makes a directory with a path short enough for a Unix socket.
func makeDir(account *syscall.Credential) (string, error) {
	parent := "/tmp"
	if info, err := os.Stat(parent); err != nil || !info.IsDir() {
		parent = ""
	}
	dir, err := os.MkdirTemp(parent, "sochibo-pg-")
	if err != nil {
		return "", err
	}
	if account != nil {
		if err := os.Chown(dir, int(account.Uid), int(account.Gid)); err != nil {
			return "", fmt.Errorf("give the cluster's directory away: %w", errors.Join(err, os.RemoveAll(dir)))
		}
	}
	return dir, nil
}
