//go:build unix

package contract_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/recordings"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// BenchmarkExchange measures judging one exchange as of a HAR, in which only the framing is unrecorded. It counts exchanges per
// second of processor time, garbage collection included, so that other work on the machine matters less.
func BenchmarkExchange(b *testing.B) {
	all, err := recordings.Embedded()
	if err != nil {
		b.Fatal(err)
	}
	for _, r := range all {
		switch r.Name() {
		case "iam-200-all-types", "ims-200-image", "iam-404-not-found":
		default:
			continue
		}
		doc := documentOf(b, r.Operation)
		ex := ofHAR(r)
		b.Run(r.Name(), func(b *testing.B) { check(b, doc, ex) })
		if r.Name() == "iam-200-all-types" {
			b.Run(r.Name()+"/3.1", func(b *testing.B) { check(b, as31(b, doc), ex) })
			b.Run(r.Name()+"/no-rules", func(b *testing.B) { check(b, withoutRules(b, doc), ex) })
			b.Run(r.Name()+"/no-rules-3.1", func(b *testing.B) { check(b, withoutRules(b, as31(b, doc)), ex) })
		}
	}
}

// BenchmarkSurroundings measures what is judged around bodies: the path, the query, headers and credentials, without rules.
func BenchmarkSurroundings(b *testing.B) {
	all, err := recordings.Embedded()
	if err != nil {
		b.Fatal(err)
	}
	many := http.Header{
		"Accept-Encoding": {"gzip, deflate, br"}, "Accept-Language": {"en"}, "Cache-Control": {"no-cache"}, "Connection": {"close"},
		"Dnt": {"1"}, "Origin": {"https://example.com"}, "Pragma": {"no-cache"}, "Referer": {"https://example.com/"},
		"Sec-Fetch-Dest": {"empty"}, "Sec-Fetch-Mode": {"cors"}, "Sec-Fetch-Site": {"same-site"}, "Via": {"1.1 proxy"},
		"X-B3-Traceid": {"0"}, "X-Forwarded-For": {"::1"}, "X-Requested-With": {"XMLHttpRequest"},
	}
	for _, test := range []struct {
		name, recording, query string
		header                 http.Header // further ones of the request
	}{
		{name: "plain", recording: "iam-200-all-types"},
		{name: "query", recording: "iam-200-type-group", query: "?type=group"},
		{name: "20-headers", recording: "iam-200-all-types", header: many},
	} {
		i := slices.IndexFunc(all, func(r recordings.Recording) bool { return r.Name() == test.recording })
		ex := ofHAR(all[i])
		ex.Unrecorded |= contract.UnrecordedResponseBody
		ex.Request.Target, _, _ = strings.Cut(ex.Request.Target, "?")
		ex.Request.Target += test.query
		maps.Copy(ex.Request.Header, test.header)
		b.Run(test.name, func(b *testing.B) { check(b, withoutRules(b, documentOf(b, all[i].Operation)), ex) })
	}
}

// ofHAR returns the exchange of a recording as a HAR would have it, with common headers.
func ofHAR(r recordings.Recording) contract.Exchange {
	ex := r.Exchange()
	ex.Unrecorded = contract.UnrecordedFraming
	ex.Request.Header = http.Header{
		"Accept": {"application/json"}, "Content-Type": {"application/json"}, "Host": {"quota.example.com"},
		"User-Agent": {"bench"}, "X-Auth-Token": {"a-token-that-is-no-token"},
	}
	ex.Response.Header = http.Header{
		"Content-Type": {r.ContentType}, "Date": {"Mon, 01 Dec 2025 12:00:00 GMT"}, "Server": {"api-gateway"},
		"X-Request-Id": {"0123456789abcdef0123456789abcdef"},
	}
	return ex
}

// TestExchangeAllocations checks that an exchange with nothing wrong is judged with few allocations, in both dialects.
func TestExchangeAllocations(t *testing.T) {
	if testing.Short() {
		t.Skip("the race detector, which short tests also run with, empties pools")
	}
	all, err := recordings.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(all, func(r recordings.Recording) bool { return r.Name() == "iam-200-all-types" })
	doc, ex := documentOf(t, all[i].Operation), ofHAR(all[i])
	for _, test := range []struct {
		name string
		doc  *spec.Document
		most float64
	}{
		{name: "all rules", doc: doc, most: 3},
		{name: "all rules, 3.1", doc: as31(t, doc), most: 3},
		{name: "no rules", doc: withoutRules(t, doc), most: 3},
		{name: "no rules, 3.1", doc: withoutRules(t, as31(t, doc)), most: 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			judge, err := contract.New(test.doc)
			if err != nil {
				t.Fatal(err)
			}
			if got := testing.AllocsPerRun(1000, func() { judge.Check(ex) }); got > test.most {
				t.Errorf("%v allocations, want at most %v", got, test.most)
			}
		})
	}
}

// check measures judging an exchange by a document.
func check(b *testing.B, doc *spec.Document, ex contract.Exchange) {
	judge, err := contract.New(doc)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	before := processorTime(b)
	for b.Loop() {
		if v := judge.Check(ex); len(v.Findings)+len(v.Errors) > 0 {
			b.Fatalf("got %v %v", v.Findings, v.Errors)
		}
	}
	b.ReportMetric(float64(b.N)/(processorTime(b)-before).Seconds(), "exchanges/cpu-s")
}

// processorTime returns the processor time that the process has used.
func processorTime(b testing.TB) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
