package contract_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
)

// TestKnownPaths holds what is judged at all: the document's paths, and with another method only the rules of its root.
func TestKnownPaths(t *testing.T) {
	const gateway, iam = gateError, `{"error_msg":"No.","error_code":"IAM.0004"}`
	for _, test := range []struct {
		name, method, target string
		response             string
		judged               bool
		operation            string
		broken               []string // of the response
		kept                 []string
	}{
		{"the path", "GET", accountPath, answer(404, iam), true, "showDomainQuota", nil, []string{"iam/only-200-succeeds", "iam/no-placeholder"}},
		{"the path, escaped", "GET", "/v3.0/OS%2DQUOTA/domains/a%2Fb", answer(404, iam), true, "showDomainQuota", nil, []string{"iam/only-200-succeeds", "iam/no-placeholder"}},
		{"another path", "GET", "/v3.0/OS-QUOTA/projects/1", answer(200, "?"), false, "", nil, nil},
		{"in other case", "GET", "/v3.0/os-quota/domains/1", answer(200, "?"), false, "", nil, nil},
		{"longer", "GET", accountPath + "/more", answer(200, "?"), false, "", nil, nil},
		{"with a slash at the end", "GET", accountPath + "/", answer(200, "?"), false, "", nil, nil},
		{"with an empty segment", "GET", "/v3.0/OS-QUOTA/domains/", answer(200, "?"), false, "", nil, nil},
		{"with a doubled slash", "GET", "/v3.0/OS-QUOTA//domains/1", answer(200, "?"), false, "", nil, nil},
		{"with a bad escape", "GET", "/v3.0/OS-QUOTA/domains/%zz", answer(200, "?"), false, "", nil, nil},
		{"the root", "GET", "/", answer(200, "?"), false, "", nil, nil},
		{"a star", "OPTIONS", "*", answer(200, "?"), false, "", nil, nil},

		{"POST refused", "POST", accountPath, answer(404, gateway), true, "", nil, []string{"iam/only-200-succeeds", "iam/other-method"}},
		{"POST refused, compressed", "POST", accountPath, answer(404, zipped(gateway), "Content-Encoding: gzip"), true, "", nil, []string{"iam/only-200-succeeds", "iam/other-method"}},
		{"POST refused with another code", "POST", accountPath, answer(404, iam), true, "", []string{"iam/other-method"}, []string{"iam/only-200-succeeds"}},
		{"POST refused without a body", "POST", accountPath, without(answer(404, ""), "Content-Type"), true, "", []string{"iam/other-method"}, []string{"iam/only-200-succeeds"}},
		{"POST refused in words", "POST", accountPath, answer(404, "no", "Content-Type: text/plain"), true, "", []string{"iam/other-method"}, []string{"iam/only-200-succeeds"}},
		{"POST answered", "POST", accountPath, answer(200, account(allTypes...)), true, "", []string{"iam/other-method"}, []string{"iam/only-200-succeeds"}},
		{"POST created", "POST", accountPath, answer(201, gateway), true, "", []string{"iam/only-200-succeeds", "iam/other-method"}, nil},
		{"POST not allowed", "POST", accountPath, answer(405, gateway), true, "", []string{"iam/other-method"}, []string{"iam/only-200-succeeds"}},
		{"POST throttled", "POST", accountPath, answer(429, gateway), true, "", nil, []string{"iam/only-200-succeeds"}},
		{"POST failed", "POST", accountPath, answer(503, gateway), true, "", nil, []string{"iam/only-200-succeeds"}},
		{"OPTIONS answered", "OPTIONS", accountPath, "HTTP/1.1 204 No Content\r\nAllow: GET\r\n\r\n", true, "", []string{"iam/only-200-succeeds", "iam/other-method"}, nil},
		{"HEAD refused", "HEAD", accountPath, without(answer(404, "", "Content-Length: 105"), "X-Request-Id"), true, "", nil, []string{"iam/only-200-succeeds", "iam/other-method"}},
		{"HEAD refused with a body", "HEAD", accountPath, answer(404, gateway), true, "", []string{"framing/body-forbidden"}, []string{"iam/only-200-succeeds", "iam/other-method"}},
		{"HEAD answered", "HEAD", accountPath, answer(200, ""), true, "", []string{"iam/other-method"}, []string{"iam/only-200-succeeds"}},
		{"a method in other case", "get", accountPath, answer(404, gateway), true, "", nil, []string{"iam/only-200-succeeds", "iam/other-method"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			request := test.method + " " + test.target + " HTTP/1.1\r\nHost: x\r\nX-Auth-Token: secret-of-the-reader\r\n\r\n"
			v := judgeBy(t, judgeOf(t, "showDomainQuota"), request, test.response)
			if v.Judged != test.judged || v.Operation != test.operation || len(v.Errors) > 0 {
				t.Errorf("judged %t as %q, errors %v; want %t as %q", v.Judged, v.Operation, v.Errors, test.judged, test.operation)
			}
			var broken []string
			for _, d := range v.Deviations {
				if !d.Request() {
					broken = append(broken, d.ID)
				}
			}
			if diff := cmp.Diff(test.broken, broken); diff != "" {
				t.Errorf("broken (-want +got):\n%s%s", diff, lines(v))
			}
			if diff := cmp.Diff(test.kept, v.Kept); diff != "" {
				t.Errorf("kept (-want +got):\n%s", diff)
			}
		})
	}
}

