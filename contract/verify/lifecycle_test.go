package verify_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/probe"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/contract/verify"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// shelf is a document of shelves and of the boxes on them.
const shelf = `openapi: 3.0.3
info: {title: Shelves, version: 1.0.0}
paths:
  /shelves:
    post:
      operationId: createShelf
      requestBody: {$ref: '#/components/requestBodies/Named'}
      responses: {'200': {$ref: '#/components/responses/Named'}, '201': {$ref: '#/components/responses/Named'}, '202': {$ref: '#/components/responses/Named'}, '400': {description: No.}, '409': {description: There is one.}}
  /shelves/{shelf}:
    parameters: [{$ref: '#/components/parameters/Shelf'}]
    get:
      operationId: getShelf
      responses: {'200': {$ref: '#/components/responses/Named'}, '404': {description: None.}}
    put:
      operationId: updateShelf
      requestBody: {$ref: '#/components/requestBodies/Named'}
      responses: {'200': {$ref: '#/components/responses/Named'}, '400': {description: No.}, '404': {description: None.}}
    delete:
      operationId: deleteShelf
      responses: {'202': {description: Soon.}, '204': {description: Deleted.}, '404': {description: None.}}
  /shelves/{shelf}/boxes:
    parameters: [{$ref: '#/components/parameters/Shelf'}]
    post:
      operationId: createBox
      requestBody: {$ref: '#/components/requestBodies/Named'}
      responses: {'200': {$ref: '#/components/responses/Named'}, '201': {$ref: '#/components/responses/Named'}, '202': {$ref: '#/components/responses/Named'}, '400': {description: No.}, '404': {description: None.}}
  /shelves/{shelf}/boxes/{box}:
    parameters:
      - {$ref: '#/components/parameters/Shelf'}
      - {name: box, in: path, required: true, schema: {type: integer, minimum: 1}}
    get:
      operationId: getBox
      responses: {'200': {$ref: '#/components/responses/Named'}, '404': {description: None.}}
    patch:
      operationId: patchBox
      requestBody: {$ref: '#/components/requestBodies/Named'}
      responses: {'200': {$ref: '#/components/responses/Named'}, '400': {description: No.}, '404': {description: None.}}
    delete:
      operationId: deleteBox
      responses: {'202': {description: Soon.}, '204': {description: Deleted.}, '404': {description: None.}}
components:
  parameters:
    Shelf: {name: shelf, in: path, required: true, example: s900, schema: {type: string, pattern: '^s[0-9]+$'}}
  requestBodies:
    Named:
      required: true
      content:
        application/json:
          schema:
            type: object
            required: [name]
            properties: {name: {type: string, minLength: 1}}
            additionalProperties: false
  responses:
    Named:
      description: One.
      content:
        application/json:
          schema:
            type: object
            required: [name]
            properties: {name: {type: string}, id: {}}
`

// shelves is a provider of that document. Its fault is what it does wrong.
type shelves struct {
	fault string
	seen  func(*http.Request) // is called before each response; nil: nothing
	given probe.Values        // of the config

	mu    sync.Mutex
	names map[string]string // by the path
	early int               // how many requests still see the state before the last change
	last  int
}

// The paths of shelves and boxes, and of what has them.
var (
	collections = regexp.MustCompile(`^/(shelves|shelves/s[0-9]+/boxes)$`)
	items       = regexp.MustCompile(`^/(shelves/s[0-9]+|shelves/s[0-9]+/boxes/[0-9]+)$`)
)

