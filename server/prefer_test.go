package server

import (
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract/contracttest"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

const (
	prefer403   = `{"error_msg":"Policy doesn't allow iam:quotas:listQuotas to be performed.","error_code":"IAM.0003"}`
	prefer404   = `{"error_msg":"Could not find domain: 00000000000000000000000000000000.","error_code":"IAM.0004"}`
	prefer500   = iamInternal
	preferGroup = `{"quotas":{"resources":[{"max":200,"min":10,"quota":20,"type":"group","used":6}]}}`
	first401    = `{"error_msg":"Incorrect IAM authentication information: x-auth-token not found","error_code":"APIGW.0301",` +
		`"request_id":"******"}`
)

func TestPrefer(t *testing.T) {
	address := start(t, Options{Prefer: true}, forExamples, contracttest.Ignore("/v2", iamPath+"/"))
	tests := []struct {
		name    string
		target  string
		prefer  []string // header lines
		status  int
		want    string
		applied string
	}{
		{
			name:    "code",
			target:  iamPath,
			prefer:  []string{"Prefer: code=404"},
			status:  404,
			want:    prefer404,
			applied: "code=404",
		},
		{
			name:    "code of success",
			target:  iamPath,
			prefer:  []string{"Prefer: code=200"},
			status:  200,
			want:    resources(seed003...),
			applied: "code=200",
		},
		{
			name:    "code of failure",
			target:  iamPath,
			prefer:  []string{"Prefer: code=500"},
			status:  500,
			want:    prefer500,
			applied: "code=500",
		},
		{
			name:    "the first of several",
			target:  iamPath,
			prefer:  []string{"Prefer: code=401"},
			status:  401,
			want:    first401,
			applied: "code=401",
		},
		{
			name:    "the first of two",
			target:  iamPath,
			prefer:  []string{"Prefer: code=403"},
			status:  403,
			want:    notYours,
			applied: "code=403",
		},
		{
			name:    "example",
			target:  iamPath,
			prefer:  []string{"Prefer: example=policy"},
			status:  403,
			want:    prefer403,
			applied: "example=policy",
		},
		{
			name:    "example of success",
			target:  iamPath,
			prefer:  []string{"Prefer: example=type-group"},
			status:  200,
			want:    preferGroup,
			applied: "example=type-group",
		},
		{
			name:    "both",
			target:  iamPath,
			prefer:  []string{"Prefer: code=403, example=policy"},
			status:  403,
			want:    prefer403,
			applied: "code=403, example=policy",
		},
		{
			name:    "both, the other way round",
			target:  iamPath,
			prefer:  []string{"Prefer: example=policy,code=403"},
			status:  403,
			want:    prefer403,
			applied: "code=403, example=policy",
		},
		{
			name:    "in two headers",
			target:  iamPath,
			prefer:  []string{"Prefer: code=403", "Prefer: example=policy"},
			status:  403,
			want:    prefer403,
			applied: "code=403, example=policy",
		},
		{
			name:    "quoted",
			target:  iamPath,
			prefer:  []string{`Prefer: code="404"`},
			status:  404,
			want:    prefer404,
			applied: "code=404",
		},
		{
			name:    "case, space and parameters",
			target:  iamPath,
			prefer:  []string{`prefer: respond-async , CODE = 404 ; x="a,b;c", wait=10`},
			status:  404,
			want:    prefer404,
			applied: "code=404",
		},
		{
			name:    "the first counts",
			target:  iamPath,
			prefer:  []string{"Prefer: code=404", "Prefer: code=500"},
			status:  404,
			want:    prefer404,
			applied: "code=404",
		},
		{
			name:    "any account",
			target:  "/v3.0/OS-QUOTA/domains/d1?type=bogus",
			prefer:  []string{"Prefer: code=500"},
			status:  500,
			want:    prefer500,
			applied: "code=500",
		},
		{
			name:    "images",
			target:  imsPath,
			prefer:  []string{"Prefer: code=200"},
			status:  200,
			want:    resources(imageQuota),
			applied: "code=200",
		},
		{
			name:    "images, nested",
			target:  imsPath,
			prefer:  []string{"Prefer: example=image-type"},
			status:  400,
			want:    `{"error":{"message":"The imagetype is invalid.","code":"IMG.0024"}}`,
			applied: "example=image-type",
		},
		{
			name:    "images, unavailable",
			target:  imsPath,
			prefer:  []string{"Prefer: code=503"},
			status:  503,
			want:    `{"error_msg":"The IAM service is currently unavailable.","error_code":"APIGW.0613","request_id":"******"}`,
			applied: "code=503",
		},

		{
			name:    "delay",
			target:  iamPath,
			prefer:  []string{"Prefer: delay=1", reader},
			status:  200,
			want:    resources(seed003...),
			applied: "delay=1",
		},
		{
			name:    "delay of an error",
			target:  iamPath,
			prefer:  []string{"Prefer: delay=1"},
			status:  401,
			want:    noToken,
			applied: "delay=1",
		},
		{
			name:    "no delay",
			target:  iamPath,
			prefer:  []string{"Prefer: delay=0, code=404"},
			status:  404,
			want:    prefer404,
			applied: "delay=0, code=404",
		},
		{
			name:    "all three",
			target:  iamPath,
			prefer:  []string{"Prefer: example=policy, delay=2", "Prefer: code=403"},
			status:  403,
			want:    prefer403,
			applied: "delay=2, code=403, example=policy",
		},

		{name: "too long a delay", target: iamPath, prefer: []string{"Prefer: delay=10001"}, status: 401, want: noToken},
		{
			name:   "a delay without end",
			target: iamPath,
			prefer: []string{"Prefer: delay=18446744073709551616"},
			status: 401,
			want:   noToken,
		},
		{name: "a delay into the past", target: iamPath, prefer: []string{"Prefer: delay=-1"}, status: 401, want: noToken},
		{name: "a delay with a unit", target: iamPath, prefer: []string{"Prefer: delay=1s"}, status: 401, want: noToken},
		{name: "none", target: iamPath, status: 401, want: noToken},
		{name: "undocumented code", target: iamPath, prefer: []string{"Prefer: code=418"}, status: 401, want: noToken},
		{
			name:   "a code of the other document",
			target: iamPath,
			prefer: []string{"Prefer: code=503"},
			status: 401,
			want:   noToken,
		},
		{
			name:   "undocumented example",
			target: iamPath,
			prefer: []string{"Prefer: example=nothing"},
			status: 401,
			want:   noToken,
		},
		{
			name:   "example of another code",
			target: iamPath,
			prefer: []string{"Prefer: code=404, example=policy"},
			status: 401,
			want:   noToken,
		},
		{name: "no number", target: iamPath, prefer: []string{"Prefer: code=4O4"}, status: 401, want: noToken},
		{
			name:   "another writing of the number",
			target: iamPath,
			prefer: []string{"Prefer: code=0404"},
			status: 401,
			want:   noToken,
		},
		{name: "nothing after the sign", target: iamPath, prefer: []string{"Prefer: code="}, status: 401, want: noToken},
		{
			name:   "no end of the quotation",
			target: iamPath,
			prefer: []string{`Prefer: code="404`},
			status: 401,
			want:   noToken,
		},
		{
			name:   "other preferences",
			target: iamPath,
			prefer: []string{"Prefer: respond-async, wait=100"},
			status: 401,
			want:   noToken,
		},
		{name: "404 first", target: "/v2", prefer: []string{"Prefer: code=200"}, status: 404, want: noSuchPath},
		{
			name:   "a segment too many",
			target: iamPath + "/",
			prefer: []string{"Prefer: code=200"},
			status: 404,
			want:   noSuchPath,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := ask(t, address, "GET "+test.target, test.prefer...)
			wantAnswer(t, got, test.status, test.want)
			if applied := got.header.Get("Preference-Applied"); applied != test.applied {
				t.Errorf("Preference-Applied: got %q, want %q", applied, test.applied)
			}
			if vary := got.header.Get("Vary"); test.want != noSuchPath && vary != "Prefer" {
				t.Errorf("Vary: got %q, want Prefer", vary)
			}
		})
	}
	t.Run("as usual otherwise", func(t *testing.T) {
		wantAnswer(t, ask(t, address, "GET "+imsPath, "Prefer: code=418", reader), http.StatusOK, resources(imageQuota))
	})
}

