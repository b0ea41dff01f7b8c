package openapi_test

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// pageRow is a row of a table on a page: a name, a type and a description.
type pageRow struct{ name, kind, description string }

// typeNames maps the types of the vendor's tables to those of OpenAPI.
var typeNames = map[string]string{"String": "string", "Integer": "integer", "Object": "object", "Array of objects": "array"}

// section returns the lines of a page between two headings, without empty ones.
func section(t *testing.T, page, from, to string) []string {
	t.Helper()
	_, text, found := strings.Cut(page, from+"\n")
	text, _, ends := strings.Cut(text, "\n"+to+"\n")
	if !found || !ends {
		t.Fatalf("the page has no section from %s to %s", from, to)
	}
	lines := []string{}
	for _, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// pageRows reads a table that has one cell on each line. A line with a type marks a row: the line before it is the name, the
// lines after it are the description.
func pageRows(lines []string) []pageRow {
	rows := []pageRow{}
	for i, line := range lines {
		isName := i+1 < len(lines) && typeNames[lines[i+1]] != ""
		switch {
		case i > 0 && typeNames[line] != "":
			rows = append(rows, pageRow{name: lines[i-1], kind: typeNames[line]})
		case len(rows) > 0 && !isName:
			rows[len(rows)-1].description += line + "\n"
		}
	}
	return rows
}

// TestAccountPage compares iam.yaml with the vendor's page, row by row.
func TestAccountPage(t *testing.T) {
	page, doc := shared(t, "seeds/003_*.txt"), plain(t, "iam")
	op := operation(t, doc)
	in := func(keys ...string) []string { return slices.Concat(op, keys) }
	check := func(name, what string, want, got any) {
		t.Helper()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s (-page +document):\n%s", name, what, diff)
		}
	}

	line := section(t, page, "URI", "表1 路径参数")[0]
	check("URI", "method and path", line, strings.ToUpper(op[2])+" "+op[1])
	line = section(t, page, "请求示例", "响应示例")[1]
	check("请求示例", "address", line, strings.ToUpper(op[2])+" "+listAt(doc, "servers")[0]["url"].(string)+op[1])
	source := objectAt(doc, "x-sources", "iam_02_0114@2024-02")
	date, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(page), "更新时间:"), " ")
	check("更新时间", "edition", date, source["edition"])
	check("title", "of the source", section(t, page, "分享", "功能介绍")[0], strings.Split(source["title"].(string), ",")[0])

	parameters := []string{}
	for _, table := range []struct{ place, from, to string }{{place: "path", from: "表1 路径参数", to: "表2 Query参数"}, {
		place: "query", from: "表2 Query参数", to: "请求参数",
	}} {
		for _, row := range pageRows(section(t, page, table.from, table.to)) {
			parameters = append(parameters, row.name)
			p := named(listAt(doc, in("parameters")...), "name", row.name)
			check(row.name, "place", any(table.place), p["in"])
			check(row.name, "type", row.kind, textAt(map[string]any{"schema": p["schema"], "components": doc["components"]}, "schema", "type"))
		}
	}
	check("parameters", "number", len(parameters), len(listAt(doc, in("parameters")...)))
	for _, row := range pageRows(section(t, page, "表3 请求Header参数", "响应参数")) {
		check(row.name, "scheme", map[string]any{"type": "apiKey", "in": "header", "name": row.name}, map[string]any{
			"type": at(doc, "components", "securitySchemes", "Token", "type"),
			"in":   at(doc, "components", "securitySchemes", "Token", "in"),
			"name": at(doc, "components", "securitySchemes", "Token", "name"),
		})
	}

	body := in("responses", "200", "content", "application/json", "schema")
	for _, table := range []struct {
		from, to string
		keys     []string
	}{
		{from: "表4 响应Body参数", to: "表5 quotas", keys: nil},
		{from: "表5 quotas", to: "表6 resources", keys: []string{"properties", "quotas"}},
		{from: "表6 resources", to: "请求示例", keys: []string{"properties", "quotas", "properties", "resources", "items"}},
	} {
		schema, required, want := objectAt(doc, slices.Concat(body, table.keys)...), []string{}, map[string]string{}
		for _, row := range pageRows(section(t, page, table.from, table.to)) {
			want[row.name] = row.kind
			if !strings.Contains(row.description, "暂不返回") { // not returned for now
				required = append(required, row.name)
			}
		}
		got := map[string]string{}
		for name := range schema["properties"].(map[string]any) {
			got[name] = textAt(doc, slices.Concat(body, table.keys, []string{"properties", name, "type"})...)
		}
		check(table.from, "members", want, got)
		check(table.from, "required", required, textsOf(schema["required"]))
	}
	if used := objectAt(doc, "components", "schemas", "DomainQuota", "properties", "used"); used["nullable"] != true {
		t.Error("used: the page's example has a null, the document allows none")
	}

	statuses := []string{}
	lines := section(t, page, "响应示例", "错误码")
	for i, line := range lines[:len(lines)-1] {
		if isStatus(line) && !isStatus(lines[i+1]) {
			statuses = append(statuses, line)
		}
	}
	check("状态码", "statuses, and 429 of the gateway", append(statuses, "429"), sortedKeys(objectAt(doc, in("responses")...), "429"))
}

