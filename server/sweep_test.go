package server

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/gen/iam"
	"github.com/quotaspec/quotaspec/gen/ims"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

var leftover = regexp.MustCompile(`%(\([A-Za-z_]+\))?[sd]`)

// undocumented lists the parts of a response that its document does not describe: status, media type, headers, shape, code,
// message.
func undocumented(op *operation, got answered) []string {
	found := []string{}
	add := func(format string, args ...any) { found = append(found, fmt.Sprintf(format, args...)) }
	response := op.Response(got.status)
	if response == nil {
		return []string{fmt.Sprintf("status %d", got.status)}
	}
	ct := got.header.Values("Content-Type")
	isDocumented := func(m *spec.MediaType) bool { return m.Name == ct[0] }
	if len(ct) != 1 || !slices.ContainsFunc(response.Content, isDocumented) {
		add("Content-Type %q", ct)
	}
	known := []string{"Connection", "Content-Length", "Content-Type", "Date", "Preference-Applied", "Vary"}
	for name := range got.header {
		listed := slices.ContainsFunc(response.Headers, func(h *spec.Header) bool { return h.Name == name })
		if !listed && !slices.Contains(known, name) {
			add("header %s", name)
		}
	}
	if got.header.Get(requestIDHeader) == "" { // the rule request-id
		add("no header %s", requestIDHeader)
	}
	if length := got.header.Get("Content-Length"); length != strconv.Itoa(len(got.body)) {
		add("Content-Length %s of %d bytes", length, len(got.body))
	}
	if leftover.MatchString(got.body) {
		add("a placeholder in %s", got.body)
	}
	if response.Codes == nil {
		var model any = &iam.DomainQuotas{}
		if op.ID == "showImageQuota" {
			model = &ims.ImageQuotas{}
		}
		d := json.NewDecoder(strings.NewReader(got.body))
		d.DisallowUnknownFields()
		if err := d.Decode(model); err != nil || bytes.Contains([]byte(got.body), []byte(`"resources":null`)) {
			add("the body %s: %v", got.body, err)
		}
		return found
	}
	var body any
	if err := json.Unmarshal([]byte(got.body), &body); err != nil {
		return append(found, err.Error())
	}
	tokens := strings.Split(response.Codes.At, "/")[1:]
	for _, token := range tokens {
		object, _ := body.(map[string]any)
		for name := range object {
			if !slices.Contains([]string{"error_msg", "error_code", "request_id", "error", "message", "code"}, name) {
				add("the member %s", name)
			}
		}
		body = object[token]
	}
	code, isString := body.(string)
	for _, c := range response.Codes.Codes {
		if c.Code == code && isString {
			return found
		}
	}
	return append(found, fmt.Sprintf("the code %v at %s with %d", body, response.Codes.At, got.status))
}

func wantDocumented(t *testing.T, op *operation, got answered) {
	t.Helper()
	if found := undocumented(op, got); len(found) > 0 {
		t.Errorf("undocumented: %s", strings.Join(found, "; "))
	}
}

