package contract_test

import (
	"bytes"
	"io"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/probe"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/contract/traffic"
	"github.com/quotaspec/quotaspec/contract/verify"
	"github.com/quotaspec/quotaspec/openapi"
	"github.com/quotaspec/quotaspec/server"
	"github.com/quotaspec/quotaspec/server/servertest"
)

// TestSplitReports checks that a document in five files gives the same report as the document in one, but for places: of its
// examples, of traffic with many findings, and of the reference server.
func TestSplitReports(t *testing.T) {
	at, err := url.Parse(servertest.New(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range openapi.Names() {
		t.Run(name, func(t *testing.T) {
			whole := judgeOf(t, name)
			split, err := contract.Load(writeSplit(t, whole.Document()))
			if err != nil {
				t.Fatal(err)
			}
			split.Document().Name = name
			reader := probe.Principals{probe.Reader: {Credential: server.ReaderToken, Values: map[string]string{"domain_id": server.SampleDomainID}}}
			exchanges := exchangesOf(t, whole, probe.Derive(whole, reader))
			har := harOf(t, exchanges)
			reportOf := func(judge *contract.Judge) string {
				from := verify.Inputs{
					Examples:  true,
					HAR:       []verify.HAR{{Name: "all.har", Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(har)), nil }}},
					Providers: []verify.Provider{{Judge: judge, URL: at, Principals: reader}},
				}
				r, err := verify.Run(t.Context(), []*contract.Judge{judge}, from, verify.Options{
					Concurrency: 1, Timeout: time.Minute, RepeatCommand: func(id string) string { return id },
				})
				if err != nil {
					t.Fatal(err)
				}
				for i := range r.Checks {
					r.Checks[i].Took = 0 // which differs each time
				}
				var b bytes.Buffer
				if err := report.JSON(&b, r); err != nil {
					t.Fatal(err)
				}
				return withoutPlaces(b.String())
			}
			of := reportOf(whole)
			if len(of) < 100_000 {
				t.Errorf("the report has %d bytes only", len(of))
			}
			if diff := cmp.Diff(of, reportOf(split)); diff != "" {
				t.Errorf("(-whole +split):\n%s", diff)
			}
		})
	}
}

// harOf writes exchanges as a HAR, in the order of their names.
func harOf(t *testing.T, exchanges map[string]contract.Exchange) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := traffic.NewWriter(&b, "test", "1")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Sorted(maps.Keys(exchanges)) {
		if err := w.Write(traffic.Entry{Origin: "http://127.0.0.1", Exchange: exchanges[name]}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var varying = regexp.MustCompile(`[\w./-]+\.(yaml|json)(:\d+)?|Date: [^\\]*|X-Request-Id: [^\\]*|[0-9a-f]{32}`)

// withoutPlaces leaves out files with their lines, and what each response of a provider has of its own.
func withoutPlaces(text string) string { return varying.ReplaceAllString(text, "-") }
