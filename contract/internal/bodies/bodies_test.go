package bodies

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract/internal/media"
	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// body is a test case: a body and what the document defines for it.
type body struct {
	name    string
	content string // the media type object of the document, as YAML in one line
	sent    string // the Content-Type
	data    string
	want    string   // the value as JSON, or the names that were not read; "" for no value
	errs    []string // id and pointer
}

// contentOf reads a media type object of a document.
func contentOf(t *testing.T, name, content string) *spec.MediaType {
	t.Helper()
	text := `{openapi: 3.2.0, info: {title: a, version: b}, paths: {/a: {post: {requestBody: {content: {'` + name + `': ` + content +
		`}}, responses: {}}}}}`
	doc, err := spec.Read("a.yaml", []byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	return doc.Operations[0].Body.Content[0]
}

// check reads bodies and compares values and errors.
func check(t *testing.T, wantText bool, tests []body) {
	t.Helper()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			sent, err := media.Parse(test.sent)
			if err != nil {
				t.Fatal(err)
			}
			anything := func(*spec.Schema, strictjson.Value) bool { return true }
			b, errs := Read(sent, []byte(test.data), contentOf(t, sent.Name, test.content), anything)
			got, ids := "", []string(nil)
			if b.Value.Exists() {
				text, err := json.Marshal(b.Value.Any())
				if err != nil {
					t.Fatal(err)
				}
				got = string(text)
			}
			if len(b.Unread) > 0 {
				got = "all but " + strings.Join(b.Unread, ", ")
			}
			for _, f := range errs {
				ids = append(ids, strings.TrimSpace(f.ID+" "+f.Pointer))
				if f.Want == "" || f.Got == "" || f.RFC == "" {
					t.Errorf("an error without words: %+v", f)
				}
			}
			isOtherText := b.Value.Exists() && b.Text != wantText
			if got != test.want || isOtherText {
				t.Errorf("got %s (text %t), want %s", got, b.Text, test.want)
			}
			if diff := cmp.Diff(test.errs, ids); diff != "" {
				t.Errorf("errors (-want +got):\n%s", diff)
			}
		})
	}
}

func TestJSON(t *testing.T) {
	check(t, false, []body{
		{name: "a value", content: "{schema: {}}", sent: "application/json", data: `{"a":[1,null]}`, want: `{"a":[1,null]}`},
		{
			name: "a member twice", content: "{schema: {}}", sent: "application/problem+json", data: `{"a":{"b":1,"b":2}}`,
			want: `{"a":{"b":2}}`, errs: []string{"body/duplicate-member /a/b"},
		},
		{name: "no JSON", content: "{schema: {}}", sent: "application/json", data: `{`, want: "", errs: []string{"body/truncated"}},
	})
}

func TestText(t *testing.T) {
	const text = "{schema: {type: string}}"
	check(t, true, []body{
		{name: "a word", content: text, sent: "text/plain", data: "UP", want: `"UP"`},
		{name: "a number is a text", content: "{schema: {type: integer}}", sent: "text/plain", data: "7", want: `"7"`},
		{name: "a line end is part of it", content: text, sent: "text/plain; charset=UTF-8", data: "UP\n", want: `"UP\n"`},
		{name: "Latin-1", content: text, sent: "text/plain; charset=ISO-8859-1", data: "Gr\xfc\xdfe", want: `"Grüße"`},
		{name: "no charset, and not UTF-8", content: text, sent: "text/plain", data: "Gr\xfcn", want: `"Gr�n"`},
		{
			name: "not in its charset", content: text, sent: "text/plain; charset=utf-8", data: "Gr\xfcn", want: "",
			errs: []string{"body/invalid-utf8"},
		},
		{name: "an unknown charset", content: text, sent: "text/plain; charset=koi8-r", data: "x", want: ""},
		{name: "no text can be an object", content: "{schema: {type: object}}", sent: "text/plain", data: "{}", want: ""},
		{name: "a page", content: text, sent: "text/html", data: "<p>", want: `"\u003cp\u003e"`},
	})
}

