package twojudges

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/pb33f/libopenapi-validator/config"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/forms"
)

// Each judge of TestJudges is a process, so that its memory is its own and /proc has its processor time. It reads the file
// exchanges.jsonl, then judges whatever part of it each line "FIRST COUNT" of its standard input names, from the first exchange
// again after the last, and prints the numbers of those in which it finds something:
//
//	9998 4
//	9999,1
//
// Prism, which judges what passes through it, is asked by Go in the same way (prismproxy_test.go).

// benchedJudge is a judge, or a second set of options of one.
type benchedJudge struct {
	name    string
	module  string // its package, for its version; "": ours
	options string
	best    bool     // the options with which it finds the most: it has a column in the table of faults
	program []string // the interpreter, and a file of testdata/judges with its options; nil: goJudges has it
	needs   string   // what is there, below the folder of -judges, if the program is installed
}

func (j benchedJudge) String() string { return strings.TrimSuffix(j.name+", "+j.options, ", ") }

const (
	prismName  = "Prism's proxy"
	prismPath  = "node_modules/.bin/prism"
	pythonPath = "venv/bin/python"
)

var benchedJudges = []benchedJudge{
	{name: "quotaspec", options: "all rules", best: true},
	{name: "quotaspec", options: "no rules", best: true},
	{name: "kin-openapi", module: "github.com/getkin/kin-openapi", options: "default"},
	{name: "kin-openapi", module: "github.com/getkin/kin-openapi", options: "statuses, formats", best: true},
	{name: "libopenapi-validator", module: "github.com/pb33f/libopenapi-validator", options: "default"},
	{name: "libopenapi-validator", module: "github.com/pb33f/libopenapi-validator", options: "strict, formats, content", best: true},
	{
		name: "ajv", module: "ajv", options: "bodies only", best: true,
		program: []string{"node", "by_ajv.js"}, needs: "node_modules/ajv",
	},
	{
		name: "openapi-core", module: "openapi-core", options: "default",
		program: []string{pythonPath, "by_openapi_core.py"}, needs: "venv/lib/*/site-packages/openapi_core",
	},
	{
		name: "openapi-core", module: "openapi-core", options: "additional properties forbidden", best: true,
		program: []string{pythonPath, "by_openapi_core.py", "--strict"}, needs: "venv/lib/*/site-packages/openapi_core",
	},
	{name: prismName, module: "@stoplight/prism-cli", options: "no log", best: true, needs: prismPath},
}

// installed reports whether the judge can be run. In CI, that a program could not be installed is a failure.
func (j benchedJudge) installed(t *testing.T) bool {
	t.Helper()
	if j.needs == "" {
		return true
	}
	if *judgesTools == "" {
		return false
	}
	found, err := filepath.Glob(filepath.Join(*judgesTools, j.needs))
	if err != nil || len(found) == 0 {
		t.Logf("%s is not installed", j)
		if os.Getenv("CI") == "true" {
			t.Fail()
		}
		return false
	}
	return true
}

// goJudges make the judges in Go. Each is given what a server or a HAR has: the parsed head, and the bytes of the body.
var goJudges = map[string]func(t *testing.T) (isWrong func(contract.Exchange) bool){
	"quotaspec, all rules": func(t *testing.T) func(contract.Exchange) bool { return benchedOurs(t, forms.Form{OpenAPI: "3.0"}) },
	"quotaspec, no rules": func(t *testing.T) func(contract.Exchange) bool {
		return benchedOurs(t, forms.Form{OpenAPI: "3.0", Plain: true})
	},
	"kin-openapi, default": func(t *testing.T) func(contract.Exchange) bool {
		return benchedKin(t, &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc})
	},
	"kin-openapi, statuses, formats": func(t *testing.T) func(contract.Exchange) bool { return benchedKin(t, tuned()) },
	"libopenapi-validator, default":  func(t *testing.T) func(contract.Exchange) bool { return benchedLibopenapi(t) },
	"libopenapi-validator, strict, formats, content": func(t *testing.T) func(contract.Exchange) bool {
		return benchedLibopenapi(t, strict()...)
	},
}

func benchedOurs(t *testing.T, form forms.Form) func(contract.Exchange) bool {
	t.Helper()
	doc, err := forms.Document("iam", form)
	if err != nil {
		t.Fatal(err)
	}
	judge, err := contract.New(doc)
	if err != nil {
		t.Fatal(err)
	}
	return func(ex contract.Exchange) bool {
		result := judge.Check(ex)
		return len(result.Findings)+len(result.Errors) > 0 || !result.Judged
	}
}

func benchedKin(t *testing.T, options *openapi3filter.Options) func(contract.Exchange) bool {
	t.Helper()
	router := kinRouter(t, benchedDocument(t))
	return func(ex contract.Exchange) bool {
		request, err := benchedRequest(ex.Request)
		if err != nil {
			return true
		}
		route, params, err := router.FindRoute(request)
		if err != nil {
			return true
		}
		input := &openapi3filter.RequestValidationInput{Request: request, PathParams: params, Route: route, Options: options}
		if openapi3filter.ValidateRequest(context.Background(), input) != nil {
			return true
		}
		response := &openapi3filter.ResponseValidationInput{
			RequestValidationInput: input, Status: ex.Response.Status, Header: ex.Response.Header, Options: options,
		}
		response.SetBodyBytes(ex.Response.Body)
		return openapi3filter.ValidateResponse(context.Background(), response) != nil
	}
}

