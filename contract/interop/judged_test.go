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

// knownFindings are what the judge may say, with the reason. What the SDK sends by itself is all known to the documents:
// these are our own doing. One that is no longer seen goes from this list.
var knownFindings = map[string]string{
	"header/undocumented /request/headers/x-language": "a header that the user of the SDK adds",
	"parameter/enum /request/query/type":              "a type that there is not; the SDK sends any",
}

// TestJudged passes the SDK's traffic through the proxy, which signatures survive, and has the judge look at both sides of
// every exchange.
func TestJudged(t *testing.T) {
	seen := []traffic.Entry{}
	upstream, err := url.Parse(serve(t, provider(t, server.Options{})))
	if err != nil {
		t.Fatal(err)
	}
	proxy := &traffic.Proxy{Upstream: upstream, Observe: func(e traffic.Entry) { seen = append(seen, e) }}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	served := make(chan error, 1)
	go func() { served <- proxy.Serve(ctx, listener) }()

	asked := askAll(t, "http://"+listener.Addr().String())
	cancel()
	if err := <-served; err != nil || proxy.Dropped() > 0 || len(seen) != asked {
		t.Fatalf("got %d exchanges of %d, %d dropped: %v", len(seen), asked, proxy.Dropped(), err)
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
	for _, entry := range seen {
		result := judge(t, judges, entry)
		for _, d := range result.Findings {
			id := d.ID + " " + d.Pointer
			if used[id] = true; knownFindings[id] == "" {
				t.Errorf("%s %s: %s", entry.Exchange.Request.Method, entry.Exchange.Request.Target, d)
			}
		}
	}
	for id := range knownFindings {
		if !used[id] {
			t.Errorf("%s: not seen", id)
		}
	}
}

// askAll makes every call of the SDK that these tests know, by every kind of credential, and says how many.
func askAll(t *testing.T, endpoint string) (asked int) {
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
		for _, what := range types {
			if _, err := u.user.ask(t, endpoint, iamOperation, server.SampleDomainID, what); err != nil {
				t.Errorf("%s, type %q: %v", u.name, what, err)
			}
			asked++
		}
		if u.iamOnly {
			continue
		}
		if _, err := u.user.ask(t, endpoint, imsOperation, "", ""); err != nil {
			t.Errorf("%s: %v", u.name, err)
		}
		asked++
	}
	for _, refused := range []user{
		{credential: token(server.LimitedToken)}, {credential: token(server.ExpiredToken)}, {credential: basicKey("NOBODYSKEY0000000000", "x", "")},
	} {
		if _, err := refused.ask(t, endpoint, imsOperation, "", ""); err == nil {
			t.Errorf("not refused")
		}
		if _, err := refused.ask(t, endpoint, iamOperation, server.StrangerDomainID, "users"); err == nil {
			t.Errorf("not refused")
		}
		asked += 2
	}
	return asked
}

// judge has the judge speak whose document knows the path.
func judge(t *testing.T, judges []*contract.Judge, entry traffic.Entry) contract.Result {
	t.Helper()
	if entry.Skip != "" {
		t.Errorf("%s: %s", entry.Exchange.Request.Target, entry.Skip)
	}
	for _, j := range judges {
		if v := j.Check(entry.Exchange); v.Judged {
			for _, err := range v.Errors {
				t.Error(err)
			}
			return v
		}
	}
	t.Errorf("%s: not judged", entry.Exchange.Request.Target)
	return contract.Result{}
}
