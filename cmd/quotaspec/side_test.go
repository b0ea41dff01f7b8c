package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/server/servertest"
)

// sent is a request of a consumer, as a browser writes it to a HAR. The response is one that both documents allow.
type sent struct {
	method  string // default GET
	url     string
	headers []string // name, value, name, value, …
	body    string   // default none
	media   string   // default application/json
}

// entry returns the request as an entry of a HAR. The response has no body, so that only the request can be wrong.
func (s sent) entry(t *testing.T) string {
	t.Helper()
	type pair struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
	headers := []pair{{"Accept", "application/json"}, {"User-Agent", "consumer/1"}}
	for i := 0; i < len(s.headers); i += 2 {
		headers = append(headers, pair{s.headers[i], s.headers[i+1]})
	}
	request := map[string]any{"method": s.method, "url": s.url}
	if s.method == "" {
		request["method"] = http.MethodGet
	}
	if s.body != "" {
		media := s.media
		if media == "" {
			media = "application/json"
		}
		headers = append(headers, pair{"Content-Type", media})
		request["postData"] = map[string]string{"mimeType": media, "text": s.body}
	}
	request["headers"] = headers
	entry, err := json.Marshal(map[string]any{"request": request, "response": nil})
	if err != nil {
		t.Fatal(err)
	}
	return string(entry)
}

// fault is a wrong request.
type fault struct {
	name string
	sent sent
	id   string // of its finding
}

const (
	accountURL = "https://iam.myhuaweicloud.com/v3.0/OS-QUOTA/domains/d78cbac186b744899480f25bd022f468"
	imagesURL  = "https://ims.cn-north-4.myhuaweicloud.com/v1/cloudimages/quota"
	shopURL    = "https://shop.example.com/v1"
	orderID    = "8c4a6b9e-2f1d-4e7a-9b3c-5d6e7f809112"
)

// rightRequests are legal requests to our documents and to orders.yaml.
func rightRequests() (ours, orders []sent) {
	token := []string{"X-Auth-Token", "t"}
	ours = []sent{{url: accountURL + "?type=user", headers: token}, {url: accountURL, headers: token}, {url: imagesURL, headers: token}}
	key := []string{"X-Key", "k"}
	orders = []sent{
		{url: shopURL + "/orders?state=open&page=2", headers: append([]string{"X-Tenant", orderID}, key...)},
		{url: shopURL + "/orders/" + orderID, headers: key},
		{
			method: http.MethodPost, url: shopURL + "/orders", headers: key,
			body: `{"customer":"c","lines":[{"article":"AB1","count":1}]}`,
		},
	}
	return ours, orders
}

// ourFaults are wrong requests to our documents.
func ourFaults() []fault {
	to := func(name, url, id string, headers ...string) fault {
		return fault{name: name, id: id, sent: sent{url: url, headers: append([]string{"X-Auth-Token", "t"}, headers...)}}
	}
	by := func(method, url string) fault {
		f := to("the method "+method, url, "method/undocumented")
		f.sent.method = method
		return f
	}
	signed := func(name, id string, headers ...string) fault {
		return fault{name: name, id: id, sent: sent{url: imagesURL, headers: headers}}
	}
	const signature = "SDK-HMAC-SHA256 Access=A, SignedHeaders=host, Signature=0"
	body := to("a body", imagesURL, "body/undocumented")
	body.sent.body = "{}"
	return []fault{
		to("an unknown type", accountURL+"?type=volume", "parameter/enum"),
		to("a type in another case", accountURL+"?type=User", "parameter/enum"),
		to("an empty type", accountURL+"?type=", "parameter/enum"),
		to("a doubled type", accountURL+"?type=user&type=group", "parameter/doubled"),
		to("a misspelt parameter", accountURL+"?typ=user", "parameter/undocumented"),
		to("a parameter of another operation", imagesURL+"?type=image", "parameter/undocumented"),
		to("a path in another case", strings.Replace(accountURL, "OS-QUOTA", "os-quota", 1), "path/near-miss"),
		to("a slash at the end", imagesURL+"/", "path/near-miss"),
		to("a slash too many", strings.Replace(imagesURL, "/v1/", "//v1/", 1), "path/near-miss"),
		to("another version", strings.Replace(imagesURL, "/v1/", "/v2/", 1), "path/near-miss"),
		to("a letter too many", imagesURL+"s", "path/near-miss"),
		by(http.MethodPost, accountURL), by(http.MethodDelete, imagesURL), by(http.MethodHead, imagesURL), by("get", imagesURL),
		body,
		to("a doubled token", imagesURL, "credentials/doubled", "X-Auth-Token", "u"),
		signed("a signature without a date", "ims/signed-date", "Authorization", signature),
		signed("a malformed date", "parameter/pattern", "Authorization", signature, "X-Sdk-Date", "2026-01-01"),
		signed("another scheme", "credentials/missing", "Authorization", "Bearer t"),
	}
}

