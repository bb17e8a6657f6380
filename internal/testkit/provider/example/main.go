// Command example is the example provider of github.com/zitadel/oidc, unmodified, with the clients that the tests need. It stands in a
// module of its own, since nothing that is shipped needs what it needs.
//
// It listens on a loopback address, prints it, and ends with its standard input. The arguments: the issuer, under which others reach it,
// then clients as ID SECRET REDIRECT_URI POST_LOGOUT_URI TOKEN_LIFETIME.
package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// perClient is how many arguments describe a client.
const perClient = 5

// store is the example's storage, with what it does not register of a client.
type store struct {
	*storage.Storage

	clients map[string]registration
}

type registration struct {
	afterLogout string
	lifetime    time.Duration
}

// GetClientByClientID returns the client as the example has it, with its registration.
func (s store) GetClientByClientID(ctx context.Context, id string) (op.Client, error) {
	found, err := s.Storage.GetClientByClientID(ctx, id)
	if err != nil {
		return nil, err
	}
	return client{found, s.clients[id]}, nil
}

type client struct {
	op.Client
	registration
}

// PostLogoutRedirectURIs returns where browsers may go after logging out.
func (c client) PostLogoutRedirectURIs() []string { return []string{c.afterLogout} }

// IDTokenLifetime returns how long a token of the client is good.
func (c client) IDTokenLifetime() time.Duration { return c.lifetime }

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args)%perClient != 1 {
		return fmt.Errorf("want an issuer and clients of %d arguments each", perClient)
	}
	issuer, clients := args[0], map[string]registration{}
	for rest := args[1:]; len(rest) > 0; rest = rest[perClient:] {
		lifetime, err := time.ParseDuration(rest[4])
		if err != nil {
			return err
		}
		storage.RegisterClients(storage.WebClient(rest[0], rest[1], rest[2]))
		clients[rest[0]] = registration{afterLogout: rest[3], lifetime: lifetime}
	}
	kept := store{storage.NewStorage(storage.NewUserStore(issuer)), clients}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: exampleop.SetupServer(issuer, kept, nil, false), ReadHeaderTimeout: 5 * time.Second}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		_ = server.Close()
	}()
	fmt.Println(listener.Addr())
	if err := server.Serve(listener); err != http.ErrServerClosed {
		return err
	}
	return nil
}
