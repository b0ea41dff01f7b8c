package fleet_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/traffic"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// The recipes of docs/how-to/judge-a-fleet.md run here as readers copy them, with the document of docs/tutorial.md. A row of
// verdicts has an exchange as the judge reads it out of what a recipe has written:
//
//	GET /books?limit=1 200, without credentials: schema/type at /response/body/0/pages

const (
	recipes  = "../../docs/how-to/judge-a-fleet.md"
	tutorial = "../../docs/tutorial.md"
)

// TestRecordOfPage judges the record that the page shows.
func TestRecordOfPage(t *testing.T) {
	record := strings.ReplaceAll(fileOf(t, recipes, "record.json"), "\n", "")
	want := []string{"GET /books/b7 200: schema/type at /response/body/pages"}
	compareVerdicts(t, []byte(record), want)
}

// TestVectorRecipe runs the program of vector.yaml by VRL's own compiler. The events are those that the documentation of APISIX and
// Kong shows, with bodies; what must not be in the topic has hidden in it.
func TestVectorRecipe(t *testing.T) {
	python := install(t)
	folder := t.TempDir()
	writeFile(t, folder, "vector.yaml", fileOf(t, recipes, "vector.yaml"))
	script, err := filepath.Abs("testdata/recipes/remap.py")
	if err != nil {
		t.Fatal(err)
	}
	events, err := os.Open("testdata/recipes/events.json")
	if err != nil {
		t.Fatal(err)
	}
	defer events.Close()
	command := exec.CommandContext(t.Context(), filepath.Join(python, "python"), script)
	command.Dir, command.Stdin = folder, events
	out, err := command.Output()
	if err != nil {
		failed := &exec.ExitError{}
		errors.As(err, &failed)
		t.Fatalf("%v\n%s", err, failed.Stderr)
	}
	want := []string{
		"GET /books?limit=1&access_token=REDACTED 200: parameter/undocumented at /request/query/access_token, " +
			"schema/type at /response/body/0/pages",
		"GET /books/b8 200, without credentials, without response body: passed", // it was not UTF-8
		"POST /books 405, without credentials: method/undocumented at /request/method",
		"POST /login 404, without credentials, without request body, without response body: the document has no such path",
		"GET /books/b7 201, without credentials, without response body: status/undocumented at /response/status", // of Kong, without a body
	}
	compareVerdicts(t, out, want)
	if !bytes.Contains(out, []byte(`"2026-11-27T08:34:22.536+00:00"`)) || !bytes.Contains(out, []byte(`"2026-11-27T08:34:22.540+00:00"`)) {
		t.Errorf("the times of APISIX or of Kong are missing\n%s", out)
	}
}

// TestEnvoyRecipe sends requests through Envoy with the files of the page, in front of a server that is often wrong.
func TestEnvoyRecipe(t *testing.T) {
	python := install(t)
	server := httptest.NewServer(http.HandlerFunc(books))
	defer server.Close()
	folder := t.TempDir()
	gateway, stop := startEnvoy(t, filepath.Join(python, "envoy"), folder, fileOf(t, recipes, "envoy.yaml"), server.URL)

	large := strings.Repeat("a", 300_000)
	for _, r := range []struct{ method, path, header, body string }{
		{method: "GET", path: "/books/b7"},
		{method: "GET", path: "/books?limit=1&access_token=hidden-1", header: "Authorization: Bearer hidden-2"},
		{method: "GET", path: "/books?limit=1", header: "Cookie: a=hidden-3"},
		{method: "GET", path: "/books/none"},
		{method: "HEAD", path: "/books/b7"},
		{method: "POST", path: "/books", body: `{"a":1}`},
		{method: "POST", path: "/books", body: large},
		{method: "POST", path: "/login", body: "password=hidden-4"},
		{method: "GET", path: "/books/large"},
		{method: "GET", path: "/books/bytes"},
		{method: "GET", path: "/books/cut"},
		{method: "GET", path: "/books/gone"},
	} {
		send(t, http.DefaultClient, r.method, gateway+r.path, r.header, r.body)
	}
	protocols := http.Protocols{}
	protocols.SetUnencryptedHTTP2(true)
	send(t, &http.Client{Transport: &http.Transport{Protocols: &protocols}}, "GET", gateway+"/books/b7", "X-Odd: \"\\\xff", "")
	sendMalformed(t, strings.TrimPrefix(gateway, "http://"))
	stop()

	out, err := os.ReadFile(filepath.Join(folder, "exchanges.har"))
	if err != nil {
		t.Fatal(err)
	}
	const noCredentials, noRequest, noResponse = ", without credentials", ", without request body", ", without response body"
	want := []string{
		"GET /books/b7 200" + noCredentials + ": schema/type at /response/body/pages",
		"GET /books?limit=1&access_token=REDACTED 200: parameter/undocumented at /request/query/access_token, " +
			"schema/type at /response/body/0/pages",
		"GET /books?limit=1 200: schema/type at /response/body/0/pages",
		"GET /books/none 404" + noCredentials + ": passed",
		"HEAD /books/b7 405" + noCredentials + ": method/undocumented at /request/method",
		"POST /books 405" + noCredentials + ": method/undocumented at /request/method",
		"POST /books 405" + noCredentials + noRequest + ": method/undocumented at /request/method",
		"POST /login 405" + noCredentials + noRequest + ": the document has no such path",
		"GET /books/large 200" + noCredentials + noResponse + ": passed",
		"GET /books/bytes 200" + noCredentials + ": body/invalid-utf8 at /response/body/title, schema/type at /response/body/pages",
		"GET /books/cut 200" + noCredentials + noResponse + ": passed",
		"GET /books/gone 503" + noCredentials + ": status/undocumented at /response/status", // by Envoy itself
		"GET /books/b7 200" + noCredentials + ": header/undocumented at /request/headers/x-odd, schema/type at /response/body/pages",
	}
	compareVerdicts(t, out, want)
}

