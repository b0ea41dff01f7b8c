package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/contract/traffic"
	"github.com/quotaspec/quotaspec/openapi"
)

func newTestCollector(t *testing.T) *collector {
	t.Helper()
	v := verification{report: &report.Report{}}
	if err := v.load(); err != nil {
		t.Fatal(err)
	}
	return newCollector(v.judges, &misses{})
}

// responded is an entry with a status, whatever else is in it.
func responded(status int) traffic.Entry {
	return traffic.Entry{Exchange: contract.Exchange{Request: contract.Request{Method: "GET", Target: "/"}, Response: contract.Response{Status: status}}}
}

// TestCollectorKinds tests that exchanges with the same findings are one kind, in whatever order the findings come, and that a
// kind kept what any of its exchanges kept.
func TestCollectorKinds(t *testing.T) {
	c := newTestCollector(t)
	result := func(kept string, ids ...string) contract.Result {
		v := contract.Result{Judged: true, Operation: "op", Kept: []string{kept}, Seen: []string{"/" + kept}}
		for _, id := range ids {
			v.Findings = append(v.Findings, contract.Finding{ID: id})
		}
		return v
	}
	c.keep(c.judges[0], responded(200), result("a"))
	c.keep(c.judges[0], responded(200), result("x", "schema/type", "framing/a", "schema/type"))
	c.keep(c.judges[0], responded(200), result("b"))
	c.keep(c.judges[0], responded(200), result("y", "framing/a", "schema/type"))
	c.keep(c.judges[0], responded(200), result("a"))
	c.keep(c.judges[0], responded(404), result("a"))
	got := []string{}
	for _, id := range c.order {
		k := c.kinds[id]
		got = append(got, fmt.Sprintf("%s: %d times, kept %s, seen %s", id, k.times, strings.Join(k.result.Kept, " "), strings.Join(k.result.Seen, " ")))
	}
	want := []string{
		"op/traffic=200: 3 times, kept a b, seen /a /b",
		"op/traffic=200:framing/a,schema/type: 2 times, kept x y, seen /x /y",
		"op/traffic=404: 1 times, kept a, seen /a",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("kinds (-want +got):\n%s", diff)
	}
}

// TestCollectorManyKinds tests that a report holds no more than a thousand kinds, counts the exchanges of the others, and still
// counts those of the kinds that it holds.
func TestCollectorManyKinds(t *testing.T) {
	c := newTestCollector(t)
	for i := range maxKinds + 5 {
		c.keep(c.judges[0], responded(200), contract.Result{Judged: true, Operation: fmt.Sprint("op", i)})
	}
	c.keep(c.judges[0], responded(200), contract.Result{Judged: true, Operation: "op0"})
	if len(c.kinds) != maxKinds || c.kinds["op0/traffic=200"].times != 2 || c.note() != "5 of further kinds" {
		t.Errorf("got %d kinds, %d times the first, and %q", len(c.kinds), c.kinds["op0/traffic=200"].times, c.note())
	}
}

// TestCollectorManyPaths tests that a report lists no more than a thousand paths that no document knows, counts the exchanges of the
// others, and still counts those of the paths that it lists.
func TestCollectorManyPaths(t *testing.T) {
	c := newTestCollector(t)
	to := func(path string) {
		e := responded(404)
		e.Origin, e.Exchange.Request.Target = "http://127.0.0.1", path
		c.add(e)
	}
	for i := range maxKinds + 5 {
		to(fmt.Sprint("/", i))
	}
	to("/0")
	list := c.misses.notChecked()
	if want := "1006 of a path that no document knows, 5 of further kinds"; len(list) != maxKinds || list[0].Times != 2 || c.note() != want {
		t.Errorf("got %d paths, %d times the first, and %q, want %q", len(list), list[0].Times, c.note(), want)
	}
}

