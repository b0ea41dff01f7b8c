//go:build unix

package redact

import (
	"fmt"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestLinear holds that four times the bytes take about four times the work, for texts that are made to take more. Of
// several runs the one with the least time of the processor counts, and a square would be sixteen times.
func TestLinear(t *testing.T) {
	for _, tt := range []struct{ name, secret, unit, head, tail string }{
		{"text", "a-long-token-of-somebody", "nothing of interest here. ", "", ""},
		{"the secret again and again", "a-long-token-of-somebody", "a-long-token-of-somebody ", "", ""},
		{"a secret that is like itself", strings.Repeat("a", 5000) + "b", "a", "", ""},
		{"escapes", "a-long-token-of-somebody", `%2525\\\\&amp;amp;`, "", ""},
		{"an escape in escapes", "a-long-token-of-somebody", "25", "a=%", "3D"},
		{"URLs in URLs", "a-long-token-of-somebody", "a=%3Fa%3D%253F", "?", ""},
		{"ends of schemes", "a-long-token-of-somebody", "://a:b", "", ""},
		{"labels", "a-long-token-of-somebody", "token : ", "", ""},
		{"names of secrets", "a-long-token-of-somebody", `{"token":"abcdefgh`, "", ""},
		{"JSON", "a-long-token-of-somebody", `{"a":"b","token":"c"},`, "[", "{}]"},
		{"quotation marks", "a-long-token-of-somebody", `"`, "", ""},
		{"quotation marks in a string", "a-long-token-of-somebody", `\"`, `{"a":"`, `"}`},
		{"white space", "a-long-token-of-somebody", ` `, `{"a"`, `}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			atLength := func(n int) Message {
				return Message{
					Target: "/", Header: http.Header{"X-Auth-Token": {tt.secret}},
					Body: []byte(tt.head + strings.Repeat(tt.unit, n/len(tt.unit)) + tt.tail),
				}
			}
			const n = 128 << 10
			if once, fourTimes := work(t, atLength(n)), work(t, atLength(4*n)); fourTimes > 9*once {
				t.Errorf("4 times the bytes took %v, once %v", fourTimes, once)
			} else {
				t.Logf("%v a MB", 2*fourTimes)
			}
		})
	}
}

// work is the least time of the processor that it takes to clean a message.
func work(t *testing.T, m Message) time.Duration {
	best := time.Hour
	for range 7 {
		begin := processorTime(t)
		r := New()
		r.Learn(m)
		r.Message(m)
		best = min(best, processorTime(t)-begin)
	}
	return best
}

func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		t.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// TestManySecrets holds the same for a body full of secrets that begin alike.
func TestManySecrets(t *testing.T) {
	ofSecrets := func(n int) Message {
		var body strings.Builder
		for i := range n {
			fmt.Fprintf(&body, `{"token":"a-long-token-of-somebody-%d"},`, i)
		}
		return Message{Body: []byte("[" + body.String() + "1]")}
	}
	if once, fourTimes := work(t, ofSecrets(1000)), work(t, ofSecrets(4000)); fourTimes > 9*once {
		t.Errorf("4 times the secrets took %v, once %v", fourTimes, once)
	}
}