// A delay is waited for, and ends with the request.
func TestPreferDelay(t *testing.T) {
	s := newServer(t, Options{Prefer: true})
	ended := make(chan any, 1)
	address := listen(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() { ended <- recover() }()
		s.ServeHTTP(w, r)
	}))
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, "GET "+imsPath+" HTTP/1.1\r\nHost: a\r\nPrefer: delay=10000\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	if how := <-ended; how != any(http.ErrAbortHandler) {
		t.Errorf("it waited although nobody was there: %v", how)
	}

	begun := time.Now()
	ask(t, start(t, Options{Prefer: true}), "GET "+imsPath, "Prefer: delay=50")
	if waited := time.Since(begun); waited < 50*time.Millisecond {
		t.Errorf("it waited for %s", waited)
	}
}

// Every example of both documents can be had, by name and code.
func TestPreferEveryExample(t *testing.T) {
	s := newServer(t, Options{Prefer: true})
	address := listen(t, judged(t, s, forExamples))
	total := 0
	for op, target := range map[*operation]string{s.operation(showDomainQuota): iamPath, s.operation(showImageQuota): imsPath} {
		for _, response := range op.Responses {
			for _, e := range jsonExamples(response) {
				total++
				got := ask(t, address, "GET "+target, "Prefer: code="+response.Status+", example="+e.Name)
				if got.header.Get("Preference-Applied") == "" || op.Response(got.status) != response {
					t.Errorf("%s %s: got %d", response.Status, e.Name, got.status)
				}
			}
		}
	}
	if total < 25 {
		t.Errorf("only %d examples were asked for", total)
	}
}

