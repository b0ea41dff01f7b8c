package contract_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract/recordings"
	"github.com/quotaspec/quotaspec/gen/iam"
	"github.com/quotaspec/quotaspec/gen/ims"
	"github.com/quotaspec/quotaspec/openapi"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// TestRecordingsClient sends each recorded request with the generated client and responds with the recorded bytes. The
// client must send what was recorded. Its response must have the recorded values in the member for the recorded status, and
// no others.
func TestRecordingsClient(t *testing.T) {
	for _, r := range recorded(t) {
		t.Run(r.Operation+"/"+r.Name(), func(t *testing.T) {
			var sent recordings.Request
			provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
				sent = recordings.Request{Method: request.Method, Path: request.URL.Path, Query: request.URL.RawQuery, Principal: r.Request.Principal}
				for name, values := range r.Headers {
					w.Header()[name] = values
				}
				w.Header().Set("Content-Type", r.ContentType)
				w.WriteHeader(r.Status)
				_, _ = w.Write(r.Body)
			}))
			defer provider.Close()
			got := generatedClient(t, provider.URL, r, func(*http.Request) error { return nil })
			if diff := cmp.Diff(r.Request, sent); diff != "" {
				t.Errorf("the request (-recorded +sent):\n%s", diff)
			}
			want := map[int]map[string]any{r.Status: withUsed(decoded(t, r.Body))}
			if diff := cmp.Diff(want, got.typed); diff != "" {
				t.Errorf("the typed response (-recorded +read):\n%s", diff)
			}
		})
	}
}

// TestRecordingsOfEachStatus checks that there is a recording for each status for which the generated client has a type, of
// this operation or of another of the document.
func TestRecordingsOfEachStatus(t *testing.T) {
	for _, name := range openapi.Names() {
		doc := judgeOf(t, name).Document()
		for _, op := range doc.Operations {
			method, _ := methodOf(t, "http://127.0.0.1", op.ID)
			typed := typedMembers(reflect.Zero(method.Type().Out(0).Elem()))
			if len(typed) == 0 {
				t.Errorf("%s: the generated client has no typed response", op.ID)
			}
			for status := range typed {
				isRecorded := func(r recordings.Recording) bool { return doc.Operation(r.Operation) != nil && r.Status == status }
				if !slices.ContainsFunc(recorded(t), isRecorded) {
					t.Errorf("%s: no recording has the status %d", op.ID, status)
				}
			}
		}
	}
}

// clientResponse is a response as the generated client returns it.
type clientResponse struct {
	status int
	header http.Header
	body   []byte
	typed  map[int]map[string]any // by status, what JSON200, JSON400, … hold, as decoded JSON; without those that are nil
}

// generatedClient sends the request of a recording to a provider, after edit has changed it.
func generatedClient(t *testing.T, url string, r recordings.Recording, edit func(*http.Request) error) clientResponse {
	t.Helper()
	method, op := methodOf(t, url, r.Operation)
	arguments := []reflect.Value{reflect.ValueOf(t.Context())}
	sent := strings.Split(r.Request.Path, "/")
	for i, segment := range strings.Split(op.Path, "/") {
		if strings.HasPrefix(segment, "{") {
			arguments = append(arguments, reflect.ValueOf(sent[i]))
		}
	}
	if last := method.Type().NumIn() - 1; len(arguments) < last {
		arguments = append(arguments, params(method.Type().In(last-1).Elem(), r.Request.Query))
	}
	editor := func(_ context.Context, request *http.Request) error { return edit(request) }
	results := method.Call(append(arguments, reflect.ValueOf(editor)))
	if err := results[1].Interface(); err != nil {
		t.Fatal(err)
	}
	return read(t, results[0].Elem())
}

// methodOf returns the method of the generated client that sends the requests of an operation.
func methodOf(t *testing.T, url, id string) (method reflect.Value, op *spec.Operation) {
	t.Helper()
	doc := documentOf(t, id)
	var client any
	var err error
	switch doc.Name {
	case "iam":
		client, err = iam.NewClientWithResponses(url)
	case "ims":
		client, err = ims.NewClientWithResponses(url)
	}
	if err != nil {
		t.Fatal(err)
	}
	method = reflect.ValueOf(client).MethodByName(strings.ToUpper(id[:1]) + id[1:] + "WithResponse")
	if !method.IsValid() {
		t.Fatalf("the generated client of %s has no method for %s", doc.Name, id)
	}
	return method, doc.Operation(id)
}

// params makes the generated struct of the parameters in a query: each value is a pointer to a type that is a string.
func params(of reflect.Type, query string) reflect.Value {
	made := reflect.New(of)
	for pair := range strings.SplitSeq(query, "&") {
		if name, value, has := strings.Cut(pair, "="); has {
			field := made.Elem().FieldByName(strings.ToUpper(name[:1]) + name[1:])
			field.Set(reflect.New(field.Type().Elem()))
			field.Elem().SetString(value)
		}
	}
	return made
}

// read takes a generated response apart. The generator gives each operation a struct of its own, with the same members.
func read(t *testing.T, v reflect.Value) clientResponse {
	t.Helper()
	plain := v.FieldByName("HTTPResponse").Interface().(*http.Response)
	got := clientResponse{plain.StatusCode, plain.Header, v.FieldByName("Body").Bytes(), map[int]map[string]any{}}
	for status, member := range typedMembers(v) {
		if member.IsNil() {
			continue
		}
		text, err := json.Marshal(member.Interface())
		if err != nil {
			t.Fatal(err)
		}
		got.typed[status] = decoded(t, text)
	}
	return got
}

// typedMembers returns the members JSON200, JSON400, … of a generated response, by status.
func typedMembers(v reflect.Value) map[int]reflect.Value {
	members := map[int]reflect.Value{}
	for i := range v.NumField() {
		if digits, is := strings.CutPrefix(v.Type().Field(i).Name, "JSON"); is {
			if status, err := strconv.Atoi(digits); err == nil {
				members[status] = v.Field(i)
			}
		}
	}
	return members
}

// decoded reads a JSON object.
func decoded(t *testing.T, text []byte) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return v
}

// withUsed gives each quota without used a null there, as the generated model writes it: both say the same (schema
// DomainQuota).
func withUsed(v map[string]any) map[string]any {
	quotas, _ := v["quotas"].(map[string]any)
	resources, _ := quotas["resources"].([]any)
	for _, resource := range resources {
		quota := resource.(map[string]any)
		if _, has := quota["used"]; !has {
			quota["used"] = nil
		}
	}
	return v
}

// documentOf returns the document that has an operation.
func documentOf(b testing.TB, operation string) *spec.Document {
	b.Helper()
	for _, name := range openapi.Names() {
		doc, err := openapi.Embedded(name)
		if err != nil {
			b.Fatal(err)
		}
		if doc.Operation(operation) != nil {
			return doc
		}
	}
	b.Fatalf("no document has the operation %q", operation)
	return nil
}
