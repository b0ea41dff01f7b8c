package servertest_test

import (
	"net/http"
	"testing"

	"github.com/quotaspec/quotaspec/server"
	"github.com/quotaspec/quotaspec/server/servertest"
)

func TestNew(t *testing.T) {
	for _, test := range []struct {
		name, url, token, prefer string
		want                     int
	}{
		{name: "sample", url: servertest.New(t), token: server.ReaderToken, want: 200},
		{name: "a preferred error", url: servertest.New(t), token: server.ReaderToken, prefer: "code=429", want: 429},
		{name: "without Prefer", url: servertest.With(t, server.Options{}), token: server.ReaderToken, prefer: "code=429", want: 200},
		{name: "no token", url: servertest.With(t, server.Options{}), want: 401},
	} {
		t.Run(test.name, func(t *testing.T) {
			r, err := http.NewRequest(http.MethodGet, test.url+"/v3.0/OS-QUOTA/domains/"+server.SampleDomainID, nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("X-Auth-Token", test.token)
			r.Header.Set("Prefer", test.prefer)
			response, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			response.Body.Close()
			if response.StatusCode != test.want {
				t.Errorf("status %d, want %d", response.StatusCode, test.want)
			}
		})
	}
}
