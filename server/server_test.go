package server

import (
	"bufio"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/openapi"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

const (
	iamPath = "/v3.0/OS-QUOTA/domains/" + SampleDomainID
	imsPath = "/v1/cloudimages/quota"
	reader  = "X-Auth-Token: " + ReaderToken
)

// answered is what came over the wire.
type answered struct {
	status int
	header http.Header
	body   string
}

// newServer is for tests that reach inside; nothing serves it yet.
func newServer(t *testing.T, o Options) *Server {
	t.Helper()
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// start serves on loopback and returns the address.
func start(t *testing.T, o Options) string {
	t.Helper()
	return listen(t, newServer(t, o))
}

func listen(t *testing.T, h http.Handler) string {
	t.Helper()
	ts := httptest.NewUnstartedServer(nil)
	ts.Config = HTTPServer(h)
	ts.Start()
	t.Cleanup(ts.Close)
	return ts.Listener.Addr().String()
}

// ask sends "METHOD target" and headers as they stand and reads the one answer, framing included.
func ask(t *testing.T, address, line string, headers ...string) answered {
	t.Helper()
	text := line + " HTTP/1.1\r\nHost: quotas.test\r\nConnection: close\r\n"
	for _, h := range headers {
		text += h + "\r\n"
	}
	return askRaw(t, address, text+"\r\n")
}

func askRaw(t *testing.T, address, text string) answered {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
	method, _, _ := strings.Cut(text, " ")
	res, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: method})
	if err != nil {
		t.Fatalf("%.80q: %v", text, err)
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatalf("%.80q: %v", text, err)
	}
	return answered{res.StatusCode, res.Header, string(body)}
}

var hexID = regexp.MustCompile(`[0-9a-f]{32}`)

// plain takes the request ID out of a body, after seeing that it is the one of the header.
func (a answered) plain(t *testing.T) string {
	t.Helper()
	id := a.header.Get("X-Request-Id")
	if len(a.header.Values("X-Request-Id")) != 1 || len(id) != 32 || !hexID.MatchString(id) {
		t.Errorf("X-Request-Id: got %q, want 32 hexadecimal digits", a.header.Values("X-Request-Id"))
	}
	return strings.TrimSuffix(strings.ReplaceAll(a.body, id, "ID"), "\n")
}

// wantAnswer compares status, media type, framing, the members of the header, and the body without its request ID.
func wantAnswer(t *testing.T, got answered, status int, body string) {
	t.Helper()
	if got.status != status {
		t.Errorf("status: got %d, want %d", got.status, status)
	}
	if diff := cmp.Diff(body, got.plain(t)); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
	if ct := got.header.Values("Content-Type"); !cmp.Equal(ct, []string{"application/json"}) {
		t.Errorf("Content-Type: got %q", ct)
	}
	if length := got.header.Get("Content-Length"); body != "" && length != strconv.Itoa(len(got.body)) {
		t.Errorf("Content-Length: got %q, the body has %d bytes", length, len(got.body))
	}
}

