package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract/recordings"
	"github.com/quotaspec/quotaspec/server"
)

// TestContribute does what docs/contribute-a-recording.md says, with both configs, against the reference server: the commands
// run, both operations have a recording with status 200, and nothing of the account is left.
func TestContribute(t *testing.T) {
	text, err := os.ReadFile("../../docs/contribute-a-recording.md")
	if err != nil {
		t.Fatal(err)
	}
	configs := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(string(text), -1)
	commands := regexp.MustCompile("(?m)^<!-- run: contribution -->\n```\n\\$ quotaspec (.*)\n```$").FindAllStringSubmatch(string(text), -1)
	if len(configs) != 2 || len(commands) != 3 {
		t.Fatalf("got %d configs and %d commands", len(configs), len(commands))
	}
	for name, value := range map[string]string{
		"MY_ACCOUNT_TOKEN": server.ReaderToken, "MY_PROJECT_TOKEN": server.ReaderToken,
		"HUAWEICLOUD_SDK_AK": server.ReaderKeyID, "HUAWEICLOUD_SDK_SK": server.ReaderSecret,
	} {
		t.Setenv(name, value)
	}
	provider := startProvider(t, behaviour{})
	for i, name := range []string{"tokens", "access keys"} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			config := regexp.MustCompile(`https://[a-z0-9.-]+`).ReplaceAllLiteralString(configs[i][1], provider)
			if err := os.WriteFile("quotaspec.yaml", []byte(config), 0o600); err != nil {
				t.Fatal(err)
			}
			for _, command := range commands {
				args := strings.Fields(strings.Replace(command[1], "--rate 2", "--rate 0", 1))
				if code, out, errs := quotaspec(t, args...); code != exitPassed {
					t.Errorf("quotaspec %s: exit %d: %s\n%s", command[1], code, errs, out)
				}
			}
			checkContribution(t, "my-recordings")
		})
	}
}

func checkContribution(t *testing.T, folder string) {
	t.Helper()
	all, err := recordings.Load(os.DirFS(folder))
	if err != nil {
		t.Fatal(err)
	}
	of200 := map[string]int{}
	for _, r := range all {
		if r.Status == 200 {
			of200[r.Operation]++
		}
		if r.Kind != recordings.Captured || r.Request.Principal == "" {
			t.Errorf("%s: got kind %s of principal %q", r.File, r.Kind, r.Request.Principal)
		}
	}
	if of200["showDomainQuota"] != 11 || of200["showImageQuota"] != 1 || len(all) < 20 {
		t.Errorf("got %d recordings, with status 200: %v", len(all), of200)
	}
	noSecretsIn(t, folder, sampleSecrets...)
	if info, err := os.Stat(filepath.Join(folder, recordings.Manifest)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("got %v, %v", info, err)
	}
}
