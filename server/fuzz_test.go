package server_test

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/corpus"
	"github.com/quotaspec/quotaspec/openapi"
	"github.com/quotaspec/quotaspec/openapi/spec"
	"github.com/quotaspec/quotaspec/server"
)

// witness notes what of a connection's bytes reached the provider.
type witness struct {
	next  http.Handler
	asked chan *http.Request
}

func (w witness) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	select {
	case w.asked <- r:
	default:
	}
	w.next.ServeHTTP(rw, r)
}

// FuzzServer sends bytes over a socket. The judge must accept the response to every request that reaches the provider, and the
// status is never 500 unless Prefer selects it. Responses of net/http itself are not judged.
func FuzzServer(f *testing.F) {
	judges := map[string]*contract.Judge{}
	for _, name := range openapi.Names() {
		doc, err := openapi.Embedded(name)
		if err != nil {
			f.Fatal(err)
		}
		if judges[name], err = contract.New(doc); err != nil {
			f.Fatal(err)
		}
	}
	provider, err := server.New(server.Options{Prefer: true})
	if err != nil {
		f.Fatal(err)
	}
	w := witness{provider, make(chan *http.Request, 1)}
	ts := httptest.NewUnstartedServer(nil)
	ts.Config = server.HTTPServer(w)
	ts.Config.SetKeepAlivesEnabled(false) // one response for each connection
	ts.Start()
	f.Cleanup(ts.Close)
	for _, seed := range seeds(f) {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		answer := exchange(t, ts.Listener.Addr().String(), raw)
		var asked *http.Request
		select {
		case asked = <-w.asked:
		default:
			return
		}
		response, err := contract.ParseResponse(answer)
		if err != nil {
			t.Fatalf("%q: %v: %q", raw, err, answer)
		}
		header := asked.Header.Clone()
		header.Set("Host", asked.Host) // net/http removed it
		ex := contract.Exchange{Request: contract.Request{Method: asked.Method, Target: target(asked), Header: header}, Response: response}
		judge := judges["ims"]
		if strings.HasPrefix(asked.URL.Path, "/v3.0/") {
			judge = judges["iam"]
		}
		v := judge.Check(ex)
		switch {
		case v.Judged:
		case asked.Method == http.MethodHead: // the rule of unknown paths requires a body, which HEAD has not
			ex.Request.Target = "/v1/cloudimages/quota"
			v = judges["ims"].Check(ex)
		default:
			ex.Probe = spec.UnknownPath
			v = judge.Check(ex)
		}
		if response.Status == http.StatusInternalServerError && asked.Header.Get("Prefer") == "" || len(v.Errors) > 0 {
			t.Errorf("%q: got status %d, errors %v", raw, response.Status, v.Errors)
		}
		for _, d := range v.Findings {
			if d.Side() == contract.Provider && !preferred(d, response) {
				t.Errorf("%q: %s\n%q", raw, d, answer)
			}
		}
	})
}

// target returns the target of a request as it was sent; of an absolute URL, only path and query.
func target(r *http.Request) string {
	if _, rest, absolute := strings.Cut(r.RequestURI, "://"); absolute && r.URL.Scheme != "" {
		if slash := strings.IndexAny(rest, "/?"); slash >= 0 {
			return rest[slash:]
		}
		return "/"
	}
	return r.RequestURI
}

// preferred reports whether Prefer caused a finding: it selects an example of the document, whatever type was requested.
func preferred(d contract.Finding, response contract.Response) bool {
	return response.Header.Get("Preference-Applied") != "" && (d.ID == "showDomainQuota/type-filter" || d.ID == "showDomainQuota/all-types")
}

// exchange sends bytes, says that there are no more, and reads all that comes back.
func exchange(t *testing.T, address string, raw []byte) []byte {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(time.Minute))
	_, _ = c.Write(raw) // the provider may close before it has read all
	_ = c.(*net.TCPConn).CloseWrite()
	answer, err := io.ReadAll(c)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatalf("%q: no end of the answer within a minute: %q", raw, answer)
	}
	return answer
}

// seeds are the requests of the corpus and some that reach further.
func seeds(f *testing.F) []string {
	const reader, image = "X-Auth-Token: " + server.ReaderToken, "/v1/cloudimages/quota"
	const account = "/v3.0/OS-QUOTA/domains/" + server.SampleDomainID
	list := []string{}
	for _, line := range []string{
		"GET " + account, "GET " + account + "?type=user", "GET " + account + "?type=%zz", "GET " + account + "?type=user;x",
		"GET " + account + "/", "GET /v3.0/OS-QUOTA/domains/%2F%00", "GET " + image, "HEAD " + image, "OPTIONS *",
		"OPTIONS " + image, "TRACE " + image, "CONNECT example.com:1", "get " + image, "GET http://example.com" + image,
		"GET //" + image, "GET /", "GET " + image + "?a=%ff#b", "PRI *",
	} {
		for _, headers := range []string{
			reader, "X-None: 1", reader + "\r\nPrefer: code=500", reader + "\r\nPrefer: code=200",
			reader + "\r\nPrefer: code=200, example=x", reader + "\r\nX-Domain-Id: a\r\nX-Domain-Id: b",
			reader + "\r\nContent-Length: 3\r\n\r\nab", reader + "\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n{}",
			reader + "\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", "X-Auth-Token: \xe9", "Authorization: Bearer x",
			"X-Sdk-Date: 20240227T120000Z\r\nAuthorization: SDK-HMAC-SHA256 Access=" + server.ReaderKeyID +
				", SignedHeaders=host;x-sdk-date, Signature=0",
		} {
			list = append(list, line+" HTTP/1.1\r\nHost: quotas.test\r\n"+headers+"\r\n\r\n")
		}
	}
	cases, err := corpus.Cases()
	if err != nil {
		f.Fatal(err)
	}
	for _, c := range cases {
		list = append(list, c.Exchange.Request.Method+" "+c.Exchange.Request.Target+" HTTP/1.1\r\nHost: quotas.test\r\n"+reader+"\r\n\r\n")
	}
	return list
}
