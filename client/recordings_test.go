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

// TestRecordings: each recorded answer passes through the client without loss.
func TestRecordings(t *testing.T) {
	all, err := recordings.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 30 {
		t.Errorf("got %d recordings only", len(all))
	}
	for _, r := range all {
		if r.Request.Method != http.MethodGet {
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
			default:
				t.Fatalf("unknown operation %s", r.Operation)
			}
			if r.Status != http.StatusOK {
				checkRefusal(t, r, err)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(recorded(t, r.Body), again(t, map[string]any{"quotas": map[string]any{"resources": quotas}})); diff != "" {
				t.Errorf("the client (-recorded +read):\n%s", diff)
			}
		})
	}
}

func checkRefusal(t *testing.T, r recordings.Recording, err error) {
	t.Helper()
	type flat struct {
		Message   string `json:"error_msg"`
		Code      string `json:"error_code"`
		RequestID string `json:"request_id"`
	}
	var said struct {
		flat
		Nested struct{ Message, Code string } `json:"error"`
	}
	if err := json.Unmarshal(r.Body, &said); err != nil {
		t.Fatal(err)
	}
	got, ok := errors.AsType[*client.Error](err)
	if !ok {
		t.Fatalf("got %v, want an *Error", err)
	}
	want := client.Error{
		Operation: r.Operation, Status: r.Status,
		Code: said.Code + said.Nested.Code, Message: said.Message + said.Nested.Message, RequestID: said.RequestID,
	}
	if diff := cmp.Diff(want, *got); diff != "" || want.Code == "" || want.Message == "" {
		t.Errorf("error (-recorded +read):\n%s", diff)
	}
}

// again is a value as JSON would give it back.
func again(t *testing.T, v any) any {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return recorded(t, text)
}

// recorded takes JSON apart. A used that is absent says the same as one that is null (schema DomainQuota).
func recorded(t *testing.T, text []byte) any {
	t.Helper()
	var v map[string]map[string][]map[string]any
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	for _, resource := range v["quotas"]["resources"] {
		if _, told := resource["used"]; !told {
			resource["used"] = nil
		}
	}
	return v
}
