package contract_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// files is a document with files that few documents have.
const files = `openapi: 3.0.3
info: {title: Forms, version: '1'}
paths:
  /files/{name}.{ending}:
    get:
      operationId: showFile
      parameters:
        - {name: name, in: path, required: true, schema: {type: string}}
        - {name: ending, in: path, required: true, schema: {type: string, enum: [txt, tar.gz]}}
        - {name: any, in: query, schema: {description: of no type}}
        - {name: page, in: query, explode: false, schema: {type: array, items: {type: integer}}}
      responses:
        '200':
          description: A file.
          headers:
            File-Size: {schema: {allOf: [{type: integer}, {minimum: 1}]}}
            Set-Cookie: {schema: {type: string}}
            Link: {schema: {type: string}}
            Expires: {schema: {type: string, minLength: 29, maxLength: 29}}
            File-Parts: {schema: {allOf: [{type: array, items: {allOf: [{type: integer}]}}]}}
          content:
            application/json:
              schema: {type: object}
`

// TestParametersAndHeaders checks what the judge makes of parameters that share a segment, of headers whose schema has parts, and of
// targets in absolute form.
func TestParametersAndHeaders(t *testing.T) {
	judge := newJudge(t, files)
	const answer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
	for _, test := range []struct {
		name, target, headers string
		unknown               bool
		want                  []string // id, pointer and what was got
	}{
		{name: "two parameters in a segment", target: "/files/a.txt"},
		{name: "the first takes no more than it must", target: "/files/a.tar.gz"},
		{name: "the second is wrong", target: "/files/a.zip", want: []string{"parameter/enum /request/path/ending \"zip\""}},
		{name: "one of the two is empty", target: "/files/a.", unknown: true},
		{name: "none of the two", target: "/files/a", unknown: true},
		{name: "an absolute target", target: "http://files.example/files/a.txt?page=1,2"},
		{name: "an absolute target of another path", target: "https://files.example/", unknown: true},
		{name: "an absolute target without a path", target: "http://files.example?page=1", unknown: true},
		{
			name: "a list that cannot be read", target: "/files/a.txt?page=1,x",
			want: []string{"parameter/type /request/query/page/1 string \"x\""},
		},
		{name: "a value of no type", target: "/files/a.txt?any=1"},
		{name: "no value of no type", target: "/files/a.txt?any=", want: []string{"parameter/empty /request/query/any \"\""}},
		{name: "headers by their parts", target: "/files/a.txt", headers: "File-Size: 7\r\nFile-Parts: 1, 2\r\n"},
		{name: "a list over two lines", target: "/files/a.txt", headers: "File-Parts: 1\r\nFile-Parts: 2\r\n"},
		{
			name: "a number over two lines", target: "/files/a.txt", headers: "File-Size: 1\r\nFile-Size: 2\r\n",
			want: []string{"header/doubled /response/headers/file-size 2 times"},
		},
		{name: "links over two lines", target: "/files/a.txt", headers: "Link: </a>; rel=next\r\nLink: </b>; rel=prev\r\n"},
		{name: "two cookies", target: "/files/a.txt", headers: "Set-Cookie: a=1\r\nSet-Cookie: b=2\r\n"},
		{name: "a date that was split", target: "/files/a.txt", headers: "Expires: Thu\r\nExpires: 01 Jan 2026 00:00:00 GMT\r\n"},
		{
			name: "a date that was split, and the document has none", target: "/files/a.txt",
			headers: "Date: Thu\r\nDate: 01 Jan 2026 00:00:00 GMT\r\n",
		},
		{
			name: "two dates", target: "/files/a.txt",
			headers: "Date: Thu, 01 Jan 2026 00:00:00 GMT\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\n",
			want:    []string{"header/doubled /response/headers/date 2 times"},
		},
		{
			name: "a header below its minimum", target: "/files/a.txt", headers: "File-Size: 0\r\n",
			want: []string{"header/minimum /response/headers/file-size \"0\""},
		},
		{name: "a header that is an integer with a point", target: "/files/a.txt", headers: "File-Size: 7.0\r\n"},
		{
			name: "a header that is no number", target: "/files/a.txt", headers: "File-Size: big\r\n",
			want: []string{"header/type /response/headers/file-size string \"big\""},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			v := checkRaw(t, judge, "GET "+test.target+" HTTP/1.1\r\nHost: files.example\r\n\r\n", answer+test.headers+"\r\n{}")
			if v.Judged == test.unknown {
				t.Errorf("judged: %v", v.Judged)
			}
			var got []string
			for _, f := range v.Findings {
				got = append(got, f.ID+" "+f.Pointer+" "+f.Got)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}
