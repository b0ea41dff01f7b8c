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
	name string
	says string // the media type object of the document, as YAML in one line
	sent string // the Content-Type
	data string
	want string   // the value as JSON, or the names that were not read; "" for no value
	errs []string // id and pointer
}

// contentOf reads a media type object of a document.
func contentOf(t *testing.T, name, says string) *spec.MediaType {
	t.Helper()
	text := `{openapi: 3.2.0, info: {title: a, version: b}, paths: {/a: {post: {requestBody: {content: {'` + name + `': ` + says +
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
			b, errs := Read(sent, []byte(test.data), contentOf(t, sent.Name, test.says), anything)
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
			if got != test.want || b.Value.Exists() && b.Text != wantText {
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
		{name: "a value", says: "{schema: {}}", sent: "application/json", data: `{"a":[1,null]}`, want: `{"a":[1,null]}`},
		{
			name: "a member twice", says: "{schema: {}}", sent: "application/problem+json", data: `{"a":{"b":1,"b":2}}`,
			want: `{"a":{"b":2}}`, errs: []string{"body/duplicate-member /a/b"},
		},
		{name: "no JSON", says: "{schema: {}}", sent: "application/json", data: `{`, want: "", errs: []string{"body/truncated"}},
	})
}

func TestText(t *testing.T) {
	const text = "{schema: {type: string}}"
	check(t, true, []body{
		{name: "a word", says: text, sent: "text/plain", data: "UP", want: `"UP"`},
		{name: "a number is a text", says: "{schema: {type: integer}}", sent: "text/plain", data: "7", want: `"7"`},
		{name: "a line end is part of it", says: text, sent: "text/plain; charset=UTF-8", data: "UP\n", want: `"UP\n"`},
		{name: "Latin-1", says: text, sent: "text/plain; charset=ISO-8859-1", data: "Gr\xfc\xdfe", want: `"Grüße"`},
		{name: "no charset, and not UTF-8", says: text, sent: "text/plain", data: "Gr\xfcn", want: `"Gr�n"`},
		{
			name: "not in its charset", says: text, sent: "text/plain; charset=utf-8", data: "Gr\xfcn", want: "",
			errs: []string{"body/invalid-utf8"},
		},
		{name: "an unknown charset", says: text, sent: "text/plain; charset=koi8-r", data: "x", want: ""},
		{name: "no text can be an object", says: "{schema: {type: object}}", sent: "text/plain", data: "{}", want: ""},
		{name: "a page", says: text, sent: "text/html", data: "<p>", want: `"\u003cp\u003e"`},
	})
}

func TestUnread(t *testing.T) {
	for _, name := range []string{"application/xml", "text/xml", "application/octet-stream", "image/png", "text/csv",
		"multipart/mixed; boundary=x"} {
		check(t, false, []body{{name: name, says: "{schema: {type: string}}", sent: name, data: "x", want: ""}})
	}
}

