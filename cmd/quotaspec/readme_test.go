package main

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/server"
)

var update = flag.Bool("update", false, "write what is printed into the README")

// TestReadme runs each block of the README below a marker "<!-- run: COMMAND -->" and compares what it prints.
func TestReadme(t *testing.T) {
	const file = "../../README.md"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile("<!-- run: ([^;>]*)(?:; provider: ([^>]*))? -->\n```\n(\\$ [^\n]*\n)((?:.*\n)*?)```\n")
	for _, name := range []string{envAccessKey, envSecretKey, envSecurityToken, envDomain, envProject} {
		t.Setenv(name, "")
	}
	t.Setenv(envToken, server.ReaderToken)
	t.Setenv("LC_ALL", "C.UTF-8")
	found := 0
	got := block.ReplaceAllStringFunc(string(text), func(s string) string {
		found++
		m := block.FindStringSubmatch(s)
		args := strings.Fields(strings.TrimPrefix(strings.Replace(m[1], "make verify", "quotaspec verify", 1), "quotaspec "))
		url := ""
		if m[2] != "" {
			b := behaviour{}
			if m[2] != "the reference provider" {
				b = faultNamed(t, m[2])
			}
			url = brokenProvider(t, b)
			for i := range args {
				args[i] = strings.Replace(args[i], "http://127.0.0.1:8080", url, 1)
			}
		}
		_, out, _ := quotaspec(t, args...)
		if url != "" {
			out = strings.ReplaceAll(out, url, "http://127.0.0.1:8080")
		}
		return strings.Replace(s, m[3]+m[4], m[3]+out, 1)
	})
	// The sentence about the promises says what the report says.
	counts := regexp.MustCompile(`promises +(\d+) \((\d+) documented, (\d+) recorded, (\d+) inferred\)`).FindStringSubmatch(got)
	sentence := regexp.MustCompile(`Of \d+ promises beyond plain OpenAPI, \d+ are documented, \d+ recorded and \d+ inferred\.`)
	if counts == nil || !sentence.MatchString(got) {
		t.Fatal("the README does not count the promises")
	}
	got = sentence.ReplaceAllString(got, fmt.Sprintf("Of %s promises beyond plain OpenAPI, %s are documented, %s recorded and %s inferred.", counts[1], counts[2], counts[3], counts[4]))
	if markers := strings.Count(string(text), "<!-- run: "); found == 0 || found != markers {
		t.Fatalf("the README marks %d blocks to run, and %d were run", markers, found)
	}
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got != string(text) {
		t.Errorf("the README does not show what is printed (go test ./cmd/quotaspec -run Readme -update):\n%s", got)
	}
}
