package openapi

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// accountPage and imagePage are the vendor's pages that the documents were written from: 查询账号配额 and 镜像配额.
const (
	accountPage = "iam_02_0114@2024-02"
	imagePage   = "ims_03_appendix_10"
)

// seedTables lists every row of the two pages, without the date and the links at the foot, which promise nothing.
var seedTables = []struct {
	document, page, title string
	count                 int
	rows                  []string
}{
	{document: "iam", page: accountPage, title: "its headings", count: 5, rows: []string{
		"title",        // 查询账号配额
		"introduction", // 功能介绍: 该接口可以用于查询账号配额。
		"endpoints",    // 该接口可以使用全局区域的Endpoint和其他区域的Endpoint调用。
		"debugging",    // 调试: 您可以在API Explorer中调试该接口。
		"uri",          // URI: GET /v3.0/OS-QUOTA/domains/{domain_id}
	}},
	{document: "iam", page: accountPage, title: "表1 路径参数", count: 1, rows: []string{"table1/domain_id"}},
	{document: "iam", page: accountPage, title: "表2 Query参数", count: 1, rows: []string{"table2/type"}},
	{document: "iam", page: accountPage, title: "表3 请求Header参数", count: 1, rows: []string{"table3/X-Auth-Token"}},
	{document: "iam", page: accountPage, title: "表4 响应Body参数", count: 1, rows: []string{"table4/quotas"}},
	{document: "iam", page: accountPage, title: "表5 quotas", count: 1, rows: []string{"table5/resources"}},
	{document: "iam", page: accountPage, title: "表6 resources", count: 5, rows: []string{
		"table6/max", "table6/min", "table6/quota", "table6/type", "table6/used",
	}},
	{document: "iam", page: accountPage, title: "请求示例 and 响应示例", count: 7, rows: []string{
		"example/request", "example/200", "example/400", "example/403/1", "example/403/2", "example/404", "example/500",
	}},
	{document: "iam", page: accountPage, title: "状态码", count: 6, rows: []string{
		"status/200", "status/400", "status/401", "status/403", "status/404", "status/500",
	}},
	{document: "iam", page: accountPage, title: "错误码", count: 1, rows: []string{"error-codes"}},

	{document: "ims", page: imagePage, title: "its heading", count: 1, rows: []string{"title"}},
	{document: "ims", page: imagePage, title: "the columns of its one row", count: 5, rows: []string{
		"permission", "api", "action", "iam-project", "enterprise-project",
	}},
}

// seedTypes lists the bullets of table2/type.
var seedTypes = []string{
	"user", "group", "idp", "agency", "policy",
	"assigment_group_mp", "assigment_agency_mp", "assigment_group_ep", "assigment_user_ep", "mapping",
}

// TestEveryRowIsASource checks that each row of the vendor's pages is the source of some node.
func TestEveryRowIsASource(t *testing.T) {
	sources := map[string]map[string][]string{}
	for _, name := range Names() {
		sources[name] = sourcesOf(embedded(t, name))
	}
	total := 0
	for _, table := range seedTables {
		if len(table.rows) != table.count {
			t.Errorf("%s, %s: the list has %d rows, the page %d", table.page, table.title, len(table.rows), table.count)
		}
		total += len(table.rows)
		for _, row := range table.rows {
			if source := table.page + "/" + row; sources[table.document][source] == nil {
				t.Errorf("%s: no node of %s.yaml has the source %s", table.title, table.document, source)
			}
		}
	}
	if total != 35 {
		t.Errorf("the pages have 35 rows, the lists %d", total)
	}
}

// TestSourcesAreUsed checks that each page of x-sources is used as a source, and that a source names an existing row. Reading a
// document checks the rest.
func TestSourcesAreUsed(t *testing.T) {
	rows := map[string]bool{}
	for _, table := range seedTables {
		for _, row := range table.rows {
			rows[table.page+"/"+row] = true
		}
	}
	for _, name := range Names() {
		d := embedded(t, name)
		used := map[*spec.Page]bool{}
		for source, places := range sourcesOf(d) {
			used[d.Page(source)] = true
			page, row, _ := strings.Cut(source, "/")
			needsRow := page == accountPage || page == imagePage || row != ""
			if needsRow && !rows[source] {
				t.Errorf("%s: no page has the row %s", places[0], source)
			}
		}
		if len(d.Sources) == 0 || used[nil] {
			t.Errorf("%s: got %d sources; one that names no page: %t", d.File, len(d.Sources), used[nil])
		}
		for _, page := range d.Sources {
			if !used[page] {
				t.Errorf("%s: nothing has the source %s", page.Node.Place(), page.Name)
			}
		}
	}
}

// TestTypesOfPage compares the types and their descriptions with the page.
func TestTypesOfPage(t *testing.T) {
	schema := embedded(t, "iam").Root.At("/components/schemas/QuotaType")
	values := []string{}
	for _, v := range schema.Member("enum").Items {
		values = append(values, v.Text)
	}
	if diff := cmp.Diff(seedTypes, values); diff != "" {
		t.Errorf("enum (-seed +document):\n%s", diff)
	}
	described := bullets(schema.Member("description").Text)
	if len(described) != len(seedTypes) {
		t.Errorf("the description has %d bullets, want %d", len(described), len(seedTypes))
	}
	for _, name := range seedTypes {
		says := described[name]
		if says == "" {
			t.Errorf("%s: no bullet explains it", name)
		}
		if perHolder := strings.Contains(says, "a limit for each"); perHolder != strings.HasPrefix(name, "assigment_") {
			t.Errorf("%s: %q: the four assigment_ types, and no others, are limits for each holder", name, says)
		}
	}
}

// sourcesOf maps each source of a document to its places. A source is the sibling of a grade.
func sourcesOf(d *spec.Document) map[string][]string {
	sources := map[string][]string{}
	walk(d.Root, func(n *spec.Node) {
		source := n.Member("source")
		if source == nil || n.Member("grade") == nil {
			return
		}
		for _, name := range append([]*spec.Node{source}, source.Items...) {
			if name.Kind == spec.String {
				sources[name.Text] = append(sources[name.Text], name.Place().String())
			}
		}
	})
	return sources
}

// bullets reads the meaning of each value from a description: - `user`: IAM users.
func bullets(description string) map[string]string {
	meanings := map[string]string{}
	for _, line := range strings.Split(description, "\n") {
		if rest, ok := strings.CutPrefix(line, "- `"); ok {
			name, says, _ := strings.Cut(rest, "`: ")
			meanings[name] = says
		}
	}
	return meanings
}