func TestForm(t *testing.T) {
	const form = "application/x-www-form-urlencoded"
	const things = "{schema: {type: object, properties: {name: {type: string}, count: {type: integer}, tags: {type: array, " +
		"items: {type: string}}, size: {type: object, properties: {w: {type: integer}}}}}"
	check(t, true, []body{
		{name: "texts", says: things + "}", sent: form, data: "name=a+b%26c&count=7", want: `{"count":"7","name":"a b\u0026c"}`},
		{name: "nothing", says: things + "}", sent: form, data: "", want: `{}`},
		{name: "ampersands alone", says: things + "}", sent: form, data: "&&", want: `{}`},
		{name: "an empty value", says: things + "}", sent: form, data: "name=", want: `{"name":""}`},
		{name: "a list, one after the other", says: things + "}", sent: form, data: "tags=a&tags=b,c", want: `{"tags":["a","b,c"]}`},
		{name: "a list of one", says: things + "}", sent: form, data: "tags=a", want: `{"tags":["a"]}`},
		{
			name: "a list in one value", says: things + ", encoding: {tags: {style: form, explode: false}}}", sent: form,
			data: "tags=a,b%2Cc&name=x", want: `{"name":"x","tags":["a","b,c"]}`,
		},
		{
			name: "a list between bars", says: things + ", encoding: {tags: {style: pipeDelimited, explode: false}}}", sent: form,
			data: "tags=a%7Cb", want: `{"tags":["a","b"]}`,
		},
		{
			name: "an object in brackets", says: things + ", encoding: {size: {style: deepObject, explode: true}}}", sent: form,
			data: "size%5Bw%5D=1&name=x", want: `{"name":"x","size":{"w":"1"}}`,
		},
		{name: "an object as JSON", says: things + "}", sent: form, data: "size=%7B%22w%22:1%7D", want: `{"size":{"w":1}}`},
		{name: "an object that is no JSON", says: things + "}", sent: form, data: "size=w", want: `{"size":"w"}`},
		{
			name: "a list of objects as JSON",
			says: "{schema: {type: object, properties: {sizes: {type: array, items: {type: object}}}}}", sent: form,
			data: "sizes=%7B%22w%22:1%7D&sizes=%7B%7D", want: `{"sizes":[{"w":1},{}]}`,
		},
		{
			name: "an object or null, as JSON", says: "{schema: {type: object, properties: {size: {type: [object, 'null']}}}}",
			sent: form, data: "size=%7B%22w%22:1%7D", want: `{"size":{"w":1}}`,
		},
		{
			name: "JSON by its encoding", says: things + ", encoding: {name: {contentType: application/json}}}", sent: form,
			data: "name=%5B1%5D", want: `{"name":[1]}`,
		},
		{
			name: "an empty value with an encoding", says: things + ", encoding: {tags: {explode: false}}}", sent: form,
			data: "tags=", want: `{"tags":""}`,
		},
		{name: "an undocumented name", says: things + "}", sent: form, data: "other=1&other=2", want: `{"other":["1","2"]}`},
		{name: "a scalar twice", says: things + "}", sent: form, data: "name=a&name=b", want: `{"name":["a","b"]}`},
		{name: "a wrong escape", says: things + "}", sent: form, data: "name=a&count=%zz", want: "", errs: []string{"body/form-syntax"}},
		{
			name: "a style that nothing reads", says: things + ", encoding: {tags: {style: spiral}}}", sent: form,
			data: "tags=a&name=x", want: "all but tags",
		},
		{
			name: "a style that nothing reads, not sent", says: things + ", encoding: {tags: {style: spiral}}}", sent: form,
			data: "name=x", want: `{"name":"x"}`,
		},
		{
			name: "a style that nothing reads, of no property", says: things + ", encoding: {other: {style: spiral}}}", sent: form,
			data: "other=x", want: "{}",
		},
		{
			name: "XML by its encoding", says: things + ", encoding: {size: {contentType: application/xml}}}", sent: form,
			data: "size=x&name=a", want: "all but size",
		},
		{
			name: "XML by its encoding, and JSON all the same", says: things + ", encoding: {size: {contentType: application/xml}}}",
			sent: form, data: "size=%7B%7D", want: `{"size":{}}`,
		},
		{
			name: "a list of objects in XML",
			says: "{schema: {type: object, properties: {sizes: {type: array, items: {type: object}}}}, encoding: {sizes: {contentType: " +
				"application/xml}}}",
			sent: form, data: "sizes=x", want: "all but sizes",
		},
		{
			name: "a text in XML", says: things + ", encoding: {name: {contentType: application/xml}}}", sent: form, data: "name=x",
			want: `{"name":"x"}`,
		},
		{
			name: "JSON by its encoding, broken", says: things + ", encoding: {name: {contentType: application/json}}}", sent: form,
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
			name: "texts", says: things + "}", sent: sent,
			data: part(`name="name"`, "a b") + part(`name="count"`, "7") + "--x--\r\n", want: `{"count":"7","name":"a b"}`,
		},
		{name: "nothing", says: things + "}", sent: sent, data: "--x--\r\n", want: "{}"},
		{
			name: "a list", says: things + "}", sent: sent,
			data: part(`name="files"; filename="a"`, "1") + part(`name="files"; filename="b"`, "2") + "--x--",
			want: `{"files":["1","2"]}`,
		},
		{
			name: "a list of one", says: things + "}", sent: sent, data: part(`name="files"; filename="a"`, "1") + "--x--",
			want: `{"files":["1"]}`,
		},
		{
			name: "JSON", says: things + "}", sent: sent,
			data: part("name=\"size\"\r\nContent-Type: application/json", `{"w":1}`) + "--x--", want: `{"size":{"w":1}}`,
		},
		{
			name: "an object without a type", says: things + "}", sent: sent, data: part(`name="size"`, `{"w":1}`) + "--x--",
			want: `{"size":{"w":1}}`,
		},
		{name: "an object that is no JSON", says: things + "}", sent: sent, data: part(`name="size"`, "w") + "--x--", want: `{"size":"w"}`},
		{
			name: "a duplicate member in JSON", says: things + "}", sent: sent,
			data: part("name=\"size\"\r\nContent-Type: application/json", `{"w":1,"w":2}`) + "--x--", want: `{"size":{"w":2}}`,
			errs: []string{"body/duplicate-member /size/w"},
		},
		{
			name: "no JSON", says: things + "}", sent: sent,
			data: part("name=\"size\"\r\nContent-Type: application/json", `{`) + "--x--", want: `{"size":"{"}`,
			errs: []string{"body/truncated /size"},
		},
		{
			name: "the type of its encoding", says: things + ", encoding: {name: {contentType: 'image/png, text/*'}}}", sent: sent,
			data: part("name=\"name\"\r\nContent-Type: text/css", "a") + "--x--", want: `{"name":"a"}`,
		},
		{
			name: "another type than its encoding", says: things + ", encoding: {name: {contentType: image/png}}}", sent: sent,
			data: part("name=\"name\"\r\nContent-Type: image/gif", "a") + "--x--", want: `{"name":"a"}`,
			errs: []string{"body/part-type /name"},
		},
		{
			name: "an object in XML, as its encoding has it", says: things + ", encoding: {size: {contentType: application/xml}}}",
			sent: sent, data: part("name=\"size\"\r\nContent-Type: application/xml", "<a/>") + "--x--", want: "all but size",
		},
		{
			name: "a text in XML, as its encoding has it", says: things + ", encoding: {name: {contentType: application/xml}}}",
			sent: sent, data: part("name=\"name\"\r\nContent-Type: application/xml", "<a/>") + "--x--",
			want: `{"name":"\u003ca/\u003e"}`,
		},
		{
			name: "an object in XML, which the document has not", says: things + "}", sent: sent,
			data: part("name=\"size\"\r\nContent-Type: application/xml", "<a/>") + "--x--", want: `{"size":"\u003ca/\u003e"}`,
		},
		{
			name: "an object in XML where its encoding has JSON",
			says: things + ", encoding: {size: {contentType: application/json}}}", sent: sent,
			data: part("name=\"size\"\r\nContent-Type: application/xml", "<a/>") + "--x--", want: `{"size":"\u003ca/\u003e"}`,
			errs: []string{"body/part-type /size"},
		},
		{
			name: "a list of objects in XML", says: lists + ", encoding: {sizes: {contentType: application/xml}}}", sent: sent,
			data: part("name=\"sizes\"\r\nContent-Type: application/xml", "<a/>") + "--x--", want: "all but sizes",
		},
		{
			name: "a list of objects in XML and in JSON",
			says: lists + ", encoding: {sizes: {contentType: 'application/xml, application/json'}}}", sent: sent,
			data: part("name=\"sizes\"\r\nContent-Type: application/json", "{}") +
				part("name=\"sizes\"\r\nContent-Type: application/xml", "<a/>") + "--x--",
			want: "all but sizes",
		},
		{
			name: "a list of objects in JSON", says: lists + ", encoding: {sizes: {contentType: application/json}}}", sent: sent,
			data: part("name=\"sizes\"\r\nContent-Type: application/json", `{"w":1}`) + "--x--", want: `{"sizes":[{"w":1}]}`,
		},
		{
			name: "a list of objects without a type", says: lists + "}", sent: sent, data: part(`name="sizes"`, `{"w":1}`) + "--x--",
			want: `{"sizes":[{"w":1}]}`,
		},
		{
			name: "a list of numbers in CSV", says: lists + ", encoding: {counts: {contentType: text/csv}}}", sent: sent,
			data: part("name=\"counts\"\r\nContent-Type: text/csv", "1,2") + "--x--", want: "all but counts",
		},
		{
			name: "a list of texts in XML", says: lists + ", encoding: {files: {contentType: application/xml}}}", sent: sent,
			data: part("name=\"files\"\r\nContent-Type: application/xml", "<a/>") + "--x--", want: `{"files":["\u003ca/\u003e"]}`,
		},
		{
			name: "a list of no items", says: lists + ", encoding: {any: {contentType: application/xml}}}", sent: sent,
			data: part("name=\"any\"\r\nContent-Type: application/xml", "<a/>") + "--x--", want: `{"any":["\u003ca/\u003e"]}`,
		},
		{name: "a list or null", says: lists + "}", sent: sent, data: part(`name="files"`, "a") + "--x--", want: `{"files":["a"]}`},
		{
			name: "an object or null in XML", says: lists + ", encoding: {size: {contentType: application/xml}}}", sent: sent,
			data: part("name=\"size\"\r\nContent-Type: application/xml", "<a/>") + "--x--", want: "all but size",
		},
		{
			name: "an object or null without a type", says: lists + "}", sent: sent, data: part(`name="size"`, "{}") + "--x--",
			want: `{"size":{}}`,
		},
		{
			name: "a number in a form", says: lists + ", encoding: {count: {contentType: application/x-www-form-urlencoded}}}",
			sent: sent, data: part("name=\"count\"\r\nContent-Type: application/x-www-form-urlencoded", "a=1") + "--x--",
			want: "all but count",
		},
		{
			name: "a number as a text", says: lists + ", encoding: {count: {contentType: text/plain}}}", sent: sent,
			data: part("name=\"count\"\r\nContent-Type: text/plain", "1") + "--x--", want: `{"count":"1"}`,
		},
		{
			name: "an object as a text", says: lists + ", encoding: {size: {contentType: text/plain}}}", sent: sent,
			data: part("name=\"size\"\r\nContent-Type: text/plain", "w") + "--x--", want: "all but size",
		},
		{
			name: "no type is text/plain", says: things + ", encoding: {name: {contentType: text/plain}}}", sent: sent,
			data: part(`name="name"`, "a") + "--x--", want: `{"name":"a"}`,
		},
		{
			name: "no type where the encoding has one", says: things + ", encoding: {name: {contentType: image/png}}}", sent: sent,
			data: part(`name="name"`, "a") + "--x--", want: `{"name":"a"}`, errs: []string{"body/part-type /name"},
		},
		{
			name: "a type that is none", says: things + "}", sent: sent,
			data: part("name=\"name\"\r\nContent-Type: text", "a") + "--x--", want: `{"name":"a"}`,
			errs: []string{"body/part-type /name"},
		},
		{
			name: "a part without a name", says: things + "}", sent: sent,
			data: part(`filename="a"`, "a") + part(`name="name"`, "b") + "--x--", want: `{"name":"b"}`,
			errs: []string{"body/part-name"},
		},
		{
			name: "cut off in a part", says: things + "}", sent: sent, data: part(`name="name"`, "a"), want: "",
			errs: []string{"body/not-multipart"},
		},
		{
			name: "cut off between parts", says: things + "}", sent: sent, data: part(`name="name"`, "a") + "--x\r\n", want: "",
			errs: []string{"body/not-multipart"},
		},
		{name: "no part", says: things + "}", sent: sent, data: "a=b", want: "", errs: []string{"body/not-multipart"}},
		{name: "no boundary", says: things + "}", sent: "multipart/form-data", data: "--x--", want: "", errs: []string{"body/no-boundary"}},
		{
			name: "too many parts", says: things + "}", sent: sent,
			data: strings.Repeat(part(`name="a"`, ""), maxFormParts+1) + "--x--", want: "", errs: []string{"body/too-large"},
		},
	})
}

