package main

import (
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/quotaspec/quotaspec/server"
)

// BenchmarkVerify measures verify from the start of the process to its end: of everything embedded, and of a live provider on
// loopback with all probes.
func BenchmarkVerify(b *testing.B) {
	command := buildCommand(b)
	reference, err := server.New(server.Options{})
	if err != nil {
		b.Fatal(err)
	}
	provider := httptest.NewServer(reference)
	defer provider.Close()
	for _, bench := range []struct {
		name string
		args []string
	}{
		{name: "embedded", args: []string{"verify"}},
		{name: "live", args: []string{"verify", provider.URL}},
	} {
		b.Run(bench.name, func(b *testing.B) {
			for b.Loop() {
				if out, err := exec.Command(command, bench.args...).CombinedOutput(); err != nil {
					b.Fatalf("%v\n%s", err, out)
				}
			}
		})
	}
}

// buildCommand builds the command as it is released.
func buildCommand(t testing.TB) string {
	t.Helper()
	command := filepath.Join(t.TempDir(), "quotaspec")
	if out, err := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", command, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return command
}
