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

// body is a body with what a document says of it.
type body struct {
	name   string
	says   string // the media type object of the document, as YAML in one line
	sent   string // the Content-Type
	data   string
	want   string   // the value as JSON, or which properties nothing reads; "": none
	faults []string // id and pointer
}

// contentOf reads what a document says of a media type.
func contentOf(t *testing.T, name, says string) *spec.MediaType {
	t.Helper()
	doc, err := spec.Read("a.yaml", []byte(`{openapi: 3.2.0, info: {title: a, version: b}, paths: {/a: {post: {requestBody: {content: {'`+name+`': `+says+`}}, responses: {}}}}}`), nil)
	if err != nil {
		t.Fatal(err)
	}
	return doc.Operations[0].Body.Content[0]
}

// check reads bodies and compares values and faults.
func check(t *testing.T, wantText bool, tests []body) {
	t.Helper()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			sent, err := media.Parse(test.sent)
			if err != nil {
				t.Fatal(err)
			}
			anything := func(*spec.Schema, strictjson.Value) bool { return true }
			b, faults := Read(sent, []byte(test.data), contentOf(t, sent.Name, test.says), anything)
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
			for _, f := range faults {
				ids = append(ids, strings.TrimSpace(f.ID+" "+f.Pointer))
				if f.Want == "" || f.Got == "" || f.RFC == "" {
					t.Errorf("a fault without words: %+v", f)
				}
			}
			if got != test.want || b.Value.Exists() && b.Text != wantText {
				t.Errorf("got %s (text %t), want %s", got, b.Text, test.want)
			}
			if diff := cmp.Diff(test.faults, ids); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}

func TestJSON(t *testing.T) {
	check(t, false, []body{
		{"a value", "{schema: {}}", "application/json", `{"a":[1,null]}`, `{"a":[1,null]}`, nil},
		{"a member twice", "{schema: {}}", "application/problem+json", `{"a":{"b":1,"b":2}}`, `{"a":{"b":2}}`, []string{"body/duplicate-member /a/b"}},
		{"no JSON", "{schema: {}}", "application/json", `{`, "", []string{"body/truncated"}},
	})
}

func TestText(t *testing.T) {
	const text = "{schema: {type: string}}"
	check(t, true, []body{
		{"a word", text, "text/plain", "UP", `"UP"`, nil},
		{"a number is a text", "{schema: {type: integer}}", "text/plain", "7", `"7"`, nil},
		{"a line end is part of it", text, "text/plain; charset=UTF-8", "UP\n", `"UP\n"`, nil},
		{"Latin-1", text, "text/plain; charset=ISO-8859-1", "Gr\xfc\xdfe", `"Grüße"`, nil},
		{"no charset, and not UTF-8", text, "text/plain", "Gr\xfcn", `"Gr�n"`, nil},
		{"not in its charset", text, "text/plain; charset=utf-8", "Gr\xfcn", "", []string{"body/invalid-utf8"}},
		{"a charset of which nobody knows the characters", text, "text/plain; charset=koi8-r", "x", "", nil},
		{"no text can be an object", "{schema: {type: object}}", "text/plain", "{}", "", nil},
		{"a page", text, "text/html", "<p>", `"\u003cp\u003e"`, nil},
	})
}

func TestUnread(t *testing.T) {
	for _, name := range []string{"application/xml", "text/xml", "application/octet-stream", "image/png", "text/csv", "multipart/mixed; boundary=x"} {
		check(t, false, []body{{name, "{schema: {type: string}}", name, "x", "", nil}})
	}
}

