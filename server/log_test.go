package server

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract/contracttest"
)

// lines is a log that is read while it is written.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func TestAccessLog(t *testing.T) {
	type entry struct {
		Msg, Operation, Principal string
		Status                    int
	}
	tests := []struct {
		name, line string
		headers    []string
		want       entry
	}{
		{
			name:    "by token",
			line:    "GET " + iamPath + "?type=user",
			headers: []string{reader},
			want:    entry{"answered", "showDomainQuota", "reader", 200},
		},
		{
			name:    "signed",
			line:    "GET " + imsPath,
			headers: sign(t, imsPath, "", limitedKey, signedAt, nil),
			want:    entry{"answered", "showImageQuota", "limited", 403},
		},
		{name: "nobody", line: "GET " + imsPath + "?secret-in-a-query", want: entry{"answered", "showImageQuota", "", 401}},
		{
			name:    "a wrong token",
			line:    "GET " + imsPath,
			headers: []string{"X-Auth-Token: secret-token"},
			want:    entry{"answered", "showImageQuota", "", 401},
		},
		{
			name:    "a wrong parameter",
			line:    "GET " + iamPath + "?type=secret",
			headers: []string{reader},
			want:    entry{"answered", "showDomainQuota", "reader", 400},
		},
		{name: "no such path", line: "GET /secret/path", headers: []string{reader}, want: entry{"answered", "", "", 404}},
		{
			name:    "other method",
			line:    "PUT " + imsPath,
			headers: []string{reader},
			want:    entry{"answered", "showImageQuota", "", 404},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var log lines
			o := at(signedAt)
			o.Log = slog.New(slog.NewJSONHandler(&log, nil))
			got := ask(t, start(t, o, contracttest.Ignore("/secret/*")), test.line, test.headers...)
			deadline := time.Now().Add(time.Minute)
			for !strings.Contains(log.String(), "\n") { // it is logged after the response
				if time.Now().After(deadline) {
					t.Fatal("nothing is told")
				}
				time.Sleep(time.Millisecond)
			}
			var said struct {
				entry
				RequestID string   `json:"request_id"`
				Took      *float64 `json:"took"`
			}
			if err := json.Unmarshal([]byte(log.String()), &said); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, said.entry); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if said.RequestID != got.header.Get("X-Request-Id") || said.Took == nil {
				t.Errorf("request id and time: %s", log.String())
			}
			for _, secret := range []string{"secret", "-token", "Signature", LimitedKeyID} {
				if strings.Contains(log.String(), secret) {
					t.Errorf("the log tells %s: %s", secret, log.String())
				}
			}
		})
	}
}

// TestPreferIsIgnored tests that a header Prefer is one warning, unless it is obeyed.
func TestPreferIsIgnored(t *testing.T) {
	const warning = `"level":"WARN","msg":"Prefer is ignored: start serve with --prefer","request_id":"`
	for _, test := range []struct {
		name     string
		prefer   bool
		headers  []string
		warnings int
	}{
		{name: "no header", headers: []string{reader}},
		{name: "ignored", headers: []string{reader, "Prefer: code=404"}, warnings: 1},
		{name: "two headers", headers: []string{reader, "Prefer: code=404", "Prefer: delay=1"}, warnings: 1},
		{name: "obeyed", prefer: true, headers: []string{reader, "Prefer: code=404"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var log lines
			o := at(signedAt)
			o.Prefer, o.Log = test.prefer, slog.New(slog.NewJSONHandler(&log, nil))
			ask(t, start(t, o), "GET "+imsPath, test.headers...)
			deadline := time.Now().Add(time.Minute)
			for !strings.Contains(log.String(), `"answered"`) { // it is logged last
				if time.Now().After(deadline) {
					t.Fatal("nothing is logged")
				}
				time.Sleep(time.Millisecond)
			}
			if got := strings.Count(log.String(), warning); got != test.warnings || strings.Contains(log.String(), "code=404") {
				t.Errorf("got %d warnings, want %d: %s", got, test.warnings, log.String())
			}
		})
	}
}
