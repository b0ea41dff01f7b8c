package redact

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"reflect"
	"strings"
	"testing"
)

// TestSpellings checks in which spellings a secret is found. Package client is tested against the same table.
func TestSpellings(t *testing.T) {
	text, err := os.ReadFile("testdata/spellings.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct{ Name, Secret, Text, Want string }
	if err := json.Unmarshal(text, &cases); err != nil || len(cases) < 20 {
		t.Fatalf("read %d cases: %v", len(cases), err)
	}
	for _, tt := range cases {
		r := New()
		r.Learn(Message{Header: http.Header{"X-Auth-Token": {tt.Secret}}})
		want := strings.ReplaceAll(tt.Want, "<secret>", Mark)
		for _, got := range []string{r.Hide(tt.Text), r.Text(tt.Text)} {
			if got != want {
				t.Errorf("%s:\n got %s\nwant %s", tt.Name, got, want)
			}
		}
	}
}

// knowing returns a redactor that has learned values of a header.
func knowing(values ...string) *Redactor {
	r := New()
	r.Learn(Message{Header: http.Header{"X-Auth-Token": values}})
	return r
}

// TestUnchangedBodies checks bodies that stay unchanged.
func TestUnchangedBodies(t *testing.T) {
	for _, text := range []string{
		`{"a": 1,"a" :[1.50,{"b":"\u00e9\/"}],"c":null , "d":true}`,
		"{\"a\":\xff}", `{"max_tokens":12,"token":null,"secret":false}`, `{"a":"\ud800"}`,
		`{"type":"token","b":"x"}`, "plain text", `[1,2,"`, `"x`, `{"a":1}}`, "", " ", "{",
		`{"code":"A.0001","msg":"Incorrect token"}`, "a=b&c=%zz&d=%41",
		"http://127.0.0.1:8080/v3.0/a@b", "http://[::1]:80/a@b", "mail to a@example.com", "http://h/?a=b", "a:b",
		"d78cbac186b744899480f25bd022f468",
	} {
		r := knowing("abcdefgh")
		m := Message{Body: []byte(text)}
		r.Learn(m)
		if got := string(r.Message(m).Body); got != text {
			t.Errorf("got %q, want %q", got, text)
		}
	}
}

// TestReplacedParts checks exactly what is replaced in a body.
func TestReplacedParts(t *testing.T) {
	for text, want := range map[string]string{
		`{"token": "abc", "x": "abc"}`:                      `{"token": "REDACTED", "x": "abc"}`, // too short to be searched for
		`{"token": 123456, "n": 123456, "m": 12345}`:        `{"token": "REDACTED", "n": "REDACTED", "m": 12345}`,
		`{"token": 1234, "n": 1234}`:                        `{"token": "REDACTED", "n": 1234}`,
		`{"secrets": {"a": "x", "n": 1}, "b": "x"}`:         `{"secrets": {"a": "REDACTED", "n": 1}, "b": "x"}`,
		`{"secret": {"a": {"b": "x"}, "c": "y"}, "d": "y"}`: `{"secret": {"a": {"b": "REDACTED"}, "c": "REDACTED"}, "d": "y"}`,
		`{"password": "string", "type": "string"}`:          `{"password": "REDACTED", "type": "string"}`,
		`{"a":"-abcdefgh-abcdefghabcdefgh-"}`:               `{"a":"-REDACTED-REDACTED-"}`,
		`{"a":"b%61cdefgh"}`:                                `{"a":"b%61cdefgh"}`,
		`{"a":"%61bcdefg%68x"}`:                             `{"a":"REDACTEDx"}`,
		`?token=&a=b`:                                       `?token=&a=b`,
		`http://h/a?token=klmnopqr: refused, klmnopqr`:      `http://h/a?token=REDACTED: refused, REDACTED`, // the colon is not part of the token
		`token=ab%2Fcdefgh&b=ab/cdefgh`:                     `token=REDACTED&b=REDACTED`,
		`{"a":"\ud83d\ude00 \ud83d abcdefgh"}`:              "{\"a\":\"\U0001f600 \ufffd REDACTED\"}",
		`see http://me:p@ss-word@h/x, p@ss-word`:            `see http://REDACTED@h/x, REDACTED`,
		`http://me:pa/ss-word@h/ pa/ss-word`:                `http://REDACTED@h/ REDACTED`,
		`{"u":"http://key-of-me@h:1/a@b"}`:                  `{"u":"http://REDACTED@h:1/a@b"}`,
		`<Token>abcde</Token> api-key: abcde, a: b`:         `<Token>REDACTED</Token> api-key: REDACTED, a: b`,
		`{"user": 1, password: 'open sesame'}`:              `{"user": 1, password: 'REDACTED sesame'}`,
	} {
		r := knowing("abcdefgh")
		m := Message{Body: []byte(text)}
		r.Learn(m)
		if got := string(r.Message(m).Body); got != want {
			t.Errorf("\n got %s\nwant %s", got, want)
		}
	}
}

// TestOverlapping checks secrets that overlap, look like parameters or contain surrogate pairs.
func TestOverlapping(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{text: "x abcdefghijkl y", want: "x REDACTED y"},
		{text: "abcdefghijklabcdefghijkl", want: "REDACTED"},
		{text: "abcdefghijX", want: "abREDACTEDijX"},
		{text: "cdefgh-cdefgh", want: "REDACTED-REDACTED"},
		{text: "x 0123456789abcdef0123456789ABCDEF-tail-of-another y", want: "x REDACTED y"},
		{text: "x 0123456789abcdef0123456789ABCDEF-t", want: "x REDACTED-t"},
		{text: "abcd1 abcd", want: "REDACTED abcd"},
		{text: `x\ud83d\ude00abcdy`, want: "xREDACTEDy"},
		{text: "?a=b&token=abcd&efgh&c=d", want: "?a=b&REDACTED&c=d"},
		{},
	} {
		r := knowing("abcdefghijkl", "cdefgh", "\U0001f600abcd", "token=abcd&efgh",
			"0123456789abcdef0123456789ABCDEF", "ABCDEF-tail-of-another", "abcd1", "abcd12", "abcd2")
		if got := r.Text(tt.text); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.text, got, tt.want)
		}
	}
}

