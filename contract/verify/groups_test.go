package verify

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// TestGroupsByPlace tests that requests that are wrong at different places are different groups with the same id, that indexes
// and ids in a path are folded, and that findings about responses are not told apart by place.
func TestGroupsByPlace(t *testing.T) {
	c := newTestTally(t)
	add := func(path string, status int, body string) { add(c, entry(path, status, body)) }
	add("/things?a=1", 200, "{}")
	add("/things?b=1", 200, "{}")
	add("/things?a=2", 200, "{}")
	add("/things/latest/?a=2", 404, "")
	add("/Things/latest", 404, "")
	add("/things", 200, `{"kind":"c"}`)
	add("/things", 200, `{"kind":"d"}`)
	got := []string{}
	for _, g := range c.inOrder() {
		got = append(got, fmt.Sprintf("%d %s", g.times, g.key.id))
	}
	want := []string{
		"2 listThings/traffic=200:parameter/undocumented", "1 listThings/traffic=200:parameter/undocumented",
		"1 showLatest/traffic=404:path/near-miss", "1 showLatest/traffic=404:path/near-miss", "2 listThings/traffic=200:schema/enum",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("groups (-want +got):\n%s", diff)
	}
}

// TestManyPlaces tests that a consumer with ever new wrong parameters has 20 groups and one more, so that later failures of other
// kinds are still reported.
func TestManyPlaces(t *testing.T) {
	c := newTestTally(t)
	for i := range 2 * maxGroups {
		add(c, entry(fmt.Sprint("/things?p", i, "=1"), 200, "{}"))
	}
	add(c, entry("/things", 200, `{"kind":"c"}`))
	list := c.inOrder()
	if last := list[len(list)-1].key.id; len(list) != maxPlaces+2 || last != "listThings/traffic=200:schema/enum" || c.ungrouped != 0 {
		t.Errorf("got %d groups, want %d; the last is %s, and %d exchanges have none", len(list), maxPlaces+2, last, c.ungrouped)
	}
}

// TestPlaceWithErrors tests that exchanges with errors are a group beside those without, and that one place counts once for each.
func TestPlaceWithErrors(t *testing.T) {
	c := newTestTally(t)
	wrong := contract.Result{Judged: true, Operation: "listThings", Findings: []contract.Finding{
		{ID: "parameter/undocumented", Pointer: "/request/query/a"},
	}}
	failed := wrong
	failed.Errors = []error{errors.New("too much memory")}
	for range maxPlaces + 5 {
		c.addToGroup(c.judges[0], responded(200), wrong)
		c.addToGroup(c.judges[0], responded(200), failed)
	}
	want, got := []string{"parameter/undocumented/request/query/a false", "parameter/undocumented/request/query/a true"}, []string{}
	for _, g := range c.inOrder() {
		got = append(got, fmt.Sprintf("%s %t", g.key.place, g.key.failed))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("groups (-want +got):\n%s", diff)
	}
}

// TestSamples tests that a group shows the findings of its first exchange and one of each further place, whatever the order.
func TestSamples(t *testing.T) {
	bodies := []string{`[{"n":"1"},{"n":"2"}]`, `[{"n":"3"}]`, `[{"n":1,"kind":7}]`, `[{"n":1},{"kind":8}]`, `[{"n":"4","kind":9}]`}
	text := strings.Replace(things, "{type: object, properties: {kind: {type: string, enum: [a, b]}, n: {type: integer}}}",
		"{type: array, items: {type: object, properties: {kind: {type: string}, n: {type: integer}}}}", 1)
	doc, err := spec.Read("list.yaml", []byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	judge, err := contract.New(doc)
	if err != nil {
		t.Fatal(err)
	}
	for name, order := range map[string][]int{"forwards": {0, 1, 2, 3, 4}, "backwards": {4, 3, 2, 1, 0}} {
		c, got := NewTally([]*contract.Judge{judge}), []string{}
		for _, i := range order {
			e := entry("/things", 200, bodies[i])
			e.Number = i + 1
			c.Add(e)
		}
		for _, f := range c.inOrder()[0].findings() {
			got = append(got, f.Pointer+" "+f.Got)
		}
		want := []string{`/response/body/0/n string "1"`, `/response/body/1/n string "2"`, "/response/body/0/kind number 7"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: findings (-want +got):\n%s", name, diff)
		}
	}
}
