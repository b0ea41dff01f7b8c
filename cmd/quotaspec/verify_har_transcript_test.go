package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// harEntry returns an entry of a HAR with a JSON body.
func harEntry(method, url string, status int, body string) string {
	return fmt.Sprintf(`{"request":{"method":%q,"url":%q,"headers":[]},"response":{"status":%d,"headers":[{"name":"Content-Type",`+
		`"value":"application/json"}],"content":{"text":%q}}}`, method, url, status, body)
}

// harOf returns a HAR with these entries.
func harOf(entries ...string) string {
	return "{\"log\":{\"entries\":[\n" + strings.Join(entries, ",\n") + "\n]}}\n"
}

// TestTrafficTranscript compares the report of traffic with every kind of entry: right, wrong, a near miss, another path,
// another host, unreadable, without a response, and truncated.
func TestTrafficTranscript(t *testing.T) {
	const api, far = "https://api.example.com/v1", "https://far.example.com"
	bodiless := func(path string) string {
		return fmt.Sprintf(`{"request":{"method":"GET","url":"%s%s","headers":[]},"response":{"status":200,`+
			`"headers":[{"name":"Content-Type","value":"application/json"}],"content":{"size":7}}}`, api, path)
	}
	traffic := harOf(
		harEntry("GET", api+"/items", 200, "[1]"),
		harEntry("GET", api+"/items?sort=up", 200, `["x"]`),
		harEntry("GET", api+"/items", 200, "[2]"),
		harEntry("GET", api+"/items", 200, `["y"]`),
		harEntry("GET", api+"/items", 500, "{}"),
		harEntry("GET", api+"/Items", 404, "{}"),
		harEntry("GET", api+"/elsewhere?token=hidden", 404, "{}"),
		harEntry("POST", api+"/elsewhere", 404, "{}"),
		harEntry("GET", api+"/elsewhere", 200, "{}"),
		harEntry("GET", far+"/v1/items", 200, "[1]"),
		harEntry("GET", "wss://api.example.com/v1/items", 200, "[1]"),
		bodiless("/items"), bodiless("/secrets"), bodiless("/items"), bodiless("/items/7"),
		`{"request":{"method":"GET","url":"https://api.example.com/v1/items","headers":[]},"response":{"status":0,"headers":[],"content":{}}}`,
		harEntry("DELETE", api+"/items", 204, ""),
		harEntry("ABCDEFGHIJKLMNOPQRST", api+"/items", 204, ""),
		harEntry("ABCDEFGHIJKLMNOPQRSTU", api+"/items", 204, ""),
		harEntry("patch", api+"/items", 204, ""),
		harEntry("M-SEARCH", api+"/items", 204, ""),
		"1", "2", "3", "4",
	)
	compareGolden := inFolder(t, map[string]string{
		"items.yaml":  itemsAPI,
		"traffic.har": traffic,
		"cut.har":     "{\"log\":{\"entries\":[\n" + harEntry("GET", api+"/items", 200, "[1]") + ",\n{\"request\":",
		"nothing.har": "{\"log\":{\"entries\":[\n{\"request\":",
		"one.har":     harOf(harEntry("GET", api+"/items", 200, "[1]"), "1"),
		"empty.har":   harOf(),
	})
	for _, test := range []struct {
		name string
		args []string
	}{
		{name: "traffic", args: []string{"--har", "traffic.har", "--report", "json=report.json"}},
		{
			name: "traffic-selected",
			args: []string{"--har", "traffic.har", "--only", "listItems/*", "--skip", "*/traffic=500*", "--fail-on", "inferred"},
		},
		{name: "traffic-cut", args: []string{"--har", "cut.har", "-v"}},
		{name: "traffic-cut-at-once", args: []string{"--har", "nothing.har"}},
		{name: "traffic-of-files", args: []string{"--har", "one.har", "--har", "cut.har"}},
		{name: "traffic-empty", args: []string{"--har", "empty.har"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			compareGolden(t, test.name+".txt", transcript(t, nil, append([]string{"verify", "--document", "items.yaml"}, test.args...)...))
		})
	}
	compareGolden(t, "traffic.json", judgedPart(t, "report.json"))
}