func TestUnread(t *testing.T) {
	for _, name := range []string{"application/xml", "text/xml", "application/octet-stream", "image/png", "text/csv",
		"multipart/mixed; boundary=x"} {
		check(t, false, []body{{name: name, content: "{schema: {type: string}}", sent: name, data: "x", want: ""}})
	}
}

func TestForm(t *testing.T) {
	const form = "application/x-www-form-urlencoded"
	const things = "{schema: {type: object, properties: {name: {type: string}, count: {type: integer}, tags: {type: array, " +
		"items: {type: string}}, size: {type: object, properties: {w: {type: integer}}}}}"
	check(t, true, []body{
		{name: "texts", content: things + "}", sent: form, data: "name=a+b%26c&count=7", want: `{"count":"7","name":"a b\u0026c"}`},
		{name: "nothing", content: things + "}", sent: form, data: "", want: `{}`},
		{name: "ampersands alone", content: things + "}", sent: form, data: "&&", want: `{}`},
		{name: "an empty value", content: things + "}", sent: form, data: "name=", want: `{"name":""}`},
		{name: "a list, one after the other", content: things + "}", sent: form, data: "tags=a&tags=b,c", want: `{"tags":["a","b,c"]}`},
		{name: "a list of one", content: things + "}", sent: form, data: "tags=a", want: `{"tags":["a"]}`},
		{
			name: "a list in one value", content: things + ", encoding: {tags: {style: form, explode: false}}}", sent: form,
			data: "tags=a,b%2Cc&name=x", want: `{"name":"x","tags":["a","b,c"]}`,
		},
		{
			name: "a list between bars", content: things + ", encoding: {tags: {style: pipeDelimited, explode: false}}}", sent: form,
			data: "tags=a%7Cb", want: `{"tags":["a","b"]}`,
		},
		{
			name: "an object in brackets", content: things + ", encoding: {size: {style: deepObject, explode: true}}}", sent: form,
			data: "size%5Bw%5D=1&name=x", want: `{"name":"x","size":{"w":"1"}}`,
		},
		{name: "an object as JSON", content: things + "}", sent: form, data: "size=%7B%22w%22:1%7D", want: `{"size":{"w":1}}`},
		{name: "an object that is no JSON", content: things + "}", sent: form, data: "size=w", want: `{"size":"w"}`},
		{
			name:    "a list of objects as JSON",
			content: "{schema: {type: object, properties: {sizes: {type: array, items: {type: object}}}}}", sent: form,
			data: "sizes=%7B%22w%22:1%7D&sizes=%7B%7D", want: `{"sizes":[{"w":1},{}]}`,
		},
		{
			name: "an object or null, as JSON", content: "{schema: {type: object, properties: {size: {type: [object, 'null']}}}}",
			sent: form, data: "size=%7B%22w%22:1%7D", want: `{"size":{"w":1}}`,
		},
		{
			name: "JSON by its encoding", content: things + ", encoding: {name: {contentType: application/json}}}", sent: form,
			data: "name=%5B1%5D", want: `{"name":[1]}`,
		},
		{
			name: "an empty value with an encoding", content: things + ", encoding: {tags: {explode: false}}}", sent: form,
			data: "tags=", want: `{"tags":""}`,
		},
		{name: "an undocumented name", content: things + "}", sent: form, data: "other=1&other=2", want: `{"other":["1","2"]}`},
		{name: "a scalar twice", content: things + "}", sent: form, data: "name=a&name=b", want: `{"name":["a","b"]}`},
		{name: "a wrong escape", content: things + "}", sent: form, data: "name=a&count=%zz", want: "", errs: []string{"body/form-syntax"}},
		{
			name: "an unknown style", content: things + ", encoding: {tags: {style: spiral}}}", sent: form,
			data: "tags=a&name=x", want: "all but tags",
		},
		{
			name: "an unknown style, not sent", content: things + ", encoding: {tags: {style: spiral}}}", sent: form,
			data: "name=x", want: `{"name":"x"}`,
		},
		{
			name: "an unknown style, of no property", content: things + ", encoding: {other: {style: spiral}}}", sent: form,
			data: "other=x", want: "{}",
		},
		{
			name: "XML by its encoding", content: things + ", encoding: {size: {contentType: application/xml}}}", sent: form,
			data: "size=x&name=a", want: "all but size",
		},
		{
			name: "XML by its encoding, and JSON all the same", content: things + ", encoding: {size: {contentType: application/xml}}}",
			sent: form, data: "size=%7B%7D", want: `{"size":{}}`,
		},
		{
			name: "a list of objects in XML",
			content: "{schema: {type: object, properties: {sizes: {type: array, items: {type: object}}}}, encoding: {sizes: {contentType: " +
				"application/xml}}}",
			sent: form, data: "sizes=x", want: "all but sizes",
		},
		{
			name: "a text in XML", content: things + ", encoding: {name: {contentType: application/xml}}}", sent: form, data: "name=x",
			want: `{"name":"x"}`,
		},
		{
			name: "JSON by its encoding, broken", content: things + ", encoding: {name: {contentType: application/json}}}", sent: form,
			data: "name=%5B", want: "{}", errs: []string{"body/form-value /name"},
		},
	})
}

