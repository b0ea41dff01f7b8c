package breaking_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/quotaspec/quotaspec/contract/breaking"
)

// unconfirmedReasons are why kin-openapi judges a witness differently. The first that fits counts.
var unconfirmedReasons = []struct {
	reason string
	fits   func(f breaking.Finding, e *unconfirmedError) bool
}{
	{
		reason: "it ignores parameters and members that a document does not mention",
		fits:   refusedOnlyBy("parameter/undocumented", "member/undocumented", "body/undocumented", "header/near-miss"),
	},
	{
		reason: "it ignores most formats",
		fits: func(f breaking.Finding, e *unconfirmedError) bool {
			isOnlyFormat := refusedOnlyBy("schema/format", "parameter/format", "header/format")
			return f.ID == "format/changed" && e.theirs == [2]error{} || isOnlyFormat(f, e)
		},
	},
	{
		reason: "it ignores servers",
		fits:   func(f breaking.Finding, _ *unconfirmedError) bool { return strings.HasPrefix(f.ID, "server/") },
	},
	{
		reason: "it knows no rules and no error codes",
		fits: func(f breaking.Finding, _ *unconfirmedError) bool {
			return strings.HasPrefix(f.ID, "rule/") || strings.HasPrefix(f.ID, "error-codes/")
		},
	},
	{
		reason: "it reads no bodies of this media type",
		fits: func(f breaking.Finding, _ *unconfirmedError) bool {
			ex := f.Witness.Exchange
			return hasOtherBody(ex.Request.Header.Get("Content-Type")) || hasOtherBody(ex.Response.Header.Get("Content-Type"))
		},
	},
	{
		reason: "it refuses null where a schema has no type",
		fits: func(_ breaking.Finding, e *unconfirmedError) bool {
			return slices.ContainsFunc(e.theirs[:], isAboutNull)
		},
	},
	{
		reason: "it judges a text by the schema of */*, too",
		fits: func(f breaking.Finding, _ *unconfirmedError) bool {
			return f.ID == "media-type/added" && strings.HasPrefix(f.Says, "*/*")
		},
	},
	{
		reason: "it ignores a parameter of a path that the path does not have",
		fits: func(_ breaking.Finding, e *unconfirmedError) bool {
			return slices.ContainsFunc(slices.Concat(e.ours[0], e.ours[1]), func(s string) bool {
				return strings.HasPrefix(s, "parameter/required /request/path/")
			})
		},
	},
	{
		reason: "in 3.1 it ignores readOnly and writeOnly",
		fits: func(f breaking.Finding, e *unconfirmedError) bool {
			has := func(text string) bool { return bytes.Contains(e.document, []byte(text)) }
			isMissing := e.theirs[0] != nil && e.theirs[1] != nil // it wants members that only the other side sends
			hasAny := has(`"openapi":"3.1`) && (has(`"writeOnly":true`) || has(`"readOnly":true`))
			return hasAny && isMissing || refusedOnlyBy("schema/readOnly", "schema/writeOnly")(f, e)
		},
	},
	{
		reason: "it ignores allowEmptyValue",
		fits:   refusedOnlyBy("parameter/empty"),
	},
	{
		reason: "in this test it takes any credential in the right place",
		fits:   func(f breaking.Finding, _ *unconfirmedError) bool { return f.ID == "security/changed" },
	},
}

// isAboutNull reports whether an error, or one inside it, is that null is wrong.
func isAboutNull(err error) bool {
	var several openapi3.MultiError
	var wrong *openapi3.SchemaError
	switch {
	case errors.As(err, &wrong):
		return wrong.SchemaField == "nullable" || isAboutNull(wrong.Origin)
	case errors.As(err, &several):
		return slices.ContainsFunc(several, isAboutNull)
	}
	return false
}

// refusedOnlyBy fits a witness that is refused for one of these findings of our judge only, and for nothing by kin-openapi.
func refusedOnlyBy(ids ...string) func(breaking.Finding, *unconfirmedError) bool {
	return func(_ breaking.Finding, e *unconfirmedError) bool {
		return !slices.ContainsFunc(slices.Concat(e.ours[0], e.ours[1]), func(found string) bool {
			id, _, _ := strings.Cut(found, " ")
			return !slices.Contains(ids, id)
		})
	}
}

// hasOtherBody reports whether a media type is neither JSON nor plain text.
func hasOtherBody(mediaType string) bool {
	return mediaType != "" && !strings.Contains(mediaType, "json") && !strings.HasPrefix(mediaType, "text/plain")
}

// reasonOf returns the reason why kin-openapi does not confirm a witness. A witness without one fails the test.
func reasonOf(t *testing.T, p *pair, f breaking.Finding, e *unconfirmedError) string {
	t.Helper()
	for _, r := range unconfirmedReasons {
		if r.fits(f, e) {
			return r.reason
		}
	}
	t.Errorf("%s: %s is not confirmed: %v", p.name, f.ID, e)
	return "none"
}
