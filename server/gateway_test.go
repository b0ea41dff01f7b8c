package server

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract/contracttest"
)

func TestUnknownPaths(t *testing.T) {
	address := listen(t, newServer(t, Options{}))
	for _, target := range []string{
		"/", "//", "*", "/v1", "/v3.0", "/v2/x", "/docs", "/healthz", "/%00", "/..", "/./", "/../../etc/passwd",
		"/v3.0/OS-QUOTA/domains", "/v3.0/OS-QUOTA/domains/", "/v3.0/OS-QUOTA/domains//", "/v3.0/OS-QUOTA/domains//" + SampleDomainID,
		iamPath + "/", iamPath + "//", iamPath + "/x", iamPath + "/?type=user", "/" + iamPath, "/." + iamPath, "/x/.." + iamPath,
		"/v3.0//OS-QUOTA/domains/" + SampleDomainID, "/v3.0/./OS-QUOTA/domains/" + SampleDomainID,
		"/v3.0/os-quota/domains/" + SampleDomainID, "/v3.0/OS%2DQUOTA/domains/" + SampleDomainID, "/v3.0/OS-QUOTA%2Fdomains/" + SampleDomainID,
		"/v3.0/OS-QUOTA/groups/" + SampleProjectID, "/v3.0/OS-QUOTA/domains/:domain_id/x",
		imsPath + "/", imsPath + "//", "/" + imsPath, "/v1//cloudimages/quota", "/v1/cloudimages/Quota", "/v1/cloudimages/quotas",
		"/v1/cloudimages%2Fquota", "/v1/cloudimages/./quota", "/v1/cloudimages/", "/v1/" + SampleProjectID + "/cloudimages/quota",
		"http://quotas.test", "http://quotas.test/", "http://quotas.test" + imsPath + "/",
	} {
		for _, header := range []string{reader, "X-Other: none"} {
			t.Run(target, func(t *testing.T) {
				wantAnswer(t, ask(t, address, "GET "+target, header), http.StatusNotFound, noSuchPath)
			})
		}
	}
}

