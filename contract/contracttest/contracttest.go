// Package contracttest judges the HTTP exchanges of a Go test by an OpenAPI document. It needs one line in a test that exists,
// and one line at the end that you test:
//
//	check := contracttest.New(t, "openapi.yaml")             // what is wrong fails t, with the line of the document
//	client := &http.Client{Transport: check.Transport(nil)}  // the calls of a consumer
//	srv := httptest.NewServer(check.Handler(mux))            // a provider: any http.Handler, also an echo, chi or gin
//
// Handler judges the responses, because tests of a provider send wrong requests on purpose. Transport judges the requests and
// the responses, because a test of a consumer whose stub does not keep to the document proves nothing. Side changes either.
//
//	--- FAIL: TestPet (0.01s)
//	    check.go:91: GET /pets/7: 404: body/undocumented at /response/body: want no body, got 19 bytes (…, openapi.yaml:22)
//
// The bodies pass through unchanged and are copied on their way, up to 16 MiB. A body that is larger, or that nobody read to
// its end, is not judged; the rest of its exchange is. A test in which all is well prints nothing. With -v it logs what it
// covered.
//
// [Main] adds what concerns all tests of a package: a minimum of coverage, and report files.
//
// The package knows the judge and its reports. It knows no command line, no server and no client.
package contracttest

import (
	"cmp"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Option changes what a Check fails on.
type Option func(*Check)

// Side sets who is judged, by Handler and by Transport.
func Side(side contract.Side) Option { return func(c *Check) { c.side = side } }

// FailOn sets the lowest grade of a broken promise that fails the test. Without it that is spec.Recorded. With
// spec.Undocumented, a header of a response that the document does not mention fails, too.
func FailOn(grade spec.Grade) Option { return func(c *Check) { c.failOn = grade } }

// Document adds the OpenAPI document of another file, for a handler or a client of two APIs. A request is judged by the first
// document that has its path.
func Document(file string) Option { return func(c *Check) { c.files = append(c.files, file) } }

// Servers adds URLs where the API is, such as https://staging.example.com/v1, to the servers of the documents. A URL on
// localhost needs none: it stands for every server.
func Servers(urls ...string) Option { return func(c *Check) { c.servers = append(c.servers, urls...) } }

// Ignore leaves out requests whose path matches one of the globs, such as /healthz and /debug/*. A * matches any text. Use it
// for paths that the document does not have: they fail otherwise.
func Ignore(paths ...string) Option {
	return func(c *Check) { c.ignored = append(c.ignored, paths...) }
}

// Tolerate lets findings pass that are known, by globs of their id and pointer: "header/*", "/response/headers/x-*". Say in a
// comment why, and until when.
func Tolerate(id, pointer string) Option {
	return func(c *Check) { c.tolerated = append(c.tolerated, tolerance{id, pointer}) }
}

type tolerance struct{ id, pointer string }

// New returns a check that fails t for each broken promise of an exchange that passes its Transport or its Handler, until t
// ends. The file is read once in a process, however many tests use it. If it cannot be read, New ends t with one line.
func New(t testing.TB, file string, options ...Option) *Check {
	t.Helper()
	c := &Check{t: t, failOn: spec.Recorded, files: []string{file}, pending: map[*call]bool{}}
	for _, option := range options {
		option(c)
	}
	for _, name := range c.files {
		judge, err := load(name, c.servers)
		if err != nil {
			t.Fatalf("contracttest: %s", text.OneLine(err.Error()))
		}
		c.judges = append(c.judges, judge)
	}
	if testing.Verbose() {
		c.seen = &collection{}
		c.seen.use(c)
	}
	if all := ofPackage.Load(); all != nil {
		all.use(c)
	}
	t.Cleanup(c.end)
	return c
}

// loaded has a function for each file and its servers, which returns the judge or the error of the first call.
var loaded sync.Map

func load(file string, servers []string) (*contract.Judge, error) {
	path, err := filepath.Abs(file) // the test may change its folder
	if err != nil {
		return nil, err
	}
	key := strings.Join(append([]string{path}, servers...), "\n")
	once, _ := loaded.LoadOrStore(key, sync.OnceValues(func() (*contract.Judge, error) { return contract.Load(file, servers...) }))
	return once.(func() (*contract.Judge, error))()
}

// sideOf returns who is judged: the side of the options, else that of the end at which the exchange was seen.
func (c *Check) sideOf(end contract.Side) contract.Side { return cmp.Or(c.side, end) }

// fails reports whether a finding fails the test. Two findings fail it whatever their side or grade, because the handler does
// something that no reader of the document can know of:
//
//	body/undocumented      the response has a body where the document has none
//	method/undocumented    the response to a method that the document does not have is no refusal
func (c *Check) fails(f contract.Finding, ex *contract.Exchange, side contract.Side) bool {
	isTolerated := func(t tolerance) bool { return text.Matches(t.id, f.ID) && text.Matches(t.pointer, f.Pointer) }
	for _, t := range c.tolerated {
		if isTolerated(t) {
			return false
		}
	}
	switch f.ID {
	case "body/undocumented":
		return f.Fails(side, spec.Undocumented)
	case "method/undocumented":
		isAutomatic := ex.Request.Method == "HEAD" || ex.Request.Method == "OPTIONS" // routers and CORS add these
		isServed := ex.Response.Status < 400 && !isAutomatic
		return isServed || f.Fails(side, c.failOn)
	}
	return f.Fails(side, c.failOn)
}

// lineOf writes a finding with its whole place, so that an editor can jump there.
func lineOf(f contract.Finding) string {
	return fmt.Sprintf("%s at %s: want %s, got %s (%s, %s)",
		f.ID, f.Pointer, text.Shorten(f.Want, maxWords), text.Shorten(f.Got, maxWords), f.Evidence.Grade, f.Place())
}

// maxWords is how many characters of what was wanted, and of what came, a line shows.
const maxWords = 160
