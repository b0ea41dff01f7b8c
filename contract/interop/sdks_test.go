package interop

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/quotaspec/quotaspec/server"
)

// A temporary access key of the reader, which is not in the sample data.
const temporaryKey, temporarySecret, temporaryToken = "QSTEMPORARY000000001", "temporary-secret", "temporary-token"

// vendorSDK is the vendor's SDK in one language. The command makes the calls of its standard input; see testdata/sdks.
type vendorSDK struct {
	language string
	modules  []string // the packages whose versions the page shows
	args     []string // the command; the URL of the provider follows
	iamOnly  bool
}

var vendorSDKs = []vendorSDK{
	{language: "Python", modules: []string{"huaweicloudsdkiam", "huaweicloudsdkims"}, args: []string{"python", "call.py"}},
	{
		language: "Java", modules: []string{"huaweicloud-sdk-iam", "huaweicloud-sdk-ims"},
		args: []string{"java", "-cp", "CLASSPATH", "Call.java"},
	},
	{
		language: "Node.js", modules: []string{"@huaweicloud/huaweicloud-sdk-iam", "@huaweicloud/huaweicloud-sdk-core"},
		args: []string{"node", "call.js"}, iamOnly: true,
	},
}

// call is one call of an SDK by access key, and the line that it returns, in every language.
type call struct {
	name, operation string
	key, secret     string // "": those of the reader
	securityToken   string
	place           string // the account or the project; "": the sample's
	quotaType       string // "": none
	want            string
}

func sdkCalls() []call {
	calls := []call{}
	for _, want := range strings.Fields(allTypes) {
		quotaType, _, _ := strings.Cut(want, "=")
		calls = append(calls, call{name: "type " + quotaType, operation: iamOperation, quotaType: quotaType, want: want})
	}
	const limited = server.LimitedKeyID
	temporary := call{name: "temporary key", key: temporaryKey, secret: temporarySecret, securityToken: temporaryToken}
	iamTemporary, imsTemporary := temporary, temporary
	iamTemporary.operation, iamTemporary.want = iamOperation, allTypes
	imsTemporary.operation, imsTemporary.want = imsOperation, image
	unauthorized := func(message string) string { return "401\tAPIGW.0301\t" + authentication + message }
	noRole := "403\tIMG.0026\t" + invalidRole
	unknownKey, wrongSecret := unauthorized("Get secretKey failed,ak:******,err:ak not exist"), unauthorized("verify aksk signature fail")
	undecryptable := unauthorized("decrypt token fail")
	noPermission := "403\tIAM.0002\tYou are not authorized to perform the requested action."
	return append(calls, []call{
		{name: "all types", operation: iamOperation, want: allTypes},
		{name: "limited key", operation: iamOperation, key: limited, secret: server.LimitedSecret, want: allTypes},
		iamTemporary,
		{name: "temporary key without its token", operation: iamOperation, key: temporaryKey, secret: temporarySecret, want: undecryptable},
		{name: "unknown type", operation: iamOperation, quotaType: "bogus", want: "400\tIAM.0007\tRequest parameter type is invalid."},
		{name: "unknown key", operation: iamOperation, key: "NOBODYSKEY0000000000", secret: "x", want: unknownKey},
		{name: "wrong secret", operation: iamOperation, key: server.ReaderKeyID, secret: "wrong", want: wrongSecret},
		{name: "other account", operation: iamOperation, place: server.StrangerDomainID, want: noPermission},
		{name: "unknown account", operation: iamOperation, place: "nobody", want: "404\tIAM.0004\tCould not find domain: nobody."},
		{name: "images", operation: imsOperation, want: image},
		imsTemporary,
		{name: "no permission", operation: imsOperation, key: limited, secret: server.LimitedSecret, want: noRole},
		{name: "other project", operation: imsOperation, place: server.StrangerProjectID, want: noRole},
		{name: "unknown key", operation: imsOperation, key: "NOBODYSKEY0000000000", secret: "x", want: unknownKey},
		{name: "wrong secret", operation: imsOperation, key: server.ReaderKeyID, secret: "wrong", want: wrongSecret},
	}...)
}

// line is the call as a line of standard input.
func (c call) line() string {
	if c.key == "" {
		c.key, c.secret = server.ReaderKeyID, server.ReaderSecret
	}
	if c.place == "" {
		c.place = server.SampleDomainID
		if c.operation == imsOperation {
			c.place = server.SampleProjectID
		}
	}
	return strings.Join([]string{c.operation, c.key, c.secret, c.securityToken, c.place, c.quotaType}, "\t") + "\n"
}

