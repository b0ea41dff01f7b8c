package client_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/client"
)

// FuzzResponse reads any body with the client and with encoding/json. A body that the client accepts has the same quotas for
// encoding/json, and any other is ErrUnusable.
func FuzzResponse(f *testing.F) {
	for _, seed := range []string{
		image, typeGroup, allTypes, `{}`, `null`, `[`, `"\"`, `{"quotas":{"resources":[null,1,` +
			`"]",{}]}}`, `{"a":{"b":[1,{"c":"}"}]},"quotas":null}`,
		`{"\u0071uotas":{"resources":[{"type":"é\\","quota":-1,"used":0,"min":1,"max":1,"used":null}]}}`, ` {"quotas" : { "resources" :[ ] } } `,
		`{"quotas":{"resources":[{"type":"\ud800","quota":1e1,"used":1,"min":1,"max":1}]}}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c := &client.Client{Token: client.Secret(token), Region: "cn-north-4", Retries: -1}
		c.HTTPClient = &http.Client{Transport: transport(func(*http.Request) (*http.Response, error) {
			return newResponse(200, "application/json", strings.NewReader(text)), nil
		})}
		got, err := c.ImageQuotas(t.Context())
		if err != nil {
			if !errors.Is(err, client.ErrUnusable) || got != nil {
				t.Fatalf("got %v, %v", got, err)
			}
			return
		}
		var whole struct {
			Quotas map[string]json.RawMessage `json:"quotas"`
		}
		var members map[string]json.RawMessage // by their own names only
		if err := json.Unmarshal([]byte(text), &members); err != nil {
			t.Fatalf("accepted, and %v", err)
		}
		if err := json.Unmarshal(members["quotas"], &whole.Quotas); err != nil {
			t.Fatalf("accepted, and %v", err)
		}
		var list []map[string]json.RawMessage
		if err := json.Unmarshal(whole.Quotas["resources"], &list); err != nil {
			t.Fatalf("accepted, and %v", err)
		}
		want := []client.Quota{}
		for _, resource := range list {
			var q client.Quota
			for name, into := range map[string]any{"type": &q.Type, "quota": &q.Quota, "used": &q.Used, "min": &q.Min, "max": &q.Max} {
				if text := resource[name]; text != nil && string(text) != "null" {
					if err := json.Unmarshal(text, into); err != nil {
						t.Fatalf("accepted, and %v", err)
					}
				}
			}
			want = append(want, q)
		}
		if !strings.Contains(text, "null") { // the two differ in a doubled member of which one is null
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("(-encoding/json +client):\n%s", diff)
			}
		}
	})
}