func TestOtherMethods(t *testing.T) {
	address := listen(t, newServer(t, Options{Prefer: true}))
	methods := []string{"POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "CONNECT", "get", "FOO", "PROPFIND", "GETS"}
	for _, method := range methods {
		for _, target := range []string{iamPath, imsPath, iamPath + "/", "/v2"} {
			for _, header := range []string{reader, "X-Other: none", "Prefer: code=200"} {
				t.Run(method+" "+target, func(t *testing.T) {
					got, want := ask(t, address, method+" "+target, header), noSuchPath
					if method == "HEAD" {
						want = ""
						if length := got.header.Get("Content-Length"); length == "" || length == "0" {
							t.Errorf("Content-Length of HEAD: got %q, want that of the body left out", length)
						}
					}
					wantAnswer(t, got, http.StatusNotFound, want)
					for _, name := range []string{"Allow", "Preference-Applied"} {
						if got.header.Get(name) != "" {
							t.Errorf("%s: got %q", name, got.header.Get(name))
						}
					}
				})
			}
		}
	}
	for _, line := range []string{"OPTIONS *", "CONNECT quotas.test:443", "FOO *"} {
		t.Run(line, func(t *testing.T) {
			wantAnswer(t, ask(t, address, line, reader), http.StatusNotFound, noSuchPath)
		})
	}
}

func TestLimits(t *testing.T) {
	address := start(t, Options{}, contracttest.Ignore("/v2"))
	query := func(target string, size int) string {
		return target + "?x=" + strings.Repeat("a", size-len(target)-3)
	}
	header := func(name string, size int) string { return name + ": " + strings.Repeat("a", size-len(name)) }
	many := []string{}
	for i := range 5 {
		many = append(many, header(fmt.Sprintf("X-Many-%d", i), 30<<10))
	}
	tests := []struct {
		name     string
		target   string
		headers  []string
		body     string
		tooLarge bool
	}{
		{name: "longest URI", target: query(iamPath, maxURI)},
		{name: "URI too long", target: query(iamPath, maxURI+1), tooLarge: true},
		{name: "URI too long for images", target: query(imsPath, maxURI+1), tooLarge: true},
		{name: "longest header", target: iamPath, headers: []string{header("X-One", maxHeader)}},
		{name: "one header too long", target: iamPath, headers: []string{header("X-One", maxHeader+1)}, tooLarge: true},
		{name: "four long headers", target: iamPath, headers: many[:4:4]},
		{name: "all headers too long", target: iamPath, headers: many, tooLarge: true},
		{
			name:     "all headers of one name too long",
			target:   imsPath,
			headers:  []string{many[0], many[0], many[0], many[0], many[0]},
			tooLarge: true,
		},
		{name: "a token too long", target: iamPath, headers: []string{header("X-Auth-Token", maxHeader+1)}, tooLarge: true},
		{
			name:    "longest body",
			target:  iamPath,
			headers: []string{fmt.Sprintf("Content-Length: %d", maxBody)},
			body:    strings.Repeat("b", maxBody),
		},
		{
			name:     "body too long by its length",
			target:   iamPath,
			headers:  []string{fmt.Sprintf("Content-Length: %d", maxBody+1)},
			tooLarge: true,
		},
		{
			name:     "body too long, told to continue",
			target:   imsPath,
			headers:  []string{"Expect: 100-continue", fmt.Sprintf("Content-Length: %d", 10*maxBody)},
			tooLarge: true,
		},
		{
			name:     "body too long, in one chunk",
			target:   iamPath,
			headers:  []string{"Transfer-Encoding: chunked"},
			body:     fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", maxBody+1, strings.Repeat("b", maxBody+1)),
			tooLarge: true,
		},
		{name: "a small body", target: imsPath, headers: []string{"Content-Length: 2"}, body: "{}"},
		{
			name:     "broken chunks",
			target:   imsPath,
			headers:  []string{"Transfer-Encoding: chunked"},
			body:     "zz\r\n",
			tooLarge: true,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			text := "GET " + test.target + " HTTP/1.1\r\nHost: quotas.test\r\nConnection: close\r\n" + reader + "\r\n"
			if strings.Contains(strings.Join(test.headers, ""), "X-Auth-Token") {
				text = strings.Replace(text, reader+"\r\n", "", 1)
			}
			got := askRaw(t, address, text+strings.Join(append(test.headers, "", ""), "\r\n")+test.body)
			large, status, want := iamTooLarge, http.StatusOK, resources(seed003...)
			if strings.HasPrefix(test.target, imsPath) {
				large, want = imsTooLarge, resources(imageQuota)
			}
			if test.tooLarge {
				status, want = http.StatusBadRequest, large
			}
			wantAnswer(t, got, status, want)
		})
	}
	t.Run("404 first", func(t *testing.T) {
		wantAnswer(t, ask(t, address, "GET "+query("/v2", maxURI+1)), http.StatusNotFound, noSuchPath)
	})
	t.Run("before 401", func(t *testing.T) {
		wantAnswer(t, ask(t, address, "GET "+query(imsPath, maxURI+1)), http.StatusBadRequest, imsTooLarge)
	})
}

func TestRequestIDIsOurs(t *testing.T) {
	address := start(t, Options{}, contracttest.Ignore("/v2"))
	mine := strings.Repeat("ab", 16)
	seen := map[string]bool{mine: true}
	for _, target := range []string{iamPath, imsPath, "/v2", iamPath + "?type=", iamPath} {
		got := ask(t, address, "GET "+target, reader, "X-Request-Id: "+mine)
		got.plain(t)
		if id := got.header.Get("X-Request-Id"); seen[id] {
			t.Errorf("%s: the request ID %s was there before", target, id)
		} else {
			seen[id] = true
		}
	}
}

