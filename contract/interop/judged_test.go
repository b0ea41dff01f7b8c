package interop

import (
	"context"
	"net"
	"net/url"
	"testing"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/traffic"
	"github.com/quotaspec/quotaspec/server"
)

// knownFindings are the findings that the tests themselves cause, with the reason. The SDK's own requests have none. A finding that
// no longer occurs fails the test.
var knownFindings = map[string]string{
	"header/undocumented /request/headers/x-language": "a header that the user of the SDK adds",
	"parameter/enum /request/query/type":              "an unknown type; the SDK sends any",
}

// TestJudged sends the SDK's traffic through the proxy, which leaves signatures intact, and judges both sides of every exchange.
func TestJudged(t *testing.T) {
	entries := []traffic.Entry{}
	upstream, err := url.Parse(serve(t, provider(t, server.Options{})))
	if err != nil {
		t.Fatal(err)
	}
	proxy := &traffic.Proxy{Upstream: upstream, Observe: func(e traffic.Entry) { entries = append(entries, e) }}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	served := make(chan error, 1)
	go func() { served <- proxy.Serve(ctx, listener) }()

	calls := callAll(t, "http://"+listener.Addr().String())
	cancel()
	if err := <-served; err != nil || proxy.Dropped() > 0 || len(entries) != calls {
		t.Fatalf("got %d exchanges of %d, %d dropped: %v", len(entries), calls, proxy.Dropped(), err)
	}

	judges := []*contract.Judge{}
	for _, d := range bothDocuments(t) {
		j, err := contract.New(d)
		if err != nil {
			t.Fatal(err)
		}
		judges = append(judges, j)
	}
	used := map[string]bool{}
	for _, entry := range entries {
		result := judge(t, judges, entry)
		for _, f := range result.Findings {
			id := f.ID + " " + f.Pointer
			if used[id] = true; knownFindings[id] == "" {
				t.Errorf("%s %s: %s", entry.Exchange.Request.Method, entry.Exchange.Request.Target, f)
			}
		}
	}
	for id := range knownFindings {
		if !used[id] {
			t.Errorf("%s: no longer found", id)
		}
	}
}

// callAll makes every call of these tests with every kind of credential, and returns their number.
func callAll(t *testing.T, endpoint string) (calls int) {
	t.Helper()
	types := []string{""}
	for _, p := range bothDocuments(t)[0].Operation(iamOperation).Parameters {
		if p.Name == "type" {
			for _, v := range p.Schema.Enum {
				types = append(types, v.Text)
			}
		}
	}
	for _, u := range users {
		for _, quotaType := range types {
			if _, err := u.user.call(t, endpoint, iamOperation, server.SampleDomainID, quotaType); err != nil {
				t.Errorf("%s, type %q: %v", u.name, quotaType, err)
			}
			calls++
		}
		if u.iamOnly {
			continue
		}
		if _, err := u.user.call(t, endpoint, imsOperation, "", ""); err != nil {
			t.Errorf("%s: %v", u.name, err)
		}
		calls++
	}
	for _, refused := range []user{
		{credential: token(server.LimitedToken)}, {credential: token(server.ExpiredToken)},
		{credential: basicKey("NOBODYSKEY0000000000", "x", "")},
	} {
		if _, err := refused.call(t, endpoint, imsOperation, "", ""); err == nil {
			t.Errorf("not refused")
		}
		if _, err := refused.call(t, endpoint, iamOperation, server.StrangerDomainID, "users"); err == nil {
			t.Errorf("not refused")
		}
		calls += 2
	}
	return calls
}

// judge judges an entry by the document that has its path.
func judge(t *testing.T, judges []*contract.Judge, entry traffic.Entry) contract.Result {
	t.Helper()
	if entry.Skip != "" {
		t.Errorf("%s: %s", entry.Exchange.Request.Target, entry.Skip)
	}
	for _, j := range judges {
		if result := j.Check(entry.Exchange); result.Judged {
			for _, err := range result.Errors {
				t.Error(err)
			}
			return result
		}
	}
	t.Errorf("%s: not judged", entry.Exchange.Request.Target)
	return contract.Result{}
}
