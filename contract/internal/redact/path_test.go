package redact

import "testing"

// TestPaths tests what is hidden in the path of a request: parameters that the template of the path calls secret, and users
// with their passwords. What is learned there is hidden in the rest of the exchange too.
func TestPaths(t *testing.T) {
	templates := []string{
		"/both/{id}-{secret}", "/{id}/{name}", "/sessions/{token}", "/sessions/current", "/sessions/{token}/users/{id}", "/keys/key-{api_key}.json", "/doors/{door}",
	}
	for _, tt := range []struct{ name, target, want, echo, wantEcho string }{
		{"a parameter", "/sessions/abcdef", "/sessions/REDACTED", "no abcdef", "no REDACTED"},
		{"a short one", "/sessions/abcde", "/sessions/REDACTED", "no abcde", "no abcde"},
		{"an escaped one", "/sessions/ab%2Fcdef", "/sessions/REDACTED", "no ab/cdef", "no REDACTED"},
		{"none", "/sessions/", "/sessions/", "", ""},
		{"the query stays", "/sessions/abcdef?a=b/c", "/sessions/REDACTED?a=b/c", "", ""},
		{"a fragment stays", "/sessions/abcdef#a/b", "/sessions/REDACTED#a/b", "", ""},
		{"a base path", "/api/v1/sessions/abcdef", "/api/v1/sessions/REDACTED", "", ""},
		{"with scheme and host", "http://h:80/sessions/abcdef", "http://h:80/sessions/REDACTED", "", ""},
		{"an escaped word of the template", "/s%65ssions/abcdef", "/s%65ssions/REDACTED", "", ""},
		{"a path without parameters", "/sessions/current", "/sessions/current", "", ""},
		{"a longer path", "/sessions/abcdef/users/7", "/sessions/REDACTED/users/7", "", ""},
		{"a path of another word", "/session/abcdef", "/session/abcdef", "", ""},
		{"a path that is too short", "sessions", "sessions", "", ""},
		{"between texts", "/keys/key-abcdef.json", "/keys/key-REDACTED.json", "no abcdef", "no REDACTED"},
		{"another text before", "/keys/kez-abcdef.json", "/keys/kez-abcdef.json", "", ""},
		{"another text behind", "/keys/key-abcdef.jsom", "/keys/key-abcdef.jsom", "", ""},
		{"nothing between", "/keys/key-.json", "/keys/key-.json", "", ""},
		{"texts that overlap", "/keys/key-json", "/keys/key-json", "", ""},
		{"beside another parameter", "/both/7-abcdef", "/both/REDACTED", "", ""},
		{"a name of the caller's", "/doors/abcdef", "/doors/REDACTED", "", ""},
		{"a user and a password", "/me:open-sesame@h/a", "/REDACTED@h/a", "no open-sesame", "no REDACTED"},
		{"a password of 8 bytes", "/me:abcdefgh@h/a", "/REDACTED@h/a", "no abcdefgh", "no REDACTED"},
		{"a password of 7 bytes", "/me:abcdefg@h/a", "/REDACTED@h/a", "no abcdefg", "no abcdefg"},
		{"a password with @", "/a/me:open@sesame-@h", "/a/REDACTED@h", "no open@sesame-", "no REDACTED"},
		{"an escaped password", "/a/me%3aopen%2Fsesame%40h", "/a/REDACTED%40h", "no open/sesame", "no REDACTED"},
		{"two", "/a:open-sesame@h/b:open-barley@h", "/REDACTED@h/REDACTED@h", "open-sesame open-barley", "REDACTED REDACTED"},
		{"a port", "http://h:80/a@b", "http://h:80/a@b", "", ""},
		{"no user", "/a@b:c", "/a@b:c", "", ""},
		{"in the query", "/a?b=c:d@e", "/a?b=c:d@e", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := New(append([]string{"Door"}, templates...)...)
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

// TestPathsInFindings tests that what a finding shows of a path has no password in it.
func TestPathsInFindings(t *testing.T) {
	for _, tt := range []struct{ pointer, want string }{
		{"/request/path", `"/a/REDACTED@h"`},
		{"/request/path/id", `"/a/REDACTED@h"`},
		{"/request/query/id", `"/a/b:c@h"`},
	} {
		if got := New().At(tt.pointer, `"/a/b:c@h"`); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.pointer, got, tt.want)
		}
	}
}
