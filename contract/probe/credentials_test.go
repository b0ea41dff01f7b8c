package probe_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract/probe"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// TestCredentialsOfSchemes tests the wrong credentials for each http scheme, which follow the scheme's own name.
func TestCredentialsOfSchemes(t *testing.T) {
	for _, test := range []struct {
		name, scheme string
		want         []string // Authorization of the probes that carry one
		takes        bool     // a principal's credential
	}{
		{
			name: "bearer", scheme: "bearer",
			want: []string{"Bearer ", "Bearer {no token}", "Bearer quotaspec0probe0token0that0nobody0holds"}, takes: true,
		},
		{
			name: "basic", scheme: "Basic",
			want: []string{
				"Basic bm9ib2R5Og==", "Basic bm9ib2R5OntubyB0b2tlbn0=",
				"Basic bm9ib2R5OnF1b3Rhc3BlYzBwcm9iZTB0b2tlbjB0aGF0MG5vYm9keTBob2xkcw==",
			},
			takes: true,
		},
		{
			name: "a signature", scheme: "Sealed-1",
			want: []string{"Sealed-1 ", "Sealed-1 {no token}", "Sealed-1 quotaspec0probe0token0that0nobody0holds"},
		},
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
			skip := ""
			for _, p := range probe.Derive(judge, probe.Principals{probe.Reader: {Credential: "of-the-reader"}}) {
				if value := p.Request.Header.Get("Authorization"); value != "" {
					got = append(got, value)
				}
				if p.ID == "listThings/plain" {
					skip = p.Skip
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("Authorization (-want +got):\n%s", diff)
			}
			if takes := skip == ""; takes != test.takes {
				t.Errorf("the valid request: got skip %q, want it sent: %t", skip, test.takes)
			}
		})
	}
}

// TestValidRequestsDiffer checks that no two valid probes send the same request. Named examples of parameters often repeat a
// value of an enum.
func TestValidRequestsDiffer(t *testing.T) {
	for _, principals := range []probe.Principals{allPrincipals(), {probe.Reader: {}}} {
		sent := []string{}
		for _, p := range derive(t, principals) {
			if p.Kind != spec.ValidRequest || p.Role != probe.Reader {
				continue
			}
			request := p.Request.Target + strings.Join(p.Request.Header["Accept-Encoding"], "")
			if slices.Contains(sent, request) {
				t.Errorf("%s repeats the request %s", p.ID, request)
			}
			sent = append(sent, request)
		}
	}
}