// TestCollectorManyNearMisses tests that a near miss counts as judged, however many there are.
func TestCollectorManyNearMisses(t *testing.T) {
	c := newTestCollector(t)
	for i := range maxKinds + 5 {
		e := responded(404)
		e.Origin, e.Exchange.Request.Target = fmt.Sprint("http://127.0.0.1:", i+1), "/v1/cloudimages/Quota"
		c.add(e)
	}
	if got := c.kinds["showImageQuota/traffic=404:path/near-miss"]; len(c.kinds) != 1 || got == nil || got.times != maxKinds+5 || c.note() != "" {
		t.Errorf("got %v and %q", c.order, c.note())
	}
}

// TestCollectorNote tests that the report counts every exchange that was not judged, also where there is only one.
func TestCollectorNote(t *testing.T) {
	for _, test := range []struct {
		name string
		of   collector
		want string
	}{
		{"everything was judged", collector{}, ""},
		{"one of an unknown path", collector{unknown: 1}, "1 of a path that no document knows"},
		{"one to another server", collector{foreign: 1}, "1 sent to other servers"},
		{"one that was cut off", collector{skipped: map[traffic.Reason]int{traffic.CutOff: 1}}, "1: cut off"},
		{"one too large", collector{skipped: map[traffic.Reason]int{traffic.TooLarge: 1}}, "1: larger than what is kept"},
		{"one of a further kind", collector{more: 1}, "1 of further kinds"},
		{
			"all of them", collector{unknown: 2, skipped: map[traffic.Reason]int{traffic.TooLarge: 3, traffic.NotHTTP: 4}, more: 5},
			"2 of a path that no document knows, 4: not HTTP, 3: larger than what is kept, 5 of further kinds",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := test.of.note(); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// TestSeveralHARs tests that every file is judged: what is wrong in the last fails the run.
func TestSeveralHARs(t *testing.T) {
	har := func(name, used string) string {
		body := `{\"quotas\":{\"resources\":[{\"type\":\"image\",\"used\":` + used + `,\"quota\":20,\"min\":1,\"max\":1000}]}}`
		return writeFile(t, name, `{"log":{"entries":[{"request":{"method":"GET","url":"https://ims.cn-north-4.myhuaweicloud.com/v1/cloudimages/quota","headers":[]},`+
			`"response":{"status":200,"headers":[{"name":"Content-Type","value":"application/json"},{"name":"X-Request-Id","value":"1"}],"content":{"text":"`+body+`"}}}]}}`)
	}
	right, wrong := har("right.har", "0"), har("wrong.har", "true")
	for _, test := range []struct {
		name  string
		files []string
		want  int
	}{
		{"two right", []string{right, right}, exitKept},
		{"the first is wrong", []string{wrong, right}, exitBroken},
		{"the last is wrong", []string{right, wrong}, exitBroken},
	} {
		t.Run(test.name, func(t *testing.T) {
			code, out, errs := quotaspec(t, "verify", "--har", test.files[0], "--har", test.files[1])
			if code != test.want {
				t.Errorf("got exit %d, want %d: %s\n%s", code, test.want, errs, out)
			}
		})
	}
}

// TestTrafficIsSelected tests that --only and --skip choose among the checks of traffic too.
func TestTrafficIsSelected(t *testing.T) {
	c := newTestCollector(t)
	for _, operation := range []string{"a", "b", "c"} {
		c.keep(c.judges[0], responded(200), contract.Result{Judged: true, Operation: operation})
	}
	v := verification{
		report:    &report.Report{Documents: []*openapi.Document{c.judges[0].Document()}},
		selection: selection{only: []string{"a/*", "b/*"}, skip: []string{"b/*"}},
	}
	v.conclusions(c)
	got := []string{}
	for _, check := range v.report.Checks {
		got = append(got, check.ID)
	}
	if diff := cmp.Diff([]string{"a/traffic=200"}, got); diff != "" {
		t.Errorf("checks (-want +got):\n%s", diff)
	}
}
