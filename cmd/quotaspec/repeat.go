package main

import (
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/quotaspec/quotaspec/contract/traffic"
	"github.com/quotaspec/quotaspec/internal/command"
)

// probeFlags are the flags of verify that change how a probe is sent or judged. The other flags choose checks or outputs.
var probeFlags = []string{"allow-changes", "allow-sample-credentials", "config", "document", "fail-on", "timeout"}

// repeatCommand returns a function from the id of a check to the shell command that runs this one check again. The command
// repeats the arguments and the probeFlags that the user gave:
//
//	quotaspec verify http://127.0.0.1:8080 --fail-on inferred --only showImageQuota/plain
//
// It contains no secret: credentials stay in the environment variables that the config names.
func repeatCommand(flags *pflag.FlagSet, args []string) func(id string) string {
	parts := []string{"quotaspec", "verify"}
	for _, arg := range args {
		parts = append(parts, command.ShellQuote(arg))
	}
	flags.Visit(func(f *pflag.Flag) {
		switch {
		case !slices.Contains(probeFlags, f.Name):
		case f.Value.Type() == "bool" && f.Value.String() == "true":
			parts = append(parts, "--"+f.Name)
		case f.Value.Type() == "bool":
			parts = append(parts, "--"+f.Name+"="+f.Value.String())
		default:
			parts = append(parts, "--"+f.Name, command.ShellQuote(traffic.HideSecrets(f.Value.String())))
		}
	})
	return func(id string) string {
		return strings.Join(append(slices.Clip(parts), "--only", command.ShellQuote(id)), " ")
	}
}
