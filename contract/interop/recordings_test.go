package interop

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract/recordings"
	"github.com/quotaspec/quotaspec/openapi/spec"
	"github.com/quotaspec/quotaspec/server"
)

// TestRecordings sends every recording to the SDK, and checks that the SDK decodes what the documents promise. The reference
// provider responds with named examples by the header Prefer; a handler sends the other recordings.
func TestRecordings(t *testing.T) {
	all, err := recordings.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	preferring := serve(t, provider(t, server.Options{Prefer: true}))
	covered := map[string]bool{}
	for _, r := range all {
		covered[r.Operation+" "+strconv.Itoa(r.Status)] = true
		t.Run(r.Operation+"/"+r.Name(), func(t *testing.T) {
			captured := &capture{}
			u := user{credential: readerBasicKey(), transport: captured}
			endpoint := preferring
			if r.Example != "" {
				u.headers = map[string]string{"Prefer": "example=" + r.Example}
			} else {
				endpoint = serve(t, respond(r.Status, r.ContentType, string(r.Body)))
			}
			quotaType := strings.TrimPrefix(r.Request.Query, "type=")
			response, err := u.call(t, endpoint, r.Operation, server.SampleDomainID, quotaType)
			if applied := captured.response.Header.Get("Preference-Applied"); (applied != "") != (r.Example != "") {
				t.Fatalf("Preference-Applied: got %q, the example is %q", applied, r.Example)
			}
			if r.Status == http.StatusOK {
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(resources(t, r.Body), resources(t, marshal(t, response))); diff != "" {
					t.Errorf("(-recorded +read by the SDK):\n%s", diff)
				}
				return
			}
			want := sdkError{r.Status, memberAt(t, r, "code"), memberAt(t, r, "message")}
			if diff := cmp.Diff(want, decodeError(t, err, captured)); diff != "" {
				t.Errorf("(-recorded +read by the SDK):\n%s", diff)
			}
		})
	}
	for _, d := range bothDocuments(t) {
		for _, op := range d.Operations {
			for _, r := range op.Responses {
				if !covered[op.ID+" "+r.Status] {
					t.Errorf("%s: no recording of status %s", op.ID, r.Status)
				}
			}
		}
	}
}

// respond makes a handler that always sends the same response.
func respond(status int, contentType, body string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Request-Id", "5d4b3c2a1f0e4d3c8b7a69584736251f")
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	})
}

// resources returns the quotas of a body without "used" if that is null, which the documents treat like an absent one.
func resources(t *testing.T, body []byte) []map[string]any {
	t.Helper()
	var read struct {
		Quotas struct{ Resources []map[string]any }
	}
	if err := json.Unmarshal(body, &read); err != nil {
		t.Fatal(err)
	}
	for _, r := range read.Quotas.Resources {
		if used, ok := r["used"]; ok && used == nil {
			delete(r, "used")
		}
	}
	if len(read.Quotas.Resources) == 0 {
		t.Fatalf("no resources in %s", body)
	}
	return read.Quotas.Resources
}

func marshal(t *testing.T, response any) []byte {
	t.Helper()
	data, err := json.Marshal(response)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// memberAt reads the code of a recorded error at the pointer that the document gives, or the message beside it.
func memberAt(t *testing.T, r recordings.Recording, which string) string {
	t.Helper()
	var response *spec.Response
	for _, d := range bothDocuments(t) {
		if op := d.Operation(r.Operation); op != nil {
			response = op.Response(r.Status)
		}
	}
	var value any
	if err := json.Unmarshal(r.Body, &value); err != nil {
		t.Fatal(err)
	}
	at := response.Codes.At
	if which == "message" {
		at = strings.NewReplacer("error_code", "error_msg", "/code", "/message").Replace(at)
	}
	for _, name := range strings.Split(at, "/")[1:] {
		members, _ := value.(map[string]any)
		value = members[name]
	}
	text, _ := value.(string)
	if text == "" {
		t.Fatalf("no text at %s in %s", at, r.Body)
	}
	return text
}