var status = regexp.MustCompile(`^[1-5][0-9][0-9]$`)

func isStatus(line string) bool { return status.MatchString(line) }

// sortedKeys returns the sorted keys of an object, with one key moved to the end.
func sortedKeys(object map[string]any, last string) []string {
	keys := slices.Sorted(maps.Keys(object))
	if i := slices.Index(keys, last); i >= 0 {
		keys = append(slices.Delete(keys, i, i+1), last)
	}
	return keys
}

// TestAccountPageTypes compares the list of types with the page: their names, and which of them are limits for each group,
// agency or user (一个, "one").
func TestAccountPageTypes(t *testing.T) {
	page, doc := shared(t, "seeds/003_*.txt"), plain(t, "iam")
	kinds := regexp.MustCompile(`(?m)^\s*• (\w+):(.*)$`).FindAllStringSubmatch(page, -1)
	names := []string{}
	for _, kind := range kinds {
		name, chinese := kind[1], kind[2]
		names = append(names, name)
		_, says, _ := strings.Cut(textAt(doc, "components", "schemas", "QuotaType", "description"), "- `"+name+"`: ")
		says, _, _ = strings.Cut(says, "\n")
		unit := ""
		for _, u := range []struct{ chinese, english string }{{chinese: "一个用户组", english: "group"}, {
			chinese: "一个委托", english: "agency",
		}, {
			chinese: "一个用户", english: "user",
		}} {
			if unit == "" && strings.Contains(chinese, u.chinese) {
				unit = u.english
			}
		}
		if _, got, _ := strings.Cut(says, "a limit for each "); strings.TrimSuffix(got, ", not a total") != unit {
			t.Errorf("%s: a limit for each %q on the page (%s), the document says: %s", name, unit, chinese, says)
		}
		for _, scope := range []struct{ chinese, english string }{{chinese: "IAM项目", english: "on IAM projects"}, {
			chinese: "企业项目", english: "on enterprise projects",
		}} {
			if strings.Contains(chinese, scope.chinese) != strings.Contains(says, scope.english) {
				t.Errorf("%s: %s on the page, the document says: %s", name, chinese, says)
			}
		}
	}
	if diff := cmp.Diff(names, textsOf(at(doc, "components", "schemas", "QuotaType", "enum"))); diff != "" {
		t.Errorf("types (-page +document):\n%s", diff)
	}
}

// TestAccountPageExamples compares the example bodies with the page. The document fills in the placeholders of error messages;
// x-error-codes has them literally.
func TestAccountPageExamples(t *testing.T) {
	page, doc := shared(t, "seeds/003_*.txt"), plain(t, "iam")
	op := operation(t, doc)
	_, text, _ := strings.Cut(page, "响应示例\n")
	text, _, _ = strings.Cut(text, "\n状态码\n")
	parts, checked := regexp.MustCompile(`状态码为 (\d+) 时:`).FindAllStringSubmatchIndex(text, -1), 0
	for i, part := range parts {
		code, end := text[part[2]:part[3]], len(text)
		if i+1 < len(parts) {
			end = parts[i+1][0]
		}
		response := slices.Concat(op, []string{"responses", code})
		for _, want := range bodies(t, text[part[1]:end]) {
			checked++
			if code == "200" {
				if !slices.ContainsFunc(examples(doc, response), func(got any) bool { return cmp.Equal(want, got) }) {
					t.Errorf("200: no example equals the page's:\n%v", want)
				}
				continue
			}
			body := want.(map[string]any)
			codes := listAt(doc, slices.Concat(response, []string{"x-error-codes", "codes"})...)
			if row := named(codes, "message", body["error_msg"].(string)); row["code"] != body["error_code"] {
				t.Errorf("%s: x-error-codes has no row %v", code, want)
			}
			if !slices.ContainsFunc(examples(doc, response), func(got any) bool { return fills(want, got) }) {
				t.Errorf("%s: no example has the words of the page's, filled in:\n%v", code, want)
			}
		}
	}
	if checked != 6 {
		t.Errorf("the page has %d example bodies, want 6", checked)
	}
}