func benchedLibopenapi(t *testing.T, options ...config.Option) func(contract.Exchange) bool {
	t.Helper()
	v, err := loadValidator(benchedDocument(t), options...)
	if err != nil {
		t.Fatal(err)
	}
	return func(ex contract.Exchange) bool {
		request, err := benchedRequest(ex.Request)
		if err != nil {
			return true
		}
		if valid, _ := v.ValidateHttpRequestSync(request); !valid {
			return true
		}
		valid, _ := v.ValidateHttpResponse(request, &http.Response{
			StatusCode: ex.Response.Status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: ex.Response.Header, Request: request,
			Body: io.NopCloser(bytes.NewReader(ex.Response.Body)), ContentLength: int64(len(ex.Response.Body)),
		})
		return !valid
	}
}

// benchedRequest makes the request that net/http would have read, with as little work as possible.
func benchedRequest(r contract.Request) (*http.Request, error) {
	target, err := url.ParseRequestURI(r.Target)
	if err != nil {
		return nil, err
	}
	request := &http.Request{
		Method: r.Method, URL: target, Host: benchedHost, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: r.Header,
		Body: http.NoBody, ContentLength: int64(len(r.Body)),
	}
	if len(r.Body) > 0 {
		request.Body = io.NopCloser(bytes.NewReader(r.Body))
	}
	return request, nil
}

func benchedDocument(t *testing.T) []byte {
	t.Helper()
	text, err := forms.YAML("iam", forms.Form{OpenAPI: "3.0"})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

const (
	benchedName   = "QUOTASPEC_BENCHED_JUDGE"
	benchedFolder = "QUOTASPEC_BENCHED_FOLDER"
)

// TestBenchedJudge is no test: it is the process of a judge in Go.
func TestBenchedJudge(t *testing.T) {
	name := os.Getenv(benchedName)
	if name == "" {
		t.Skip("started by TestJudges")
	}
	isWrong := goJudges[name](t)
	file, err := os.Open(filepath.Join(os.Getenv(benchedFolder), "exchanges.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	exchanges := []contract.Exchange{}
	for decoder := json.NewDecoder(file); decoder.More(); {
		var ex contract.Exchange
		if err := decoder.Decode(&ex); err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(name, "quotaspec") {
			ex.Request.Header.Del("Host") // net/http keeps it elsewhere
		}
		exchanges = append(exchanges, ex)
	}
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		var first, count int
		if _, err := fmt.Sscan(lines.Text(), &first, &count); err != nil {
			t.Fatal(err)
		}
		found := []string{}
		for i := first; i < first+count; i++ {
			if isWrong(exchanges[i%len(exchanges)]) {
				found = append(found, strconv.Itoa(i%len(exchanges)))
			}
		}
		fmt.Println(strings.Join(found, ","))
	}
}

// judgeProcess is a judge that runs.
type judgeProcess struct {
	pid int
	ask func(t *testing.T, first, count int) (found []int)
}

// startJudge starts a judge with the exchanges of a folder.
func startJudge(t *testing.T, j benchedJudge, folder string) *judgeProcess {
	t.Helper()
	command := exec.Command(os.Args[0], "-test.run=^TestBenchedJudge$")
	command.Env = append(os.Environ(), "GOMAXPROCS=1", benchedName+"="+j.String(), benchedFolder+"="+folder)
	if j.program != nil {
		interpreter := j.program[0]
		if interpreter == pythonPath {
			interpreter = filepath.Join(*judgesTools, pythonPath)
		}
		args := append([]string{filepath.Join(*judgesTools, j.program[1]), folder}, j.program[2:]...)
		command = exec.Command(interpreter, args...)
	}
	command.Stderr = os.Stderr
	in, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := command.StdoutPipe()
	if err == nil {
		err = command.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait()
	})
	lines := bufio.NewReader(out)
	return &judgeProcess{pid: command.Process.Pid, ask: func(t *testing.T, first, count int) (found []int) {
		t.Helper()
		_, _ = fmt.Fprintln(in, first, count) // that it has ended shows below
		line, err := lines.ReadString('\n')
		if err != nil {
			t.Fatalf("%s: %v", j, err)
		}
		for number := range strings.SplitSeq(strings.TrimSpace(line), ",") {
			if number == "" {
				continue
			}
			i, err := strconv.Atoi(number)
			if err != nil {
				t.Fatalf("%s: got %q", j, line)
			}
			found = append(found, i)
		}
		return found
	}}
}

// processorTime returns the processor time of all threads of a process. It fails on systems without /proc.
func processorTime(t *testing.T, pid int) (sum time.Duration) {
	t.Helper()
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
	if err != nil || len(threads) == 0 {
		t.Fatalf("no processor time of the process %d: %v", pid, err)
	}
	for _, thread := range threads {
		text, err := os.ReadFile(thread)
		if err != nil {
			continue // the thread has ended
		}
		var nanoseconds int64
		if _, err := fmt.Sscan(string(text), &nanoseconds); err != nil {
			t.Fatal(err)
		}
		sum += time.Duration(nanoseconds)
	}
	return sum
}
