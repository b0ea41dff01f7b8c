package quotas

import (
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/quotaspec/quotaspec/client"
)

// refusing answers every request after a second.
type refusing struct{}

func (refusing) RoundTrip(r *http.Request) (*http.Response, error) {
	time.Sleep(time.Second)
	return &http.Response{StatusCode: http.StatusForbidden, Header: http.Header{}, Body: http.NoBody, Request: r}, nil
}

// TestMaxConcurrent tests, with a fake clock, that at most eight requests are sent at once.
func TestMaxConcurrent(t *testing.T) {
	for requests, want := range map[int]time.Duration{1: time.Second, 8: time.Second, 9: 2 * time.Second, 17: 3 * time.Second} {
		t.Run(fmt.Sprint(requests), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				account := &Account{Client: client.Client{Token: client.Secret("t"), IMSURL: "http://127.0.0.1",
					HTTPClient: &http.Client{Transport: refusing{}}}}
				for i := range requests {
					account.Projects = append(account.Projects, Project{ID: fmt.Sprint(i)})
				}
				start := time.Now()
				results := AskAll(t.Context(), []*Account{account})
				if took := time.Since(start); took != want {
					t.Errorf("took %s, want %s", took, want)
				}
				for i, r := range results {
					if r.Project != fmt.Sprint(i) || r.Failure == nil || r.Failure.Status != http.StatusForbidden {
						t.Errorf("got %v", r)
					}
				}
			})
		})
	}
}