func (s *shelves) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.seen != nil {
		s.seen(r)
	}
	switch {
	case collections.MatchString(r.URL.Path) && r.Method == http.MethodPost:
		s.create(w, r)
	case items.MatchString(r.URL.Path):
		s.item(w, r)
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

func (s *shelves) create(w http.ResponseWriter, r *http.Request) {
	name, ok := nameIn(r)
	shelf, isBox := strings.CutSuffix(r.URL.Path, "/boxes")
	same := "" // the id of what has that name
	for other, its := range s.names {
		if its == name && path.Dir(other) == r.URL.Path {
			same = path.Base(other)
		}
	}
	switch {
	case isBox && s.names[shelf] == "":
		w.WriteHeader(http.StatusNotFound)
	case !ok:
		w.WriteHeader(http.StatusBadRequest)
	case s.fault == "create fails" && !isBox:
		w.WriteHeader(http.StatusInternalServerError)
	case s.fault == "names once" && same != "":
		w.WriteHeader(http.StatusConflict)
	case s.fault == "finds" && !isBox:
		respond(w, http.StatusOK, s.names["/shelves/s900"], "s900")
	case s.fault == "returns what exists" && same != "":
		respond(w, http.StatusOK, name, same)
	default:
		s.last++
		id := fmt.Sprintf("s%d", s.last)
		if isBox {
			id = strconv.Itoa(s.last)
		}
		own := r.URL.Path + "/" + id
		s.names[own] = name
		if s.fault == "id in Location" {
			w.Header().Set("Location", "http://"+r.Host+own)
		}
		if s.fault == "id in Location" || s.fault == "no id" && !isBox {
			id = ""
		}
		status := http.StatusCreated
		switch s.fault {
		case "accepts for later":
			status, s.early = http.StatusAccepted, 2
		case "says 200", "returns what exists":
			status = http.StatusOK
		}
		respond(w, status, name, id)
	}
}

func (s *shelves) item(w http.ResponseWriter, r *http.Request) {
	name, exists := s.names[r.URL.Path]
	if s.early > 0 && r.Method != http.MethodDelete {
		s.early--
		name, exists = "old", !exists
	}
	id := path.Base(r.URL.Path)
	switch {
	case !exists && r.Method == http.MethodDelete && s.fault == "delete again fails":
		w.WriteHeader(http.StatusInternalServerError)
	case !exists && r.Method == http.MethodDelete && s.fault == "idempotent":
		w.WriteHeader(http.StatusNoContent)
	case !exists:
		w.WriteHeader(http.StatusNotFound)
	case r.Method == http.MethodGet:
		respond(w, http.StatusOK, name, id)
	case r.Method == http.MethodPut || r.Method == http.MethodPatch:
		changed, ok := nameIn(r)
		if !ok {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		if s.fault != "change is lost" {
			s.names[r.URL.Path] = changed
		}
		respond(w, http.StatusOK, changed, id)
	case r.Method == http.MethodDelete && s.hasBoxes(r.URL.Path):
		w.WriteHeader(http.StatusConflict)
	case r.Method == http.MethodDelete && s.fault == "delete fails":
		w.WriteHeader(http.StatusInternalServerError)
	case r.Method == http.MethodDelete:
		if s.fault != "deleted is there" {
			delete(s.names, r.URL.Path)
		}
		if s.fault == "accepts for later" {
			s.early = 2
			w.WriteHeader(http.StatusAccepted)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

func (s *shelves) hasBoxes(shelf string) bool {
	for path := range s.names {
		if strings.HasPrefix(path, shelf+"/") {
			return true
		}
	}
	return false
}

// nameIn is the name in a right body.
func nameIn(r *http.Request) (name string, ok bool) {
	data, _ := io.ReadAll(r.Body)
	var body map[string]any
	if json.Unmarshal(data, &body) != nil || r.Header.Get("Content-Type") != "application/json" || len(body) != 1 {
		return "", false
	}
	name, ok = body["name"].(string)
	return name, ok && name != ""
}

func respond(w http.ResponseWriter, status int, name, id string) {
	body := map[string]any{"name": name}
	if id != "" {
		body["id"] = id
	}
	data, _ := json.Marshal(body)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(data)
}

// verifyShelves judges a provider with changes allowed. It returns the findings and the reasons of the checks that did not pass.
func verifyShelves(ctx context.Context, t *testing.T, s *shelves, only ...string) (notPassed map[string]string, log string, err error) {
	t.Helper()
	if s.names == nil {
		s.names = map[string]string{}
	}
	provider := httptest.NewServer(s)
	defer provider.Close()
	file := filepath.Join(t.TempDir(), "shelves.yaml")
	if err := os.WriteFile(file, []byte(shelf), 0o600); err != nil {
		t.Fatal(err)
	}
	judge, err := contract.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	at, _ := url.Parse(provider.URL)
	var logged bytes.Buffer
	result, err := verify.Run(ctx, []*contract.Judge{judge}, verify.Inputs{Providers: []verify.Provider{{Judge: judge, URL: at, Values: s.given}}},
		verify.Options{
			FailOn: spec.Inferred, Only: only, Timeout: 5 * time.Second, Concurrency: 2, AllowChanges: true, Log: &logged,
			RepeatCommand: func(id string) string { return id },
		})
	notPassed = map[string]string{}
	for _, c := range result.Checks {
		ids := []string{}
		for _, f := range c.Failures {
			ids = append(ids, f.ID)
		}
		if c.Status != report.Pass && !strings.HasPrefix(c.Reason, "no value") {
			notPassed[c.ID] = strings.TrimSpace(strings.Join(append(ids, c.Reason), " "))
		}
		delete(notPassed, "documents")
	}
	return notPassed, logged.String(), err
}

// TestLifecycle judges providers with one fault each by lifecycles alone. The right ones pass all checks, and nothing is left
// behind unless it cannot be deleted.
func TestLifecycle(t *testing.T) {
	const noID = "createShelf/lifecycle-create: the response has no id of what was created"
	const unsure = "status 200 does not say whether it is new, so that it was not deleted"
	const nothing = "createShelf/lifecycle-create: the response with status 200 does not show that something was created"
	const failed = "createShelf/lifecycle-create created nothing: status 500"
	noDelete := func(op string) string { return "delete" + op + "/lifecycle-delete: status 500" }
	for _, test := range []struct {
		fault string
		want  map[string]string
		left  int
	}{
		{fault: "none", want: map[string]string{}},
		{fault: "names once", want: map[string]string{}},
		{fault: "id in Location", want: map[string]string{}},
		{fault: "idempotent", want: map[string]string{}},
		{fault: "accepts for later", want: map[string]string{}},
		{fault: "says 200", want: map[string]string{}},
		{fault: "returns what exists", left: 2, want: map[string]string{
			"createShelf/left-behind": "left behind: POST /shelves created s1: DELETE got status 409; s900: " + unsure,
			"createBox/left-behind":   "left behind: POST /shelves/{shelf}/boxes created 4: " + unsure,
		}},
		{fault: "finds", want: map[string]string{
			"createShelf/left-behind":            "left behind: POST /shelves created s900: " + unsure,
			"getShelf/lifecycle-read":            nothing,
			"updateShelf/lifecycle-change":       nothing,
			"getShelf/lifecycle-read-changed":    nothing,
			"deleteShelf/lifecycle-delete":       nothing,
			"deleteShelf/lifecycle-delete-again": nothing,
			"getShelf/lifecycle-read-deleted":    nothing,
		}},
		{fault: "create fails", want: map[string]string{
			"createShelf/lifecycle-create":       "status/server-error",
			"getShelf/lifecycle-read":            failed,
			"updateShelf/lifecycle-change":       failed,
			"getShelf/lifecycle-read-changed":    failed,
			"deleteShelf/lifecycle-delete":       failed,
			"deleteShelf/lifecycle-delete-again": failed,
			"getShelf/lifecycle-read-deleted":    failed,
		}},
		{fault: "no id", left: 2, want: map[string]string{
			"createShelf/left-behind":            "left behind: POST /shelves created something: the response has no id",
			"getShelf/lifecycle-read":            noID,
			"updateShelf/lifecycle-change":       noID,
			"getShelf/lifecycle-read-changed":    noID,
			"deleteShelf/lifecycle-delete":       noID,
			"deleteShelf/lifecycle-delete-again": noID,
			"getShelf/lifecycle-read-deleted":    noID,
		}},
		{fault: "change is lost", want: map[string]string{
			"getShelf/lifecycle-read-changed": "member/unchanged",
			"getBox/lifecycle-read-changed":   "member/unchanged",
		}},
		{fault: "delete fails", left: 4, want: map[string]string{
			"deleteShelf/lifecycle-delete":       "status/server-error",
			"deleteShelf/lifecycle-delete-again": noDelete("Shelf"),
			"getShelf/lifecycle-read-deleted":    noDelete("Shelf"),
			"deleteBox/lifecycle-delete":         "status/server-error",
			"deleteBox/lifecycle-delete-again":   noDelete("Box"),
			"getBox/lifecycle-read-deleted":      noDelete("Box"),
			"createShelf/left-behind":            "left behind: POST /shelves created s1: DELETE got status 409; s3: DELETE got status 500",
			"createBox/left-behind":              "left behind: POST /shelves/{shelf}/boxes created 2, 4: DELETE got status 500",
		}},
		{fault: "delete again fails", want: map[string]string{
			"deleteShelf/lifecycle-delete-again": "status/server-error",
			"deleteBox/lifecycle-delete-again":   "status/server-error",
		}},
		{fault: "deleted is there", left: 4, want: map[string]string{
			"getShelf/lifecycle-read-deleted": "status/unknown-resource",
			"getBox/lifecycle-read-deleted":   "status/unknown-resource",
			"createShelf/left-behind":         "left behind: POST /shelves created s1: DELETE got status 409; s3: it can be read after a successful DELETE",
			"createBox/left-behind":           "left behind: POST /shelves/{shelf}/boxes created 4: it can be read after a successful DELETE",
		}},
	} {
		t.Run(test.fault, func(t *testing.T) {
			s := &shelves{fault: test.fault, names: map[string]string{"/shelves/s900": "text"}} // as the plain body
			got, log, err := verifyShelves(t.Context(), t, s, "*/lifecycle-*")
			if diff := cmp.Diff(test.want, got); diff != "" || err != nil {
				t.Errorf("not passed (-want +got), error %v:\n%s", err, diff)
			}
			if len(s.names)-1 != test.left {
				t.Errorf("left behind: %v\n%s", s.names, log)
			}
		})
	}
}

// TestStoppedLifecycle tests that a run that is stopped at any request of a method leaves nothing behind.
func TestStoppedLifecycle(t *testing.T) {
	for _, method := range []string{"POST", "GET", "PUT", "PATCH", "DELETE"} {
		for after := range 6 {
			t.Run(fmt.Sprint(method, " ", after), func(t *testing.T) {
				ctx, stop := context.WithCancel(t.Context())
				defer stop()
				s := &shelves{}
				s.seen = func(r *http.Request) {
					if after -= map[bool]int{true: 1}[r.Method == method]; after < 0 {
						stop()
					}
				}
				if _, log, err := verifyShelves(ctx, t, s); len(s.names) > 0 || err == nil {
					t.Errorf("left behind: %v, error %v\n%s", s.names, err, log)
				}
			})
		}
	}
}

// TestOwnThingsOnly tests that all probes together change and delete only what the run has created, although the document has
// an example that exists, and that they leave nothing behind.
func TestOwnThingsOnly(t *testing.T) {
	s := &shelves{}
	s.seen = func(r *http.Request) {
		isRead := r.Method == http.MethodGet || r.Method == http.MethodHead || r.Method == http.MethodOptions
		if isOwn := r.URL.Path != "/shelves/s900" && !strings.HasPrefix(r.URL.Path, "/shelves/s900/"); !isOwn && !isRead {
			t.Errorf("%s %s", r.Method, r.URL.Path)
		}
	}
	s.names = map[string]string{"/shelves/s900": "mine", "/shelves/s900/boxes/901": "mine, too"}
	got, log, err := verifyShelves(t.Context(), t, s)
	want := map[string]string{"/shelves/s900": "mine", "/shelves/s900/boxes/901": "mine, too"}
	if diff := cmp.Diff(want, s.names); diff != "" || log != "" || err != nil {
		t.Errorf("left behind (-want +got), error %v:\n%s%s", err, diff, log)
	}
	if diff := cmp.Diff(map[string]string{}, got); diff != "" {
		t.Errorf("not passed (-want +got):\n%s", diff)
	}
}

// TestOneStep selects one step: the others are sent and are in no report.
func TestOneStep(t *testing.T) {
	s := &shelves{fault: "change is lost"}
	got, _, err := verifyShelves(t.Context(), t, s, "getShelf/lifecycle-read")
	if diff := cmp.Diff(map[string]string{}, got); diff != "" || err != nil {
		t.Errorf("not passed (-want +got), error %v:\n%s", err, diff)
	}
	got, _, err = verifyShelves(t.Context(), t, s, "getShelf/lifecycle-read-changed")
	want := map[string]string{"getShelf/lifecycle-read-changed": "member/unchanged"}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("not passed (-want +got), error %v:\n%s", err, diff)
	}
}

// TestValuesOfConfig tests which shelf a request names if the config has one: that of the config, but a valid DELETE names what
// the run has created, unless the config names the operation.
func TestValuesOfConfig(t *testing.T) {
	for _, test := range []struct {
		name  string
		only  string
		given probe.Values
		own   bool
	}{
		{name: "read, not given", only: "getShelf/plain", own: true},
		{name: "read, given", only: "getShelf/plain", given: probe.Values{"shelf": "s800"}},
		{name: "delete, given", only: "deleteShelf/plain", given: probe.Values{"shelf": "s800"}, own: true},
		{name: "delete, given for it", only: "deleteShelf/plain", given: probe.Values{"deleteShelf.shelf": "s800"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := &shelves{names: map[string]string{"/shelves/s800": "given", "/shelves/s900": "example"}, given: test.given}
			asked := map[string]bool{}
			s.seen = func(r *http.Request) { asked[r.URL.Path] = true }
			if got, log, err := verifyShelves(t.Context(), t, s, test.only); len(got) > 0 || log != "" || err != nil {
				t.Errorf("not passed: %v, error %v\n%s", got, err, log)
			}
			if asked["/shelves/s800"] == test.own || asked["/shelves/s900"] {
				t.Errorf("requests: %v", asked)
			}
		})
	}
}