// orderFaults are wrong requests to orders.yaml.
func orderFaults() []fault {
	key := []string{"X-Key", "k"}
	list := func(name, query, id string) fault {
		return fault{name: name, id: id, sent: sent{url: shopURL + "/orders?" + query, headers: append([]string{"X-Tenant", orderID}, key...)}}
	}
	add := func(name, body, id string) fault {
		return fault{name: name, id: id, sent: sent{method: http.MethodPost, url: shopURL + "/orders", headers: key, body: body}}
	}
	to := func(name, method, path, id string) fault {
		return fault{name: name, id: id, sent: sent{method: method, url: shopURL + path, headers: key}}
	}
	text := add("a media type", "customer: c", "media-type/undocumented")
	text.sent.media = "application/yaml"
	tenant := list("a header's format", "state=open", "parameter/format")
	tenant.sent.headers = append([]string{"X-Tenant", "acme"}, key...)
	return []fault{
		list("a query's type", "state=open&page=one", "parameter/type"),
		list("a bound", "state=open&page=0", "parameter/minimum"),
		list("an enum", "state=closed", "parameter/enum"),
		list("a required query", "page=1", "parameter/required"),
		list("a doubled query", "state=open&state=paid", "parameter/doubled"),
		list("a misspelt query", "state=open&pgae=2", "parameter/undocumented"),
		to("a required header", "", "/orders?state=open", "parameter/required"),
		tenant,
		to("a path parameter's format", "", "/orders/7", "parameter/format"),
		to("a near miss", "", "/Orders/"+orderID, "path/near-miss"),
		to("a method", http.MethodDelete, "/orders/"+orderID, "method/undocumented"),
		to("no body", http.MethodPost, "/orders", "body/empty"),
		text,
		add("not JSON", `{"customer":`, "body/truncated"),
		add("a doubled member", `{"customer":"c","customer":"d","lines":[{"article":"AB1","count":1}]}`, "body/duplicate-member"),
		add("a member's type", `{"customer":"c","lines":[{"article":"AB1","count":"1"}]}`, "schema/type"),
		add("a required member", `{"lines":[{"article":"AB1","count":1}]}`, "schema/required"),
		add("a member's enum", `{"customer":"c","speed":"warp","lines":[{"article":"AB1","count":1}]}`, "schema/enum"),
		add("a pattern", `{"customer":"c","lines":[{"article":"1AB","count":1}]}`, "schema/pattern"),
		add("a closed object", `{"customer":"c","lines":[{"article":"AB1","count":1,"colour":"red"}]}`, "schema/additionalProperties"),
		add("a misspelt member", `{"customer":"c","sped":"fast","lines":[{"article":"AB1","count":1}]}`, "member/undocumented"),
		add("an empty list", `{"customer":"c","lines":[]}`, "schema/minItems"),
		add("a read-only member", `{"number":7,"customer":"c","lines":[{"article":"AB1","count":1}]}`, "schema/readOnly"),
	}
}

