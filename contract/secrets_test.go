package contract_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/openapi/spec"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
)

// Credentials of a request, and the part of each that must not be shown.
var credentials = []struct{ name, header, secret string }{
	{
		name: "a token", header: "X-Auth-Token: MIIFvgYJKoZIhvcNAQcCoIIFrzCCBasCAQExDTALBglghkgBZQMEAgEw",
		secret: "MIIFvgYJKoZIhvcNAQcCoIIFrzCCBasCAQExDTALBglghkgBZQMEAgEw",
	},
	{
		name: "a token with a slash, a plus and a tilde", header: "X-Auth-Token: gAAAA/Bh+k~Zm9vYmFy/0123456789==",
		secret: "gAAAA/Bh+k~Zm9vYmFy/0123456789==",
	},
	{name: "a short token", header: "X-Auth-Token: reader-token", secret: "reader-token"},
	{
		name: "the token of a temporary key", header: "X-Security-Token: gQpjbi1ub3J0aC00AgICAgICAgICAgICAgICAgICAgICAg",
		secret: "gQpjbi1ub3J0aC00AgICAgICAgICAgICAgICAgICAgICAg",
	},
	{
		name: "a signature",
		header: "Authorization: SDK-HMAC-SHA256 Access=QSREADER000000000001, SignedHeaders=host;x-sdk-date, " +
			"Signature=7be6668032f6418fcc22abc52071e57aff61b84a1d2381bb430d6870f4f6ebe5",
		secret: "7be6668032f6418fcc22abc52071e57aff61b84a1d2381bb430d6870f4f6ebe5",
	},
	{
		name: "a bearer token", header: "Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
		secret: "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
	},
	{name: "a password", header: "Authorization: Basic cmVhZGVyOnNlY3JldC1wYXNzd29yZA==", secret: "cmVhZGVyOnNlY3JldC1wYXNzd29yZA=="},
	{name: "a cookie", header: "Cookie: theme=dark; session=5d41402abc4b2a76b9719d911017c592", secret: "5d41402abc4b2a76b9719d911017c592"},
	{name: "a cookie in quotes", header: `Cookie: session="c2Vzc2lvbi1vZi10aGUtcmVhZGVy"`, secret: "c2Vzc2lvbi1vZi10aGUtcmVhZGVy"},
}

