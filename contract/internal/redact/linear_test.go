//go:build unix

package redact

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestLinear checks that four times the bytes take about four times the processor time, for texts that are likely
// to take more. Quadratic time would be sixteen times. The fastest of several runs counts.
func TestLinear(t *testing.T) {
	for _, tt := range []struct{ name, secret, unit, head, tail string }{
		{name: "text", secret: "a-long-token-of-a-user", unit: "nothing of interest here. "},
		{name: "the secret again and again", secret: "a-long-token-of-a-user", unit: "a-long-token-of-a-user "},
		{name: "a secret that is like itself", secret: strings.Repeat("a", 5000) + "b", unit: "a"},
		{name: "escapes", secret: "a-long-token-of-a-user", unit: `%2525\\\\&amp;amp;`},
		{name: "an escape in escapes", secret: "a-long-token-of-a-user", unit: "25", head: "a=%", tail: "3D"},
		{name: "URLs in URLs", secret: "a-long-token-of-a-user", unit: "a=%3Fa%3D%253F", head: "?"},
		{name: "ends of schemes", secret: "a-long-token-of-a-user", unit: "://a:b"},
		{name: "labels", secret: "a-long-token-of-a-user", unit: "token : "},
		{name: "names of secrets", secret: "a-long-token-of-a-user", unit: `{"token":"abcdefgh`},
		{name: "JSON", secret: "a-long-token-of-a-user", unit: `{"a":"b","token":"c"},`, head: "[", tail: "{}]"},
		{name: "quotation marks", secret: "a-long-token-of-a-user", unit: `"`},
		{name: "quotation marks in a string", secret: "a-long-token-of-a-user", unit: `\"`, head: `{"a":"`, tail: `"}`},
		{name: "white space", secret: "a-long-token-of-a-user", unit: ` `, head: `{"a"`, tail: `}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			atLength := func(n int) Message {
				return Message{
					Target: "/", Header: http.Header{"X-Auth-Token": {tt.secret}},
					Body: []byte(tt.head + strings.Repeat(tt.unit, n/len(tt.unit)) + tt.tail),
				}
			}
			const n = 256 << 10
			if once, fourTimes := work(t, atLength(n)), work(t, atLength(4*n)); fourTimes > 9*once {
				t.Errorf("4 times the bytes took %v, once %v", fourTimes, once)
			} else {
				t.Logf("%v a MB", fourTimes)
			}
		})
	}
}

// work returns the processor time for cleaning a message, the middle of several. The clock counts in steps, so that the least may be
// none at all.
func work(t *testing.T, m Message) time.Duration {
	var times []time.Duration
	for range 7 {
		begin := processorTime(t)
		r := New()
		r.Learn(m)
		r.Message(m)
		times = append(times, processorTime(t)-begin)
	}
	slices.Sort(times)
	return times[len(times)/2]
}

func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		t.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// TestManySecrets checks the same for a body with many secrets that begin alike.
func TestManySecrets(t *testing.T) {
	ofSecrets := func(n int) Message {
		var body strings.Builder
		for i := range n {
			fmt.Fprintf(&body, `{"token":"a-long-token-of-a-user-%d"},`, i)
		}
		return Message{Body: []byte("[" + body.String() + "1]")}
	}
	if once, fourTimes := work(t, ofSecrets(1000)), work(t, ofSecrets(4000)); fourTimes > 9*once {
		t.Errorf("4 times the secrets took %v, once %v", fourTimes, once)
	}
}