// TestAt checks values as findings show them.
func TestAt(t *testing.T) {
	r := New("X-Ticket")
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte("anyuser:pass"))
	r.Learn(Message{Header: http.Header{"X-Ticket": {"abc"}, "Authorization": {basic}}})
	for _, tt := range []struct{ pointer, text, want string }{
		{pointer: "/response/body/password", text: `string "abc"`, want: `string "REDACTED"`},
		{pointer: "/response/body/password", text: "number 12345", want: `number "REDACTED"`},
		{pointer: "/response/body/password", text: "none", want: "none"},
		{pointer: "/response/body/credential/0/a", text: `object {"b":["c"]}`, want: `object {"b":["REDACTED"]}`},
		{pointer: "/response/body/type", text: `string "abc"`, want: `string "abc"`},
		{pointer: "/response/body/used", text: "number 12345", want: "number 12345"},
		{pointer: "/response/body/users/0", text: `object {"api_key":"abc","n":1}`, want: `object {"api_key":"REDACTED","n":1}`},
		{pointer: "/response/headers/x-ticket", text: "abc", want: "REDACTED"},
		{pointer: "/request/headers/x-ticket", text: "2 times", want: "2 times"},
		{pointer: "/response", text: `status 400 {"error":"anyuser has no pass"}`, want: `status 400 {"error":"REDACTED has no REDACTED"}`},
		{pointer: "/request/query/a", text: `"pass%20word"`, want: `"REDACTED%20word"`},
	} {
		if got := r.At(tt.pointer, tt.text); got != tt.want {
			t.Errorf("%s, %s: got %s, want %s", tt.pointer, tt.text, got, tt.want)
		}
	}
	if got, want := r.Pointer("/response/body/anyuser/a~1pass"), "/response/body/REDACTED/a~1REDACTED"; got != want {
		t.Errorf("pointer: got %s, want %s", got, want)
	}
}

// TestWords checks that a header whose name only sounds secret hides no ordinary words.
func TestWords(t *testing.T) {
	r := New()
	m := Message{
		Header: http.Header{"X-Token-Required": {"true"}, "Access-Control-Allow-Credentials": {"yes-they-are"}},
		Body:   []byte(`{"a":"true","b":"yes-they-are"}`),
	}
	r.Learn(m)
	if got := r.Message(m); string(got.Body) != string(m.Body) || got.Header.Get("Access-Control-Allow-Credentials") != "yes-they-are" {
		t.Errorf("got %v %s", got.Header, got.Body)
	}
}

// TestForget checks that a redactor does not collect secrets without limit, and still finds the newest.
func TestForget(t *testing.T) {
	r := New()
	for i := range 10 * maxRemembered {
		r.Learn(Message{Header: http.Header{"X-Auth-Token": {fmt.Sprintf("a-long-token-%d", i)}, "X-Api-Key": {"short"}}})
		r.Forget()
	}
	if len(r.secrets) != maxRemembered || len(r.learned) != maxRemembered {
		t.Errorf("got %d secrets and %d values", len(r.secrets), len(r.learned))
	}
	if got := r.Text("a-long-token-639 short"); got != "REDACTED short" {
		t.Errorf("got %s", got)
	}
}

// TestAllocations checks that learning from a body without secrets does not allocate for each value.
func TestAllocations(t *testing.T) {
	one := `{"type":"instance","used":100,"name":"a name of a thing","unit":"count"},`
	m := Message{Body: []byte("[" + strings.Repeat(one, 1000) + "{}]")}
	r := New()
	if n := testing.AllocsPerRun(5, func() { r.Learn(m) }); n > 100 {
		t.Errorf("%g allocations for 4000 values", n)
	}
}

// TestMisspeltNames checks that the value of a header or parameter that is almost a named credential is replaced everywhere.
func TestMisspeltNames(t *testing.T) {
	r := New("X-Ticket", "pass")
	m := Message{
		Target: "/a?pas=hunter-22&page=hunter-23",
		Header: http.Header{"X-Tiket": {"s3cr3t-value"}, "X-Other": {"s3cr3t-value"}, "X-Tickets-Sold": {"7 of them"}},
	}
	r.Learn(m)
	want := Message{
		Target: "/a?pas=REDACTED&page=hunter-23",
		Header: http.Header{"X-Tiket": {Mark}, "X-Other": {Mark}, "X-Tickets-Sold": {"7 of them"}},
	}
	if got := r.Message(m); got.Target != want.Target || !reflect.DeepEqual(got.Header, want.Header) {
		t.Errorf("got %q %q, want %q %q", got.Target, got.Header, want.Target, want.Header)
	}
}
