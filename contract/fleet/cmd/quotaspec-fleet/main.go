// Command quotaspec-fleet judges the traffic of many machines, out of a topic of Kafka, and reports on it.
//
// It has the flags, reports and exit codes of quotaspec verify from package internal/command. What it does beyond flags and texts is
// in package fleet.
package main

import (
	"context"
	"io"
	"os"

	"github.com/spf13/cobra"
	_ "golang.org/x/crypto/x509roots/fallback" // certificate authorities for systems without any, such as the image

	"github.com/quotaspec/quotaspec/internal/command"
)

// version is that of a release, which the linker sets.
var version string

func main() {
	os.Exit(run(command.SignalContext(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	root := newRoot()
	root.SetIn(stdin)
	return command.Run(ctx, root, args, stdout, stderr, command.Fail)
}

func newRoot() *cobra.Command {
	return command.AddVerbs(&cobra.Command{
		Use: "quotaspec-fleet",
		Long: `quotaspec-fleet judges the traffic of many machines by an OpenAPI document.

Gateways write each exchange into a topic of Kafka, as an entry of a HAR. Workers (judge) share the
topic and keep tallies beside it; report merges them into the report of quotaspec verify --har.`,
		Example: `  quotaspec-fleet judge --brokers kafka-1:9092 --topic exchanges --document openapi.yaml
  quotaspec-fleet report --brokers kafka-1:9092 --topic exchanges --document openapi.yaml
  quotaspec-fleet send --brokers kafka-1:9092 --topic exchanges traffic.har`,
		Version: command.Version(version),
	}, newJudge(), newReport(), newSend())
}
