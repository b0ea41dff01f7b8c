package main

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract/recordings"
	"github.com/quotaspec/quotaspec/server"
)

// sampleSecrets are the credentials and ids of the sample data, which no recording may have.
var sampleSecrets = []string{
	server.ReaderToken, server.LimitedToken, server.StrangerToken, server.ExpiredToken,
	server.SampleDomainID, server.SampleProjectID, server.StrangerDomainID, server.StrangerProjectID,
	"QSREADER000000000001", "reader-secret", "QSLIMITED00000000001", "limited-secret",
}

// noSecretsIn checks that no file of a folder has one of the secrets in any spelling, and that there are files.
func noSecretsIn(t *testing.T, folder string, secrets ...string) {
	t.Helper()
	files, err := os.ReadDir(folder)
	if err != nil || len(files) < 2 {
		t.Fatalf("got %d files, %v", len(files), err)
	}
	for _, file := range files {
		data, err := os.ReadFile(filepath.Join(folder, file.Name()))
		if err != nil {
			t.Fatal(err)
		}
		text := strings.ToLower(string(data))
		for _, secret := range secrets {
			spellings := []string{secret, strings.ReplaceAll(secret, "-", "%2d"), hex.EncodeToString([]byte(secret))}
			for before := range 3 {
				encoded := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("x", before) + secret))
				spellings = append(spellings, encoded[(before*8+5)/6:len(encoded)-2])
			}
			for _, spelling := range spellings {
				if strings.Contains(text, strings.ToLower(spelling)) {
					t.Errorf("%s has %s of %s:\n%s", file.Name(), spelling, secret, data)
				}
			}
		}
	}
}

// verdicts returns operation, status and findings of each exchange of an operation in a JSON report: those of the provider and,
// from traffic, those of the consumer but for credentials, which are not recorded.
func verdicts(t *testing.T, file string) (provider, consumer []string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var report struct {
		Checks []struct {
			ID                 string
			HTTPStatus         int `json:"http_status"`
			Failures, Warnings []struct{ ID, Side string }
		}
	}
	if err := json.Unmarshal(data, &report); err != nil {
		t.Fatal(err)
	}
	for _, check := range report.Checks {
		operation, _, _ := strings.Cut(check.ID, "/")
		isNearMiss := strings.Contains(check.ID, "near-miss")
		if check.HTTPStatus == 0 || isNearMiss || (operation != "showDomainQuota" && operation != "showImageQuota") {
			continue
		}
		prefix := fmt.Sprint(operation, " ", check.HTTPStatus, " ")
		provider = append(provider, prefix)
		for _, f := range slices.Concat(check.Failures, check.Warnings) {
			ofCredentials := strings.HasPrefix(f.ID, "credentials/") || strings.HasSuffix(f.ID, "/signed-date")
			switch {
			case f.Side == "provider" && !ofCredentials:
				provider = append(provider, prefix+f.ID)
			case !ofCredentials:
				consumer = append(consumer, prefix+f.ID)
			}
		}
	}
	slices.Sort(provider)
	slices.Sort(consumer)
	return slices.Compact(provider), slices.Compact(consumer)
}

// breaksOf returns operation, status and findings of each request in a folder of recordings that is wrong.
func breaksOf(t *testing.T, folder string) []string {
	t.Helper()
	all, err := recordings.Load(os.DirFS(folder))
	if err != nil {
		t.Fatal(err)
	}
	list := []string{}
	for _, r := range all {
		for _, id := range r.Breaks {
			list = append(list, fmt.Sprint(r.Operation, " ", r.Status, " ", id))
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// TestProxyRecordFolder records probes through the proxy, of a provider that keeps the contract and of others that break it, and
// judges the recordings: the verdicts are those of the proxy, and no sample credential or id is left.
func TestProxyRecordFolder(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name      string
		behaviour behaviour
		code      int
	}{
		{name: "kept", code: exitPassed},
		{name: "a count in words", behaviour: responding(on(200, body(`"used":0`, `"used":"none"`))), code: exitFailed},
		{name: "a header twice", behaviour: responding(header("Content-Language", "en", "de")), code: exitPassed},
		{name: "another media type", behaviour: responding(on(403, header("Content-Type", "text/html"))), code: exitFailed},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			written := filepath.Join(folder, "recordings") + "/"
			live, again := filepath.Join(folder, "live.json"), filepath.Join(folder, "again.json")
			at, stop := startProxyLogged(t, "--upstream", startProvider(t, test.behaviour), "--record", written, "--report", "json="+live)
			quotaspec(t, "verify", at)
			if status, _ := getAs(t, at+"/v3.0/OS-QUOTA/domains/"+server.SampleDomainID+"?type=user", server.ReaderToken); status == 0 {
				t.Error("no response")
			}
			code, out, errs := stop()
			if code != test.code || !strings.Contains(errs, " new recordings in "+written) {
				t.Errorf("got exit %d, want %d: %s\n%s", code, test.code, errs, out)
			}
			code, out, errs = quotaspec(t, "verify", "--recordings", written, "--report", "json="+again)
			if code != test.code || errs != "" {
				t.Errorf("got exit %d, want %d: %s\n%s", code, test.code, errs, out)
			}
			wantProvider, wantConsumer := verdicts(t, live)
			gotProvider, _ := verdicts(t, again)
			if diff := cmp.Diff(wantProvider, gotProvider); diff != "" || len(wantProvider) < 8 {
				t.Errorf("verdicts on the provider (-live +recordings):\n%s", diff)
			}
			if diff := cmp.Diff(wantConsumer, breaksOf(t, written)); diff != "" || len(wantConsumer) < 3 {
				t.Errorf("verdicts on the consumer (-live +recordings):\n%s", diff)
			}
			noSecretsIn(t, written, sampleSecrets...)
		})
	}
}

