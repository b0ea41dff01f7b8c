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

	"github.com/quotaspec/quotaspec/contract/contracttest"
	"github.com/quotaspec/quotaspec/openapi"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

const (
	iamPath = "/v3.0/OS-QUOTA/domains/" + SampleDomainID
	imsPath = "/v1/cloudimages/quota"
	reader  = "X-Auth-Token: " + ReaderToken
)

// answered is a response as it was received.
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

// start serves on loopback and returns the address. The documents judge each response.
func start(t *testing.T, o Options, options ...contracttest.Option) string {
	t.Helper()
	return listen(t, judged(t, newServer(t, o), options...))
}

// judged wraps a provider so that a response which its documents do not describe fails the test.
func judged(t *testing.T, h http.Handler, options ...contracttest.Option) http.Handler {
	t.Helper()
	options = append(options, contracttest.Document("../openapi/ims.yaml"), contracttest.FailOn(spec.Undocumented))
	return contracttest.New(t, "../openapi/iam.yaml", options...).Handler(h)
}

// forExamples tolerates that a consumer can choose an example which is the response to another request.
var forExamples = contracttest.Tolerate("showDomainQuota/*", "/response*")

func listen(t *testing.T, h http.Handler) string {
	t.Helper()
	ts := httptest.NewUnstartedServer(nil)
	ts.Config = HTTPServer(h)
	ts.Start()
	t.Cleanup(ts.Close)
	return ts.Listener.Addr().String()
}

// ask sends "METHOD target" and headers unchanged, and reads one response with its framing.
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
	noSuchPath = `{"error_msg":"The API does not exist or has not been published in the environment.","error_code":"APIGW.0101",` +
		`"request_id":"ID"}`
	noToken = `{"error_msg":"Incorrect IAM authentication information: x-auth-token not found","error_code":"APIGW.0301",` +
		`"request_id":"ID"}`
	badToken = `{"error_msg":"Incorrect IAM authentication information: decrypt token fail","error_code":"APIGW.0301",` +
		`"request_id":"ID"}`
	expiredToken = `{"error_msg":"Incorrect IAM authentication information: token expires, expires_at: 2024-02-28T12:00:00.000000Z",` +
		`"error_code":"APIGW.0301","request_id":"ID"}`
	unknownKey = `{"error_msg":"Incorrect IAM authentication information: Get secretKey failed,ak:******,err:ak not exist",` +
		`"error_code":"APIGW.0301","request_id":"ID"}`
	wrongSignature = `{"error_msg":"Incorrect IAM authentication information: verify aksk signature fail","error_code":"APIGW.0301",` +
		`"request_id":"ID"}`
	expiredSignature = `{"error_msg":"Incorrect IAM authentication information: calc ak sk signature fail:signature expired",` +
		`"error_code":"APIGW.0301","request_id":"ID"}`
	badType  = `{"error_msg":"Request parameter type is invalid.","error_code":"IAM.0007"}`
	badQuery = `{"error":{"message":"The URL format is incorrect.","code":"IMG.0017"}}`
	notYours = `{"error_msg":"You are not authorized to perform the requested action.","error_code":"IAM.0002"}`
	noRole   = `{"error":{"message":"The role is invalid. You need to apply for the required permissions or pass the ` +
		`real-name authentication.","code":"IMG.0026"}}`
	iamTooLarge = `{"error_msg":"API request error.","error_code":"APIGW.0201","request_id":"ID"}`
	imsTooLarge = `{"error":{"message":"API request error.","code":"APIGW.0201"}}`
	iamInternal = `{"error_msg":"An unexpected error prevented the server from fulfilling your request.","error_code":"IAM.0006"}`
	imsInternal = `{"error_msg":"Internal server error.","error_code":"APIGW.0601","request_id":"ID"}`
)

func noDomain(id string) string {
	return `{"error_msg":"Could not find domain` + id + `.","error_code":"IAM.0004"}`
}