func TestFormData(t *testing.T) {
	const sent = "multipart/form-data; boundary=x"
	const things = "{schema: {type: object, properties: {name: {type: string}, files: {type: array, items: {type: string}}, " +
		"size: {type: object}}}"
	const lists = "{schema: {type: object, properties: {sizes: {type: array, items: {type: object}}, counts: {type: array, " +
		"items: {type: integer}}, files: {allOf: [{type: [array, 'null'], items: {type: string}}]}, any: {type: array}, size: {type: " +
		"[object, 'null']}, count: {type: integer}}}"
	part := func(head, text string) string {
		return "--x\r\nContent-Disposition: form-data; " + head + "\r\n\r\n" + text + "\r\n"
	}
	check(t, true, []body{
		{
			name: "texts", content: things + "}", sent: sent,
			data: part(`name="name"`, "a b") + part(`name="count"`, "7") + "--x--\r\n", want: `{"count":"7","name":"a b"}`,
		},
		{name: "nothing", content: things + "}", sent: sent, data: "--x--\r\n", want: "{}"},
		{
			name: "a list", content: things + "}", sent: sent,
			data: part(`name="files"; filename="a"`, "1") + part(`name="files"; filename="b"`, "2") + "--x--",
			want: `{"files":["1","2"]}`,
		},
		{
			name: "a list of one", content: things + "}", sent: sent, data: part(`name="files"; filename="a"`, "1") + "--x--",
			want: `{"files":["1"]}`,
		},
		{
			name: "JSON", content: things + "}", sent: sent,
			data: part("name=\"size\"\r\nContent-Type: application/json", `{"w":1}`) + "--x--", want: `{"size":{"w":1}}`,
		},
		{
			name: "an object without a type", content: things + "}", sent: sent, data: part(`name="size"`, `{"w":1}`) + "--x--",
			want: `{"size":{"w":1}}`,
		},
		{name: "an object that is no JSON", content: things + "}", sent: sent, data: part(`name="size"`, "w") + "--x--", want: `{"size":"w"}`},
		{
			name: "a duplicate member in JSON", content: things + "}", sent: sent,
			data: part("name=\"size\"\r\nContent-Type: application/json", `{"w":1,"w":2}`) + "--x--", want: `{"size":{"w":2}}`,
			errs: []string{"body/duplicate-member /size/w"},
		},
		{
			name: "no JSON", content: things + "}", sent: sent,
			data: part("name=\"size\"\r\nContent-Type: application/json", `{`) + "--x--", want: `{"size":"{"}`,
			errs: []string{"body/truncated /size"},
		},
		{
			name: "the type of its encoding", content: things + ", encoding: {name: {contentType: 'image/png, text/*'}}}", sent: sent,
			data: part("name=\"name\"\r\nContent-Type: text/css", "a") + "--x--", want: `{"name":"a"}`,
		},
		{
			name: "another type than its encoding", content: things + ", encoding: {name: {contentType: image/png}}}", sent: sent,
			data: part("name=\"name\"\r\nContent-Type: image/gif", "a") + "--x--", want: `{"name":"a"}`,
			errs: []string{"body/part-type /name"},
		},
		{
			name: "an object in documented XML", content: things + ", encoding: {size: {contentType: application/xml}}}",
			sent: sent, data: part("name=\"size\"\r\nContent-Type: application/xml", "<a/>") + "--x--", want: "all but size",
		},
		{
			name: "a text in documented XML", content: things + ", encoding: {name: {contentType: application/xml}}}",
			sent: sent, data: part("name=\"name\"\r\nContent-Type: application/xml", "<a/>") + "--x--",
			want: `{"name":"\u003ca/\u003e"}`,
		},
		{
			name: "an object in undocumented XML", content: things + "}", sent: sent,
			data: part("name=\"size\"\r\nContent-Type: application/xml", "<a/>") + "--x--", want: `{"size":"\u003ca/\u003e"}`,
		},
		{
			name:    "an object in XML where its encoding has JSON",
			content: things + ", encoding: {size: {contentType: application/json}}}", sent: sent,
			data: part("name=\"size\"\r\nContent-Type: application/xml", "<a/>") + "--x--", want: `{"size":"\u003ca/\u003e"}`,
			errs: []string{"body/part-type /size"},
		},
		{
			name: "a list of objects in XML", content: lists + ", encoding: {sizes: {contentType: application/xml}}}", sent: sent,
			data: part("name=\"sizes\"\r\nContent-Type: application/xml", "<a/>") + "--x--", want: "all but sizes",
		},
		{
			name:    "a list of objects in XML and in JSON",
			content: lists + ", encoding: {sizes: {contentType: 'application/xml, application/json'}}}", sent: sent,
			data: part("name=\"sizes\"\r\nContent-Type: application/json", "{}") +
				part("name=\"sizes\"\r\nContent-Type: application/xml", "<a/>") + "--x--",
			want: "all but sizes",
		},
		{
			name: "a list of objects in JSON", content: lists + ", encoding: {sizes: {contentType: application/json}}}", sent: sent,
			data: part("name=\"sizes\"\r\nContent-Type: application/json", `{"w":1}`) + "--x--", want: `{"sizes":[{"w":1}]}`,
		},
		{
			name: "a list of objects without a type", content: lists + "}", sent: sent, data: part(`name="sizes"`, `{"w":1}`) + "--x--",
			want: `{"sizes":[{"w":1}]}`,
		},
		{
			name: "a list of numbers in CSV", content: lists + ", encoding: {counts: {contentType: text/csv}}}", sent: sent,
			data: part("name=\"counts\"\r\nContent-Type: text/csv", "1,2") + "--x--", want: "all but counts",
		},
		{
			name: "a list of texts in XML", content: lists + ", encoding: {files: {contentType: application/xml}}}", sent: sent,
			data: part("name=\"files\"\r\nContent-Type: application/xml", "<a/>") + "--x--", want: `{"files":["\u003ca/\u003e"]}`,
		},
		{
			name: "a list of no items", content: lists + ", encoding: {any: {contentType: application/xml}}}", sent: sent,
			data: part("name=\"any\"\r\nContent-Type: application/xml", "<a/>") + "--x--", want: `{"any":["\u003ca/\u003e"]}`,
		},
		{name: "a list or null", content: lists + "}", sent: sent, data: part(`name="files"`, "a") + "--x--", want: `{"files":["a"]}`},
		{
			name: "an object or null in XML", content: lists + ", encoding: {size: {contentType: application/xml}}}", sent: sent,
			data: part("name=\"size\"\r\nContent-Type: application/xml", "<a/>") + "--x--", want: "all but size",
		},
		{
			name: "an object or null without a type", content: lists + "}", sent: sent, data: part(`name="size"`, "{}") + "--x--",
			want: `{"size":{}}`,
		},
		{
			name: "a number in a form", content: lists + ", encoding: {count: {contentType: application/x-www-form-urlencoded}}}",
			sent: sent, data: part("name=\"count\"\r\nContent-Type: application/x-www-form-urlencoded", "a=1") + "--x--",
			want: "all but count",
		},
		{
			name: "a number as a text", content: lists + ", encoding: {count: {contentType: text/plain}}}", sent: sent,
			data: part("name=\"count\"\r\nContent-Type: text/plain", "1") + "--x--", want: `{"count":"1"}`,
		},
		{
			name: "an object as a text", content: lists + ", encoding: {size: {contentType: text/plain}}}", sent: sent,
			data: part("name=\"size\"\r\nContent-Type: text/plain", "w") + "--x--", want: "all but size",
		},
		{
			name: "no type is text/plain", content: things + ", encoding: {name: {contentType: text/plain}}}", sent: sent,
			data: part(`name="name"`, "a") + "--x--", want: `{"name":"a"}`,
		},
		{
			name: "no type where the encoding has one", content: things + ", encoding: {name: {contentType: image/png}}}", sent: sent,
			data: part(`name="name"`, "a") + "--x--", want: `{"name":"a"}`, errs: []string{"body/part-type /name"},
		},
		{
			name: "an invalid type", content: things + "}", sent: sent,
			data: part("name=\"name\"\r\nContent-Type: text", "a") + "--x--", want: `{"name":"a"}`,
			errs: []string{"body/part-type /name"},
		},
		{
			name: "a part without a name", content: things + "}", sent: sent,
			data: part(`filename="a"`, "a") + part(`name="name"`, "b") + "--x--", want: `{"name":"b"}`,
			errs: []string{"body/part-name"},
		},
		{
			name: "cut off in a part", content: things + "}", sent: sent, data: part(`name="name"`, "a"), want: "",
			errs: []string{"body/not-multipart"},
		},
		{
			name: "cut off between parts", content: things + "}", sent: sent, data: part(`name="name"`, "a") + "--x\r\n", want: "",
			errs: []string{"body/not-multipart"},
		},
		{name: "no part", content: things + "}", sent: sent, data: "a=b", want: "", errs: []string{"body/not-multipart"}},
		{name: "no boundary", content: things + "}", sent: "multipart/form-data", data: "--x--", want: "", errs: []string{"body/no-boundary"}},
		{
			name: "too many parts", content: things + "}", sent: sent,
			data: strings.Repeat(part(`name="a"`, ""), maxFormParts+1) + "--x--", want: "", errs: []string{"body/too-large"},
		},
	})
}

