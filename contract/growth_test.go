//go:build unix

package contract_test

import (
	"flag"
	"fmt"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/recordings"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

var (
	measureGrowth = flag.Bool("growth", false, "measure the costs of TestGrowth and print them (make bench-growth)")
	updateGrowth  = flag.Bool("update", false, "write docs/performance/growth.svg and, with -growth, the table in docs/performance.md")
)

const (
	growthPage    = "../docs/performance.md"
	growthDrawing = "../docs/performance/growth.svg"
	growthBegin   = "<!-- growth -->\n"
	growthEnd     = "<!-- /growth -->\n"
	repetitions   = 3
	leastWork     = 50 * time.Millisecond // of one repetition
)

// growthSeries is a row of the table: what it costs as one quantity grows and all else stays.
type growthSeries struct {
	grows, measured, unit string // unit is that of costs
	sizes                 []int
	costs                 []float64 // one for each size
}

// TestGrowth checks that docs/performance/growth.svg is the drawing of the table in docs/performance.md. With -growth, it measures
// the numbers of the table and prints them; with -update, it then writes both.
func TestGrowth(t *testing.T) {
	page, err := os.ReadFile(growthPage)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, begun := strings.Cut(string(page), growthBegin)
	table, tail, ended := strings.Cut(rest, growthEnd)
	if !begun || !ended {
		t.Fatalf("%s has no table of growth", growthPage)
	}
	if *measureGrowth {
		table = growthTable(measuredGrowth(t))
		fmt.Print("\n", table)
		if !*updateGrowth {
			return
		}
	}
	all := parseGrowth(t, table)
	for _, file := range []struct{ name, want string }{
		{growthPage, head + growthBegin + growthTable(all) + growthEnd + tail},
		{growthDrawing, drawGrowth(all)},
	} {
		if *updateGrowth {
			if err := os.MkdirAll(filepath.Dir(file.name), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file.name, []byte(file.want), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := os.ReadFile(file.name); err != nil || string(got) != file.want {
			t.Errorf("%s is not what its numbers give: run go test ./contract -run '^TestGrowth$' -args -update (%v)", file.name, err)
		}
	}
}

// measuredGrowth measures all rows, one point after the other.
func measuredGrowth(t *testing.T) (all []growthSeries) {
	t.Helper()
	add := func(grows, measured string, sizes []int, prepare func(size int) func()) {
		s := growthSeries{grows: grows, measured: measured, unit: "µs", sizes: sizes}
		for _, size := range sizes {
			s.costs = append(s.costs, costOf(t, prepare(size)))
		}
		all = append(all, s)
	}
	judging := func(document func(size int) string, exchange func(size int) contract.Exchange, findings int) func(int) func() {
		return func(size int) func() {
			return checking(t, readGrown(t, document(size)), exchange(size), findings)
		}
	}
	always := func(document string) func(int) string { return func(int) string { return document } }

	operations := []int{1, 10, 100, 1000}
	add("operations of the document", "an exchange of the last", operations, judging(manyOperations, func(size int) contract.Exchange {
		return grownExchange(fmt.Sprintf("/groups/%d/things%d/x", (size-1)/10, size-1), `{"n":1}`)
	}, 0))
	add("operations of the document", "contract.New", operations, func(size int) func() {
		doc := readGrown(t, manyOperations(size))
		return func() {
			if _, err := contract.New(doc); err != nil {
				t.Fatal(err)
			}
		}
	})

	bytes := []int{1e3, 1e4, 1e5, 1e6, 1e7}
	body := func(last string) func(int) contract.Exchange {
		return func(size int) contract.Exchange { return largeExchange(size, last) }
	}
	add("bytes of the body", "right", bytes, judging(always(largeDocument), body(`{"type":"user","used":1,"quota":2}`), 0))
	add("bytes of the body", "a fault at the end", bytes, judging(always(largeDocument), body(`{"type":"user","used":"1","quota":2}`), 1))

	resources := []int{10, 100, 1e3, 1e4, 1e5}
	add("resources in the response", "all rules", resources, judging(always(resourcesDocument), resourcesExchange, 0))
	add("resources in the response", "no rules", resources, func(size int) func() {
		return checking(t, withoutRules(t, readGrown(t, resourcesDocument)), resourcesExchange(size), 0)
	})

	few := []int{1, 10, 100}
	add("depth of the schema", "nested objects", few, judging(nestedObjects, func(size int) contract.Exchange {
		return grownExchange("/things", strings.Repeat(`{"n":`, size)+"1"+strings.Repeat("}", size))
	}, 0))
	add("depth of the schema", "allOf with $ref", few, judging(nestedAllOf, func(int) contract.Exchange {
		return grownExchange("/things", `{"n":1}`)
	}, 0))
	add("rules of a schema", "an exchange", few, judging(manyRules, func(int) contract.Exchange {
		return grownExchange("/things", `{"min":1,"quota":2,"max":3,"type":"user"}`)
	}, 0))
	add("parameters sent", "in the query", few, judging(manyParameters("query"), func(size int) contract.Exchange {
		return grownExchange("/things?"+strings.Join(numbered(size, "p%[1]d=%[1]d"), "&"), `{"n":1}`)
	}, 0))
	add("parameters sent", "headers", few, judging(manyParameters("header"), func(size int) contract.Exchange {
		ex := grownExchange("/things", `{"n":1}`)
		ex.Request.Header = http.Header{}
		for i := range size {
			ex.Request.Header.Set(fmt.Sprintf("P%d", i), strconv.Itoa(i))
		}
		return ex
	}, 0))
	return append(all, measuredCores(t))
}

// costOf returns the processor time of a call in µs, garbage collection included: the smallest of the repetitions.
func costOf(t *testing.T, call func()) float64 {
	t.Helper()
	calls := 1
	repetition := func() time.Duration {
		runtime.GC()
		before := processorTime(t)
		for range calls {
			call()
		}
		return processorTime(t) - before
	}
	for repetition() < leastWork {
		calls *= 2
	}
	least := time.Duration(math.MaxInt64)
	for range repetitions {
		least = min(least, repetition())
	}
	return float64(least.Nanoseconds()) / 1e3 / float64(calls)
}

// measuredCores counts the exchanges a second, by the clock, of one judge that one and two goroutines use on as many cores. It
// returns the most of many turns.
func measuredCores(t *testing.T) growthSeries {
	t.Helper()
	s := growthSeries{grows: "cores", measured: "our ten quotas, all rules", unit: "exchanges/s", sizes: []int{1, 2}}
	all, err := recordings.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(all, func(r recordings.Recording) bool { return r.Name() == "iam-200-all-types" })
	call := checking(t, documentOf(t, all[i].Operation), ofHAR(all[i]), 0)
	// Many short turns: in some of them, no other process takes a core.
	const turns, calls = 60, 5000 // calls of each goroutine
	for _, cores := range s.sizes {
		before := runtime.GOMAXPROCS(cores)
		most := 0.0
		for range turns {
			start := time.Now()
			var group sync.WaitGroup
			for range cores {
				group.Go(func() {
					for range calls {
						call()
					}
				})
			}
			group.Wait()
			most = max(most, float64(cores*calls)/time.Since(start).Seconds())
		}
		runtime.GOMAXPROCS(before)
		s.costs = append(s.costs, most)
	}
	return s
}

// checking returns a function that judges an exchange in which something is found this often.
func checking(t *testing.T, doc *spec.Document, ex contract.Exchange, findings int) func() {
	t.Helper()
	judge, err := contract.New(doc)
	if err != nil {
		t.Fatal(err)
	}
	if r := judge.Check(ex); len(r.Findings) != findings || len(r.Errors) > 0 {
		t.Fatalf("%.80s: %d findings, want %d: %.1000v %v", ex.Request.Target, len(r.Findings), findings, r.Findings, r.Errors)
	}
	return func() { judge.Check(ex) }
}

func readGrown(t *testing.T, document string) *spec.Document {
	t.Helper()
	doc, err := spec.Read("grown.yaml", []byte(document), nil)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// grownExchange is a GET and its response.
func grownExchange(target, body string) contract.Exchange {
	return contract.Exchange{
		Request: contract.Request{Method: "GET", Target: target},
		Response: contract.Response{
			Status: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(body),
		},
		Unrecorded: contract.UnrecordedFraming,
	}
}

// numbered returns a format with each number below count.
func numbered(count int, format string) []string {
	list := []string{}
	for i := range count {
		list = append(list, fmt.Sprintf(format, i))
	}
	return list
}

const (
	grownHead  = "openapi: 3.0.3\ninfo: {title: Grown, version: '1'}\npaths:\n"
	grownReply = `responses: {'200': {description: right, content: {application/json: {schema: {$ref: '#/components/schemas/S0'}}}}}`
	grownThing = "components:\n  schemas:\n    S0: {type: object, required: [n], properties: {n: {type: integer}}}\n"
	grownPath  = "  /things:\n    get: {" + grownReply + "}\n"
)

// manyOperations describes this many paths, ten of a group.
func manyOperations(count int) string {
	var b strings.Builder
	b.WriteString(grownHead)
	for i := range count {
		fmt.Fprintf(&b, "  /groups/%d/things%d/{id}:\n    get:\n      parameters: [{name: id, in: path, required: true, schema: {type: string}}]\n"+
			"      %s\n", i/10, i, grownReply)
	}
	return b.String() + grownThing
}

// nestedObjects describes an object with an object in it, and so on; the innermost has a number.
func nestedObjects(depth int) string {
	schema := strings.Repeat("{type: object, required: [n], properties: {n: ", depth) + "{type: integer}" + strings.Repeat("}}", depth)
	return grownHead + grownPath + "components: {schemas: {S0: " + schema + "}}\n"
}

// nestedAllOf describes an object by a schema that includes another, which includes a third, and so on.
func nestedAllOf(depth int) string {
	var b strings.Builder
	b.WriteString(grownHead + grownPath + "components:\n  schemas:\n")
	for i := range depth {
		fmt.Fprintf(&b, "    S%d: {required: [n], allOf: [{$ref: '#/components/schemas/S%d'}]}\n", i, i+1)
	}
	fmt.Fprintf(&b, "    S%d: {type: object, properties: {n: {type: integer}}}\n", depth)
	return b.String()
}

// manyRules describes a resource with this many different rules.
func manyRules(count int) string {
	kinds := []string{
		"self.min <= self.quota + %d && self.quota <= self.max + %[1]d", `self.type in ["user", "type-%d"]`,
		"type(self.max) == int && self.max != -%d - 1",
	}
	var b strings.Builder
	b.WriteString(grownHead + grownPath + "components:\n  schemas:\n    S0:\n      type: object\n      properties:\n" +
		"        {type: {type: string}, min: {type: integer}, quota: {type: integer}, max: {type: integer}}\n      x-rules:\n")
	for i := range count {
		rule := fmt.Sprintf(kinds[i%len(kinds)], i)
		fmt.Fprintf(&b, "        - {id: rule-%d, says: It holds., grade: documented, source: page, rule: '%s'}\n", i, rule)
	}
	return b.String()
}

// manyParameters describes an operation with this many parameters in the query or in headers.
func manyParameters(in string) func(count int) string {
	return func(count int) string {
		parameters := numbered(count, "{name: P%d, in: "+in+", schema: {type: integer}}")
		if in == "query" {
			parameters = numbered(count, "{name: p%d, in: query, schema: {type: integer}}")
		}
		return grownHead + "  /things:\n    get:\n      parameters: [" + strings.Join(parameters, ", ") + "]\n      " + grownReply + "\n" + grownThing
	}
}

// resourcesDocument has rules of the kinds of showDomainQuota, for any number of types.
const resourcesDocument = grownHead + grownPath + `components:
  schemas:
    S0:
      type: object
      required: [resources]
      properties:
        resources:
          type: array
          x-rules:
            - {id: each-type-once, says: No type is listed twice., grade: documented, source: page,
               rule: 'self.all(r, self.exists_one(o, o.type == r.type))'}
          items: {$ref: '#/components/schemas/Resource'}
    Resource:
      type: object
      required: [max, min, quota, type]
      x-rules:
        - {id: used-by-type, says: The usage is known., grade: documented, source: page,
           rule: 'self.type == "mapping" ? !has(self.used) : has(self.used) && type(self.used) != null_type'}
        - {id: known-type, says: The type is known., grade: documented, source: page,
           rule: 'self.type in ["user", "group", "idp", "agency", "policy"] || self.type.matches("^type-[0-9]+$")'}
        - {id: plain-integers, says: Numbers are integers., grade: documented, source: page,
           rule: 'type(self.max) == int && type(self.min) == int && type(self.quota) == int'}
        - {id: no-negative-count, says: No number is below zero., grade: documented, source: page,
           rule: 'self.max >= 0 && self.min >= 0 && self.quota >= 0'}
        - {id: bounds, says: The quota lies within its bounds., grade: documented, source: page,
           rule: 'self.min <= self.quota && self.quota <= self.max'}
      properties:
        max: {type: integer, format: int32}
        min: {type: integer, format: int32}
        quota: {type: integer, format: int32}
        type: {type: string}
        used: {type: integer, format: int32, nullable: true}
`

// resourcesExchange has this many resources, each of another type.
func resourcesExchange(count int) contract.Exchange {
	list := numbered(count, `{"max":%[1]d,"min":0,"quota":%[1]d,"type":"type-%[1]d","used":0}`)
	return grownExchange("/things", `{"resources":[`+strings.Join(list, ",")+`]}`)
}
