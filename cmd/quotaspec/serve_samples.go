package main

import (
	"fmt"
	"net"

	"github.com/spf13/cobra"

	"github.com/quotaspec/quotaspec/server"
	"github.com/quotaspec/quotaspec/server/page"
)

// sampleCredentials lists the credentials of the sample data, tokens first.
func sampleCredentials() []page.Sample {
	const signature = "Authorization, as a signature"
	const reader, limited = "may request both quotas", "may not request image quotas"
	return []page.Sample{
		{Header: tokenHeader, Credential: server.ReaderToken, Says: reader},
		{Header: tokenHeader, Credential: server.LimitedToken, Says: limited},
		{Header: tokenHeader, Credential: server.StrangerToken, Says: "belongs to another account, " + server.StrangerDomainID},
		{Header: tokenHeader, Credential: server.ExpiredToken, Says: "has expired"},
		{Header: signature, Credential: server.ReaderKeyID + " / " + server.ReaderSecret, Says: reader},
		{Header: signature, Credential: server.LimitedKeyID + " / " + server.LimitedSecret, Says: limited},
	}
}

// printSamples prints the sample tokens and two commands to try them.
func printSamples(cmd *cobra.Command, address string) {
	out := cmd.OutOrStdout()
	fmt.Fprintf(out, "quotaspec serves http://%s with sample data and public sample credentials.\n\n", address)
	for _, s := range sampleCredentials() {
		if s.Header == tokenHeader {
			fmt.Fprintf(out, "  %-15s %s\n", s.Credential, s.Says)
		}
	}
	fmt.Fprintf(out, `
  curl -i -H '%[2]s: %[3]s' 'http://%[1]s/v3.0/OS-QUOTA/domains/%[4]s'
  curl -i -H '%[2]s: %[3]s' 'http://%[1]s/v1/cloudimages/quota'

  Try it in a browser: http://%[1]s/docs
`, reachable(address), tokenHeader, server.ReaderToken, server.SampleDomainID)
}

// reachable returns an address to listen on as a client on this machine writes it: all addresses are 127.0.0.1. That of IPv6,
// [::], reaches no container whose port is published for IPv4 alone.
func reachable(address string) string {
	host, port, err := net.SplitHostPort(address)
	if ip := net.ParseIP(host); err == nil && ip.IsUnspecified() {
		return net.JoinHostPort("127.0.0.1", port)
	}
	return address
}
