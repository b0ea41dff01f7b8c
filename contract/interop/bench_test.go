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

// The benchmarks of a client are Benchmark{client}/{memory,loopback}/{iam,ims}, so that "benchstat -col .name" puts them side
// by side. In memory nothing but the client works: the recorded body is there at once. Over loopback net/http serves it, in
// the same process, and its allocations count with everybody.

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
			name: "memory", transport: func(body []byte) http.RoundTripper { return remembered(body) },
			endpoint: func([]byte) string { return "http://quotas.test" },
		},
		{
			name: "loopback", transport: func([]byte) http.RoundTripper { return nil },
			endpoint: func(body []byte) string { return serve(b, answering(200, "application/json", string(body))) },
		},
	} {
		b.Run(way.name+"/iam", func(b *testing.B) {
			client := user{credential: credential, transport: way.transport(account)}.iam(b, way.endpoint(account))
			b.ReportAllocs()
			for b.Loop() {
				answer, err := client.ShowDomainQuota(&iammodel.ShowDomainQuotaRequest{DomainId: server.SampleDomainID})
				if err != nil || len(*answer.Quotas.Resources) != 10 {
					b.Fatalf("got %v, %v", answer, err)
				}
			}
		})
		b.Run(way.name+"/ims", func(b *testing.B) {
			client := user{credential: credential, transport: way.transport(images)}.ims(b, way.endpoint(images))
			b.ReportAllocs()
			for b.Loop() {
				answer, err := client.ShowImageQuota(&imsmodel.ShowImageQuotaRequest{})
				if err != nil || len(answer.Quotas.Resources) != 1 {
					b.Fatalf("got %v, %v", answer, err)
				}
			}
		})
	}
}

// remembered is a transport that has the answer already.
type remembered []byte

func (r remembered) RoundTrip(request *http.Request) (*http.Response, error) {
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
