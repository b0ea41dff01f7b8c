package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestErrorOfALaterExchange tests that a rule that cannot be evaluated is reported even if only a later exchange of a check
// shows it.
func TestErrorOfALaterExchange(t *testing.T) {
	document := writeFile(t, "things.yaml", `openapi: 3.0.3
info: {title: Things, version: '1'}
paths:
  /things:
    get:
      operationId: listThings
      x-rules:
        - {id: first, says: The first is 1., grade: inferred, source: us, rule: 'response.status == 200 ? response.body.first == 1 : true'}
        - {id: last, says: The last is 1., grade: inferred, source: us, rule: 'response.status == 200 ? response.body.last == 1 : true'}
      responses: {'200': {description: Things., content: {application/json: {schema: {}}}}, '404': {description: None.}}
`)
	const whole, first, none = `{"first":1,"last":1}`, `{"first":1}`, `{}`
	for _, test := range []struct {
		name   string
		bodies []string
		code   int
		want   string
	}{
		{name: "none", bodies: []string{whole, whole}, want: "kept: 2 checks, 0 failed, 0 errors"},
		{name: "in the first", bodies: []string{first, whole}, code: 2, want: "rule listThings/last cannot be evaluated"},
		{name: "in the last", bodies: []string{whole, whole, first}, code: 2, want: "rule listThings/last cannot be evaluated"},
		{name: "in two", bodies: []string{whole, first, none}, code: 2, want: "rule listThings/last cannot be evaluated"},
	} {
		t.Run(test.name, func(t *testing.T) {
			entries := []string{`{"request":{"method":"GET","url":"http://h/things"},"response":{"status":404,` +
				`"headers":[{"name":"Content-Length","value":"0"}],"content":{}}}`}
			for _, body := range test.bodies {
				entries = append(entries, fmt.Sprintf(`{"request":{"method":"GET","url":"http://h/things"},"response":{"status":200,`+
					`"content":{"mimeType":"application/json","text":%q}}}`, body))
			}
			har := writeFile(t, "things.har", `{"log":{"entries":[`+strings.Join(entries, ",")+`]}}`)
			code, out, errs := quotaspec(t, "verify", "--document", document, "--har", har)
			if code != test.code || !strings.Contains(out, test.want) {
				t.Errorf("got exit code %d, want %d\n%s\n%s", code, test.code, out, errs)
			}
		})
	}
}

// TestSeveralHARs tests that every file is judged: an error in the last one fails the run.
func TestSeveralHARs(t *testing.T) {
	har := func(name, used string) string {
		body := `{\"quotas\":{\"resources\":[{\"type\":\"image\",\"used\":` + used + `,\"quota\":20,\"min\":1,\"max\":1000}]}}`
		return writeFile(t, name, `{"log":{"entries":[{"request":{"method":"GET",`+
			`"url":"https://ims.cn-north-4.myhuaweicloud.com/v1/cloudimages/quota","headers":[]},`+
			`"response":{"status":200,"headers":[{"name":"Content-Type","value":"application/json"},{"name":"X-Request-Id","value":"1"}],`+
			`"content":{"text":"`+body+`"}}}]}}`)
	}
	right, wrong := har("right.har", "0"), har("wrong.har", "true")
	for _, test := range []struct {
		name  string
		files []string
		want  int
	}{
		{name: "two right", files: []string{right, right}, want: exitPassed},
		{name: "the first is wrong", files: []string{wrong, right}, want: exitFailed},
		{name: "the last is wrong", files: []string{right, wrong}, want: exitFailed},
	} {
		t.Run(test.name, func(t *testing.T) {
			code, out, errs := quotaspec(t, "verify", "--har", test.files[0], "--har", test.files[1])
			if code != test.want {
				t.Errorf("got exit %d, want %d: %s\n%s", code, test.want, errs, out)
			}
		})
	}
}

// TestCores tests that the report of a HAR is the same on any number of cores: with right and wrong exchanges, unknown paths,
// entries that cannot be read, and a cut at the end.
func TestCores(t *testing.T) {
	var har strings.Builder
	har.WriteString(`{"log":{"entries":[`)
	for i := range 500 {
		url, status, used := "https://ims.cn-north-4.myhuaweicloud.com/v1/cloudimages/quota", 200, fmt.Sprint(i%20)
		switch {
		case i%7 == 3:
			used = []string{"true", `\"1\"`, "1.5", "-1"}[i%4]
		case i%31 == 9:
			url += fmt.Sprint("/", i)
		case i%53 == 20:
			status = 418
		case i%97 == 50:
			har.WriteString(`{"request":7},`)
		}
		fmt.Fprintf(&har, `{"request":{"method":"GET","url":%q},"response":{"status":%d,"headers":[{"name":"Content-Type","value":"application/json"},`+
			`{"name":"X-Request-Id","value":"%d"}],`+
			`"content":{"mimeType":"application/json","text":"{\"quotas\":{\"resources\":[{\"type\":\"image\",\"used\":%s,`+
			`\"quota\":20,\"min\":1,\"max\":1000}]}}"}}},`, url, status, i, used)
	}
	har.WriteString(`{"request":{"meth`)
	file := writeFile(t, "traffic.har", har.String())
	cores := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(cores)
	var first string
	for _, n := range []int{1, 2, 8} {
		runtime.GOMAXPROCS(n)
		report := filepath.Join(t.TempDir(), "report.json")
		code, _, errs := quotaspec(t, "verify", "--har", file, "--report", "json="+report)
		data, err := os.ReadFile(report)
		if err != nil {
			t.Fatalf("exit code %d: %v\n%s", code, err, errs)
		}
		got := milliseconds.ReplaceAllString(string(data), "")
		for _, part := range []string{"schema/", "plain-integers", "status/undocumented", "cannot be read", "418"} {
			if !strings.Contains(got, part) {
				t.Errorf("%d cores: the report lacks %q", n, part)
			}
		}
		if first == "" {
			first = got
		}
		if got != first {
			t.Errorf("%d cores: another report than on one core\n%s", n, cmp.Diff(first, got))
		}
	}
}

// milliseconds are the times in a JSON report.
var milliseconds = regexp.MustCompile(`(?m)^.*"(started|seconds|time)":.*\n`)