// sdks makes the calls with the SDK of each language.
func sdks(t *testing.T) (markdown string) {
	in := install(t, "sdks")
	rows := make([]string, len(vendorSDKs))
	t.Run("run", func(t *testing.T) {
		for i, sdk := range vendorSDKs {
			t.Run(sdk.language, func(t *testing.T) {
				t.Parallel()
				rows[i] = sdk.row(t, in, sdk.callAll(t, in))
			})
		}
	})
	return sdksHead + strings.Join(rows, "") + sdksNotes
}

// callAll makes the calls that the SDK has, compares what it returns, and returns the number of calls of each operation.
func (sdk vendorSDK) callAll(t *testing.T, in installation) (calls map[string]int) {
	t.Helper()
	url, ids := identified(t)
	input, made := "", []call{}
	calls = map[string]int{}
	for _, c := range sdkCalls() {
		if sdk.iamOnly && c.operation != iamOperation {
			continue
		}
		input += c.line()
		made = append(made, c)
		calls[c.operation]++
	}
	s := in.step(t, append(slices.Clone(sdk.args), url), nil)
	s.input = input
	lines := results(s.must(t))
	if len(lines) != len(made) {
		t.Fatalf("%d results of %d calls: %q", len(lines), len(made), lines)
	}
	for i, c := range made {
		got := lines[i]
		if status, _, failed := strings.Cut(c.want, "\t"); failed {
			at := strings.LastIndex(got, "\t")
			if id := got[at+1:]; at < 0 || !ids.has(id) {
				t.Errorf("%s of %s, %s: no request id of a response: %q", c.name, c.operation, status, got)
				continue
			}
			got = got[:at]
		}
		if got != c.want {
			t.Errorf("%s of %s: got %q, want %q", c.name, c.operation, got, c.want)
		}
	}
	return calls
}

// resultLine is a list of resources, or an error that begins with its status.
var resultLine = regexp.MustCompile(`^([a-z_]+=[^ ]+( |$))+$|^\d{3}\t`)

// results are the lines of the output that are results; the SDKs log others.
func results(output string) []string {
	lines := []string{}
	for line := range strings.Lines(output) {
		line = strings.TrimSuffix(line, "\n")
		if resultLine.MatchString(line) {
			lines = append(lines, line)
		}
	}
	return lines
}

// requestIDs are the request ids of responses.
type requestIDs struct{ sync.Map }

func (ids *requestIDs) has(id string) bool {
	_, ok := ids.Load(id)
	return id != "" && ok
}

// identified starts the reference provider with a temporary key, and remembers the request ids that it sends.
func identified(t *testing.T) (url string, ids *requestIDs) {
	t.Helper()
	data := server.Sample()
	for i, p := range data.Principals {
		if p.Name == "reader" {
			p.AccessKeys = append(p.AccessKeys, server.AccessKey{ID: temporaryKey, Secret: temporarySecret, SecurityToken: temporaryToken})
			data.Principals[i] = p
		}
	}
	handler := provider(t, server.Options{Data: &data})
	ids = &requestIDs{}
	return serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler.ServeHTTP(w, r)
		ids.Store(w.Header().Get("X-Request-Id"), true)
	})), ids
}

func (sdk vendorSDK) row(t *testing.T, in installation, calls map[string]int) string {
	t.Helper()
	versions := []string{}
	for _, module := range sdk.modules {
		versions = append(versions, module+" "+in.version(t, module))
	}
	images := fmt.Sprint(calls[imsOperation])
	if sdk.iamOnly {
		images = "–"
	}
	return fmt.Sprintf("| %s | %s | %d | %s |\n", sdk.language, strings.Join(versions, ", "), calls[iamOperation], images)
}

const sdksHead = `## The vendor's SDKs

The vendor's own SDKs, unmodified, call the reference provider with signed requests.
Each returns the same values, and of errors the same status, code and message, and the request id of the response.

| language | packages | calls of showDomainQuota | calls of showImageQuota |
|---|---|---|---|
`

const sdksNotes = `
The calls of showDomainQuota:

- all types, by three keys: one of them has no permission for images, one is temporary
- each of the ten types; an unknown type (400)
- an unknown key, a wrong secret, a temporary key without its security token (401)
- another account (403), an unknown account (404)

The calls of showImageQuota:

- the quota, by two keys, one of them temporary
- a key without permission, another project (403)
- an unknown key, a wrong secret (401)

As of 2026-11-26, npm has no package of the vendor for images, and Maven has ` + "`huaweicloud-sdk-ims`" + ` up to 3.1.143 only.
The core for Node.js uses ` + "`uuid`" + ` without naming it: install ` + "`uuid@9`" + ` beside it. It logs each error with its request.
` + "`make test-interop`" + ` runs the vendor's SDK for Go.
`
