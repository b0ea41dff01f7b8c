package server

import (
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

const (
	prefer403   = `{"error_msg":"Policy doesn't allow iam:quotas:listQuotas to be performed.","error_code":"IAM.0003"}`
	prefer404   = `{"error_msg":"Could not find domain: 00000000000000000000000000000000.","error_code":"IAM.0004"}`
	prefer500   = iamInternal
	preferGroup = `{"quotas":{"resources":[{"max":200,"min":10,"quota":20,"type":"group","used":6}]}}`
	first401    = `{"error_msg":"Incorrect IAM authentication information: x-auth-token not found","error_code":"APIGW.0301","request_id":"******"}`
)

func TestPrefer(t *testing.T) {
	address := start(t, Options{Prefer: true})
	tests := []struct {
		name    string
		target  string
		prefer  []string // header lines
		status  int
		want    string
		applied string
	}{
		{"code", iamPath, []string{"Prefer: code=404"}, 404, prefer404, "code=404"},
		{"code of success", iamPath, []string{"Prefer: code=200"}, 200, resources(seed003...), "code=200"},
		{"code of failure", iamPath, []string{"Prefer: code=500"}, 500, prefer500, "code=500"},
		{"the first of several", iamPath, []string{"Prefer: code=401"}, 401, first401, "code=401"},
		{"the first of two", iamPath, []string{"Prefer: code=403"}, 403, notYours, "code=403"},
		{"example", iamPath, []string{"Prefer: example=policy"}, 403, prefer403, "example=policy"},
		{"example of success", iamPath, []string{"Prefer: example=type-group"}, 200, preferGroup, "example=type-group"},
		{"both", iamPath, []string{"Prefer: code=403, example=policy"}, 403, prefer403, "code=403, example=policy"},
		{"both, the other way round", iamPath, []string{"Prefer: example=policy,code=403"}, 403, prefer403, "code=403, example=policy"},
		{"in two headers", iamPath, []string{"Prefer: code=403", "Prefer: example=policy"}, 403, prefer403, "code=403, example=policy"},
		{"quoted", iamPath, []string{`Prefer: code="404"`}, 404, prefer404, "code=404"},
		{"case, space and parameters", iamPath, []string{`prefer: respond-async , CODE = 404 ; x="a,b;c", wait=10`}, 404, prefer404, "code=404"},
		{"the first counts", iamPath, []string{"Prefer: code=404", "Prefer: code=500"}, 404, prefer404, "code=404"},
		{"any account", "/v3.0/OS-QUOTA/domains/d1?type=bogus", []string{"Prefer: code=500"}, 500, prefer500, "code=500"},
		{"images", imsPath, []string{"Prefer: code=200"}, 200, resources(imageQuota), "code=200"},
		{
			"images, nested", imsPath, []string{"Prefer: example=image-type"}, 400,
			`{"error":{"message":"The imagetype is invalid.","code":"IMG.0024"}}`, "example=image-type",
		},
		{
			"images, unavailable", imsPath, []string{"Prefer: code=503"}, 503,
			`{"error_msg":"The IAM service is currently unavailable.","error_code":"APIGW.0613","request_id":"******"}`, "code=503",
		},

		{"delay", iamPath, []string{"Prefer: delay=1", reader}, 200, resources(seed003...), "delay=1"},
		{"delay of an error", iamPath, []string{"Prefer: delay=1"}, 401, noToken, "delay=1"},
		{"no delay", iamPath, []string{"Prefer: delay=0, code=404"}, 404, prefer404, "delay=0, code=404"},
		{"all three", iamPath, []string{"Prefer: example=policy, delay=2", "Prefer: code=403"}, 403, prefer403, "delay=2, code=403, example=policy"},

		{"too long a delay", iamPath, []string{"Prefer: delay=10001"}, 401, noToken, ""},
		{"a delay without end", iamPath, []string{"Prefer: delay=18446744073709551616"}, 401, noToken, ""},
		{"a delay into the past", iamPath, []string{"Prefer: delay=-1"}, 401, noToken, ""},
		{"a delay with a unit", iamPath, []string{"Prefer: delay=1s"}, 401, noToken, ""},
		{"none", iamPath, nil, 401, noToken, ""},
		{"undocumented code", iamPath, []string{"Prefer: code=418"}, 401, noToken, ""},
		{"a code of the other document", iamPath, []string{"Prefer: code=503"}, 401, noToken, ""},
		{"undocumented example", iamPath, []string{"Prefer: example=nothing"}, 401, noToken, ""},
		{"example of another code", iamPath, []string{"Prefer: code=404, example=policy"}, 401, noToken, ""},
		{"no number", iamPath, []string{"Prefer: code=4O4"}, 401, noToken, ""},
		{"another writing of the number", iamPath, []string{"Prefer: code=0404"}, 401, noToken, ""},
		{"nothing after the sign", iamPath, []string{"Prefer: code="}, 401, noToken, ""},
		{"no end of the quotation", iamPath, []string{`Prefer: code="404`}, 401, noToken, ""},
		{"other preferences", iamPath, []string{"Prefer: respond-async, wait=100"}, 401, noToken, ""},
		{"404 first", "/v2", []string{"Prefer: code=200"}, 404, noSuchPath, ""},
		{"a segment too many", iamPath + "/", []string{"Prefer: code=200"}, 404, noSuchPath, ""},
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
	address := listen(t, s)
	total := 0
	for op, target := range map[*operation]string{s.operation(showDomainQuota): iamPath, s.operation(showImageQuota): imsPath} {
		for _, response := range op.Responses {
			for _, e := range jsonExamples(response) {
				total++
				got := ask(t, address, "GET "+target, "Prefer: code="+response.Status+", example="+e.Name)
				if got.header.Get("Preference-Applied") == "" || op.Response(got.status) != response {
					t.Errorf("%s %s: got %d", response.Status, e.Name, got.status)
				}
				wantDocumented(t, op, got)
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
		{"none", nil, map[string]string{}},
		{"empty elements", []string{"", " , ,,"}, map[string]string{}},
		{"a list", []string{"code=404, example=a"}, map[string]string{"code": "404", "example": "a"}},
		{"lines", []string{"code=404", "example=a"}, map[string]string{"code": "404", "example": "a"}},
		{"the first counts, case does not", []string{"Code=1, cOde=2", "CODE=3"}, map[string]string{"code": "1"}},
		{"space around", []string{"  code \t=  404\t"}, map[string]string{"code": "404"}},
		{"no value", []string{"respond-async"}, map[string]string{"respond-async": ""}},
		{"no value counts as one", []string{"code, code=404"}, map[string]string{"code": ""}},
		{"quoted", []string{`example="a, b; c=d"`}, map[string]string{"example": "a, b; c=d"}},
		{"escaped", []string{`example="a\"b\\c,"`}, map[string]string{"example": `a"b\c,`}},
		{"parameters", []string{`code=404; x; y="q,r" ; z=1, example=a`}, map[string]string{"code": "404", "example": "a"}},
		{"malformed is ignored", []string{`co de=1, =2, code==3, x="a"b, y=a b, code=404`}, map[string]string{"code": "404"}},
		{"a quotation without end", []string{`code="404, example=a`}, map[string]string{}},
		{"a backslash at the end", []string{`code="404\`}, map[string]string{}},
		{"not ASCII", []string{"cöde=1, code=404"}, map[string]string{"code": "404"}},
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

// What the generated model cannot hold whole is answered as it stands.
func TestExampleBeyondTheModel(t *testing.T) {
	d := document(t, "ims", "value: {error: {message: The imagetype is invalid., code: IMG.0024}}",
		"value: {error: {message: The imagetype is invalid., code: IMG.0024, more: [1, null]}}")
	address := start(t, Options{Documents: map[string]*spec.Document{"ims": d}, Prefer: true})
	wantAnswer(t, ask(t, address, "GET "+imsPath, "Prefer: code=400"), http.StatusBadRequest,
		`{"error":{"message":"The imagetype is invalid.","code":"IMG.0024","more":[1,null]}}`)
}