func TestItems(t *testing.T) {
	const item = "{itemSchema: {type: object}}"
	check(t, false, []body{
		{name: "lines", says: item, sent: "application/x-ndjson", data: "{\"a\":1}\r\n\n7\n", want: `[{"a":1},7]`},
		{name: "no line", says: item, sent: "application/jsonl", data: "", want: `[]`},
		{name: "no end of the last line", says: item, sent: "application/jsonl", data: "1\n2", want: `[1,2]`},
		{
			name: "two values in a line", says: item, sent: "application/jsonl", data: "1\n2 3", want: `[1,2]`,
			errs: []string{"body/trailing-bytes /1"},
		},
		{
			name: "a member twice in the second", says: item, sent: "application/jsonl", data: "{}\n{\"a\":1,\"a\":1}",
			want: `[{},{"a":1}]`, errs: []string{"body/duplicate-member /1/a"},
		},
		{
			name: "a line that is no JSON", says: item, sent: "application/jsonl", data: "1\nx\n[", want: "",
			errs: []string{"body/not-json /1", "body/truncated /2"},
		},
		{name: "lines of which nothing is said", says: "{}", sent: "application/jsonl", data: "1", want: ""},

		{name: "records", says: item, sent: "application/json-seq", data: "\x1e{\"a\":\n1}\n\x1e7\n", want: `[{"a":1},7]`},
		{name: "no record", says: item, sent: "application/json-seq", data: "", want: `[]`},
		{name: "no separator", says: item, sent: "application/json-seq", data: "1\n", want: "", errs: []string{"body/not-json-seq"}},

		{
			name: "events", says: item, sent: "text/event-stream",
			data: "event: add\ndata: a\ndata:b\nretry: 05\nother: x\n: a comment\n\nid: 7\r\ndata: {}\r\r\n",
			want: `[{"data":"a\nb","event":"add","retry":5},{"data":"{}","id":"7"}]`,
		},
		{name: "an event that is cut off", says: item, sent: "text/event-stream", data: "data: a\n\ndata: b\n", want: `[{"data":"a"}]`},
		{name: "empty data", says: item, sent: "text/event-stream", data: "data\n\n", want: `[{"data":""}]`},
		{name: "comments and odd numbers alone", says: item, sent: "text/event-stream", data: ": x\n\nretry: -1\n\n", want: `[]`},
		{
			name: "events of which only the bytes are described", says: "{schema: {type: string}}", sent: "text/event-stream",
			data: "data: a\n\n", want: "",
		},
	})
}

