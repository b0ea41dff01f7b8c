package main

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/server"
	"github.com/quotaspec/quotaspec/server/servertest"
)

var withConsumers = flag.Bool("consumers", false, "run the consumers in testdata (npm downloads what they need)")

const pactConsumer = "testdata/consumers/pact"

// pactFiles are the files that pact-js writes for the consumer in testdata, of versions 3 and 4.
var pactFiles = []string{"old-quota-page-huawei.json", "quota-page-huawei.json"}

// TestPactFiles tests that Pact files fail a run that judges the consumer if they expect what the documents do not have. The
// report names both places.
func TestPactFiles(t *testing.T) {
	const right, wrong = "quota-page-huawei.json", "old-quota-page-huawei.json"
	for _, test := range []struct {
		name, file, side string
		want             int
		shown            []string
	}{
		{name: "right, provider", file: right, side: "provider", want: exitPassed},
		{name: "right, consumer", file: right, side: "consumer", want: exitPassed},
		{name: "right, both", file: right, side: "both", want: exitPassed},
		{name: "wrong, provider", file: wrong, side: "provider", want: exitPassed},
		{name: "wrong, both", file: wrong, side: "both", want: exitFailed},
		{
			name: "wrong, consumer", file: wrong, side: "consumer", want: exitFailed,
			shown: []string{
				"path/undocumented at /request/path", "got      /v2/images/limits",
				`interaction 1 "a request for a path of another version" (given "the project exists") of `,
				"member/undocumented at /response/body/quotas/resources/0/available", "promise  openapi/ims.yaml:",
				`interaction 2 "a request for the free images" of `, wrong + ": GET /v1/cloudimages/quota", "traffic     1 passed, 2 failed",
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			code, out, errs := quotaspec(t, "verify", "--har", filepath.Join(pactConsumer, "pacts", test.file), "--side", test.side)
			if code != test.want {
				t.Errorf("got exit %d, want %d: %s\n%s", code, test.want, errs, out)
			}
			for _, want := range test.shown {
				if !strings.Contains(out, want) {
					t.Errorf("no %q in\n%s", want, out)
				}
			}
			if strings.Contains(out+errs, "token-of-the-pact") {
				t.Errorf("the token is shown:\n%s", out)
			}
		})
	}
}

// TestPactFilesAreNoRecordings tests that what a consumer only expects is neither recorded nor mutated as a response.
func TestPactFilesAreNoRecordings(t *testing.T) {
	folder, pact := t.TempDir(), filepath.Join(pactConsumer, "pacts", "quota-page-huawei.json")
	if code, _, errs := quotaspec(t, "verify", "--har", pact, "--record", folder); code != exitPassed {
		t.Errorf("verify: got exit %d: %s", code, errs)
	}
	if files, err := os.ReadDir(folder); err != nil || len(files) > 0 {
		t.Errorf("got %v, %v, want an empty folder", files, err)
	}
	_, _, errs := quotaspec(t, "mutate", "--document", "../../openapi/ims.yaml", "--har", pact)
	if want := "of 3 exchanges, left out: 3 of no operation or without a response"; !strings.Contains(errs, want) {
		t.Errorf("mutate: no %q in %s", want, errs)
	}
}

// TestPactJS tests that the Pact files in testdata are what pact-js writes, and that its verifier, which sends each request to
// the reference server, refuses the same file as the judge, which sends nothing.
func TestPactJS(t *testing.T) {
	if !*withConsumers {
		t.Skip("make test-consumers runs it")
	}
	folder := t.TempDir()
	if err := os.CopyFS(folder, os.DirFS(pactConsumer)); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(folder, "pacts")); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"ci", "--ignore-scripts", "--no-audit", "--no-fund"}, {"test"}} {
		npm := exec.CommandContext(t.Context(), "npm", args...)
		npm.Dir, npm.Env = folder, append(os.Environ(), "PACT_DO_NOT_TRACK=true")
		if out, err := npm.CombinedOutput(); err != nil {
			t.Fatalf("npm %s: %v\n%s", args[0], err, out)
		}
	}
	for _, name := range pactFiles {
		want, err := os.ReadFile(filepath.Join(pactConsumer, "pacts", name))
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join(folder, "pacts", name))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(bytes.TrimSpace(want)), string(bytes.TrimSpace(got))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		verifier := exec.CommandContext(t.Context(), "node", "verify.js", servertest.New(t), filepath.Join("pacts", name))
		verifier.Dir, verifier.Env = folder, append(os.Environ(), "PACT_DO_NOT_TRACK=true", "TOKEN="+server.ReaderToken)
		out, err := verifier.CombinedOutput()
		isRefused := strings.Contains(string(out), "There were 2 pact failures")
		if isOld := strings.HasPrefix(name, "old-"); isOld != isRefused || isOld != (err != nil) {
			t.Errorf("verify.js %s: %v\n%s", name, err, out)
		}
	}
}
