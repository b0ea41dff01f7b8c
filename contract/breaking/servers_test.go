package breaking

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestServers compares the base URLs of two documents.
func TestServers(t *testing.T) {
	const regions = "{url: 'https://{r}.e.com', variables: {r: {default: eu, enum: [eu, us]}}}"
	tests := []struct {
		name, old, new string
		want           []string
	}{
		{
			name: "a value of a variable is new",
			old:  regions, new: strings.Replace(regions, "us]", "us, cn]", 1),
			want: []string{"server/added: https://cn.e.com is new"},
		},
		{
			name: "a value of a variable is gone",
			old:  regions, new: strings.Replace(regions, ", us]", "]", 1),
			want: []string{"server/removed: https://us.e.com is gone"},
		},
		{
			name: "values written as servers",
			old:  regions, new: "{url: https://us.e.com}, {url: https://eu.e.com}",
			want: []string{},
		},
		{
			name: "another default of a list",
			old:  regions, new: strings.Replace(regions, "default: eu", "default: us", 1),
			want: []string{},
		},
		{
			name: "another default of a variable that may have any value",
			old:  "{url: 'https://{h}/v1', variables: {h: {default: a.com}}}",
			new:  "{url: 'https://{h}/v1', variables: {h: {default: b.com}}}",
			want: []string{"server/added: https://{h=b.com}/v1 is new", "server/removed: https://{h=a.com}/v1 is gone"},
		},
		{
			name: "another server with the same variable",
			old:  regions, new: strings.Replace(regions, "e.com", "f.com", 1),
			want: []string{"server/added: https://{r}.f.com is new", "server/removed: https://{r}.e.com is gone"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			document := func(servers string) string {
				return "openapi: 3.0.3\ninfo: {title: a, version: 1.0.0}\nservers: [" + servers + "]\n" +
					"paths: {/a: {get: {responses: {'200': {description: ok}}}}}\n"
			}
			got := []string{}
			for _, f := range compared(t, document(test.old), document(test.new)) {
				got = append(got, f.ID+": "+f.Says)
			}
			slices.Sort(got)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestLocalServer tests the reason for a server that is gone: the judge takes a request to localhost for one to any server.
func TestLocalServer(t *testing.T) {
	const document = `openapi: 3.0.3
info: {title: a, version: 1.0.0}
servers: [{url: 'http://{host}:80', variables: {host: {default: localhost}}}]
paths: {/a: {get: {responses: {'200': {description: ok}}}}}
`
	for _, f := range compared(t, document, strings.Replace(document, "default: localhost", "default: a.example.com", 1)) {
		if f.ID == "server/removed" && (f.Witness != nil || !strings.Contains(f.Why, "localhost")) {
			t.Errorf("got %s, want localhost as the reason", line(f))
		}
	}
}