func TestForm(t *testing.T) {
	const form = "application/x-www-form-urlencoded"
	const things = "{schema: {type: object, properties: {name: {type: string}, count: {type: integer}, tags: {type: array, items: {type: string}}, size: {type: object, properties: {w: {type: integer}}}}}"
	check(t, true, []body{
		{"texts", things + "}", form, "name=a+b%26c&count=7", `{"count":"7","name":"a b\u0026c"}`, nil},
		{"nothing", things + "}", form, "", `{}`, nil},
		{"ampersands alone", things + "}", form, "&&", `{}`, nil},
		{"an empty value", things + "}", form, "name=", `{"name":""}`, nil},
		{"a list, one after the other", things + "}", form, "tags=a&tags=b,c", `{"tags":["a","b,c"]}`, nil},
		{"a list of one", things + "}", form, "tags=a", `{"tags":["a"]}`, nil},
		{"a list in one value", things + ", encoding: {tags: {style: form, explode: false}}}", form, "tags=a,b%2Cc&name=x", `{"name":"x","tags":["a","b,c"]}`, nil},
		{"a list between bars", things + ", encoding: {tags: {style: pipeDelimited, explode: false}}}", form, "tags=a%7Cb", `{"tags":["a","b"]}`, nil},
		{"an object in brackets", things + ", encoding: {size: {style: deepObject, explode: true}}}", form, "size%5Bw%5D=1&name=x", `{"name":"x","size":{"w":"1"}}`, nil},
		{"an object as JSON", things + "}", form, "size=%7B%22w%22:1%7D", `{"size":{"w":1}}`, nil},
		{"an object that is no JSON", things + "}", form, "size=w", `{"size":"w"}`, nil},
		{"a list of objects as JSON", "{schema: {type: object, properties: {sizes: {type: array, items: {type: object}}}}}", form, "sizes=%7B%22w%22:1%7D&sizes=%7B%7D", `{"sizes":[{"w":1},{}]}`, nil},
		{"an object or null, as JSON", "{schema: {type: object, properties: {size: {type: [object, 'null']}}}}", form, "size=%7B%22w%22:1%7D", `{"size":{"w":1}}`, nil},
		{"JSON by its encoding", things + ", encoding: {name: {contentType: application/json}}}", form, "name=%5B1%5D", `{"name":[1]}`, nil},
		{"an empty value with an encoding", things + ", encoding: {tags: {explode: false}}}", form, "tags=", `{"tags":""}`, nil},
		{"a name that nobody knows", things + "}", form, "other=1&other=2", `{"other":["1","2"]}`, nil},
		{"a scalar twice", things + "}", form, "name=a&name=b", `{"name":["a","b"]}`, nil},
		{"a wrong escape", things + "}", form, "name=a&count=%zz", "", []string{"body/form-syntax"}},
		{"a style that nothing reads", things + ", encoding: {tags: {style: spiral}}}", form, "tags=a&name=x", "all but tags", nil},
		{"a style that nothing reads, not sent", things + ", encoding: {tags: {style: spiral}}}", form, "name=x", `{"name":"x"}`, nil},
		{"a style that nothing reads, of no property", things + ", encoding: {other: {style: spiral}}}", form, "other=x", "{}", nil},
		{"XML by its encoding", things + ", encoding: {size: {contentType: application/xml}}}", form, "size=x&name=a", "all but size", nil},
		{"XML by its encoding, and JSON all the same", things + ", encoding: {size: {contentType: application/xml}}}", form, "size=%7B%7D", `{"size":{}}`, nil},
		{"a list of objects in XML", "{schema: {type: object, properties: {sizes: {type: array, items: {type: object}}}}, encoding: {sizes: {contentType: application/xml}}}", form, "sizes=x", "all but sizes", nil},
		{"a text in XML", things + ", encoding: {name: {contentType: application/xml}}}", form, "name=x", `{"name":"x"}`, nil},
		{"JSON by its encoding, broken", things + ", encoding: {name: {contentType: application/json}}}", form, "name=%5B", "{}", []string{"body/form-value /name"}},
	})
}