// seed003 is the documented response, member for member in the order of the page.
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
	address := listen(t, judged(t, s))
	tests := []struct {
		name, target, token, want string
	}{
		{name: "all types", target: iamPath, token: ReaderToken, want: resources(seed003...)},
		{name: "without the permission of IMS", target: iamPath, token: LimitedToken, want: resources(seed003...)},
		{
			name:   "unknown query parameters",
			target: iamPath + "?limit=1&Type=user&type%5B%5D=user",
			token:  ReaderToken,
			want:   resources(seed003...),
		},
		{name: "an empty query", target: iamPath + "?", token: ReaderToken, want: resources(seed003...)},
		{
			name:   "an escaped id",
			target: strings.Replace(iamPath, "d78c", "%64%37%38%63", 1),
			token:  ReaderToken,
			want:   resources(seed003...),
		},
		{name: "an escaped type", target: iamPath + "?%74ype=%75ser", token: ReaderToken, want: resources(seed003[0])},
		{
			name:   "absolute form",
			target: "http://quotas.test" + iamPath + "?type=group",
			token:  ReaderToken,
			want:   resources(seed003[1]),
		},
		{name: "images", target: imsPath, token: ReaderToken, want: resources(imageQuota)},
		{name: "images, with a query", target: imsPath + "?type=image", token: ReaderToken, want: resources(imageQuota)},
		{
			name:   "images, absolute form",
			target: "http://quotas.test" + imsPath,
			token:  ReaderToken,
			want:   resources(imageQuota),
		},
		{
			name:   "images of the stranger",
			target: imsPath,
			token:  StrangerToken,
			want:   resources(`{"type":"image","used":3,"quota":30,"min":1,"max":1500}`),
		},
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
	address := start(t, Options{}, contracttest.Ignore("/v2"))
	other := "/v3.0/OS-QUOTA/domains/"
	tests := []struct {
		name    string
		target  string
		headers []string
		status  int
		want    string
	}{
		{name: "type empty", target: iamPath + "?type=", headers: []string{reader}, status: 400, want: badType},
		{name: "type without value", target: iamPath + "?type", headers: []string{reader}, status: 400, want: badType},
		{
			name:    "type unknown",
			target:  iamPath + "?type=assignment_user_ep",
			headers: []string{reader},
			status:  400,
			want:    badType,
		},
		{name: "type of other case", target: iamPath + "?type=User", headers: []string{reader}, status: 400, want: badType},
		{
			name:    "type with a space",
			target:  iamPath + "?type=user%20",
			headers: []string{reader},
			status:  400,
			want:    badType,
		},
		{name: "type not UTF-8", target: iamPath + "?type=%ff", headers: []string{reader}, status: 400, want: badType},
		{
			name:    "type doubled",
			target:  iamPath + "?type=user&type=group",
			headers: []string{reader},
			status:  400,
			want:    badType,
		},
		{
			name:    "type doubled, the same",
			target:  iamPath + "?type=user&type=user",
			headers: []string{reader},
			status:  400,
			want:    badType,
		},
		{
			name:    "type doubled, one empty",
			target:  iamPath + "?type=&type=user",
			headers: []string{reader},
			status:  400,
			want:    badType,
		},
		{
			name:    "a bad escape in type",
			target:  iamPath + "?type=%zz",
			headers: []string{reader},
			status:  400,
			want:    badType,
		},
		{
			name:    "a bad escape elsewhere",
			target:  iamPath + "?type=user&x=%",
			headers: []string{reader},
			status:  400,
			want:    badType,
		},
		{name: "a semicolon", target: iamPath + "?type=user;x", headers: []string{reader}, status: 400, want: badType},
		{name: "a semicolon elsewhere", target: iamPath + "?x=a;b", headers: []string{reader}, status: 400, want: badType},
		{name: "images, a bad escape", target: imsPath + "?x=%zz", headers: []string{reader}, status: 400, want: badQuery},
		{name: "images, a semicolon", target: imsPath + "?a;b", headers: []string{reader}, status: 400, want: badQuery},

		{name: "another account", target: other + StrangerDomainID, headers: []string{reader}, status: 403, want: notYours},
		{
			name:    "an account that does not exist",
			target:  other + strings.Repeat("0", 32),
			headers: []string{reader},
			status:  403,
			want:    notYours,
		},
		{
			name:    "upper case",
			target:  other + strings.ToUpper(StrangerDomainID),
			headers: []string{reader},
			status:  403,
			want:    notYours,
		},
		{
			name:    "the own account in upper case",
			target:  other + strings.ToUpper(SampleDomainID),
			headers: []string{reader},
			status:  403,
			want:    notYours,
		},
		{
			name:    "the stranger asks",
			target:  iamPath,
			headers: []string{"X-Auth-Token: " + StrangerToken},
			status:  403,
			want:    notYours,
		},
		{name: "no account", target: other + "d1", headers: []string{reader}, status: 404, want: noDomain(": d1")},
		{
			name:    "31 digits",
			target:  other + SampleDomainID[1:],
			headers: []string{reader},
			status:  404,
			want:    noDomain(": " + SampleDomainID[1:]),
		},
		{
			name:    "33 digits",
			target:  other + SampleDomainID + "0",
			headers: []string{reader},
			status:  404,
			want:    noDomain(": " + SampleDomainID + "0"),
		},
		{
			name:    "not hexadecimal",
			target:  other + strings.Repeat("g", 32),
			headers: []string{reader},
			status:  404,
			want:    noDomain(": " + strings.Repeat("g", 32)),
		},
		{
			name:    "a long id",
			target:  other + strings.Repeat("a", 65),
			headers: []string{reader},
			status:  404,
			want:    noDomain(""),
		},
		{name: "an escaped slash", target: other + "a%2Fb", headers: []string{reader}, status: 404, want: noDomain("")},
		{name: "a null byte", target: other + "%00", headers: []string{reader}, status: 404, want: noDomain("")},
		{
			name:    "a line feed at the end",
			target:  other + SampleDomainID + "%0A",
			headers: []string{reader},
			status:  404,
			want:    noDomain(""),
		},
		{
			name:    "a placeholder for an id",
			target:  other + "%25(key)s",
			headers: []string{reader},
			status:  404,
			want:    noDomain(""),
		},
		{name: "markup for an id", target: other + "%3Cb%3E", headers: []string{reader}, status: 404, want: noDomain("")},
		{
			name:    "an id that is not UTF-8",
			target:  other + "%ff",
			headers: []string{reader},
			status:  404,
			want:    noDomain(""),
		},
		{name: "two dots for an id", target: other + "..", headers: []string{reader}, status: 404, want: noDomain(": ..")},
		{
			name:    "images without permission",
			target:  imsPath,
			headers: []string{"X-Auth-Token: " + LimitedToken},
			status:  403,
			want:    noRole,
		},

		{name: "401 before 400", target: iamPath + "?type=bogus", status: 401, want: noToken},
		{name: "401 before 404 of an account", target: other + "d1", status: 401, want: noToken},
		{name: "401 before 403", target: other + StrangerDomainID, status: 401, want: noToken},
		{name: "404 before 401", target: "/v2", status: 404, want: noSuchPath},
		{
			name:    "400 before 403",
			target:  other + StrangerDomainID + "?type=bogus",
			headers: []string{reader},
			status:  400,
			want:    badType,
		},
		{
			name:    "400 before 404 of an account",
			target:  other + "d1?type=bogus",
			headers: []string{reader},
			status:  400,
			want:    badType,
		},
		{
			name:    "images, 400 before 403",
			target:  imsPath + "?%zz",
			headers: []string{"X-Auth-Token: " + LimitedToken},
			status:  400,
			want:    badQuery,
		},
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
