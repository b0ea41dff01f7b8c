package contract_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestContentEncodings checks that a compressed body is judged by its content, in each coding that browsers accept.
func TestContentEncodings(t *testing.T) {
	judge := newJudge(t, `openapi: 3.0.3
info: {title: Packed, version: '1'}
paths:
  /things:
    get: {operationId: listThings, responses: {'200': {description: All., content: {application/json: {schema: {type: array}}}}}}
`)
	for _, test := range []struct {
		name, coding, body string
		want               []string
	}{
		{name: "brotli, as documented", coding: "br", body: "\x8b\x00\x80[]\x03"},
		{name: "brotli, another type", coding: "br", body: "\x8b\x00\x80{}\x03", want: []string{"schema/type /response/body"}},
		{name: "zstd, as documented", coding: "zstd", body: "\x28\xb5\x2f\xfd\x00\x58\x11\x00\x00[]"},
		{
			name: "zstd, another type", coding: "zstd", body: "\x28\xb5\x2f\xfd\x00\x58\x11\x00\x00{}",
			want: []string{"schema/type /response/body"},
		},
		{
			name: "brotli cut off", coding: "br", body: "\x8b\x00\x80[]",
			want: []string{"content-encoding/corrupt /response/headers/content-encoding"},
		},
		{
			name: "an unknown coding", coding: "zap", body: "[]",
			want: []string{"content-encoding/unknown /response/headers/content-encoding"},
		},
	} {
		result := checkRaw(t, judge, "GET /things HTTP/1.1\r\n\r\n",
			parcelResponse(200, "application/json", test.body, "Content-Encoding: "+test.coding))
		if diff := cmp.Diff(test.want, idsAndPointers(result.Findings)); diff != "" {
			t.Errorf("%s: ids and pointers (-want +got):\n%s", test.name, diff)
		}
	}
}