// places are where a response can echo a text. quoted is the text as a JSON string.
var places = []struct {
	name string
	raw  func(text, quoted string) string
}{
	{name: "a value", raw: func(_, q string) string { return responseWith(200, swap(imageBody, `"image"`, q)) }},
	{name: "a value, escaped", raw: func(text, q string) string {
		return responseWith(200, swap(imageBody, `"image"`, fmt.Sprintf(`"\u%04x%s`, text[0], q[2:])))
	}},
	{name: "a value, its slashes escaped", raw: func(_, q string) string {
		return responseWith(200, swap(imageBody, `"image"`, strings.ReplaceAll(q, "/", `\/`)))
	}},
	{name: "a list", raw: func(_, q string) string { return responseWith(200, swap(imageBody, `"image"`, `[1,{"a":`+q+`}]`)) }},
	{
		name: "JSON in a string",
		raw: func(_, q string) string {
			return responseWith(400, swap(imsError, `"IMG.0026"`, quote(`{"token":`+q+`}`)))
		},
	},
	{
		name: "an undocumented member",
		raw:  func(_, q string) string { return responseWith(200, swap(imageBody, `"used":0`, `"used":0,"echo":`+q)) },
	},
	{name: "a name", raw: func(_, q string) string { return responseWith(200, swap(imageBody, `"used":0`, `"used":0,`+q+`:1`)) }},
	{name: "a name twice", raw: func(_, q string) string { return responseWith(200, `{`+q+`:1,`+q+`:1,`+imageBody[1:]) }},
	{name: "a name above a finding", raw: func(_, q string) string { return responseWith(200, `{`+q+`:{"a":"\ud800"},`+imageBody[1:]) }},
	{name: "a code", raw: func(_, q string) string { return responseWith(400, swap(imsError, `"IMG.0026"`, q)) }},
	{
		name: "a message with a placeholder",
		raw:  func(_, q string) string { return responseWith(400, swap(imsError, `"The role`, q[:len(q)-1]+" %s")) },
	},
	{name: "a body that a rule is about", raw: func(_, q string) string {
		return responseWith(200, swap(swap(imageBody, `"image"`, `"image_shared"`), `"used"`, `"echo":`+q+`,"used"`))
	}},
	{name: "an undocumented status", raw: func(_, q string) string { return responseWith(302, `{"echo":`+q+`}`) }},
	{name: "no JSON", raw: func(text, _ string) string { return responseWith(200, text) }},
	{name: "an undocumented header", raw: func(text, _ string) string { return responseWith(200, imageBody, "X-Echo: "+text) }},
	{
		name: "an undocumented header, behind others",
		raw:  func(text, _ string) string { return responseWith(200, imageBody, "X-Echo: the token is "+text) },
	},
	{name: "a header's name", raw: func(text, _ string) string { return responseWith(200, imageBody, "X-"+token(text)+": 1") }},
	{name: "a media type", raw: func(text, _ string) string { return responseWith(200, imageBody, "Content-Type: text/"+token(text)) }},
	{name: "a malformed media type", raw: func(text, _ string) string { return responseWith(200, imageBody, "Content-Type: "+text) }},
	{
		name: "two media types",
		raw: func(text, _ string) string {
			return responseWith(200, imageBody, "Content-Type: a/b", "Content-Type: "+text)
		},
	},
	{
		name: "a charset",
		raw: func(_, q string) string {
			return responseWith(200, imageBody, "Content-Type: application/json; charset="+q)
		},
	},
	{name: "a coding", raw: func(text, _ string) string { return responseWith(200, imageBody, "Content-Encoding: "+text) }},
	{name: "a length", raw: func(text, _ string) string { return responseWith(200, imageBody, "Content-Length: "+text) }},
	{name: "a transfer coding", raw: func(text, _ string) string { return responseWith(200, imageBody, "Transfer-Encoding: "+text) }},
}

// TestSecretsAreNotShown responds with the credential of the request in every place of a response. Whatever a provider
// echoes, no report may show it.
func TestSecretsAreNotShown(t *testing.T) {
	for _, credential := range credentials {
		t.Run(credential.name, func(t *testing.T) {
			request := swap(requestFor(imagePath), "X-Auth-Token: secret-of-the-reader", credential.header)
			_, whole, _ := strings.Cut(credential.header, ": ")
			for _, place := range places {
				for _, text := range []string{whole, credential.secret, "x" + credential.secret + "y"} {
					raw := place.raw(text, quote(text))
					if where := leak(judge(t, request, raw), credential.secret); where != "" {
						t.Errorf("echoed in %s: %s", place.name, where)
						break
					}
				}
			}
		})
	}
}