// Every request gets a documented response.
func TestEveryAnswerIsDocumented(t *testing.T) {
	s := newServer(t, Options{Prefer: true})
	address := listen(t, s)
	methods := []string{"GET", "POST", "HEAD", "OPTIONS", "TRACE", "get"}
	targets := []string{
		iamPath, imsPath, "/v3.0/OS-QUOTA/domains/d1", "/v3.0/OS-QUOTA/domains/" + StrangerDomainID,
		"/v3.0/OS-QUOTA/domains/%2F%00", iamPath + "/", imsPath + "//", "/v1/x", "/",
	}
	queries := []string{"", "?", "?type=user", "?type=", "?type=%zz", "?a;b", "?type=user&type=user", "?%00=%00"}
	stale := strings.Join(sign(t, iamPath, "", readerKey, signedAt, nil), "\r\n")
	credentials := []string{
		reader, "X-Auth-Token: " + LimitedToken, "X-Auth-Token: " + ExpiredToken, "X-Auth-Token: é", "Authorization: Bearer x",
		"Authorization: SDK-HMAC-SHA256 x", stale, "X-None: 1",
	}
	extras := []string{
		"X-None: 2", "X-Domain-Id: a\r\nX-Domain-Id: b", "X-Project-Id:", "Prefer: code=500", "Prefer: code=200, example=x",
		"Content-Length: 1\r\n\r\nx",
	}
	seen := map[string]int{}
	for _, method := range methods {
		for _, target := range targets {
			op := s.operation(showDomainQuota)
			if strings.HasPrefix(target, "/v1/") {
				op = s.operation(showImageQuota)
			}
			for i, query := range queries {
				if i > 0 && method != "GET" {
					break // the query of what is refused anyhow
				}
				for _, credential := range credentials {
					for _, extra := range extras {
						got := ask(t, address, method+" "+target+query, credential, extra)
						seen[op.ID+" "+strconv.Itoa(got.status)]++
						if method == "HEAD" {
							if got.status != http.StatusNotFound || got.body != "" || got.header.Get("X-Request-Id") == "" {
								t.Errorf("HEAD %s: got %d %q", target, got.status, got.body)
							}
							continue
						}
						if found := undocumented(op, got); len(found) > 0 {
							t.Errorf("%s %s%s, %s, %q: undocumented: %s", method, target, query, credential, extra, strings.Join(found, "; "))
						}
					}
				}
			}
		}
	}
	for _, op := range []*operation{s.operation(showDomainQuota), s.operation(showImageQuota)} {
		for _, status := range []int{200, 400, 401, 403, 404, 500} {
			if seen[op.ID+" "+strconv.Itoa(status)] == 0 {
				t.Errorf("%s was never answered %d: %v", op.ID, status, seen)
			}
		}
	}
}

// The sweep would notice.
func TestUndocumentedIsNoticed(t *testing.T) {
	s := newServer(t, Options{})
	good := ask(t, listen(t, s), "GET "+imsPath, "X-Auth-Token: "+LimitedToken)
	if found := undocumented(s.operation(showImageQuota), good); len(found) > 0 {
		t.Fatalf("got %v", found)
	}
	tests := []struct {
		name   string
		change func(a *answered)
	}{
		{name: "status", change: func(a *answered) { a.status = 204 }},
		{name: "another status", change: func(a *answered) { a.status = 404 }},
		{name: "media type", change: func(a *answered) { a.header.Set("Content-Type", "text/plain") }},
		{name: "two media types", change: func(a *answered) { a.header.Add("Content-Type", "application/json") }},
		{name: "a header", change: func(a *answered) { a.header.Set("Allow", "GET") }},
		{name: "no request id", change: func(a *answered) { a.header.Del("X-Request-Id") }},
		{name: "shape", change: func(a *answered) { a.body = strings.Replace(noSuchPath, "ID", "1", 1) }},
		{
			name:   "a member",
			change: func(a *answered) { a.body = `{"error":{"message":"x","code":"IMG.0026"},"title":"x"}` },
		},
		{name: "code", change: func(a *answered) { a.body = strings.Replace(a.body, "0026", "0027", 1) }},
		{
			name:   "a code that is a number",
			change: func(a *answered) { a.body = strings.Replace(a.body, `"IMG.0026"`, "26", 1) },
		},
		{name: "placeholder", change: func(a *answered) { a.body = strings.Replace(a.body, "role", "%(role)s", 1) }},
		{name: "two bodies", change: func(a *answered) { a.body += a.body }},
		{name: "length", change: func(a *answered) { a.header.Set("Content-Length", "1") }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			bad := answered{good.status, good.header.Clone(), good.body}
			test.change(&bad)
			if test.name != "length" {
				bad.header.Set("Content-Length", strconv.Itoa(len(bad.body)))
			}
			if len(undocumented(s.operation(showImageQuota), bad)) == 0 {
				t.Error("not noticed")
			}
		})
	}
}
