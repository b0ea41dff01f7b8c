package client_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/client"
	"github.com/quotaspec/quotaspec/contract/recordings"
)

// TestRecordings checks that the client returns each recorded response without loss.
func TestRecordings(t *testing.T) {
	all, err := recordings.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 30 {
		t.Errorf("got %d recordings only", len(all))
	}
	for _, r := range all {
		hasMethod := r.Operation == "showDomainQuota" || r.Operation == "showImageQuota"
		if r.Request.Method != http.MethodGet || !hasMethod {
			continue
		}
		t.Run(r.Operation+"/"+r.Name(), func(t *testing.T) {
			c := fake(t, fixed(r.Status, r.ContentType, string(r.Body)))
			var quotas any
			var err error
			switch r.Operation {
			case "showDomainQuota":
				quotas, err = c.DomainQuotas(t.Context(), domainID)
			case "showImageQuota":
				quotas, err = c.ImageQuotas(t.Context())
			}
			if r.Status != http.StatusOK {
				checkErrorResponse(t, r, err)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(recorded(t, r.Body), encoded(t, map[string]any{"quotas": map[string]any{"resources": quotas}})); diff != "" {
				t.Errorf("the client (-recorded +read):\n%s", diff)
			}
		})
	}
}

func checkErrorResponse(t *testing.T, r recordings.Recording, err error) {
	t.Helper()
	type flat struct {
		Message   string `json:"error_msg"`
		Code      string `json:"error_code"`
		RequestID string `json:"request_id"`
	}
	var body struct {
		flat
		Nested struct{ Message, Code string } `json:"error"`
	}
	if err := json.Unmarshal(r.Body, &body); err != nil {
		t.Fatal(err)
	}
	got, ok := errors.AsType[*client.Error](err)
	if !ok {
		t.Fatalf("got %v, want an *Error", err)
	}
	want := client.Error{
		Operation: r.Operation, Status: r.Status,
		Code: body.Code + body.Nested.Code, Message: body.Message + body.Nested.Message, RequestID: body.RequestID,
	}
	if diff := cmp.Diff(want, *got); diff != "" || want.Code == "" || want.Message == "" {
		t.Errorf("error (-recorded +read):\n%s", diff)
	}
}

// encoded encodes a value as JSON and decodes it as recorded does.
func encoded(t *testing.T, v any) any {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return recorded(t, text)
}

// recorded decodes the body of a recording. An absent used means the same as null (schema DomainQuota), so it becomes null.
func recorded(t *testing.T, text []byte) any {
	t.Helper()
	var v map[string]map[string][]map[string]any
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	for _, resource := range v["quotas"]["resources"] {
		if _, present := resource["used"]; !present {
			resource["used"] = nil
		}
	}
	return v
}
