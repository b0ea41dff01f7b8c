package server

import (
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/quotaspec/quotaspec/internal/signature"
)

const lockedKey = `{"error_msg":"Incorrect IAM authentication information: AK access failed to reach the limit,forbidden.",` +
	`"error_code":"APIGW.0301","request_id":"ID"}`

// clock is a time that tests move.
type clock struct{ now atomic.Int64 }

func newClock(now time.Time) *clock {
	c := &clock{}
	c.now.Store(now.UnixNano())
	return c
}

func (c *clock) Now() time.Time          { return time.Unix(0, c.now.Load()) }
func (c *clock) advance(d time.Duration) { c.now.Add(int64(d)) }

func TestLock(t *testing.T) {
	wrong := signature.Key{ID: ReaderKeyID, Secret: "wrong"}
	unknown := signature.Key{ID: "QSNOBODY000000000001", Secret: "wrong"}
	minutes := func(n float64) time.Duration { return time.Duration(n * float64(time.Minute)) }
	type step struct {
		key    signature.Key
		times  int
		want   string // "": 200
		before time.Duration
	}
	tests := []struct {
		name  string
		steps []step
	}{
		{name: "four failures do not", steps: []step{
			{key: wrong, times: 4, want: wrongSignature},
			{key: readerKey, times: 1},
		}},
		{
			name: "five do",
			steps: []step{
				{key: wrong, times: 5, want: wrongSignature},
				{key: readerKey, times: 2, want: lockedKey},
				{key: wrong, times: 2, want: lockedKey},
			},
		},
		{
			name: "in a row only",
			steps: []step{
				{key: wrong, times: 4, want: wrongSignature},
				{key: readerKey, times: 1},
				{key: wrong, times: 4, want: wrongSignature},
				{key: readerKey, times: 1},
			},
		},
		{
			name: "however long it takes",
			steps: []step{
				{key: wrong, times: 4, want: wrongSignature},
				{key: wrong, times: 1, want: wrongSignature, before: minutes(60)},
				{key: readerKey, times: 1, want: lockedKey},
			},
		},
		{
			name: "for five minutes",
			steps: []step{
				{key: wrong, times: 5, want: wrongSignature},
				{key: readerKey, times: 1, want: lockedKey, before: minutes(5) - 1},
				{key: readerKey, times: 1, before: 1},
				{key: wrong, times: 4, want: wrongSignature},
				{key: readerKey, times: 1},
			},
		},
		{
			name: "failures while it is locked do not count",
			steps: []step{
				{key: wrong, times: 5, want: wrongSignature},
				{key: wrong, times: 20, want: lockedKey, before: minutes(4)},
				{key: readerKey, times: 1, before: minutes(1)},
			},
		},
		{
			name: "again",
			steps: []step{
				{key: wrong, times: 5, want: wrongSignature},
				{key: wrong, times: 5, want: wrongSignature, before: minutes(5)},
				{key: readerKey, times: 1, want: lockedKey},
			},
		},
		{name: "another key is not", steps: []step{
			{key: wrong, times: 5, want: wrongSignature},
			{key: limitedKey, times: 1, want: noRole},
		}},
		{name: "a key that nobody holds is none", steps: []step{
			{key: unknown, times: 20, want: unknownKey},
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := newClock(signedAt)
			address := start(t, Options{Now: c.Now})
			for _, s := range test.steps {
				c.advance(s.before)
				for range s.times {
					got := ask(t, address, "GET "+imsPath, sign(t, imsPath, "", s.key, c.Now(), nil)...)
					status, want := http.StatusUnauthorized, s.want
					switch want {
					case "":
						status, want = http.StatusOK, resources(imageQuota)
					case noRole:
						status = http.StatusForbidden
					}
					wantAnswer(t, got, status, want)
				}
			}
		})
	}
	t.Run("what is not a wrong signature does not count", func(t *testing.T) {
		c := newClock(signedAt)
		address := start(t, Options{Now: c.Now})
		for range 6 {
			wantAnswer(t, ask(t, address, "GET "+imsPath, sign(t, imsPath, "", wrong, c.Now().Add(-time.Hour), nil)...), 401, expiredSignature)
			wantAnswer(t, ask(t, address, "GET "+imsPath, "Authorization: SDK-HMAC-SHA256 Access="+ReaderKeyID), 401, badToken)
		}
		wantAnswer(t, ask(t, address, "GET "+imsPath, sign(t, imsPath, "", readerKey, c.Now(), nil)...), 200, resources(imageQuota))
	})
	t.Run("a token is not locked", func(t *testing.T) {
		c := newClock(signedAt)
		address := start(t, Options{Now: c.Now})
		for range 6 {
			ask(t, address, "GET "+imsPath, sign(t, imsPath, "", wrong, c.Now(), nil)...)
		}
		wantAnswer(t, ask(t, address, "GET "+imsPath, reader), 200, resources(imageQuota))
		wantAnswer(t, ask(t, address, "GET "+imsPath, append(sign(t, imsPath, "", readerKey, c.Now(), nil), reader)...), 401, lockedKey)
	})
}

func TestTemporaryKeys(t *testing.T) {
	expires := signedAt.Add(time.Hour)
	temporary := signature.Key{ID: "QSTEMPORARY000000001", Secret: "temporary-secret"}
	ends := strings.Replace(expiredToken, "2024-02-28T12:00:00.000000Z", "2024-02-27T13:00:00.000000Z", 1)
	const right = "X-Security-Token: right"
	tests := []struct {
		name    string
		after   time.Duration
		names   []string
		headers []string
		added   []string
		want    string
	}{
		{name: "signed", headers: []string{right}},
		{name: "added after signing", added: []string{right}},
		{name: "missing", want: badToken},
		{name: "wrong", headers: []string{"X-Security-Token: wrong"}, want: badToken},
		{name: "longer", headers: []string{right + "x"}, want: badToken},
		{name: "empty", added: []string{"X-Security-Token:"}, want: badToken},
		{name: "doubled", names: []string{"x-sdk-date"}, added: []string{right, right}, want: badToken},
		{name: "just in time", after: time.Hour - time.Second, headers: []string{right}},
		{name: "too late", after: time.Hour, headers: []string{right}, want: ends},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			data := Sample()
			key := AccessKey{temporary.ID, temporary.Secret, "right", expires}
			data.Principals[0].AccessKeys = append(slices.Clone(data.Principals[0].AccessKeys), key)
			now := signedAt.Add(test.after)
			o := at(now)
			o.Data = &data
			address := start(t, o)
			lines := append(sign(t, imsPath, "", temporary, now, test.names, test.headers...), test.added...)
			got := ask(t, address, "GET "+imsPath, lines...)
			if test.want == "" {
				wantAnswer(t, got, http.StatusOK, resources(imageQuota))
			} else {
				wantAnswer(t, got, http.StatusUnauthorized, test.want)
			}
			for _, secret := range []string{"right", temporary.Secret, temporary.ID} {
				if strings.Contains(got.body, secret) {
					t.Errorf("the answer tells %s", secret)
				}
			}
		})
	}
}