func TestFormData(t *testing.T) {
	const sent = "multipart/form-data; boundary=x"
	const things = "{schema: {type: object, properties: {name: {type: string}, files: {type: array, items: {type: string}}, size: {type: object}}}"
	const lists = "{schema: {type: object, properties: {sizes: {type: array, items: {type: object}}, counts: {type: array, items: {type: integer}}, files: {allOf: [{type: [array, 'null'], items: {type: string}}]}, any: {type: array}, size: {type: [object, 'null']}, count: {type: integer}}}"
	part := func(head, text string) string {
		return "--x\r\nContent-Disposition: form-data; " + head + "\r\n\r\n" + text + "\r\n"
	}
	check(t, true, []body{
		{"texts", things + "}", sent, part(`name="name"`, "a b") + part(`name="count"`, "7") + "--x--\r\n", `{"count":"7","name":"a b"}`, nil},
		{"nothing", things + "}", sent, "--x--\r\n", "{}", nil},
		{"a list", things + "}", sent, part(`name="files"; filename="a"`, "1") + part(`name="files"; filename="b"`, "2") + "--x--", `{"files":["1","2"]}`, nil},
		{"a list of one", things + "}", sent, part(`name="files"; filename="a"`, "1") + "--x--", `{"files":["1"]}`, nil},
		{"JSON", things + "}", sent, part("name=\"size\"\r\nContent-Type: application/json", `{"w":1}`) + "--x--", `{"size":{"w":1}}`, nil},
		{"an object without a type", things + "}", sent, part(`name="size"`, `{"w":1}`) + "--x--", `{"size":{"w":1}}`, nil},
		{"an object that is no JSON", things + "}", sent, part(`name="size"`, "w") + "--x--", `{"size":"w"}`, nil},
		{"JSON with a fault", things + "}", sent, part("name=\"size\"\r\nContent-Type: application/json", `{"w":1,"w":2}`) + "--x--", `{"size":{"w":2}}`, []string{"body/duplicate-member /size/w"}},
		{"no JSON", things + "}", sent, part("name=\"size\"\r\nContent-Type: application/json", `{`) + "--x--", `{"size":"{"}`, []string{"body/truncated /size"}},
		{"the type of its encoding", things + ", encoding: {name: {contentType: 'image/png, text/*'}}}", sent, part("name=\"name\"\r\nContent-Type: text/css", "a") + "--x--", `{"name":"a"}`, nil},
		{"another type than its encoding", things + ", encoding: {name: {contentType: image/png}}}", sent, part("name=\"name\"\r\nContent-Type: image/gif", "a") + "--x--", `{"name":"a"}`, []string{"body/part-type /name"}},
		{"an object in XML, as its encoding has it", things + ", encoding: {size: {contentType: application/xml}}}", sent, part("name=\"size\"\r\nContent-Type: application/xml", "<a/>") + "--x--", "all but size", nil},
		{"a text in XML, as its encoding has it", things + ", encoding: {name: {contentType: application/xml}}}", sent, part("name=\"name\"\r\nContent-Type: application/xml", "<a/>") + "--x--", `{"name":"\u003ca/\u003e"}`, nil},
		{"an object in XML, which the document has not", things + "}", sent, part("name=\"size\"\r\nContent-Type: application/xml", "<a/>") + "--x--", `{"size":"\u003ca/\u003e"}`, nil},
		{"an object in XML where its encoding has JSON", things + ", encoding: {size: {contentType: application/json}}}", sent, part("name=\"size\"\r\nContent-Type: application/xml", "<a/>") + "--x--", `{"size":"\u003ca/\u003e"}`, []string{"body/part-type /size"}},
		{"a list of objects in XML", lists + ", encoding: {sizes: {contentType: application/xml}}}", sent, part("name=\"sizes\"\r\nContent-Type: application/xml", "<a/>") + "--x--", "all but sizes", nil},
		{"a list of objects in XML and in JSON", lists + ", encoding: {sizes: {contentType: 'application/xml, application/json'}}}", sent, part("name=\"sizes\"\r\nContent-Type: application/json", "{}") + part("name=\"sizes\"\r\nContent-Type: application/xml", "<a/>") + "--x--", "all but sizes", nil},
		{"a list of objects in JSON", lists + ", encoding: {sizes: {contentType: application/json}}}", sent, part("name=\"sizes\"\r\nContent-Type: application/json", `{"w":1}`) + "--x--", `{"sizes":[{"w":1}]}`, nil},
		{"a list of objects without a type", lists + "}", sent, part(`name="sizes"`, `{"w":1}`) + "--x--", `{"sizes":[{"w":1}]}`, nil},
		{"a list of numbers in CSV", lists + ", encoding: {counts: {contentType: text/csv}}}", sent, part("name=\"counts\"\r\nContent-Type: text/csv", "1,2") + "--x--", "all but counts", nil},
		{"a list of texts in XML", lists + ", encoding: {files: {contentType: application/xml}}}", sent, part("name=\"files\"\r\nContent-Type: application/xml", "<a/>") + "--x--", `{"files":["\u003ca/\u003e"]}`, nil},
		{"a list of no items", lists + ", encoding: {any: {contentType: application/xml}}}", sent, part("name=\"any\"\r\nContent-Type: application/xml", "<a/>") + "--x--", `{"any":["\u003ca/\u003e"]}`, nil},
		{"a list or null", lists + "}", sent, part(`name="files"`, "a") + "--x--", `{"files":["a"]}`, nil},
		{"an object or null in XML", lists + ", encoding: {size: {contentType: application/xml}}}", sent, part("name=\"size\"\r\nContent-Type: application/xml", "<a/>") + "--x--", "all but size", nil},
		{"an object or null without a type", lists + "}", sent, part(`name="size"`, "{}") + "--x--", `{"size":{}}`, nil},
		{"a number in a form", lists + ", encoding: {count: {contentType: application/x-www-form-urlencoded}}}", sent, part("name=\"count\"\r\nContent-Type: application/x-www-form-urlencoded", "a=1") + "--x--", "all but count", nil},
		{"a number as a text", lists + ", encoding: {count: {contentType: text/plain}}}", sent, part("name=\"count\"\r\nContent-Type: text/plain", "1") + "--x--", `{"count":"1"}`, nil},
		{"an object as a text", lists + ", encoding: {size: {contentType: text/plain}}}", sent, part("name=\"size\"\r\nContent-Type: text/plain", "w") + "--x--", "all but size", nil},
		{"no type is text/plain", things + ", encoding: {name: {contentType: text/plain}}}", sent, part(`name="name"`, "a") + "--x--", `{"name":"a"}`, nil},
		{"no type where the encoding has one", things + ", encoding: {name: {contentType: image/png}}}", sent, part(`name="name"`, "a") + "--x--", `{"name":"a"}`, []string{"body/part-type /name"}},
		{"a type that is none", things + "}", sent, part("name=\"name\"\r\nContent-Type: text", "a") + "--x--", `{"name":"a"}`, []string{"body/part-type /name"}},
		{"a part without a name", things + "}", sent, part(`filename="a"`, "a") + part(`name="name"`, "b") + "--x--", `{"name":"b"}`, []string{"body/part-name"}},
		{"cut off in a part", things + "}", sent, part(`name="name"`, "a"), "", []string{"body/not-multipart"}},
		{"cut off between parts", things + "}", sent, part(`name="name"`, "a") + "--x\r\n", "", []string{"body/not-multipart"}},
		{"no part", things + "}", sent, "a=b", "", []string{"body/not-multipart"}},
		{"no boundary", things + "}", "multipart/form-data", "--x--", "", []string{"body/no-boundary"}},
		{"too many parts", things + "}", sent, strings.Repeat(part(`name="a"`, ""), maxFormParts+1) + "--x--", "", []string{"body/too-large"}},
	})
}