func TestConcurrentRequests(t *testing.T) {
	address := start(t, Options{Prefer: true}, forExamples, contracttest.Ignore("/"))
	requests := []struct{ line, header, want string }{
		{line: "GET " + iamPath, header: reader, want: resources(seed003...)},
		{line: "GET " + iamPath + "?type=mapping", header: reader, want: resources(seed003[9])},
		{line: "GET " + iamPath + "?type=bogus", header: reader, want: badType},
		{line: "GET " + imsPath, header: reader, want: resources(imageQuota)},
		{line: "GET " + imsPath, header: "X-Auth-Token: " + LimitedToken, want: noRole},
		{line: "GET " + iamPath, header: "X-Auth-Token: " + ExpiredToken, want: expiredToken},
		{
			line:   "GET " + iamPath,
			header: "Prefer: example=type-group",
			want:   resources(`{"max":200,"min":10,"quota":20,"type":"group","used":6}`),
		},
		{
			line:   "GET " + imsPath,
			header: strings.Join(sign(t, imsPath, "", readerKey, time.Now(), nil), "\r\n"),
			want:   resources(imageQuota),
		},
		{
			line:   "GET " + imsPath,
			header: strings.Join(sign(t, imsPath, "", limitedKey, time.Now(), nil), "\r\n"),
			want:   noRole,
		},
		{
			line:   "GET " + imsPath,
			header: strings.Join(sign(t, imsPath, "", readerKey, time.Now().Add(-time.Hour), nil), "\r\n"),
			want:   expiredSignature,
		},
		{line: "OPTIONS " + iamPath, header: reader, want: noSuchPath},
		{line: "GET /", header: reader, want: noSuchPath},
	}
	var group sync.WaitGroup
	ids := make(chan string, 8*20*len(requests))
	for range 8 {
		group.Go(func() {
			conn, err := net.Dial("tcp", address)
			if err != nil {
				t.Error(err)
				return
			}
			defer func() { _ = conn.Close() }()
			in := bufio.NewReader(conn) // one connection, kept alive
			for i := range 20 * len(requests) {
				r := requests[i%len(requests)]
				if _, err := fmt.Fprintf(conn, "%s HTTP/1.1\r\nHost: quotas.test\r\n%s\r\n\r\n", r.line, r.header); err != nil {
					t.Error(err)
					return
				}
				res, err := http.ReadResponse(in, &http.Request{Method: "GET"})
				if err != nil {
					t.Error(err)
					return
				}
				body, err := io.ReadAll(res.Body)
				if err != nil {
					t.Error(err)
					return
				}
				got := answered{res.StatusCode, res.Header, string(body)}
				if diff := cmp.Diff(r.want, got.plain(t)); diff != "" {
					t.Errorf("%s (-want +got):\n%s", r.line, diff)
				}
				ids <- res.Header.Get("X-Request-Id")
			}
		})
	}
	group.Wait()
	close(ids)
	seen := map[string]bool{}
	for id := range ids {
		if seen[id] {
			t.Fatalf("the request ID %s came twice", id)
		}
		seen[id] = true
	}
}

// TestRefuse tests the place of Options.Refuse in the order of errors: after path, method and credentials, before the
// permission.
func TestRefuse(t *testing.T) {
	address := start(t, Options{Refuse: func(r *http.Request) string { return r.Header.Get("X-Refuse") }}, contracttest.Ignore("/v2"))
	const refuse = "X-Refuse: some part"
	for _, test := range []struct {
		name, line string
		headers    []string
		status     int
		want       string
	}{
		{
			name:    "IAM",
			line:    "GET " + iamPath,
			headers: []string{reader, refuse},
			status:  400,
			want:    `{"error_msg":"Request parameter some part is invalid.","error_code":"IAM.0007"}`,
		},
		{
			name:    "IMS",
			line:    "GET " + imsPath,
			headers: []string{reader, refuse},
			status:  400,
			want:    `{"error":{"message":"The URL format is incorrect.","code":"IMG.0017"}}`,
		},
		{
			name:    "before the permission",
			line:    "GET " + imsPath,
			headers: []string{"X-Auth-Token: " + LimitedToken, refuse},
			status:  400,
			want:    `{"error":{"message":"The URL format is incorrect.","code":"IMG.0017"}}`,
		},
		{name: "another path", line: "GET /v2", headers: []string{reader, refuse}, status: 404, want: noSuchPath},
		{name: "another method", line: "PUT " + imsPath, headers: []string{reader, refuse}, status: 404, want: noSuchPath},
		{
			name:    "expired",
			line:    "GET " + imsPath,
			headers: []string{"X-Auth-Token: " + ExpiredToken, refuse},
			status:  401,
			want:    expiredToken,
		},
		{name: "not refused", line: "GET " + imsPath, headers: []string{reader}, status: 200, want: resources(imageQuota)},
	} {
		t.Run(test.name, func(t *testing.T) {
			wantAnswer(t, ask(t, address, test.line, test.headers...), test.status, test.want)
		})
	}
}