func TestSchemas(t *testing.T) {
	for _, test := range []struct {
		name, sent, says string
		whole, item      bool
	}{
		{name: "an item", sent: "application/jsonl", says: "{itemSchema: {type: object}}", whole: false, item: true},
		{name: "all items", sent: "application/jsonl", says: "{schema: {type: array}}", whole: true, item: false},
		{name: "both", sent: "application/jsonl", says: "{schema: {maxItems: 2}, itemSchema: {type: object}}", whole: true, item: true},
		{
			name: "an item, and a schema that is for none", sent: "application/jsonl",
			says: "{schema: {type: string}, itemSchema: {type: object}}", whole: false, item: true,
		},
		{name: "a schema that allows no array", sent: "application/jsonl", says: "{schema: {type: object}}", whole: false, item: true},
		{name: "a schema that says nothing", sent: "application/jsonl", says: "{schema: {}}", whole: false, item: true},
		{name: "nothing", sent: "application/jsonl", says: "{}", whole: false, item: false},
		{name: "events as an array", sent: "text/event-stream", says: "{schema: {type: array}}", whole: true, item: false},
		{name: "events as an object", sent: "text/event-stream", says: "{schema: {type: object}}", whole: false, item: false},
	} {
		sent, err := media.Parse(test.sent)
		if err != nil {
			t.Fatal(err)
		}
		whole, item := Schemas(sent, contentOf(t, sent.Name, test.says))
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
