//go:build unix

package contract_test

import (
	"net/http"
	"syscall"
	"testing"
	"time"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/recordings"
	"github.com/quotaspec/quotaspec/openapi"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// BenchmarkExchange measures the judging of one exchange, all of it seen but the framing, as of a HAR. It counts exchanges by
// the seconds of one core, the collecting of garbage among them, so that other work on the machine matters less.
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
		ex := r.Exchange()
		ex.Unseen = contract.UnseenFraming
		ex.Request.Header = http.Header{
			"Accept": {"application/json"}, "Content-Type": {"application/json"}, "Host": {"quota.example.com"},
			"User-Agent": {"bench"}, "X-Auth-Token": {"a-token-that-is-no-token"},
		}
		ex.Response.Header = http.Header{
			"Content-Type": {r.ContentType}, "Date": {"Mon, 01 Dec 2025 12:00:00 GMT"}, "Server": {"api-gateway"},
			"X-Request-Id": {"0123456789abcdef0123456789abcdef"},
		}
		b.Run(r.Name(), func(b *testing.B) { check(b, doc, ex) })
		if r.Name() == "iam-200-all-types" {
			b.Run(r.Name()+"/3.1", func(b *testing.B) { check(b, as31(b, doc), ex) })
			b.Run(r.Name()+"/no-rules", func(b *testing.B) { check(b, withoutRules(b, doc), ex) })
			b.Run(r.Name()+"/no-rules-3.1", func(b *testing.B) { check(b, withoutRules(b, as31(b, doc)), ex) })
		}
	}
}

// check judges an exchange by a document again and again.
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

// documentOf returns the document that has an operation.
func documentOf(b *testing.B, operation string) *spec.Document {
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

// processorTime is what the process has used of the processor.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
