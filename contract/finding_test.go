package contract_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

const (
	controls = "\x00\x07\x1b[31m\n\r\t\u0085\u2028\u2029\x7f"
	bidi     = "\u202edenrut\u202c\u2066\u200f\ufeff\u200b"
)

// nodeOf is the root of a document in a file of this name.
func nodeOf(t *testing.T, file string) *spec.Node {
	t.Helper()
	doc, err := spec.Read(file, []byte("openapi: 3.0.3\ninfo: {title: A, version: '1'}\npaths: {}\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	return doc.Root
}

// TestFindingLine checks that a finding is one line that fits a terminal and contains no control characters.
func TestFindingLine(t *testing.T) {
	long := strings.Repeat("long/", 100)
	usual := contract.Finding{
		ID: "schema/type", Pointer: "/response/body/a", Node: nodeOf(t, "openapi/iam.yaml"), Want: "type integer", Got: `string "7"`,
	}
	for _, test := range []struct {
		name   string
		change func(*contract.Finding)
	}{
		{name: "as usual", change: func(*contract.Finding) {}},
		{name: "nothing at all", change: func(d *contract.Finding) { *d = contract.Finding{} }},
		{name: "a long pointer", change: func(d *contract.Finding) { d.Pointer = "/" + long }},
		{name: "a long want", change: func(d *contract.Finding) { d.Want = long }},
		{name: "a long got", change: func(d *contract.Finding) { d.Got = long }},
		{name: "a long want and got", change: func(d *contract.Finding) { d.Want, d.Got = long, long }},
		{name: "a long id", change: func(d *contract.Finding) { d.ID = "showDomainQuota/" + strings.Repeat("very-", 30) + "long" }},
		{name: "a long place", change: func(d *contract.Finding) { d.Node = nodeOf(t, "/home/"+long+"iam.yaml") }},
		{name: "all of them long", change: func(d *contract.Finding) {
			*d = contract.Finding{
				ID: long, Pointer: long, Node: nodeOf(t, long), Want: long, Got: long, Evidence: spec.Evidence{Grade: spec.Undocumented},
			}
		}},
		{name: "wide characters", change: func(d *contract.Finding) { d.Want, d.Got = strings.Repeat("云", 80), strings.Repeat("🚀", 80) }},
		{name: "control characters in the pointer", change: func(d *contract.Finding) { d.Pointer = "/response/body/" + controls }},
		{name: "bidi characters in the pointer", change: func(d *contract.Finding) { d.Pointer = "/response/body/" + bidi }},
		{name: "invalid UTF-8 in the pointer", change: func(d *contract.Finding) { d.Pointer = "/response/body/\xff\xfe" }},
		{name: "control characters in the id", change: func(d *contract.Finding) { d.ID = "schema/" + controls }},
		{name: "control characters in Want and Got", change: func(d *contract.Finding) { d.Want, d.Got = controls, bidi }},
		{name: "control characters in the place", change: func(d *contract.Finding) { d.Node = nodeOf(t, "a\nb.yaml") }},
	} {
		d := usual
		test.change(&d)
		if problem := lineProblem(d.String()); problem != "" {
			t.Errorf("%s: %s: %q", test.name, problem, d.String())
		}
	}
	for _, test := range []struct{ name, want, got, line string }{
		{
			name: "a suggestion", want: `no such parameter; did you mean "type"?`, got: "7",
			line: `schema/type at /response/body/a: want no such parameter; did you mean "type"?, got 7 (documented, openapi/iam.yaml:1)`,
		},
		{
			name: "a suggestion without room for more", want: `no such parameter; did you mean "type"?`, got: strings.Repeat("7", 40),
			line: `schema/type at /response/body/a: did you mean "type"? (documented, openapi/iam.yaml:1)`,
		},
	} {
		d := usual
		d.Want, d.Got = test.want, test.got
		if d.String() != test.line {
			t.Errorf("%s: got\n%s\nwant\n%s", test.name, d, test.line)
		}
	}
	want := `schema/type at /response/body/a: want type integer, got string "7" (documented, openapi/iam.yaml:1)`
	if got := usual.String(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestFindingsOfHostileResponses judges responses that try to break reports. Each field of a finding must be printable, since
// reports print the fields one by one.
func TestFindingsOfHostileResponses(t *testing.T) {
	for _, text := range []string{controls, bidi, strings.Repeat("x", 5000), "\"quoted\\", "\xff\xfe", "%n%s%(key)s"} {
		quoted := quote(text)
		for _, test := range []struct{ name, raw string }{
			{name: "a value", raw: responseWith(200, swap(imageBody, `"image"`, quoted))},
			{name: "a name", raw: responseWith(200, swap(imageBody, `"used":0`, quoted+`:1,"used":0`))},
			{
				name: "a name above a duplicate member",
				raw:  responseWith(200, swap(imageBody, `"quotas"`, `"quotas":null,`+quoted+`:[{"a":1,"a":1}],"q"`)),
			},
			{name: "a name twice", raw: responseWith(200, `{`+quoted+`:1,`+quoted+`:2,`+imageBody[1:])},
			{name: "a code", raw: responseWith(400, swap(imsError, `"IMG.0026"`, quoted))},
			{name: "a message", raw: responseWith(400, swap(imsError, `"The role`, quoted[:len(quoted)-1]+` %s`))},
			{name: "a header", raw: responseWith(200, imageBody, "X-Strange: "+text, "Content-Encoding: "+text)},
			{name: "a media type", raw: responseWith(200, imageBody, "Content-Type: "+text)},
			{name: "a charset", raw: responseWith(200, imageBody, "Content-Type: application/json; charset="+text)},
			{name: "a length", raw: responseWith(200, imageBody, "Content-Length: "+text)},
			{name: "a transfer coding", raw: responseWith(200, imageBody, "Transfer-Encoding: "+text)},
			{name: "a header's name", raw: responseWith(200, imageBody, "X-"+text+": 1")},
			{name: "the whole body", raw: responseWith(200, text)},
			{name: "the whole answer", raw: responseWith(200, quoted)},
		} {
			checkFindings(t, test.name, judge(t, requestFor(imagePath), test.raw))
		}
		word := strings.Map(visible, text)
		for _, raw := range []string{
			requestFor(imagePath + "?" + word + "=" + word),
			swap(requestFor(imagePath), "GET", "G"+word),
			swap(requestFor(imagePath), "Host", "Host: a\r\nX-"+word+": "+text+"\r\nDate"),
		} {
			checkFindings(t, raw, judge(t, raw, responseWith(400, imsError)))
		}
	}
}

// TestFindingsOfEditedResponses cuts, doubles and changes right responses at each byte.
func TestFindingsOfEditedResponses(t *testing.T) {
	judge := judgeOf(t, "showDomainQuota")
	req, err := contract.ParseRequest([]byte(requestFor(accountPath)))
	if err != nil {
		t.Fatal(err)
	}
	for _, body := range []string{account("user", "mapping"), iamError} {
		for i := range body {
			for _, mutant := range []string{
				body[:i], body[:i] + body[i+1:], body[:i] + body[i:i+1] + body[i:], body[:i] + "\x1b" + body[i:], body[:i] + "\u202e" + body[i+1:],
				body[:i] + `","` + body[i:], body[:i] + `\ud800` + body[i:], body[:i] + "-1e99" + body[i+1:], body[:i] + "null" + body[i+1:],
			} {
				status := 200
				if body == iamError {
					status = 403
				}
				v := judge.Check(contract.Exchange{Request: req, Response: contract.Response{
					Status: status, Header: http.Header{"Content-Type": {"application/json"}, "X-Request-Id": {"1"}}, Body: []byte(mutant),
				}})
				checkFindings(t, fmt.Sprintf("byte %d", i), v)
			}
		}
	}
}

// checkFindings checks what all findings have in common.
func checkFindings(t *testing.T, name string, v contract.Result) {
	t.Helper()
	for _, f := range v.Findings {
		if problem := lineProblem(f.String()); problem != "" {
			t.Fatalf("%s: %s: %q", name, problem, f)
		}
		for _, field := range append([]string{f.ID, f.Pointer, f.Place(), f.Want, f.Got}, f.Evidence.Source...) {
			if strings.ContainsFunc(field, func(r rune) bool { return r == utf8.RuneError || !unicode.IsPrint(r) }) {
				t.Errorf("%s: %s: a field cannot be printed: %.200q", name, f.ID, field)
			}
			for _, words := range []string{
				"doesn't match", "Doesn't match", "Error at", "value must be", "Value is not nullable", "is missing",
				"minimum string length", "number must be", "Schema:", "openapi3", "json:", "strconv", "invalid character",
			} {
				if strings.Contains(field, words) {
					t.Errorf("%s: %s shows the words of a library: %.200q", name, f.ID, field)
				}
			}
		}
		hasSide := strings.HasPrefix(f.Pointer, "/request") || strings.HasPrefix(f.Pointer, "/response")
		if f.ID == "" || f.Place() == "" || f.Want == "" || !hasSide {
			t.Errorf("%s: something is missing in %+v", name, f)
		}
	}
	for _, err := range v.Errors {
		if strings.ContainsFunc(err.Error(), func(r rune) bool { return !unicode.IsPrint(r) }) {
			t.Errorf("%s: an error cannot be printed: %q", name, err)
		}
	}
}

// lineProblem returns what is wrong with a line, or "".
func lineProblem(line string) string {
	if n := utf8.RuneCountInString(line); n > 120 {
		return fmt.Sprintf("%d characters", n)
	}
	if strings.ContainsFunc(line, func(r rune) bool { return r == utf8.RuneError || !unicode.IsPrint(r) }) {
		return "not printable"
	}
	return ""
}

// visible leaves what may stand in the first line of a request.
func visible(r rune) rune {
	if r <= ' ' || r == 0x7f {
		return -1
	}
	return r
}

// quote returns a text as a JSON string, with its bytes unescaped where JSON allows.
func quote(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := range len(text) {
		switch c := text[i]; {
		case c == '"' || c == '\\':
			b.WriteString(`\` + string(c))
		case c < ' ':
			fmt.Fprintf(&b, `\u%04x`, c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}