// TestOddSecrets checks that credentials that look like something else neither stop the judge nor change its findings.
func TestOddSecrets(t *testing.T) {
	for _, test := range []struct{ name, header string }{
		{name: "in Latin-1", header: "X-Auth-Token: caf\xe9-token"},
		{name: "like a pattern", header: "X-Auth-Token: (?P<a>[b-a]{9,1})\\"},
		{name: "like the side of a message", header: "X-Auth-Token: request"},
		{name: "like a part of a pointer", header: "Cookie: a=/request/query/limit; b=response; c=headers; d=body"},
		{name: "like what is put in its place", header: "X-Auth-Token: ******"},
		{name: "very long", header: "X-Auth-Token: " + strings.Repeat("0123456789abcdef", 4096)},
		{name: "many", header: "Cookie: " + strings.Repeat("name=value-of-a-cookie; ", 500)},
	} {
		t.Run(test.name, func(t *testing.T) {
			defer func() {
				if r := recover(); r != nil {
					t.Errorf("panic: %v", r)
				}
			}()
			request := swap(requestFor(imagePath+"?limit=10"), "X-Auth-Token: secret-of-the-reader", test.header)
			v := judge(t, request, responseWith(200, swap(imageBody, `"used":0`, `"used":"0"`)))
			var sides []bool
			for _, f := range v.Findings {
				if f.ID == "parameter/undocumented" || f.ID == "schema/type" {
					sides = append(sides, f.Side() == contract.Consumer)
				}
				if !strings.HasPrefix(f.Pointer, "/request/") && !strings.HasPrefix(f.Pointer, "/response/") {
					t.Errorf("%s is at %s", f.ID, f.Pointer)
				}
			}
			if diff := cmp.Diff([]bool{true, false}, sides); diff != "" {
				t.Errorf("whose doing it is (-want +got):\n%s%s", diff, lines(v))
			}
		})
	}
}

// TestExcerptsShowNoSecrets checks the same for excerpts, also where they are cut.
func TestExcerptsShowNoSecrets(t *testing.T) {
	for _, credential := range credentials {
		request := swap(requestFor(imagePath+"?limit=10"), "X-Auth-Token: secret-of-the-reader", credential.header)
		for _, raw := range []string{
			responseWith(400, swap(imsError, "The role", credential.secret)),
			responseWith(400, swap(imsError, "The role", strings.ReplaceAll(credential.secret, "/", `\/`)), "X-Echo: "+credential.secret),
			responseWith(400, swap(imsError, "The role", strings.Repeat("x", 1975-len(`{"error":{"message":"`))+credential.secret)),
			responseWith(400, swap(imsError, "The role", strings.Repeat("云", 2650)+credential.secret)),
		} {
			req, err := contract.ParseRequest([]byte(request))
			if err != nil {
				t.Fatal(err)
			}
			resp, err := contract.ParseResponse([]byte(raw))
			if err != nil {
				t.Fatal(err)
			}
			requestText, responseText := judgeOf(t, "showImageQuota").Excerpt(contract.Exchange{Request: req, Response: resp})
			if where := leakIn(credential.secret, requestText, responseText); where != "" {
				t.Errorf("%s: …%s", credential.name, where[max(0, len(where)-100):])
			}
		}
	}
}

// TestExcerptsShowNoSecretsOfPaths checks that a parameter of a path that is secret by its name is shown neither in the excerpt nor in a
// finding, and that a path without it stays.
func TestExcerptsShowNoSecretsOfPaths(t *testing.T) {
	doc, err := spec.Read("sessions.yaml", []byte(`
openapi: 3.0.3
info: {title: t, version: "1"}
paths:
  /sessions/{token}:
    get:
      parameters: [{name: token, in: path, required: true, schema: {type: string, maxLength: 3}}]
      responses: {"200": {description: ok}}
  /sessions/current:
    get:
      responses: {"200": {description: ok}}
`), nil)
	if err != nil {
		t.Fatal(err)
	}
	judge, err := contract.New(doc)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ target, excerpt, got string }{
		{target: "/sessions/open-sesame", excerpt: "GET /sessions/REDACTED\n", got: `"REDACTED"`},
		{target: "/sessions/me:open-sesame@h", excerpt: "GET /sessions/REDACTED\n", got: `"REDACTED"`},
		{target: "/sessions/current", excerpt: "GET /sessions/current\n"},
		{target: "/session/me:pass@h", excerpt: "GET /session/REDACTED@h\n", got: "/session/REDACTED@h"},
	} {
		ex := contract.Exchange{Request: contract.Request{Method: "GET", Target: test.target}, Response: contract.Response{Status: 200}}
		excerpt, _ := judge.Excerpt(ex)
		got := ""
		for _, f := range judge.Check(ex).Findings {
			got += f.Got
		}
		if excerpt != test.excerpt || got != test.got {
			t.Errorf("%s: got the excerpt %q and the finding %q, want %q and %q", test.target, excerpt, got, test.excerpt, test.got)
		}
	}
	if diff := cmp.Diff([]string{"/sessions/{token}", "/sessions/current"}, judge.Credentials()); diff != "" {
		t.Errorf("credentials (-want +got):\n%s", diff)
	}
}