func document(t *testing.T, name string, replace ...string) *spec.Document {
	t.Helper()
	data, err := openapi.YAML(name)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(replace); i += 2 {
		if !strings.Contains(string(data), replace[i]) {
			t.Fatalf("the document %s does not contain %q", name, replace[i])
		}
		data = []byte(strings.ReplaceAll(string(data), replace[i], replace[i+1]))
	}
	d, err := spec.Read(name+".yaml", data, nil)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// The bodies of errors, as the documents give them.
const (
	noSuchPath       = `{"error_msg":"The API does not exist or has not been published in the environment.","error_code":"APIGW.0101","request_id":"ID"}`
	noToken          = `{"error_msg":"Incorrect IAM authentication information: x-auth-token not found","error_code":"APIGW.0301","request_id":"ID"}`
	badToken         = `{"error_msg":"Incorrect IAM authentication information: decrypt token fail","error_code":"APIGW.0301","request_id":"ID"}`
	expiredToken     = `{"error_msg":"Incorrect IAM authentication information: token expires, expires_at: 2024-02-28T12:00:00.000000Z","error_code":"APIGW.0301","request_id":"ID"}`
	unknownKey       = `{"error_msg":"Incorrect IAM authentication information: Get secretKey failed,ak:******,err:ak not exist","error_code":"APIGW.0301","request_id":"ID"}`
	wrongSignature   = `{"error_msg":"Incorrect IAM authentication information: verify aksk signature fail","error_code":"APIGW.0301","request_id":"ID"}`
	expiredSignature = `{"error_msg":"Incorrect IAM authentication information: calc ak sk signature fail:signature expired","error_code":"APIGW.0301","request_id":"ID"}`
	badType          = `{"error_msg":"Request parameter type is invalid.","error_code":"IAM.0007"}`
	badQuery         = `{"error":{"message":"The URL format is incorrect.","code":"IMG.0017"}}`
	notYours         = `{"error_msg":"You are not authorized to perform the requested action.","error_code":"IAM.0002"}`
	noRole           = `{"error":{"message":"The role is invalid. You need to apply for the required permissions or pass the real-name authentication.","code":"IMG.0026"}}`
	iamTooLarge      = `{"error_msg":"API request error.","error_code":"APIGW.0201","request_id":"ID"}`
	imsTooLarge      = `{"error":{"message":"API request error.","code":"APIGW.0201"}}`
	iamInternal      = `{"error_msg":"An unexpected error prevented the server from fulfilling your request.","error_code":"IAM.0006"}`
	imsInternal      = `{"error_msg":"Internal server error.","error_code":"APIGW.0601","request_id":"ID"}`
)

func noDomain(id string) string {
	return `{"error_msg":"Could not find domain` + id + `.","error_code":"IAM.0004"}`
}

// seed003 is the documented answer, member for member in the order of the page.
var seed003 = []string{
	`{"max":1000,"min":50,"quota":50,"type":"user","used":10}`,
	`{"max":300,"min":10,"quota":20,"type":"group","used":8}`,
	`{"max":20,"min":10,"quota":10,"type":"idp","used":9}`,
	`{"max":300,"min":10,"quota":50,"type":"agency","used":12}`,
	`{"max":300,"min":128,"quota":200,"type":"policy","used":8}`,
	`{"max":500,"min":50,"quota":200,"type":"assigment_group_mp","used":8}`,
	`{"max":500,"min":50,"quota":200,"type":"assigment_agency_mp","used":8}`,
	`{"max":5000,"min":50,"quota":500,"type":"assigment_group_ep","used":8}`,
	`{"max":5000,"min":50,"quota":500,"type":"assigment_user_ep","used":8}`,
	`{"max":100,"min":10,"quota":10,"type":"mapping","used":null}`,
}

func resources(elements ...string) string {
	return `{"quotas":{"resources":[` + strings.Join(elements, ",") + `]}}`
}

const imageQuota = `{"type":"image","used":0,"quota":20,"min":1,"max":1000}`

func TestQuotas(t *testing.T) {
	s, err := New(Options{}) // all that is left out has its default
	if err != nil {
		t.Fatal(err)
	}
	address := listen(t, s)
	tests := []struct {
		name, target, token, want string
	}{
		{"all types", iamPath, ReaderToken, resources(seed003...)},
		{"without the permission of IMS", iamPath, LimitedToken, resources(seed003...)},
		{"unknown query parameters", iamPath + "?limit=1&Type=user&type%5B%5D=user", ReaderToken, resources(seed003...)},
		{"an empty query", iamPath + "?", ReaderToken, resources(seed003...)},
		{"an escaped id", strings.Replace(iamPath, "d78c", "%64%37%38%63", 1), ReaderToken, resources(seed003...)},
		{"an escaped type", iamPath + "?%74ype=%75ser", ReaderToken, resources(seed003[0])},
		{"absolute form", "http://quotas.test" + iamPath + "?type=group", ReaderToken, resources(seed003[1])},
		{"images", imsPath, ReaderToken, resources(imageQuota)},
		{"images, with a query", imsPath + "?type=image", ReaderToken, resources(imageQuota)},
		{"images, absolute form", "http://quotas.test" + imsPath, ReaderToken, resources(imageQuota)},
		{"images of the stranger", imsPath, StrangerToken, resources(`{"type":"image","used":3,"quota":30,"min":1,"max":1500}`)},
	}
	for i, element := range seed003 {
		var q struct{ Type string }
		if err := json.Unmarshal([]byte(element), &q); err != nil {
			t.Fatal(err)
		}
		tests = append(tests, struct{ name, target, token, want string }{
			"type " + q.Type, iamPath + "?type=" + q.Type, ReaderToken, resources(seed003[i]),
		})
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			wantAnswer(t, ask(t, address, "GET "+test.target, "X-Auth-Token: "+test.token), http.StatusOK, test.want)
		})
	}
}

