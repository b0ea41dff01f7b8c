package client_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/client"
	"github.com/quotaspec/quotaspec/gen/iam"
)

// BenchmarkClient reads the ten quotas of an account: by hand with net/http and encoding/json, with the generated client, and
// with ours, which also rejects incomplete responses and retries. In memory it measures the client alone; over loopback also
// net/http. docs/performance.md has the ratios.
func BenchmarkClient(b *testing.B) {
	inMemory := transport(func(r *http.Request) (*http.Response, error) {
		return &http.Response{
			StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}}, Request: r,
			Body: io.NopCloser(strings.NewReader(allTypes)), ContentLength: int64(len(allTypes)),
		}, nil
	})
	loopback := httptest.NewServer(fixed(200, "application/json", allTypes))
	defer loopback.Close()
	wire := &http.Transport{}
	defer wire.CloseIdleConnections()
	for _, over := range []struct {
		name string
		url  string
		http *http.Client
	}{
		{name: "memory", url: "http://iam.example.com", http: &http.Client{Transport: inMemory}},
		{name: "loopback", url: loopback.URL, http: &http.Client{Transport: wire}},
	} {
		generated, err := iam.NewClientWithResponses(over.url, iam.WithHTTPClient(over.http), iam.WithRequestEditorFn(
			func(_ context.Context, r *http.Request) error { r.Header.Set("X-Auth-Token", token); return nil }))
		if err != nil {
			b.Fatal(err)
		}
		ours := &client.Client{Token: client.Secret(token), IAMURL: over.url, HTTPClient: over.http}
		signing := &client.Client{AccessKey: "AK", SecretKey: client.Secret("SK"), IAMURL: over.url, HTTPClient: over.http}
		for _, way := range []struct {
			name string
			call func(context.Context) (int, error)
		}{
			{name: "by-hand", call: func(ctx context.Context) (int, error) { return byHand(ctx, over.http, over.url) }},
			{name: "generated", call: func(ctx context.Context) (int, error) {
				response, err := generated.ShowDomainQuotaWithResponse(ctx, domainID, nil)
				if err != nil || response.JSON200 == nil {
					return 0, fmt.Errorf("no response: %w", err)
				}
				return len(response.JSON200.Quotas.Resources), nil
			}},
			{name: "ours", call: func(ctx context.Context) (int, error) {
				quotas, err := ours.DomainQuotas(ctx, domainID)
				return len(quotas), err
			}},
			{name: "ours-signed", call: func(ctx context.Context) (int, error) {
				quotas, err := signing.DomainQuotas(ctx, domainID)
				return len(quotas), err
			}},
		} {
			b.Run(over.name+"/"+way.name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if n, err := way.call(b.Context()); err != nil || n != 10 {
						b.Fatalf("got %d quotas, %v", n, err)
					}
				}
			})
		}
	}
}

// byHand is the code that a program without a client would have.
func byHand(ctx context.Context, httpClient *http.Client, url string) (int, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/v3.0/OS-QUOTA/domains/"+domainID, nil)
	if err != nil {
		return 0, err
	}
	request.Header.Set("X-Auth-Token", token)
	request.Header.Set("Accept", "application/json")
	response, err := httpClient.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, err
	}
	if response.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("status %d", response.StatusCode)
	}
	var decoded struct {
		Quotas struct {
			Resources []struct {
				Type            string
				Quota, Min, Max int32
				Used            *int32
			}
		}
	}
	if err := json.Unmarshal(text, &decoded); err != nil {
		return 0, err
	}
	return len(decoded.Quotas.Resources), nil
}

// BenchmarkImages reads the quota of images in memory, for comparison with the vendor's SDK (contract/interop).
func BenchmarkImages(b *testing.B) {
	inMemory := &http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
		return &http.Response{
			StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}}, Request: r,
			Body: io.NopCloser(strings.NewReader(image)), ContentLength: int64(len(image)),
		}, nil
	})}
	for name, c := range map[string]*client.Client{
		"token":  {Token: client.Secret(token), IMSURL: "http://ims.example.com", HTTPClient: inMemory},
		"signed": {AccessKey: "AK", SecretKey: client.Secret("SK"), IMSURL: "http://ims.example.com", HTTPClient: inMemory},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if quotas, err := c.ImageQuotas(b.Context()); err != nil || len(quotas) != 1 {
					b.Fatal(quotas, err)
				}
			}
		})
	}
}