func TestItems(t *testing.T) {
	const item = "{itemSchema: {type: object}}"
	check(t, false, []body{
		{"lines", item, "application/x-ndjson", "{\"a\":1}\r\n\n7\n", `[{"a":1},7]`, nil},
		{"no line", item, "application/jsonl", "", `[]`, nil},
		{"no end of the last line", item, "application/jsonl", "1\n2", `[1,2]`, nil},
		{"two values in a line", item, "application/jsonl", "1\n2 3", `[1,2]`, []string{"body/trailing-bytes /1"}},
		{"a member twice in the second", item, "application/jsonl", "{}\n{\"a\":1,\"a\":1}", `[{},{"a":1}]`, []string{"body/duplicate-member /1/a"}},
		{"a line that is no JSON", item, "application/jsonl", "1\nx\n[", "", []string{"body/not-json /1", "body/truncated /2"}},
		{"lines of which nothing is said", "{}", "application/jsonl", "1", "", nil},

		{"records", item, "application/json-seq", "\x1e{\"a\":\n1}\n\x1e7\n", `[{"a":1},7]`, nil},
		{"no record", item, "application/json-seq", "", `[]`, nil},
		{"no separator", item, "application/json-seq", "1\n", "", []string{"body/not-json-seq"}},

		{"events", item, "text/event-stream", "event: add\ndata: a\ndata:b\nretry: 05\nother: x\n: a comment\n\nid: 7\r\ndata: {}\r\r\n", `[{"data":"a\nb","event":"add","retry":5},{"data":"{}","id":"7"}]`, nil},
		{"an event that is cut off", item, "text/event-stream", "data: a\n\ndata: b\n", `[{"data":"a"}]`, nil},
		{"empty data", item, "text/event-stream", "data\n\n", `[{"data":""}]`, nil},
		{"comments and odd numbers alone", item, "text/event-stream", ": x\n\nretry: -1\n\n", `[]`, nil},
		{"events of which only the bytes are described", "{schema: {type: string}}", "text/event-stream", "data: a\n\n", "", nil},
	})
}

