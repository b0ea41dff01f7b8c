package interop

import (
	"bytes"
	"io"
	"net/http"
	"testing"

	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/auth"
	iammodel "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/iam/v3/model"
	imsmodel "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/ims/v2/model"

	"github.com/quotaspec/quotaspec/contract/recordings"
	"github.com/quotaspec/quotaspec/server"
)

// The benchmarks are named Benchmark{client}/{memory,loopback}/{iam,ims}, so that "benchstat -col .name" compares the clients.
// In memory, a transport returns the recorded body at once and only the client works. On loopback, net/http serves the body in
// the same process, so its allocations are included.

func BenchmarkSDK(b *testing.B) { benchmark(b, token(server.ReaderToken)) }

func BenchmarkSDKSigned(b *testing.B) { benchmark(b, readerBasicKey()) }

func benchmark(b *testing.B, credential auth.ICredential) {
	account, images := bodyOf(b, "iam-200-all-types"), bodyOf(b, "ims-200-image")
	for _, way := range []struct {
		name      string
		transport func(body []byte) http.RoundTripper
		endpoint  func(body []byte) string
	}{
		{
			name: "memory", transport: func(body []byte) http.RoundTripper { return replay(body) },
			endpoint: func([]byte) string { return "http://quotas.test" },
		},
		{
			name: "loopback", transport: func([]byte) http.RoundTripper { return nil },
			endpoint: func(body []byte) string { return serve(b, respond(200, "application/json", string(body))) },
		},
	} {
		b.Run(way.name+"/iam", func(b *testing.B) {
			client := user{credential: credential, transport: way.transport(account)}.iam(b, way.endpoint(account))
			b.ReportAllocs()
			for b.Loop() {
				response, err := client.ShowDomainQuota(&iammodel.ShowDomainQuotaRequest{DomainId: server.SampleDomainID})
				if err != nil || len(*response.Quotas.Resources) != 10 {
					b.Fatalf("got %v, %v", response, err)
				}
			}
		})
		b.Run(way.name+"/ims", func(b *testing.B) {
			client := user{credential: credential, transport: way.transport(images)}.ims(b, way.endpoint(images))
			b.ReportAllocs()
			for b.Loop() {
				response, err := client.ShowImageQuota(&imsmodel.ShowImageQuotaRequest{})
				if err != nil || len(response.Quotas.Resources) != 1 {
					b.Fatalf("got %v, %v", response, err)
				}
			}
		})
	}
}

// replay is a transport that returns this body.
type replay []byte

func (r replay) RoundTrip(request *http.Request) (*http.Response, error) {
	return &http.Response{
		Status: "200 OK", StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {"application/json"}, "X-Request-Id": {"5d4b3c2a1f0e4d3c8b7a69584736251f"}},
		Body:   io.NopCloser(bytes.NewReader(r)), ContentLength: int64(len(r)), Request: request,
	}, nil
}

func bodyOf(b *testing.B, name string) []byte {
	b.Helper()
	all, err := recordings.Embedded()
	if err != nil {
		b.Fatal(err)
	}
	for _, r := range all {
		if r.Name() == name {
			return r.Body
		}
	}
	b.Fatalf("no recording %s", name)
	return nil
}