// leak returns a text that contains a part of a secret that is long enough to be one.
func leak(v contract.Result, secret string) string {
	texts := []string{}
	for _, f := range v.Findings {
		texts = append(append(texts, f.ID, f.Pointer, f.Place(), f.Want, f.Got, f.String()), f.Evidence.Source...)
	}
	for _, err := range v.Errors {
		texts = append(texts, err.Error())
	}
	return leakIn(secret, texts...)
}

func leakIn(secret string, texts ...string) string {
	const enough = 10
	for _, text := range texts {
		lower := strings.ToLower(strings.ReplaceAll(text, "~1", "/"))
		for i := 0; i+enough <= len(secret); i++ {
			if strings.Contains(lower, strings.ToLower(secret[i:i+enough])) {
				return text
			}
		}
	}
	return ""
}

// token is the text if a header's name may be called so.
func token(text string) string {
	if strings.ContainsAny(text, " \t\"(),/:;<=>?@[\\]{}") {
		return "Unlike"
	}
	return text
}

// TestSecretsOfTheSecondResponse checks that a secret that only the second of two responses reveals as such is not shown in
// the first one either.
func TestSecretsOfTheSecondResponse(t *testing.T) {
	parse := func(raw string) contract.Response {
		response, err := contract.ParseResponse([]byte(raw))
		if err != nil {
			t.Fatal(err)
		}
		return response
	}
	request, err := contract.ParseRequest([]byte(requestFor(imagePath)))
	if err != nil {
		t.Fatal(err)
	}
	const secret = "Zk7-wq.93xLmP0aa"
	first := parse(responseWith(200, swap(imageBody, `"used":0`, `"used":"`+secret+`"`)))
	second := parse(responseWith(200, imageBody, "X-Subject-Token: "+secret))
	v := judgeOf(t, "showImageQuota").Check(contract.Exchange{Request: request, Response: second, Previous: &first, Probe: "repeat"})
	if where := leak(v, secret); where != "" || !strings.Contains(lines(v), "schema/type") {
		t.Errorf("shown in %q of\n%s", where, lines(v))
	}
}

// TestSecretsOfThePreviousRequest checks that a token that was renewed between the two requests of the probe repeat is not shown,
// in whichever response the provider repeats it.
func TestSecretsOfThePreviousRequest(t *testing.T) {
	const secret = "Zk7-wq.93xLmP0aa"
	parse := func(token string) *contract.Request {
		request, err := contract.ParseRequest([]byte(swap(requestFor(imagePath), "secret-of-the-reader", token)))
		if err != nil {
			t.Fatal(err)
		}
		return &request
	}
	right := responseWith(200, imageBody)
	echo := responseWith(200, swap(imageBody, `"used":0`, `"used":"`+secret+`"`), "X-Echo: "+secret)
	for _, raw := range [][2]string{{echo, right}, {right, echo}, {echo, echo}} {
		first, err := contract.ParseResponse([]byte(raw[0]))
		if err != nil {
			t.Fatal(err)
		}
		second, err := contract.ParseResponse([]byte(raw[1]))
		if err != nil {
			t.Fatal(err)
		}
		v := judgeOf(t, "showImageQuota").Check(contract.Exchange{
			Request: *parse("renewed-token"), Response: second, Previous: &first, PreviousRequest: parse(secret), Probe: "repeat",
		})
		if where := leak(v, secret); where != "" || !strings.Contains(lines(v), "schema/type") {
			t.Errorf("shown in %q of\n%s", where, lines(v))
		}
	}
}