// TestWrongRequests tests that each wrong request among right ones fails a run that judges the consumer, with a finding under
// "consumer" that names the entry, and none that judges the provider.
func TestWrongRequests(t *testing.T) {
	document, err := filepath.Abs(filepath.Join("testdata", "otherapi", "orders.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	ours, orders := rightRequests()
	for _, api := range []struct {
		name   string
		args   []string
		right  []sent
		faults []fault
	}{
		{name: "our documents", right: ours, faults: ourFaults()},
		{name: "another API", args: []string{"--document", document}, right: orders, faults: orderFaults()},
	} {
		if len(api.faults) < 20 {
			t.Errorf("%s: %d faults, want 20", api.name, len(api.faults))
		}
		for _, f := range api.faults {
			t.Run(api.name+"/"+f.name, func(t *testing.T) {
				writeRequests(t, "sent.har", append(slices.Clone(api.right), f.sent)...)
				for side, want := range map[string]int{"provider": exitPassed, "consumer": exitFailed, "both": exitFailed} {
					args := append([]string{"verify", "--har", "sent.har", "--side", side, "--report", "json=" + side + ".json"}, api.args...)
					code, out, errs := quotaspec(t, args...)
					if code != want {
						t.Errorf("--side %s: got exit %d, want %d\n%s%s", side, code, want, out, errs)
					}
					inReport := "\nconsumer: findings about requests\n"
					if entry := fmt.Sprintf("entry %d of sent.har: ", len(api.right)+1); !strings.Contains(out, inReport) ||
						!strings.Contains(out, entry) {
						t.Errorf("--side %s: no %q or %q in\n%s", side, inReport, entry, out)
					}
					if last := "\n1 wrong request: --side consumer fails on it\n"; strings.HasSuffix(out, last) != (side == "provider") {
						t.Errorf("--side %s: the last line is wrong:\n%s", side, out)
					}
				}
				if warnings := findingsOf(t, "provider.json").warnings; !slices.Contains(warnings, "consumer "+f.id) {
					t.Errorf("provider: got the warnings %q, want %q", warnings, f.id)
				}
				for _, side := range []string{"consumer", "both"} {
					if failures := findingsOf(t, side+".json").failures; !slices.Contains(failures, "consumer "+f.id) {
						t.Errorf("%s: got the failures %q, want %q", side, failures, f.id)
					}
				}
			})
		}
	}
}

// TestRightRequests tests that legal requests pass for every side, beside other traffic of the same browser: a login on the same
// host, a preflight, a favicon and an analytics call.
func TestRightRequests(t *testing.T) {
	document, err := filepath.Abs(filepath.Join("testdata", "otherapi", "orders.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	ours, orders := rightRequests()
	beside := func(host, path string) []sent {
		return []sent{
			{method: http.MethodPost, url: host + "/v3/auth/login", body: `{"user":"u","password":"p"}`},
			{method: http.MethodOptions, url: host + path, headers: []string{
				"Origin", "https://app.example.com", "Access-Control-Request-Method", "GET", "Access-Control-Request-Headers", "x-key"}},
			{url: host + "/favicon.ico"},
			{method: http.MethodPost, url: "https://analytics.example.net/v1/orders", body: `{"event":"click"}`},
		}
	}
	for _, test := range []struct {
		name string
		args []string
		sent []sent
	}{
		{name: "our documents", sent: slices.Concat(ours, beside("https://iam.myhuaweicloud.com", "/v3.0/OS-QUOTA/domains/d"))},
		{
			name: "another API", args: []string{"--document", document},
			sent: slices.Concat(orders, beside("https://shop.example.com", "/v1/orders"), beside(shopURL, "/orders")),
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			writeRequests(t, "sent.har", test.sent...)
			for _, side := range []string{"provider", "consumer", "both"} {
				code, out, errs := quotaspec(t, append([]string{"verify", "--har", "sent.har", "--side", side}, test.args...)...)
				if code != exitPassed || strings.Contains(out, "warn") && !strings.Contains(out, "0 warnings") {
					t.Errorf("--side %s: got exit %d, want %d and no warning\n%s%s", side, code, exitPassed, out, errs)
				}
			}
		})
	}
}

// TestEachWrongRequestIsNamed tests that wrong requests with the same finding at different places are each listed, that those at
// the same place are counted, and that the proxy reports them as verify does.
func TestEachWrongRequestIsNamed(t *testing.T) {
	document := writeFile(t, "items.yaml", itemsAPI)
	const api = "https://api.example.com/v1"
	har := harOf(
		harEntry("GET", api+"/items?pgae=1", 200, "[]"), harEntry("GET", api+"/items?sort=up", 200, "[]"),
		harEntry("GET", api+"/items?sort=down", 200, "[]"),
		harEntry("GET", api+"/item", 404, ""), harEntry("GET", api+"/Items", 404, ""),
		harEntry("DELETE", api+"/items", 405, ""), harEntry("DELETE", api+"/ping", 405, ""),
	)
	_, out, _ := quotaspec(t, "verify", "--document", document, "--har", writeFile(t, "t.har", har), "--side", "consumer")
	_, consumer, _ := strings.Cut(out, "\nconsumer: findings about requests\n")
	for _, want := range []string{
		"/request/query/pgae\n", "/request/query/sort\n", "parameter/undocumented (traffic), 2 times\n", "GET " + api + "/item\n",
		"GET " + api + "/Items\n", "DELETE " + api + "/items\n", "DELETE " + api + "/ping\n",
	} {
		if !strings.Contains(consumer, want) {
			t.Errorf("no %q under consumer in\n%s", want, out)
		}
	}
}

// TestProxySides tests that the proxy judges a side as verify does, and that it takes the flags that choose and list checks.
func TestProxySides(t *testing.T) {
	upstream := servertest.New(t)
	known := writeFile(t, "known.txt", "showImageQuota/traffic=401:credentials/missing # ticket 1\n")
	for _, test := range []struct {
		name string
		args []string
		code int
		want string // in the output
	}{
		{name: "provider", code: exitPassed, want: "\n2 wrong requests: --side consumer fails on them\n"},
		{
			name: "consumer", args: []string{"--side", "consumer"}, code: exitFailed,
			want: "\nFAIL   showImageQuota/traffic=401:credentials/missing",
		},
		{
			name: "both", args: []string{"--side", "both"}, code: exitFailed,
			want: "\nFAIL   showImageQuota/traffic=404:path/near-miss",
		},
		{
			name: "selected", args: []string{"--side", "consumer", "--only", "showImageQuota/*", "--skip", "*:*"}, code: exitPassed,
			want: "\ntraffic     1 passed\n",
		},
		{
			name: "known", args: []string{"--side", "consumer", "--known-failing", known, "--skip", "*near-miss"}, code: exitPassed,
			want: "\nknown  showImageQuota/traffic=401:credentials/missing",
		},
		{name: "verbose", args: []string{"-v"}, code: exitPassed, want: "\npass   showImageQuota/traffic=200 (traffic)\n"},
		{name: "a pattern without a check", args: []string{"--only", "showImages/*"}, code: exitNotJudged},
	} {
		t.Run(test.name, func(t *testing.T) {
			url, stop := startProxyLogged(t, append([]string{"--upstream", upstream}, test.args...)...)
			for path, token := range map[string]string{"/v1/cloudimages/quota": "reader-token", "/v1/cloudimages/quota#": "",
				"/v1/cloudimages/quotas": "reader-token"} {
				request, _ := http.NewRequest(http.MethodGet, url+path, nil)
				if token != "" {
					request.Header.Set("X-Auth-Token", token)
				}
				response, err := http.DefaultClient.Do(request)
				if err != nil {
					t.Fatal(err)
				}
				response.Body.Close()
			}
			code, out, errs := stop()
			if code != test.code || !strings.Contains(out, test.want) {
				t.Errorf("got exit %d, want %d and %q\n%s%s", code, test.code, test.want, out, errs)
			}
			if isRefused := code == exitNotJudged; isRefused && !strings.Contains(errs, `no check matches "showImages/*": -v lists them`) {
				t.Errorf("got %q", errs)
			}
		})
	}
}

// writeRequests writes a HAR with these requests.
func writeRequests(t *testing.T, file string, requests ...sent) {
	t.Helper()
	entries := []string{}
	for _, s := range requests {
		entries = append(entries, s.entry(t))
	}
	if err := os.WriteFile(file, []byte(harOf(entries...)), 0o600); err != nil {
		t.Fatal(err)
	}
}

// sidedFindings are the findings of a JSON report, as "side id".
type sidedFindings struct{ failures, warnings []string }

func findingsOf(t *testing.T, file string) (found sidedFindings) {
	t.Helper()
	type finding struct{ Side, ID string }
	var report struct {
		Checks []struct{ Failures, Warnings []finding }
	}
	text, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(text, &report)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range report.Checks {
		for _, f := range c.Failures {
			found.failures = append(found.failures, f.Side+" "+f.ID)
		}
		for _, f := range c.Warnings {
			found.warnings = append(found.warnings, f.Side+" "+f.ID)
		}
	}
	return found
}
