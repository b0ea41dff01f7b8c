package server

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract/contracttest"
)

// TestEveryAnswerIsDocumented checks that the documents have the response to every request of a known path. TestUnknownPaths
// compares those to others.
func TestEveryAnswerIsDocumented(t *testing.T) {
	s := newServer(t, Options{Prefer: true})
	address := listen(t, judged(t, s, forExamples, contracttest.Ignore("/v1/x", "/", iamPath+"/", imsPath+"//")))
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
						isRefusal := got.status == http.StatusNotFound && got.body == "" && got.header.Get("X-Request-Id") != ""
						if method == "HEAD" && !isRefusal {
							t.Errorf("HEAD %s: got %d %q", target, got.status, got.body)
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
