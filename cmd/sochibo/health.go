package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

func (p *program) health() *cobra.Command {
	var url, cert string
	cmd := &cobra.Command{
		Use: "health", Short: "Ask the running server whether it can work; for the image's health check", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if url == "" {
				c, err := p.config()
				if err != nil {
					return err
				}
				if url, cert = localURL(c.Listen), c.TLSCertFile; cert != "" {
					url = "https" + strings.TrimPrefix(url, "http")
				}
			}
			return p.ask(cmd.Context(), url+"/health/ready", cert)
		},
	}
	cmd.Flags().StringVar(&url, "url", "", "the server, if it is not the one that the environment configures")
	return cmd
}

// localURL turns the address a server listens on into one it can be reached at from here.
func localURL(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return "http://" + listen
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// ask asks a server; where the certificate is given, only the server that has it will do, whatever names it bears.
func (p *program) ask(ctx context.Context, url, certFile string) error {
	client, err := clientOf(certFile)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return err
	}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close() // it is read already
	body, err := io.ReadAll(io.LimitReader(response.Body, 1<<16))
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("the server answers %s: %s", response.Status, body)
	}
	fmt.Fprintln(p.stdout, "ok")
	return nil
}

func clientOf(certFile string) (*http.Client, error) {
	if certFile == "" {
		return http.DefaultClient, nil
	}
	data, err := os.ReadFile(certFile)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(data)
	if block == nil {
		return nil, fmt.Errorf("%s holds no certificate", certFile)
	}
	config := &tls.Config{
		MinVersion:         tls.VersionTLS12,
		InsecureSkipVerify: true, //nolint:gosec // the certificate itself is compared instead
		VerifyConnection: func(state tls.ConnectionState) error {
			if !bytes.Equal(state.PeerCertificates[0].Raw, block.Bytes) {
				return errors.New("another server answers")
			}
			return nil
		},
	}
	return &http.Client{Transport: &http.Transport{TLSClientConfig: config}}, nil
}

func (p *program) version() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version", Args: cobra.NoArgs,
		Run: func(*cobra.Command, []string) { fmt.Fprintln(p.stdout, version) },
	}
}