func TestPreferIsOff(t *testing.T) {
	address := start(t, Options{})
	got := ask(t, address, "GET "+imsPath, "Prefer: code=503", reader)
	wantAnswer(t, got, http.StatusOK, resources(imageQuota))
	if got.header.Get("Vary") != "" || got.header.Get("Preference-Applied") != "" {
		t.Errorf("got %v", got.header)
	}
}

func TestPreferences(t *testing.T) {
	tests := []struct {
		name  string
		lines []string
		want  map[string]string
	}{
		{name: "none", want: map[string]string{}},
		{name: "empty elements", lines: []string{"", " , ,,"}, want: map[string]string{}},
		{name: "a list", lines: []string{"code=404, example=a"}, want: map[string]string{"code": "404", "example": "a"}},
		{name: "lines", lines: []string{"code=404", "example=a"}, want: map[string]string{"code": "404", "example": "a"}},
		{
			name:  "the first counts, case does not",
			lines: []string{"Code=1, cOde=2", "CODE=3"},
			want:  map[string]string{"code": "1"},
		},
		{name: "space around", lines: []string{"  code \t=  404\t"}, want: map[string]string{"code": "404"}},
		{name: "no value", lines: []string{"respond-async"}, want: map[string]string{"respond-async": ""}},
		{name: "no value counts as one", lines: []string{"code, code=404"}, want: map[string]string{"code": ""}},
		{name: "quoted", lines: []string{`example="a, b; c=d"`}, want: map[string]string{"example": "a, b; c=d"}},
		{name: "escaped", lines: []string{`example="a\"b\\c,"`}, want: map[string]string{"example": `a"b\c,`}},
		{
			name:  "parameters",
			lines: []string{`code=404; x; y="q,r" ; z=1, example=a`},
			want:  map[string]string{"code": "404", "example": "a"},
		},
		{
			name:  "malformed is ignored",
			lines: []string{`co de=1, =2, code==3, x="a"b, y=a b, code=404`},
			want:  map[string]string{"code": "404"},
		},
		{name: "a quotation without end", lines: []string{`code="404, example=a`}, want: map[string]string{}},
		{name: "a backslash at the end", lines: []string{`code="404\`}, want: map[string]string{}},
		{name: "not ASCII", lines: []string{"cöde=1, code=404"}, want: map[string]string{"code": "404"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, preferences(test.lines)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	for _, s := range []string{"policy", "two words", `a"b\c`} {
		if got := preferences([]string{"x=" + word(s)})["x"]; got != s {
			t.Errorf("%q: got %q", s, got)
		}
	}
}

// An example that the generated model cannot represent completely is sent unchanged.
func TestExampleBeyondTheModel(t *testing.T) {
	d := document(t, "ims", "value: {error: {message: The imagetype is invalid., code: IMG.0024}}",
		"value: {error: {message: The imagetype is invalid., code: IMG.0024, more: [1, null]}}")
	address := listen(t, newServer(t, Options{Documents: map[string]*spec.Document{"ims": d}, Prefer: true}))
	wantAnswer(t, ask(t, address, "GET "+imsPath, "Prefer: code=400"), http.StatusBadRequest,
		`{"error":{"message":"The imagetype is invalid.","code":"IMG.0024","more":[1,null]}}`)
}