func TestItems(t *testing.T) {
	const item = "{itemSchema: {type: object}}"
	check(t, false, []body{
		{name: "lines", content: item, sent: "application/x-ndjson", data: "{\"a\":1}\r\n\n7\n", want: `[{"a":1},7]`},
		{name: "no line", content: item, sent: "application/jsonl", data: "", want: `[]`},
		{name: "no end of the last line", content: item, sent: "application/jsonl", data: "1\n2", want: `[1,2]`},
		{
			name: "two values in a line", content: item, sent: "application/jsonl", data: "1\n2 3", want: `[1,2]`,
			errs: []string{"body/trailing-bytes /1"},
		},
		{
			name: "a member twice in the second", content: item, sent: "application/jsonl", data: "{}\n{\"a\":1,\"a\":1}",
			want: `[{},{"a":1}]`, errs: []string{"body/duplicate-member /1/a"},
		},
		{
			name: "a line that is no JSON", content: item, sent: "application/jsonl", data: "1\nx\n[", want: "",
			errs: []string{"body/not-json /1", "body/truncated /2"},
		},
		{name: "lines without a schema", content: "{}", sent: "application/jsonl", data: "1", want: ""},

		{name: "records", content: item, sent: "application/json-seq", data: "\x1e{\"a\":\n1}\n\x1e7\n", want: `[{"a":1},7]`},
		{name: "no record", content: item, sent: "application/json-seq", data: "", want: `[]`},
		{name: "no separator", content: item, sent: "application/json-seq", data: "1\n", want: "", errs: []string{"body/not-json-seq"}},

		{
			name: "events", content: item, sent: "text/event-stream",
			data: "event: add\ndata: a\ndata:b\nretry: 05\nother: x\n: a comment\n\nid: 7\r\ndata: {}\r\r\n",
			want: `[{"data":"a\nb","event":"add","retry":5},{"data":"{}","id":"7"}]`,
		},
		{name: "an event that is cut off", content: item, sent: "text/event-stream", data: "data: a\n\ndata: b\n", want: `[{"data":"a"}]`},
		{name: "empty data", content: item, sent: "text/event-stream", data: "data\n\n", want: `[{"data":""}]`},
		{name: "comments and odd numbers alone", content: item, sent: "text/event-stream", data: ": x\n\nretry: -1\n\n", want: `[]`},
		{
			name: "events of which only the bytes are described", content: "{schema: {type: string}}", sent: "text/event-stream",
			data: "data: a\n\n", want: "",
		},
	})
}

