package page_test

import (
	"bytes"
	"fmt"
	"html"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/openapi"
	"github.com/quotaspec/quotaspec/openapi/spec"
	"github.com/quotaspec/quotaspec/server"
	"github.com/quotaspec/quotaspec/server/page"
)

// get returns the response of the page, and its text as a reader sees it.
func get(t *testing.T, url string) (response *http.Response, body, text string) {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	all, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(all), html.UnescapeString(tag.ReplaceAllString(string(all), ""))
}

var tag = regexp.MustCompile(`<[^>]*>`)

// TestPromisesOfTheDocuments tests that the page has every promise with its grade and links to its sources, and every error
// code with its message.
func TestPromisesOfTheDocuments(t *testing.T) {
	_, body, text := get(t, start(t)+"/docs/promises")
	for _, name := range openapi.Names() {
		d, err := openapi.Embedded(name)
		if err != nil {
			t.Fatal(err)
		}
		cited := func(e spec.Evidence) {
			t.Helper()
			for _, source := range e.Source {
				p := d.Page(source)
				link := fmt.Sprintf(`<a href="%s" title="%s (%s)">%s</a>`, p.URL, strings.ReplaceAll(p.Title, "'", "&#39;"), p.Edition, source)
				if !strings.Contains(body, link) {
					t.Errorf("%s: no %s", name, link)
				}
			}
		}
		for _, rule := range d.Rules {
			if !strings.Contains(text, strings.ReplaceAll(rule.Says, "`", "")+rule.Evidence.Grade.String()+" "+rule.Evidence.Source[0]) {
				t.Errorf("no %s: %s %v", rule.ID, rule.Says, rule.Evidence)
			}
			cited(rule.Evidence)
		}
		for _, op := range d.Operations {
			if !strings.Contains(text, "The action is "+op.Authorization.Action+".") {
				t.Errorf("%s: no authorisation", op.ID)
			}
			cited(op.Authorization.Evidence)
			for _, response := range op.Responses {
				if response.Codes == nil {
					continue
				}
				cited(response.Evidence)
				for _, c := range response.Codes.Codes {
					if !strings.Contains(text, c.Code+c.Message) {
						t.Errorf("%s, %s: no %s %s", op.ID, response.Status, c.Code, c.Message)
					}
				}
			}
		}
	}
	for _, sentence := range []string{
		"The action is iam:quotas:listQuotas. A caller with neither a grant nor a denial of it is allowed.",
		"The action is ims:quotas:get. A caller with neither a grant nor a denial of it is refused.",
		"Request parameter %(key)s is invalid.when: invalid parameter\n",
	} {
		if !strings.Contains(text, sentence) {
			t.Errorf("no %q", sentence)
		}
	}
}

// TestPromisesPolicy tests that the browser may neither run a script on the page nor send a request elsewhere, and that the
// other parts keep their policy.
func TestPromisesPolicy(t *testing.T) {
	base := start(t)
	const here = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	const ui = "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
		"frame-ancestors 'none'"
	for _, test := range []struct{ path, mediaType, policy string }{
		{path: "/docs/promises", mediaType: "text/html; charset=utf-8", policy: here},
		{path: "/docs/promises.css", mediaType: "text/css; charset=utf-8", policy: here},
		{path: "/docs", mediaType: "text/html", policy: ui},
		{path: "/docs/iam.json", mediaType: "application/json", policy: ui},
	} {
		response, _, _ := get(t, base+test.path)
		h := response.Header
		isRight := h.Get("Content-Type") == test.mediaType && h.Get("Content-Security-Policy") == test.policy
		if response.StatusCode != http.StatusOK || !isRight {
			t.Errorf("%s: %d, %v", test.path, response.StatusCode, h)
		}
	}
}

// TestSamplesAreListedOnlyIfGiven tests that the page of a provider with other data shows no sample credential.
func TestSamplesAreListedOnlyIfGiven(t *testing.T) {
	for _, test := range []struct {
		name    string
		samples []page.Sample
	}{{name: "sample data", samples: samples}, {name: "own data"}} {
		t.Run(test.name, func(t *testing.T) {
			docs, err := page.New("", test.samples)
			if err != nil {
				t.Fatal(err)
			}
			provider := httptest.NewServer(docs)
			defer provider.Close()
			_, _, text := get(t, provider.URL+"/docs/promises")
			for _, want := range []string{"Sample credentials", server.ReaderToken, server.ReaderKeyID, server.ReaderSecret} {
				if got := strings.Contains(text, want); got != (test.samples != nil) {
					t.Errorf("%q is listed: %v", want, got)
				}
			}
		})
	}
}

// TestPromisesInChromium follows the link at the top of Swagger UI, as a reader does, and looks at the page. Letters that
// stand far apart are those of another machine's fonts.
func TestPromisesInChromium(t *testing.T) {
	for _, width := range []int{1200, 400} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			base := start(t)
			b := startBrowser(t, width, 1600)
			b.call("Page.navigate", map[string]any{"url": base + "/docs"}, nil)
			b.eval(waitFor(`a[href="/docs/promises"]`, `e.click(); return ""`))
			title := b.eval(waitFor("#ims-sources", `return document.querySelector("h1").innerText`))
			if title != "Promises, error codes and sources" {
				t.Errorf("the title is %q", title)
			}
			if size := b.eval(`getComputedStyle(document.querySelector(".meta")).fontSize`); size != "14px" {
				t.Errorf("the style sheet is not used: letters of %s", size)
			}
			for i, spacing := range []string{"normal", "0.3em"} {
				b.eval(`document.body.style.letterSpacing = "` + spacing + `"; ""`)
				if wide := b.eval(`String(document.documentElement.scrollWidth > window.innerWidth)`); wide != "false" {
					t.Errorf("letter-spacing %s: the page is wider than the window", spacing)
				}
				for _, part := range []string{"samples", "showDomainQuota", "ims-sources"} {
					b.eval(`document.getElementById("` + part + `").scrollIntoView(); ""`)
					shot := b.screenshot(fmt.Sprintf("promises-%d-%d-%s", width, i, part))
					if img, err := png.Decode(bytes.NewReader(shot)); err != nil || img.Bounds().Dx() != width {
						t.Errorf("the screenshot: %v", err)
					}
				}
			}
			b.onlyAsks(base, 3)
		})
	}
}
