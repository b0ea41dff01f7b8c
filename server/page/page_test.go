package page_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image/png"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/openapi"
	"github.com/quotaspec/quotaspec/server"
	"github.com/quotaspec/quotaspec/server/page"
)

var samples = []page.Sample{
	{Header: "X-Auth-Token", Credential: server.ReaderToken, Says: "may ask for both quotas"},
	{Header: "Authorization", Credential: server.ReaderKeyID + " / " + server.ReaderSecret, Says: "may ask for both quotas"},
}

// start serves the page beside the provider, as the command does.
func start(t *testing.T) (address string) {
	t.Helper()
	provider, err := server.New(server.Options{})
	if err != nil {
		t.Fatal(err)
	}
	docs, err := page.New(server.ReaderToken, samples)
	if err != nil {
		t.Fatal(err)
	}
	both := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if page.Serves(r.URL.Path) {
			docs.ServeHTTP(w, r)
			return
		}
		provider.ServeHTTP(w, r)
	}))
	t.Cleanup(both.Close)
	return both.URL
}

func TestServes(t *testing.T) {
	for path, want := range map[string]bool{
		"/docs": true, "/docs/": true, "/docs/iam.json": true, "/docsx": false, "/": false, "/v1/docs": false,
		"/v1/cloudimages/quota": false, "//docs": false,
	} {
		if got := page.Serves(path); got != want {
			t.Errorf("%s: got %v, want %v", path, got, want)
		}
	}
}

// TestDocumentsAreLocal checks that the page shows the documents unchanged, except for the servers.
func TestDocumentsAreLocal(t *testing.T) {
	base := start(t)
	for _, name := range openapi.Names() {
		d, err := openapi.Embedded(name)
		if err != nil {
			t.Fatal(err)
		}
		_, body, _ := get(t, base+"/docs/"+name+".json")
		decoder := json.NewDecoder(strings.NewReader(body))
		decoder.UseNumber()
		var got map[string]any
		if err := decoder.Decode(&got); err != nil {
			t.Fatal(err)
		}
		want := d.Root.Value().(map[string]any)
		want["servers"] = []any{map[string]any{"url": "/", "description": "This provider"}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-document +page):\n%s", name, diff)
		}
		if !strings.HasPrefix(body, `{"openapi":"3.0.3","info":{"title":`) {
			t.Errorf("%s: other than in the order of the file: %.80s", name, body)
		}
	}
	response, err := http.Get(base + "/docs/none.json")
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusNotFound {
		t.Errorf("status %d of a file that is not there", response.StatusCode)
	}
}

// waitFor is a script that waits until an element is there, and then does something.
func waitFor(selector, then string) string {
	return fmt.Sprintf(`(async () => {
		for (let i = 0; i < 2400; i++) {
			const e = document.querySelector(%q);
			if (e) { %s }
			await new Promise(r => setTimeout(r, 50));
		}
		throw new Error("not there: " + %q + "\n" + document.body.innerText);
	})()`, selector, then, selector)
}

// TestPageInChromium opens the page as a reader does, and tries both operations with the token that is filled in. How wide
// letters are depends on the fonts of the machine, so one reader's letters stand far apart.
func TestPageInChromium(t *testing.T) {
	for _, test := range []struct {
		name          string
		width, height int
		letterSpacing string
	}{
		{name: "wide", width: 1200, height: 1600, letterSpacing: "normal"},
		{name: "narrow", width: 400, height: 1600, letterSpacing: "normal"},
		{name: "narrow, wide letters", width: 400, height: 1600, letterSpacing: "0.3em"},
	} {
		t.Run(test.name, func(t *testing.T) {
			base := start(t)
			b := startBrowser(t, test.width, test.height)
			for i, o := range []struct{ document, operation, path, body string }{
				{
					document:  "IAM",
					operation: "showDomainQuota",
					path:      "/v3.0/OS-QUOTA/domains/{domain_id}",
					body:      `"type": "group"`,
				}, // the example of type is filled in
				{document: "IMS", operation: "showImageQuota", path: "/v1/cloudimages/quota", body: `"quota": 20`},
			} {
				b.call("Page.navigate", map[string]any{"url": base + "/docs?urls.primaryName=" + o.document}, nil)
				b.eval(waitFor(`.opblock-summary-path[data-path="`+o.path+`"]`, `return ""`))
				// A click before the page is whole has no effect, so it is repeated.
				status := b.eval(waitFor(".opblock-summary-control", `
					const status = document.querySelector(".live-responses-table tr.response td.response-col_status");
					if (status) return status.innerText.trim().slice(0, 3);
					if (i % 10 === 9) (document.querySelector("button.execute") || e).click();`))
				body := b.eval(waitFor(".live-responses-table .response-col_description .highlight-code", `return e.innerText`))
				if status != "200" || !strings.Contains(body, o.body) {
					t.Errorf("%s: tried out, it answers %s %s", o.operation, status, body)
				}
				b.eval(fmt.Sprintf(`(() => {
					const style = document.createElement("style");
					style.textContent = "* { letter-spacing: %s !important }";
					document.head.append(style);
				})()`, test.letterSpacing))
				if wide := b.eval(`String(document.documentElement.scrollWidth > window.innerWidth + 1)`); wide != "false" {
					t.Errorf("%s: the page is wider than the window", o.operation)
				}
				shot := b.screenshot(fmt.Sprintf("docs-%s-%d", test.name, i))
				if img, err := png.Decode(bytes.NewReader(shot)); err != nil || img.Bounds().Dx() != test.width {
					t.Errorf("the screenshot: %v", err)
				}
			}
			b.onlyAsks(base, 10)
		})
	}
}

// onlyAsks checks that no request went elsewhere, that there were at least as many as given, and that the browser reported no
// error.
func (b *browser) onlyAsks(base string, atLeast int) {
	b.t.Helper()
	asked := 0
	for _, e := range b.events {
		switch e.Method {
		case "Network.requestWillBeSent":
			asked++
			target, _ := e.Params["request"].(map[string]any)["url"].(string)
			if u, err := url.Parse(target); err != nil || u.Scheme != "data" && u.Scheme+"://"+u.Host != base {
				b.t.Errorf("it asks %s", target)
			}
		case "Runtime.exceptionThrown", "Log.entryAdded":
			b.t.Errorf("the console: %v", e.Params)
		}
	}
	if asked < atLeast {
		b.t.Errorf("only %d requests were seen", asked)
	}
}