func TestSchemas(t *testing.T) {
	for _, test := range []struct {
		name, sent, content string
		whole, item         bool
	}{
		{name: "an item", sent: "application/jsonl", content: "{itemSchema: {type: object}}", whole: false, item: true},
		{name: "all items", sent: "application/jsonl", content: "{schema: {type: array}}", whole: true, item: false},
		{name: "both", sent: "application/jsonl", content: "{schema: {maxItems: 2}, itemSchema: {type: object}}", whole: true, item: true},
		{
			name: "an item, and a schema that is for none", sent: "application/jsonl",
			content: "{schema: {type: string}, itemSchema: {type: object}}", whole: false, item: true,
		},
		{name: "a schema that allows no array", sent: "application/jsonl", content: "{schema: {type: object}}", whole: false, item: true},
		{name: "an empty schema", sent: "application/jsonl", content: "{schema: {}}", whole: false, item: true},
		{name: "nothing", sent: "application/jsonl", content: "{}", whole: false, item: false},
		{name: "events as an array", sent: "text/event-stream", content: "{schema: {type: array}}", whole: true, item: false},
		{name: "events as an object", sent: "text/event-stream", content: "{schema: {type: object}}", whole: false, item: false},
	} {
		sent, err := media.Parse(test.sent)
		if err != nil {
			t.Fatal(err)
		}
		whole, item := Schemas(sent, contentOf(t, sent.Name, test.content))
		if (whole != nil) != test.whole || (item != nil) != test.item {
			t.Errorf("%s: got whole %t and item %t, want %t and %t", test.name, whole != nil, item != nil, test.whole, test.item)
		}
	}
}

// FuzzRead tests that Read returns for any bytes, and that each error has all its texts.
func FuzzRead(f *testing.F) {
	types := []string{"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/jsonl",
		"application/json-seq", "text/event-stream"}
	for i, data := range []string{"a", "a=b&c[d]=e", "--x\r\nContent-Disposition: form-data; name=a\r\n\r\nb\r\n--x--", "1\n2",
		"\x1e1\n", "data: a\n\n"} {
		f.Add(uint8(i), []byte(data))
	}
	m := &spec.MediaType{ItemSchema: &spec.Schema{}, Schema: &spec.Schema{}, Encoding: []spec.Encoding{
		{Property: "c", Style: "deepObject", Explode: true}, {Property: "a", Style: "form"},
	}}
	f.Fuzz(func(t *testing.T, kind uint8, data []byte) {
		sent, err := media.Parse(types[int(kind)%len(types)])
		if err != nil {
			t.Fatal(err)
		}
		_, errs := Read(sent, data, m, func(*spec.Schema, strictjson.Value) bool { return false })
		for _, f := range errs {
			if f.Want == "" || f.Got == "" || f.RFC == "" {
				t.Errorf("an error without words: %+v", f)
			}
		}
	})
}
