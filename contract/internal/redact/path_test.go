package redact

import "testing"

// TestPaths checks what is hidden in the path of a request: parameters with secret names, and users with their
// passwords. The echo is a response body: what is learned in the path is hidden there too.
func TestPaths(t *testing.T) {
	templates := []string{
		"/both/{id}-{secret}", "/{id}/{name}", "/sessions/{token}", "/sessions/current",
		"/sessions/{token}/users/{id}", "/keys/key-{api_key}.json", "/tickets/{ticket}",
	}
	for _, tt := range []struct{ name, target, want, echo, wantEcho string }{
		{name: "a parameter", target: "/sessions/abcdef", want: "/sessions/REDACTED", echo: "no abcdef", wantEcho: "no REDACTED"},
		{name: "a short one", target: "/sessions/abcde", want: "/sessions/REDACTED", echo: "no abcde", wantEcho: "no abcde"},
		{name: "an escaped one", target: "/sessions/ab%2Fcdef", want: "/sessions/REDACTED", echo: "no ab/cdef", wantEcho: "no REDACTED"},
		{name: "none", target: "/sessions/", want: "/sessions/"},
		{name: "the query stays", target: "/sessions/abcdef?a=b/c", want: "/sessions/REDACTED?a=b/c"},
		{name: "a fragment stays", target: "/sessions/abcdef#a/b", want: "/sessions/REDACTED#a/b"},
		{name: "a base path", target: "/api/v1/sessions/abcdef", want: "/api/v1/sessions/REDACTED"},
		{name: "with scheme and host", target: "http://h:80/sessions/abcdef", want: "http://h:80/sessions/REDACTED"},
		{name: "an escaped word of the template", target: "/s%65ssions/abcdef", want: "/s%65ssions/REDACTED"},
		{name: "a path without parameters", target: "/sessions/current", want: "/sessions/current"},
		{name: "a longer path", target: "/sessions/abcdef/users/7", want: "/sessions/REDACTED/users/7"},
		{name: "a path of another word", target: "/session/abcdef", want: "/session/abcdef"},
		{name: "a path that is too short", target: "sessions", want: "sessions"},
		{name: "between texts", target: "/keys/key-abcdef.json", want: "/keys/key-REDACTED.json", echo: "no abcdef", wantEcho: "no REDACTED"},
		{name: "another text before", target: "/keys/kez-abcdef.json", want: "/keys/kez-abcdef.json"},
		{name: "another text behind", target: "/keys/key-abcdef.jsom", want: "/keys/key-abcdef.jsom"},
		{name: "nothing between", target: "/keys/key-.json", want: "/keys/key-.json"},
		{name: "texts that overlap", target: "/keys/key-json", want: "/keys/key-json"},
		{name: "beside another parameter", target: "/both/7-abcdef", want: "/both/REDACTED"},
		{name: "a name of the caller's", target: "/tickets/abcdef", want: "/tickets/REDACTED"},
		{name: "a user and a password", target: "/me:open-sesame@h/a", want: "/REDACTED@h/a", echo: "no open-sesame", wantEcho: "no REDACTED"},
		{name: "a password of 8 bytes", target: "/me:abcdefgh@h/a", want: "/REDACTED@h/a", echo: "no abcdefgh", wantEcho: "no REDACTED"},
		{name: "a password of 7 bytes", target: "/me:abcdefg@h/a", want: "/REDACTED@h/a", echo: "no abcdefg", wantEcho: "no abcdefg"},
		{name: "a password with @", target: "/a/me:open@sesame-@h", want: "/a/REDACTED@h", echo: "no open@sesame-", wantEcho: "no REDACTED"},
		{
			name: "an escaped password", target: "/a/me%3aopen%2Fsesame%40h", want: "/a/REDACTED%40h", echo: "no open/sesame",
			wantEcho: "no REDACTED",
		},
		{
			name: "two", target: "/a:open-sesame@h/b:open-barley@h", want: "/REDACTED@h/REDACTED@h", echo: "open-sesame open-barley",
			wantEcho: "REDACTED REDACTED",
		},
		{name: "a port", target: "http://h:80/a@b", want: "http://h:80/a@b"},
		{name: "no user", target: "/a@b:c", want: "/a@b:c"},
		{name: "in the query", target: "/a?b=c:d@e", want: "/a?b=c:d@e"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := New(append([]string{"Ticket"}, templates...)...)
			request, response := Message{Target: tt.target}, Message{Body: []byte(tt.echo)}
			r.Learn(request, response)
			if got := r.Message(request).Target; got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
			if got := string(r.Message(response).Body); got != tt.wantEcho {
				t.Errorf("the response: got %s, want %s", got, tt.wantEcho)
			}
		})
	}
}

// TestPathsInFindings checks that a path in a finding shows no password.
func TestPathsInFindings(t *testing.T) {
	for _, tt := range []struct{ pointer, want string }{
		{pointer: "/request/path", want: `"/a/REDACTED@h"`},
		{pointer: "/request/path/id", want: `"/a/REDACTED@h"`},
		{pointer: "/request/query/id", want: `"/a/b:c@h"`},
	} {
		if got := New().At(tt.pointer, `"/a/b:c@h"`); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.pointer, got, tt.want)
		}
	}
}