// bodies reads the JSON objects in a text.
func bodies(t *testing.T, text string) []any {
	t.Helper()
	list := []any{}
	for {
		i := strings.IndexByte(text, '{')
		if i < 0 {
			return list
		}
		decoder := json.NewDecoder(strings.NewReader(text[i:]))
		var body any
		if err := decoder.Decode(&body); err != nil {
			t.Fatal(err)
		}
		list = append(list, body)
		text = text[i+int(decoder.InputOffset()):]
	}
}

// examples returns the named examples of a response, as JSON has them.
func examples(doc map[string]any, response []string) []any {
	list := []any{}
	for _, example := range objectAt(doc, slices.Concat(response, []string{"content", "application/json", "examples"})...) {
		list = append(list, asJSON(example.(map[string]any)["value"]))
	}
	return list
}

func asJSON(value any) (body any) {
	data, err := json.Marshal(value)
	if err == nil {
		err = json.Unmarshal(data, &body)
	}
	if err != nil {
		return err
	}
	return body
}

var placeholder = regexp.MustCompile(`%(\\\([A-Za-z_]+\\\))?[sd]`)

// fills reports whether a body equals a template with its placeholders filled in.
func fills(template, body any) bool {
	switch t := template.(type) {
	case map[string]any:
		object, _ := body.(map[string]any)
		for member, value := range t {
			if got, there := object[member]; !there || !fills(value, got) {
				return false
			}
		}
		return len(object) == len(t)
	case string:
		text, isText := body.(string)
		pattern := placeholder.ReplaceAllString(regexp.QuoteMeta(t), ".+")
		return isText && regexp.MustCompile("^"+pattern+"$").MatchString(text)
	}
	return cmp.Equal(template, body)
}

// TestImagePage compares ims.yaml with the vendor's page on the permission.
func TestImagePage(t *testing.T) {
	page, doc := shared(t, "seeds/000_*.txt"), plain(t, "ims")
	cells := func(tag string) []string {
		texts := []string{}
		for _, cell := range regexp.MustCompile(`(?s)<`+tag+`\b.*?</`+tag+`>`).FindAllString(page, -1) {
			texts = append(texts, strings.TrimSpace(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(cell, "")))
		}
		return texts
	}
	columns, row := cells("th"), cells("td")
	want := []string{"权限", "对应API接口", "授权项（Action）", "IAM项目（Project）", "企业项目（Enterprise Project）"}
	if diff := cmp.Diff(want, columns); diff != "" || len(row) != len(want) {
		t.Fatalf("%d cells, columns:\n%s", len(row), diff)
	}
	heading := regexp.MustCompile(`^# (.*?)<a name="(.*?)"`).FindStringSubmatch(page)
	if title := textAt(doc, "x-sources", heading[2], "title"); !strings.HasPrefix(title, heading[1]+",") {
		t.Errorf("x-sources: %s has the title %q, the page is called %s", heading[2], title, heading[1])
	}
	op := operation(t, doc)
	authorization := objectAt(doc, slices.Concat(op, []string{"x-authorization"})...)
	got := []any{
		strings.ToUpper(op[2]) + " " + op[1],
		authorization["action"], authorization["iam-project"], authorization["enterprise-project"],
	}
	if diff := cmp.Diff([]any{row[1], row[2], row[3] == "√", row[4] == "√"}, got); diff != "" {
		t.Errorf("(-page +document):\n%s", diff)
	}
}
