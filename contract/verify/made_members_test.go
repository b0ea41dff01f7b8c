package verify_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/contract/traffic"
	"github.com/quotaspec/quotaspec/contract/verify"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// runs is a document of runs, of which each belongs to a flow. Runs are created first and deleted last,
// as far as the order of the document goes.
const runs = `openapi: 3.0.3
info: {title: Runs, version: 1.0.0}
paths:
  /flows/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {operationId: getFlow, responses: {'200': {$ref: '#/components/responses/Made'}, '404': {description: None.}}}
    delete: {operationId: deleteFlow, responses: {'204': {description: Deleted.}, '404': {description: None.}}}
  /runs:
    post:
      operationId: createRun
      requestBody:
        required: true
        content: {application/json: {schema: {type: object, required: [flow_id], properties: {flow_id: {type: integer}}}}}
      responses: {'201': {$ref: '#/components/responses/Made'}, '400': {description: No.}, '404': {description: No such flow.}}
  /runs/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {operationId: getRun, responses: {'200': {$ref: '#/components/responses/Made'}, '404': {description: None.}}}
    delete: {operationId: deleteRun, responses: {'204': {description: Deleted.}, '404': {description: None.}}}
  /flows:
    post:
      operationId: createFlow
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [email, slug]
              properties: {email: {type: string, format: email}, slug: {type: string, pattern: '^[a-z0-9-]+$', example: red}}
      responses: {'201': {$ref: '#/components/responses/Made'}, '400': {description: No.}}
components:
  responses:
    Made:
      description: One.
      content: {application/json: {schema: {type: object, required: [id], properties: {id: {type: integer}, deleted: {type: boolean}}}}}
`

// runner is a provider of that document. It keeps deleted flows, with their names.
type runner struct {
	mu    sync.Mutex
	flows []flow      // the id of a flow is its index and firstFlow
	runs  map[int]int // the id of the flow
	made  int
}

const firstFlow = 40

type flow struct {
	email, slug string
	deleted     bool
}

func (p *runner) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	data, _ := io.ReadAll(r.Body)
	answer := func(status int, body string) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
	var body struct {
		FlowID      *int `json:"flow_id"`
		Email, Slug *string
	}
	isJSON := json.Unmarshal(data, &body) == nil && r.Header.Get("Content-Type") == "application/json"
	var id int
	for _, prefix := range []string{"/flows/", "/runs/"} {
		if last, ok := strings.CutPrefix(r.URL.Path, prefix); ok {
			id, _ = strconv.Atoi(last)
		}
	}
	isFlow := strings.HasPrefix(r.URL.Path, "/flows/")
	at := id - firstFlow
	switch {
	case r.Method == http.MethodPost && r.URL.Path == "/runs":
		switch {
		case !isJSON || body.FlowID == nil:
			answer(400, "")
		case *body.FlowID < firstFlow || *body.FlowID >= firstFlow+len(p.flows):
			answer(404, "")
		default:
			p.made++
			p.runs[p.made] = *body.FlowID
			answer(201, fmt.Sprintf(`{"id": %d}`, p.made))
		}
	case r.Method == http.MethodPost && r.URL.Path == "/flows":
		isRight := isJSON && body.Email != nil && body.Slug != nil && strings.Contains(*body.Email, "@") && !strings.Contains(*body.Slug, " ")
		switch {
		case !isRight:
			answer(400, "")
		case slices.ContainsFunc(p.flows, func(f flow) bool { return f.email == *body.Email || f.slug == *body.Slug }):
			answer(409, "")
		default:
			p.flows = append(p.flows, flow{email: *body.Email, slug: *body.Slug})
			answer(201, fmt.Sprintf(`{"id": %d}`, firstFlow+len(p.flows)-1))
		}
	case isFlow && at >= 0 && at < len(p.flows) && r.Method == http.MethodGet:
		answer(200, fmt.Sprintf(`{"id": %d, "deleted": %t}`, id, p.flows[at].deleted))
	case isFlow && at >= 0 && at < len(p.flows) && r.Method == http.MethodDelete:
		p.flows[at].deleted = true
		for run, its := range p.runs { // they belong to it
			if its == id {
				delete(p.runs, run)
			}
		}
		w.WriteHeader(204)
	case p.runs[id] > 0 && r.Method == http.MethodGet && !isFlow:
		answer(200, fmt.Sprintf(`{"id": %d}`, id))
	case p.runs[id] > 0 && r.Method == http.MethodDelete && !isFlow:
		delete(p.runs, id)
		w.WriteHeader(204)
	default:
		w.WriteHeader(404)
	}
}

// TestRightProvider judges a right provider that takes each name once, keeps what was deleted, and wants the id of a flow in a
// body: all checks pass, nothing is left, and the recording has each request.
func TestRightProvider(t *testing.T) {
	p, got := &runner{runs: map[int]int{}}, []string{}
	provider := httptest.NewServer(p)
	defer provider.Close()
	at, _ := url.Parse(provider.URL)
	file := filepath.Join(t.TempDir(), "runs.yaml")
	if err := os.WriteFile(file, []byte(runs), 0o600); err != nil {
		t.Fatal(err)
	}
	judge, err := contract.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	var mu sync.Mutex
	made, deleted := 0, 0
	result, err := verify.Run(t.Context(), []*contract.Judge{judge},
		verify.Inputs{Providers: []verify.Provider{{Judge: judge, URL: at}}},
		verify.Options{
			FailOn: spec.Inferred, Timeout: 5 * time.Second, Concurrency: 2, AllowChanges: true, Log: &log,
			RepeatCommand: func(id string) string { return id },
			Record: func(e traffic.Entry, _ string) {
				mu.Lock()
				defer mu.Unlock()
				switch {
				case e.Exchange.Request.Method == http.MethodPost && e.Exchange.Response.Status == 201:
					made++
				case e.Exchange.Request.Method == http.MethodDelete && e.Exchange.Response.Status == 204:
					deleted++
				}
			},
		})
	for _, c := range result.Checks {
		isAllowed := strings.Contains(c.ID, "/method-") // the provider has no Allow
		if c.Status != report.Pass && !isAllowed {
			got = append(got, fmt.Sprint(c.ID, " ", c.Failures, c.Reason))
		}
	}
	if diff := cmp.Diff([]string{}, got); diff != "" || err != nil || log.String() != "" {
		t.Errorf("not passed (-want +got), error %v, log %s:\n%s", err, log.String(), diff)
	}
	isKept := func(f flow) bool { return !f.deleted }
	if len(p.runs) > 0 || slices.ContainsFunc(p.flows, isKept) {
		t.Errorf("left behind: %v, %v", p.runs, p.flows)
	}
	if all := p.made + len(p.flows); made != all || deleted < all {
		t.Errorf("recorded: %d created and %d deleted, want %d", made, deleted, all)
	}
}