func TestRulings(t *testing.T) {
	address := start(t, Options{})
	other := "/v3.0/OS-QUOTA/domains/"
	tests := []struct {
		name    string
		target  string
		headers []string
		status  int
		want    string
	}{
		{"type empty", iamPath + "?type=", []string{reader}, 400, badType},
		{"type without value", iamPath + "?type", []string{reader}, 400, badType},
		{"type unknown", iamPath + "?type=assignment_user_ep", []string{reader}, 400, badType},
		{"type of other case", iamPath + "?type=User", []string{reader}, 400, badType},
		{"type with a space", iamPath + "?type=user%20", []string{reader}, 400, badType},
		{"type not UTF-8", iamPath + "?type=%ff", []string{reader}, 400, badType},
		{"type doubled", iamPath + "?type=user&type=group", []string{reader}, 400, badType},
		{"type doubled, the same", iamPath + "?type=user&type=user", []string{reader}, 400, badType},
		{"type doubled, one empty", iamPath + "?type=&type=user", []string{reader}, 400, badType},
		{"a bad escape in type", iamPath + "?type=%zz", []string{reader}, 400, badType},
		{"a bad escape elsewhere", iamPath + "?type=user&x=%", []string{reader}, 400, badType},
		{"a semicolon", iamPath + "?type=user;x", []string{reader}, 400, badType},
		{"a semicolon elsewhere", iamPath + "?x=a;b", []string{reader}, 400, badType},
		{"images, a bad escape", imsPath + "?x=%zz", []string{reader}, 400, badQuery},
		{"images, a semicolon", imsPath + "?a;b", []string{reader}, 400, badQuery},

		{"another account", other + StrangerDomainID, []string{reader}, 403, notYours},
		{"an account that does not exist", other + strings.Repeat("0", 32), []string{reader}, 403, notYours},
		{"upper case", other + strings.ToUpper(StrangerDomainID), []string{reader}, 403, notYours},
		{"the own account in upper case", other + strings.ToUpper(SampleDomainID), []string{reader}, 403, notYours},
		{"the stranger asks", iamPath, []string{"X-Auth-Token: " + StrangerToken}, 403, notYours},
		{"no account", other + "d1", []string{reader}, 404, noDomain(": d1")},
		{"31 digits", other + SampleDomainID[1:], []string{reader}, 404, noDomain(": " + SampleDomainID[1:])},
		{"33 digits", other + SampleDomainID + "0", []string{reader}, 404, noDomain(": " + SampleDomainID + "0")},
		{"not hexadecimal", other + strings.Repeat("g", 32), []string{reader}, 404, noDomain(": " + strings.Repeat("g", 32))},
		{"a long id", other + strings.Repeat("a", 65), []string{reader}, 404, noDomain("")},
		{"an escaped slash", other + "a%2Fb", []string{reader}, 404, noDomain("")},
		{"a null byte", other + "%00", []string{reader}, 404, noDomain("")},
		{"a line feed at the end", other + SampleDomainID + "%0A", []string{reader}, 404, noDomain("")},
		{"a placeholder for an id", other + "%25(key)s", []string{reader}, 404, noDomain("")},
		{"markup for an id", other + "%3Cb%3E", []string{reader}, 404, noDomain("")},
		{"an id that is not UTF-8", other + "%ff", []string{reader}, 404, noDomain("")},
		{"two dots for an id", other + "..", []string{reader}, 404, noDomain(": ..")},
		{"images without permission", imsPath, []string{"X-Auth-Token: " + LimitedToken}, 403, noRole},

		{"401 before 400", iamPath + "?type=bogus", nil, 401, noToken},
		{"401 before 404 of an account", other + "d1", nil, 401, noToken},
		{"401 before 403", other + StrangerDomainID, nil, 401, noToken},
		{"404 before 401", "/v2", nil, 404, noSuchPath},
		{"400 before 403", other + StrangerDomainID + "?type=bogus", []string{reader}, 400, badType},
		{"400 before 404 of an account", other + "d1?type=bogus", []string{reader}, 400, badType},
		{"images, 400 before 403", imsPath + "?%zz", []string{"X-Auth-Token: " + LimitedToken}, 400, badQuery},
	}
	for _, op := range newServer(t, Options{}).operations {
		want, known := map[string]string{showDomainQuota: resources(seed003...), showImageQuota: resources(imageQuota)}[op.ID]
		if !known {
			continue // the way to every handler is the same
		}
		for _, header := range op.signingHeaders {
			tests = append(tests, struct {
				name    string
				target  string
				headers []string
				status  int
				want    string
			}{
				op.ID + ", beside a token a signing header means nothing: " + header, strings.Replace(op.Path, "{domain_id}", SampleDomainID, 1),
				[]string{reader, header + ": a", strings.ToLower(header) + ": b"}, 200, want,
			})
		}
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			wantAnswer(t, ask(t, address, "GET "+test.target, test.headers...), test.status, test.want)
		})
	}
}