// TestVerifyRecordFolder records the probes of verify, and a HAR: both give recordings that pass. Those of the stranger are left
// out, and the manifest names the principals.
func TestVerifyRecordFolder(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	har, ofProbes, ofHAR := filepath.Join(folder, "probes.har"), filepath.Join(folder, "recordings")+"/", filepath.Join(folder, "har")
	provider := startProvider(t, behaviour{})
	code, _, errs := quotaspec(t, "verify", provider, "--record", ofProbes)
	if code != exitPassed || !strings.HasSuffix(errs, " sent by the stranger\n") {
		t.Errorf("got exit %d, %s", code, errs)
	}
	if code, _, errs := quotaspec(t, "verify", provider, "--record", har); code != exitPassed || errs != "" {
		t.Errorf("got exit %d, %s", code, errs)
	}
	if err := os.Mkdir(ofHAR, 0o700); err != nil {
		t.Fatal(err)
	}
	if code, out, errs := quotaspec(t, "verify", "--har", har, "--record", ofHAR); code != exitPassed || errs == "" {
		t.Errorf("got exit %d, %s\n%s", code, errs, out)
	}
	for _, written := range []string{ofProbes, ofHAR} {
		code, out, errs := quotaspec(t, "verify", "--recordings", written)
		if code != exitPassed || errs != "" || !strings.Contains(out, "0 failed, 0 errors, 0 skipped, 0 warnings") {
			t.Errorf("%s: got exit %d: %s\n%s", written, code, errs, out)
		}
		noSecretsIn(t, written, sampleSecrets...)
	}
	manifest, err := os.ReadFile(filepath.Join(ofProbes, "manifest.yaml"))
	for principal, want := range map[string]bool{"reader": true, "limited": true, "none": true, "stranger": false} {
		if got := strings.Contains(string(manifest), "principal: "+principal+"\n"); got != want || err != nil {
			t.Errorf("principal %s: got %t, want %t, %v", principal, got, want, err)
		}
	}
}

// TestMutateRecorded scores the document of another API with its recordings, and with a HAR of the same probes. A provider that
// breaks the document gives exchanges that are left out.
func TestMutateRecorded(t *testing.T) {
	setOtherCredentials(t)
	api := otherAPIs["tickets"]
	for _, test := range []struct {
		name, omits, path, flag string
		leftOut                 string
		change                  behaviour
	}{
		{name: "recordings", path: "recordings/", flag: "--recordings"},
		{name: "HAR", path: "probes.har", flag: "--har", leftOut: " with unexpected findings"},
		{
			name: "findings", path: "recordings/", flag: "--recordings", leftOut: " with unexpected findings",
			change: responding(on(200, body(`"score":0.5`, `"score":1.5`))),
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := t.TempDir() + "/" + test.path
			api.verify(t, startHandler(t, api.provider(test.omits), test.change), "--record", path)
			code, out, errs := quotaspec(t, "mutate", "--document", "testdata/otherapi/"+api.document, test.flag, path)
			if code != exitFailed || !strings.Contains(out, "quotaspec mutate: tickets 7\n") || !strings.Contains(out, "mutants of exchanges") {
				t.Errorf("got exit %d: %s\n%s", code, errs, out)
			}
			if !strings.Contains(errs, test.leftOut) || (test.leftOut == "" && strings.Contains(errs, "findings")) {
				t.Errorf("got %q, want %q in it", errs, test.leftOut)
			}
			if info, err := os.Stat(path); err == nil && info.IsDir() {
				noSecretsIn(t, path, ticketsClerk, ticketsKey, "8c4a6b9e-2f1d-4e7a-9b3c-5d6e7f809112")
			}
		})
	}
}

// TestRecordUsage checks what --record refuses, and that a refusal changes no file.
func TestRecordUsage(t *testing.T) {
	t.Parallel()
	har := writeFile(t, "traffic.har", `{"log":{"entries":[]}}`)
	manifest := writeFile(t, "manifest.yaml", "- file: a.json\n")
	for _, test := range []struct {
		name, want string
		args       []string
	}{
		{name: "nothing to record", want: "--record needs a provider", args: []string{"--record", t.TempDir()}},
		{
			name: "a recording of a recording", want: "--record needs a provider",
			args: []string{"--recordings", "../../contract/recordings", "--record", "x/"},
		},
		{name: "the HAR itself", want: "would overwrite the HAR", args: []string{"--har", har, "--record", har}},
		{name: "a manifest with errors", want: "missing: operation", args: []string{"--har", har, "--record", filepath.Dir(manifest)}},
		{name: "a file as folder", want: "is a file", args: []string{"--har", har, "--record", har + "/"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			before, _ := os.ReadFile(har)
			code, out, errs := quotaspec(t, append([]string{"verify"}, test.args...)...)
			if code != exitNotJudged || out != "" || strings.Count(errs, "\n") != 1 || !strings.Contains(errs, test.want) {
				t.Errorf("got exit %d, %q, want %q\n%s", code, errs, test.want, out)
			}
			if after, err := os.ReadFile(har); err != nil || string(after) != string(before) {
				t.Errorf("the HAR is now %q, %v", after, err)
			}
		})
	}
}