// books responds as its path says, mostly wrongly.
func books(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	w.Header().Set("Content-Type", "application/json")
	const book = `{"id": "b7", "title": "Dubliners", "pages": "152"}`
	switch {
	case r.Method != http.MethodGet:
		w.Header().Set("Allow", "GET")
		w.Header().Del("Content-Type")
		w.WriteHeader(http.StatusMethodNotAllowed)
	case r.URL.Path == "/books":
		_, _ = io.WriteString(w, "["+book+"]")
	case r.URL.Path == "/books/b7":
		_, _ = io.WriteString(w, book)
	case r.URL.Path == "/books/large":
		_, _ = io.WriteString(w, strings.Repeat(" ", 300_000)+book)
	case r.URL.Path == "/books/bytes":
		_, _ = io.WriteString(w, strings.Replace(book, "Dubliners", "\xff", 1))
	case r.URL.Path == "/books/cut":
		w.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(w, book[:20])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	case r.URL.Path == "/books/gone":
		panic(http.ErrAbortHandler)
	default:
		w.Header().Del("Content-Type")
		w.WriteHeader(http.StatusNotFound)
	}
}

// startEnvoy starts Envoy in a folder, with free ports in place of those of the page, and waits until it listens at the URL of the
// gateway. Stop ends it and returns the processor time that it has used.
func startEnvoy(t testing.TB, command, folder, config, server string) (gateway string, stop func() time.Duration) {
	t.Helper()
	port := unusedPort(t)
	ports := strings.NewReplacer("port_value: 8081", "port_value: "+port, "port_value: 9000", "port_value: "+portOf(t, server))
	writeFile(t, folder, "envoy.yaml", ports.Replace(config))
	writeFile(t, folder, "quotaspec.lua", fileOf(t, recipes, "quotaspec.lua"))
	log := &bytes.Buffer{}
	process := exec.CommandContext(t.Context(), command, "-c", "envoy.yaml", "--use-dynamic-base-id", "--log-level", "error",
		"--concurrency", "1")
	process.Dir, process.Stderr = folder, log
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- process.Wait() }()
	stop = func() time.Duration {
		_ = process.Process.Signal(syscall.SIGTERM)
		select {
		case err := <-ended:
			if err != nil || log.Len() > 0 {
				t.Fatalf("Envoy: %v\n%s", err, log)
			}
		case <-time.After(30 * time.Second):
			t.Fatal("Envoy does not end")
		}
		return process.ProcessState.UserTime() + process.ProcessState.SystemTime()
	}
	for range 600 {
		if conn, err := net.Dial("tcp", "127.0.0.1:"+port); err == nil {
			_ = conn.Close()
			return "http://127.0.0.1:" + port, stop
		}
		select {
		case err := <-ended:
			t.Fatalf("Envoy ended: %v\n%s", err, log)
		case <-time.After(100 * time.Millisecond):
		}
	}
	t.Fatal("Envoy does not listen")
	return "", nil
}

// send sends a request. What the response is does not matter here: Envoy writes it.
func send(t testing.TB, client *http.Client, method, url, header, body string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if name, value, ok := strings.Cut(header, ": "); ok {
		request.Header.Set(name, value)
	}
	response, err := client.Do(request)
	if err != nil {
		t.Fatalf("%s %s: %v", method, url, err)
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, response.Body)
}