func TestSchemas(t *testing.T) {
	for _, test := range []struct {
		name, sent, says string
		whole, item      bool
	}{
		{"an item", "application/jsonl", "{itemSchema: {type: object}}", false, true},
		{"all items", "application/jsonl", "{schema: {type: array}}", true, false},
		{"both", "application/jsonl", "{schema: {maxItems: 2}, itemSchema: {type: object}}", true, true},
		{"an item, and a schema that is for none", "application/jsonl", "{schema: {type: string}, itemSchema: {type: object}}", false, true},
		{"a schema that allows no array", "application/jsonl", "{schema: {type: object}}", false, true},
		{"a schema that says nothing", "application/jsonl", "{schema: {}}", false, true},
		{"nothing", "application/jsonl", "{}", false, false},
		{"events as an array", "text/event-stream", "{schema: {type: array}}", true, false},
		{"events as an object", "text/event-stream", "{schema: {type: object}}", false, false},
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

// FuzzRead holds that any bytes are read to an end, and that there is a value if and only if they are ok.
func FuzzRead(f *testing.F) {
	types := []string{"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/jsonl", "application/json-seq", "text/event-stream"}
	for i, data := range []string{"a", "a=b&c[d]=e", "--x\r\nContent-Disposition: form-data; name=a\r\n\r\nb\r\n--x--", "1\n2", "\x1e1\n", "data: a\n\n"} {
		f.Add(uint8(i), []byte(data))
	}
	m := &spec.MediaType{ItemSchema: &spec.Schema{}, Schema: &spec.Schema{}, Encoding: []spec.Encoding{{Property: "c", Style: "deepObject", Explode: true}, {Property: "a", Style: "form"}}}
	f.Fuzz(func(t *testing.T, kind uint8, data []byte) {
		sent, err := media.Parse(types[int(kind)%len(types)])
		if err != nil {
			t.Fatal(err)
		}
		_, faults := Read(sent, data, m, func(*spec.Schema, strictjson.Value) bool { return false })
		for _, f := range faults {
			if f.Want == "" || f.Got == "" || f.RFC == "" {
				t.Errorf("a fault without words: %+v", f)
			}
		}
	})
}
