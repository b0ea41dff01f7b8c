package probe_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract/probe"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// TestCredentialsOfSchemes holds which wrong credentials are made up for each http scheme: always behind its own name.
func TestCredentialsOfSchemes(t *testing.T) {
	for _, test := range []struct {
		name, scheme string
		want         []string // Authorization of the probes that carry one
		takes        bool     // a principal's credential
	}{
		{"bearer", "bearer", []string{"Bearer ", "Bearer {no token}", "Bearer quotaspec0probe0token0that0nobody0holds"}, true},
		{"basic", "Basic", []string{"Basic bm9ib2R5Og==", "Basic bm9ib2R5OntubyB0b2tlbn0=", "Basic bm9ib2R5OnF1b3Rhc3BlYzBwcm9iZTB0b2tlbjB0aGF0MG5vYm9keTBob2xkcw=="}, true},
		{"a signature", "Sealed-1", []string{"Sealed-1 ", "Sealed-1 {no token}", "Sealed-1 quotaspec0probe0token0that0nobody0holds"}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			judge := judge(t, "things.yaml", `openapi: 3.0.3
info: {title: Things, version: '1'}
security: [{Only: []}]
paths:
  /things:
    get:
      operationId: listThings
      responses: {'200': {description: Done.}, '401': {description: No.}}
components:
  securitySchemes:
    Only: {type: http, scheme: `+test.scheme+`}
`)
			var got []string
			plain := ""
			for _, p := range probe.Derive(judge, probe.Principals{probe.Reader: {Credential: "of-the-reader"}}) {
				if value := p.Request.Header.Get("Authorization"); value != "" {
					got = append(got, value)
				}
				if p.ID == "listThings/plain" {
					plain = p.Skip
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("Authorization (-want +got):\n%s", diff)
			}
			if takes := plain == ""; takes != test.takes {
				t.Errorf("the valid request is skipped: %q", plain)
			}
		})
	}
}

// TestNothingIsAskedTwice holds that named examples of parameters, which come in pairs with those of responses, add no
// request that another probe has made.
func TestNothingIsAskedTwice(t *testing.T) {
	for _, principals := range []probe.Principals{everybody(), {probe.Reader: {}}} {
		asked := []string{}
		for _, p := range derive(t, principals) {
			if p.Kind != spec.ValidRequest || p.Role != probe.Reader {
				continue
			}
			question := p.Request.Target + strings.Join(p.Request.Header["Accept-Encoding"], "")
			if slices.Contains(asked, question) {
				t.Errorf("%s asks %s again", p.ID, question)
			}
			asked = append(asked, question)
		}
	}
}
