package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/internal/command"
	"github.com/quotaspec/quotaspec/openapi/spec"
	"github.com/quotaspec/quotaspec/server"
)

// With --strict, serve judges each request before the provider handles it, as verify --side consumer would. The findings that
// would fail such a run go into the header of the response and into the log:
//
//	GET /v1/cloudimages/quota?typ=image
//	X-Quotaspec-Finding: parameter/undocumented at /request/query/typ: want no such parameter, got "image" (undocumented, …)
//
// The response is otherwise the usual one. With --strict=refuse, a wrong request gets the document's 400 for an invalid
// parameter. The provider decides when: after the path, the method and the credentials, which have errors of their own.

const (
	strictReport = "report"
	strictRefuse = "refuse"

	findingHeader  = "X-Quotaspec-Finding"
	maxFindings    = 20  // header lines of one response, and lines of the log
	maxFindingLine = 300 // bytes; clients limit all headers together, some to 8 KB
)

// checkStrict returns an error if the value of --strict is unknown.
func checkStrict(value string) error {
	switch value {
	case "", strictReport, strictRefuse:
		return nil
	}
	return fmt.Errorf("--strict=%s: want --strict to report wrong requests, or --strict=%s to refuse them", value, strictRefuse)
}

// provider makes the reference provider. With --strict, it judges requests.
func (f *serveFlags) provider(ctx context.Context) (http.Handler, error) {
	if f.strict == strictRefuse {
		f.options.Refuse = wrongPart
	}
	provider, err := server.New(f.options)
	if err != nil || f.strict == "" {
		return provider, err
	}
	judges, err := (&command.Documents{}).Judges(ctx, http.DefaultClient)
	return strictly(provider, judges, f.options.Log), err
}

// strictly wraps a provider so that each request is judged. The log may be nil.
func strictly(provider http.Handler, judges []*contract.Judge, log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		found := wrongParts(judges, r)
		if len(found) == 0 {
			provider.ServeHTTP(w, r)
			return
		}
		for _, f := range found {
			w.Header().Add(findingHeader, findingLine(f))
		}
		provider.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), wrongPartKey{}, partName(found[0].Pointer))))
		for _, f := range found {
			if log != nil {
				log.Warn("wrong request", "request_id", w.Header().Get("X-Request-Id"), "finding", findingLine(f))
			}
		}
	})
}

// wrongPartKey is the key in a request's context of the part that is wrong, such as type for /request/query/type.
type wrongPartKey struct{}

// wrongPart returns the part of a request that is wrong, or "" if strictly found nothing.
func wrongPart(r *http.Request) string {
	part, _ := r.Context().Value(wrongPartKey{}).(string)
	return part
}

// partName returns the name of the parameter, header or other part at a pointer:
//
//	/request/query/type → type    /request/body/a/0 → body    /request → request
func partName(pointer string) string {
	steps := strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	switch {
	case len(steps) == 1:
		return steps[0]
	case len(steps) > 2 && steps[1] != "body":
		return printableASCII(steps[2])
	}
	return steps[1]
}

// wrongParts judges a request by the document that has its path, or else by one that almost has it. It returns the findings
// that fail a consumer, at most maxFindings. The body can be read again. A request that cannot be read, or whose body is larger
// than the judge accepts, has no findings: the provider refuses it.
func wrongParts(judges []*contract.Judge, r *http.Request) []contract.Finding {
	ex, err := contract.FromHTTP(r, &http.Response{})
	if err != nil {
		return nil
	}
	ex.Unrecorded |= contract.UnrecordedResponse
	ex.Request.Target = r.RequestURI // r.URL is not byte for byte what was sent
	ex.Request.Header = r.Header.Clone()
	ex.Request.Header.Set("Host", r.Host) // net/http moved it
	var nearest []contract.Finding
	for _, judge := range judges {
		result := judge.Check(ex)
		if result.Judged {
			return failingConsumer(result.Findings)
		}
		if len(nearest) == 0 {
			nearest = result.Findings
		}
	}
	return failingConsumer(nearest)
}

// failingConsumer returns the first maxFindings findings for which verify --side consumer would fail.
func failingConsumer(all []contract.Finding) (list []contract.Finding) {
	for _, f := range all {
		if f.Fails(contract.Consumer, spec.Recorded) && len(list) < maxFindings {
			list = append(list, f)
		}
	}
	return list
}

// findingLine returns a finding in one line of printable ASCII. It has room for a whole path, unlike Finding.String.
func findingLine(f contract.Finding) string {
	line := printableASCII(fmt.Sprintf("%s at %s: want %s, got %s (%s, %s)",
		f.ID, f.Pointer, f.Want, f.Got, f.Evidence.Grade, f.Place()))
	if len(line) > maxFindingLine {
		return line[:maxFindingLine-3] + "..."
	}
	return line
}

// printableASCII makes a text fit for a header: "…" becomes "...", and any other character beyond ASCII \u and its number.
func printableASCII(s string) string {
	var b strings.Builder
	for _, c := range s {
		switch {
		case c == '…':
			b.WriteString("...")
		case c < ' ' || c > '~':
			fmt.Fprintf(&b, `\u%04x`, c)
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}
