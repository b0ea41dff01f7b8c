package main

import (
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/quotaspec/quotaspec/contract/traffic"
)

// howFlags say how a probe of verify is made and judged. The others choose checks or say what is written.
var howFlags = []string{"allow-changes", "allow-sample-credentials", "config", "document", "fail-on", "timeout"}

// again returns the command that judges one check once more as these flags and arguments judge it, for a shell. It shows no
// secret: credentials stand in the environment, whose variables the config names.
func again(flags *pflag.FlagSet, args []string) func(id string) string {
	parts := []string{"quotaspec", "verify"}
	for _, arg := range args {
		parts = append(parts, quote(arg))
	}
	flags.Visit(func(f *pflag.Flag) {
		switch {
		case !slices.Contains(howFlags, f.Name):
		case f.Value.Type() == "bool":
			parts = append(parts, "--"+f.Name+"="+f.Value.String())
		default:
			parts = append(parts, "--"+f.Name, quote(traffic.HideSecrets(f.Value.String())))
		}
	})
	return func(id string) string { return strings.Join(append(slices.Clip(parts), "--only", quote(id)), " ") }
}

// plainWord is what no shell reads anything into.
var plainWord = regexp.MustCompile(`^[\w./:@%+,=-]+$`)

// quote writes a word for a shell.
func quote(s string) string {
	if plainWord.MatchString(s) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