// sendMalformed sends a request whose path Envoy refuses, before any filter has seen it.
func sendMalformed(t *testing.T, address string) {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, _ = io.WriteString(conn, "GET /books?\xff HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
	if head, _ := io.ReadAll(conn); !bytes.HasPrefix(head, []byte("HTTP/1.1 400 ")) {
		t.Fatalf("got %q", head)
	}
}

// compareVerdicts compares the verdicts on entries.
func compareVerdicts(t *testing.T, entries []byte, want []string) {
	t.Helper()
	if diff := cmp.Diff(want, verdicts(t, entries)); diff != "" {
		t.Errorf("(-want +got)\n%s\n%.20000s", diff, entries)
	}
}

// verdicts judges entries by the document of the tutorial, each in one line. None of them holds a secret.
func verdicts(t *testing.T, entries []byte) []string {
	t.Helper()
	if bytes.Contains(entries, []byte("hidden")) {
		t.Errorf("a secret is in the entries\n%s", entries)
	}
	doc, err := spec.Read("openapi.yaml", []byte(fileOf(t, tutorial, "openapi.yaml")), nil)
	if err != nil {
		t.Fatal(err)
	}
	judge, err := contract.New(doc)
	if err != nil {
		t.Fatal(err)
	}
	list := []string{}
	for e, err := range traffic.ReadHAR(bytes.NewReader(entries)) {
		if err != nil {
			t.Errorf("%v\n%s", err, entries)
			continue
		}
		if e.Skip != "" || e.Started.IsZero() || e.Took < 0 {
			t.Errorf("entry %d: skipped %q, began %v", e.Number, e.Skip, e.Started)
		}
		line := fmt.Sprintf("%s %s %d", e.Exchange.Request.Method, e.Exchange.Request.Target, e.Exchange.Response.Status)
		unrecorded := e.Exchange.Unrecorded
		for _, part := range []struct {
			is   bool
			text string
		}{
			{is: unrecorded&contract.UnrecordedCredentials == 0, text: ", without credentials"},
			{is: unrecorded&contract.UnrecordedRequestBody != 0, text: ", without request body"},
			{is: unrecorded&contract.UnrecordedResponseBody != 0, text: ", without response body"},
			{is: unrecorded&(contract.UnrecordedRequestHeaders|contract.UnrecordedResponseHeaders) != 0, text: ", without headers"},
		} {
			if part.is {
				line += part.text
			}
		}
		list = append(list, line+": "+verdict(judge.Check(e.Exchange)))
	}
	return list
}

func verdict(result contract.Result) string {
	list := []string{}
	for _, f := range result.Findings {
		list = append(list, f.ID+" at "+f.Pointer)
	}
	slices.Sort(list)
	switch {
	case !result.Judged:
		return contract.ErrUnknown.Error()
	case len(list) == 0:
		return "passed"
	}
	return strings.Join(list, ", ")
}

// fileOf returns the first file of this name in a page: the block below its mark.
func fileOf(t testing.TB, page, name string) string {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile("<!-- file: " + regexp.QuoteMeta(name) + " -->\n```[a-z]*\n((?:.*\n)*?)```\n").FindSubmatch(text)
	if m == nil {
		t.Fatalf("%s has no file %s", page, name)
	}
	return string(m[1])
}

func writeFile(t testing.TB, folder, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// unusedPort finds a port below those that systems give to outgoing connections (32768 on Linux), of which others make many meanwhile.
func unusedPort(t testing.TB) string {
	t.Helper()
	for range 1000 {
		if listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", 20000+rand.IntN(12000))); err == nil {
			defer listener.Close()
			return portOf(t, "http://"+listener.Addr().String())
		}
	}
	t.Fatal("no unused port from 20000 to 31999 on 127.0.0.1")
	return ""
}

func portOf(t testing.TB, url string) string {
	t.Helper()
	_, port, err := net.SplitHostPort(strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// install makes a virtual environment of testdata/recipes/requirements.txt and returns its folder of commands. It stays in the
// user's cache until the requirements change.
func install(t testing.TB) string {
	t.Helper()
	if testing.Short() {
		t.Skip("it installs Envoy (pip downloads 40 MB)")
	}
	if _, err := exec.LookPath("python3"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	const file = "testdata/recipes/requirements.txt"
	requirements, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(cache, "quotaspec-fleet", fmt.Sprintf("recipes-%x", sha256.Sum256(requirements))[:20])
	bin, complete := filepath.Join(folder, "bin"), filepath.Join(folder, "complete")
	if _, err := os.Stat(complete); err == nil {
		return bin
	}
	for _, args := range [][]string{
		{"python3", "-m", "venv", "--clear", folder},
		{filepath.Join(bin, "pip"), "install", "--quiet", "--disable-pip-version-check", "--requirement", file},
		{"touch", complete},
	} {
		if out, err := exec.CommandContext(t.Context(), args[0], args[1:]...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
	}
	return bin
}
