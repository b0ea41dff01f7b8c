package openapi

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// seedTables lists every row of the two pages that the documents were written from: 003 is 查询账号配额 (IAM), 000 is
// 镜像配额 (IMS). Left out are the date and the links at the foot, which promise nothing.
var seedTables = []struct {
	document, title string
	count           int
	rows            []string
}{
	{"iam", "003, its headings", 5, []string{
		"003/title",        // 查询账号配额
		"003/introduction", // 功能介绍: 该接口可以用于查询账号配额。
		"003/endpoints",    // 该接口可以使用全局区域的Endpoint和其他区域的Endpoint调用。
		"003/debugging",    // 调试: 您可以在API Explorer中调试该接口。
		"003/uri",          // URI: GET /v3.0/OS-QUOTA/domains/{domain_id}
	}},
	{"iam", "003, 表1 路径参数", 1, []string{"003/table1/domain_id"}},
	{"iam", "003, 表2 Query参数", 1, []string{"003/table2/type"}},
	{"iam", "003, 表3 请求Header参数", 1, []string{"003/table3/X-Auth-Token"}},
	{"iam", "003, 表4 响应Body参数", 1, []string{"003/table4/quotas"}},
	{"iam", "003, 表5 quotas", 1, []string{"003/table5/resources"}},
	{"iam", "003, 表6 resources", 5, []string{
		"003/table6/max", "003/table6/min", "003/table6/quota", "003/table6/type", "003/table6/used",
	}},
	{"iam", "003, 请求示例 and 响应示例", 7, []string{
		"003/example/request", "003/example/200", "003/example/400", "003/example/403/1", "003/example/403/2", "003/example/404", "003/example/500",
	}},
	{"iam", "003, 状态码", 6, []string{
		"003/status/200", "003/status/400", "003/status/401", "003/status/403", "003/status/404", "003/status/500",
	}},
	{"iam", "003, 错误码", 1, []string{"003/error-codes"}},

	{"ims", "000, its heading", 1, []string{"000/title"}},
	{"ims", "000, the columns of its one row", 5, []string{
		"000/permission", "000/api", "000/action", "000/iam-project", "000/enterprise-project",
	}},
}

// seedTypes are the bullets of 003/table2/type.
var seedTypes = []string{
	"user", "group", "idp", "agency", "policy",
	"assigment_group_mp", "assigment_agency_mp", "assigment_group_ep", "assigment_user_ep", "mapping",
}

func TestEveryRowIsASource(t *testing.T) {
	sources := map[string]map[string][]string{}
	for _, name := range Names() {
		sources[name] = sourcesOf(embedded(t, name))
	}
	total := 0
	for _, table := range seedTables {
		if len(table.rows) != table.count {
			t.Errorf("%s: the list has %d rows, the page %d", table.title, len(table.rows), table.count)
		}
		total += len(table.rows)
		for _, row := range table.rows {
			if sources[table.document][row] == nil {
				t.Errorf("%s: no node of %s.yaml has the source %s", table.title, table.document, row)
			}
		}
	}
	if total != 35 {
		t.Errorf("the pages have 35 rows, the lists %d", total)
	}
}

// Each source is a row of a seed, or a page that the table "Sources" of the document names; and that table names no other.
func TestSourcesAreKnown(t *testing.T) {
	rows := map[string]bool{}
	for _, table := range seedTables {
		for _, row := range table.rows {
			rows[row] = true
		}
	}
	for _, name := range Names() {
		d := embedded(t, name)
		pages, used := pagesOf(t, d), map[string]bool{}
		for source, places := range sourcesOf(d) {
			page, row, _ := strings.Cut(source, "/")
			used[page] = true
			if !slices.Contains(pages, page) {
				t.Errorf("%s: the source %s is not in the table of sources", places[0], source)
			}
			if (page == "000" || page == "003" || row != "") && !rows[source] {
				t.Errorf("%s: no page has the row %s", places[0], source)
			}
		}
		for i, page := range pages {
			if !used[page] {
				t.Errorf("%s: no node has the source %s", d.Place("/info/description"), page)
			}
			if slices.Contains(pages[:i], page) {
				t.Errorf("%s: the source %s is listed twice", d.Place("/info/description"), page)
			}
		}
	}
}

func TestTheTenTypes(t *testing.T) {
	schema := embedded(t, "iam").T.Components.Schemas["QuotaType"].Value
	values := []string{}
	for _, v := range schema.Enum {
		values = append(values, fmt.Sprint(v))
	}
	if diff := cmp.Diff(seedTypes, values); diff != "" {
		t.Errorf("enum (-seed +document):\n%s", diff)
	}
	described := bullets(schema.Description)
	if len(described) != len(seedTypes) {
		t.Errorf("the description has %d bullets, want %d", len(described), len(seedTypes))
	}
	for _, name := range seedTypes {
		says := described[name]
		if says == "" {
			t.Errorf("%s: no bullet says what it means", name)
		}
		if perHolder := strings.Contains(says, "a limit for each"); perHolder != strings.HasPrefix(name, "assigment_") {
			t.Errorf("%s: %q: the four assigment_ types, and no others, are limits for each holder", name, says)
		}
	}
}

// sourcesOf lists the places of each source of a document.
func sourcesOf(d *Document) map[string][]string {
	sources := map[string][]string{}
	add := func(e Evidence, place string) {
		for _, source := range e.Source {
			sources[source] = append(sources[source], place)
		}
	}
	for pointer, e := range d.evidence {
		add(e, d.Place(pointer+"/x-evidence"))
	}
	for _, r := range d.Rules {
		add(r.Evidence, d.Place(r.Pointer+"/source"))
	}
	for _, op := range d.Operations {
		if op.Authorization != nil {
			add(op.Authorization.Evidence, d.Place(op.Pointer+"/x-authorization/source"))
		}
	}
	return sources
}

// pagesOf reads the first column of the table "Sources" in a document's description.
func pagesOf(t *testing.T, d *Document) []string {
	t.Helper()
	_, section, found := strings.Cut(d.T.Info.Description, "## Sources\n| name | page |\n|---|---|\n")
	if !found {
		t.Fatalf("%s: no table of sources", d.File)
	}
	pages := []string{}
	for _, line := range strings.Split(section, "\n") {
		cells := strings.Split(line, "|")
		if len(cells) < 2 {
			break
		}
		if len(cells) != 4 || strings.TrimSpace(cells[2]) == "" {
			t.Errorf("%s: want a name and a page in %q", d.File, line)
		}
		pages = append(pages, strings.TrimSpace(cells[1]))
	}
	return pages
}

// bullets reads what a description says of each value: - `user`: IAM users.
func bullets(description string) map[string]string {
	said := map[string]string{}
	for _, line := range strings.Split(description, "\n") {
		if rest, ok := strings.CutPrefix(line, "- `"); ok {
			name, says, _ := strings.Cut(rest, "`: ")
			said[name] = says
		}
	}
	return said
}