// TestFramingWithoutBody holds that an answer which may not have a body is still HTTP.
func TestFramingWithoutBody(t *testing.T) {
	for _, test := range []struct {
		name, method, response string
		want                   []string
	}{
		{"HEAD, what GET would have been told", "HEAD", "HTTP/1.1 404 No\r\nContent-Type: application/json\r\nContent-Length: 105\r\n\r\n", nil},
		{"HEAD, in chunks that do not come", "HEAD", "HTTP/1.1 404 No\r\nTransfer-Encoding: chunked\r\n\r\n", nil},
		{"HEAD, a line that is no header", "HEAD", "HTTP/1.1 404 No\r\nnonsense\r\n\r\n", []string{"framing/header-syntax"}},
		{"HEAD, bare line feeds", "HEAD", "HTTP/1.1 404 No\nServer: x\r\n\r\n", []string{"framing/line-ending"}},
		{"HEAD, a head without an end", "HEAD", "HTTP/1.1 404 No\r\nServer: x\r\n", []string{"framing/truncated"}},
		{"HEAD, two lengths", "HEAD", "HTTP/1.1 404 No\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", []string{"framing/content-length"}},
		{"HEAD, a length that is none", "HEAD", "HTTP/1.1 404 No\r\nContent-Length: many\r\n\r\n", []string{"framing/content-length"}},
		{"POST, minus nothing", "POST", "HTTP/1.1 404 No\r\nContent-Length: -0\r\n\r\n", []string{"framing/content-length"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			v := judgeBy(t, judgeOf(t, "showImageQuota"), test.method+" "+imagePath+" HTTP/1.1\r\nHost: x\r\n\r\n", test.response)
			var got []string
			for _, d := range v.Deviations {
				if d.Evidence.Source[0] == "RFC 9112" || d.Evidence.Source[0] == "RFC 9110" {
					got = append(got, d.ID)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("ids (-want +got):\n%s%s", diff, lines(v))
			}
		})
	}
}

// TestProbesOffThePath holds that a probe of an unknown path is judged by the rule for it, and by no rule for traffic.
func TestProbesOffThePath(t *testing.T) {
	for _, test := range []struct {
		name, response string
		want, kept     []string
	}{
		{"refused", answer(404, gateError), nil, []string{"ims/unknown-path"}},
		{"refused with another code", answer(404, imsError), []string{"ims/unknown-path"}, nil},
		{"answered", answer(200, imageBody), []string{"ims/unknown-path"}, nil},
		{"throttled", answer(429, gateError), []string{"status/no-answer", "ims/unknown-path"}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			asked, err := contract.ParseRequest([]byte(askFor(imagePath + "s")))
			if err != nil {
				t.Fatal(err)
			}
			answered, err := contract.ParseResponse([]byte(test.response))
			if err != nil {
				t.Fatal(err)
			}
			v := judgeOf(t, "showImageQuota").Exchange(contract.Exchange{Request: asked, Response: answered, Probe: "unknown-path"})
			if diff := cmp.Diff(test.want, idsOfAll(v)); diff != "" || !v.Judged {
				t.Errorf("judged: %t, ids (-want +got):\n%s", v.Judged, diff)
			}
			if diff := cmp.Diff(test.kept, v.Kept); diff != "" {
				t.Errorf("kept (-want +got):\n%s", diff)
			}
		})
	}
}