// TestNearMissOfTwoDocuments tests that a near miss of one document is reported under its name, though the other document
// matches the host too.
func TestNearMissOfTwoDocuments(t *testing.T) {
	for _, test := range []struct{ name, method, path, want string }{
		{
			name: "of the first", method: "GET", path: "/v3.0/os-quota/domains/d",
			want: "warn   showDomainQuota/traffic=404:path/near-miss (traffic)\n",
		},
		{
			name: "of the second", method: "GET", path: "/v1/CloudImages/quota",
			want: "warn   showImageQuota/traffic=404:path/near-miss (traffic)\n",
		},
		{name: "a method of the first", method: "PATCH", path: "/v3.0/OS-QUOTA/domains/d", want: "warn   iam/traffic=PATCH-404:"},
		{name: "a method of the second", method: "PATCH", path: "/v1/cloudimages/quota", want: "warn   ims/traffic=PATCH-404:"},
	} {
		t.Run(test.name, func(t *testing.T) {
			har := harOf(harEntry(test.method, "http://127.0.0.1"+test.path, 404, "{}"))
			written := filepath.Join(t.TempDir(), "report.txt")
			_, _, errs := quotaspec(t, "verify", "--har", writeFile(t, "near.har", har), "--report", "text="+written)
			if text, err := os.ReadFile(written); err != nil || !strings.Contains(string(text), test.want) {
				t.Errorf("no %q in the report, %v\n%s%s", test.want, err, text, errs)
			}
		})
	}
}

// TestNothingMatched compares the error of traffic without a matching request. It names the three most frequent requests, in
// at most a hundred characters each.
func TestNothingMatched(t *testing.T) {
	const host = "https://api.example.com"
	document := writeFile(t, "items.yaml", itemsAPI)
	long := func(length int) string { return host + "/v1/" + strings.Repeat("a", length-len("GET "+host+"/v1/")) }
	for _, test := range []struct {
		name    string
		entries []string
		want    string // the hosts and paths in the HAR
	}{
		{name: "one", entries: []string{harEntry("GET", host+"/v1/a?b=c", 200, "")}, want: "GET " + host + "/v1/a (1)"},
		{
			name: "the most frequent first", entries: []string{
				harEntry("GET", host+"/v1/a", 200, ""), harEntry("GET", host+"/v1/b", 200, ""), harEntry("POST", host+"/v1/b", 200, ""),
				harEntry("GET", host+"/v1/b", 404, ""),
			}, want: "GET " + host + "/v1/b (2), GET " + host + "/v1/a (1), POST " + host + "/v1/b (1)",
		},
		{
			name: "four", entries: []string{
				harEntry("GET", host+"/v1/a", 200, ""), harEntry("GET", host+"/v1/b", 200, ""), harEntry("GET", host+"/v1/c", 200, ""),
				harEntry("GET", host+"/v1/d", 200, ""),
			}, want: "GET " + host + "/v1/a (1), GET " + host + "/v1/b (1), GET " + host + "/v1/c (1), 1 more",
		},
		{
			name: "another host is one row", entries: []string{
				harEntry("GET", "https://far.example.com/a", 200, ""), harEntry("POST", "https://far.example.com/b", 200, ""),
			}, want: "GET https://far.example.com/a (2)",
		},
		{
			name: "near misses of two methods", entries: []string{harEntry("GET", host+"/v1/Items", 404, ""),
				harEntry("POST", host+"/v1/Items", 404, "")},
			want: "GET " + host + "/v1/Items (1), POST " + host + "/v1/Items (1)",
		},
		{name: "a hundred characters", entries: []string{harEntry("GET", long(100), 404, "")}, want: "GET " + long(100) + " (1)"},
		{name: "one more", entries: []string{harEntry("GET", long(101), 404, "")}, want: "GET " + long(99) + "… (1)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			code, out, errs := quotaspec(t, "verify", "--document", document, "--har", writeFile(t, "other.har", harOf(test.entries...)))
			want := "quotaspec: nothing was judged: no request matched a path of the document; there were " + test.want +
				"; --server URL adds the URL of a server where its paths begin\n"
			if code != exitNotJudged || errs != want {
				t.Errorf("got exit %d and\n%swant\n%s%s", code, errs, want, out)
			}
		})
	}
}
