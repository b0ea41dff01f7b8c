package contract_test

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract"
)

// tree is the foreign document with a schema that contains itself by a choice.
const tree = parcels + `    Tree:
      oneOf:
        - {type: string}
        - type: object
          properties: {child: {$ref: '#/components/schemas/Tree'}}
`

// TestJudgingIsLinear holds that no provider can stop the judge with an answer: four times the bytes cost about four times
// the memory, and what is said of them stays within bounds.
func TestJudgingIsLinear(t *testing.T) {
	repeat := func(text string, n int) string { return strings.TrimSuffix(strings.Repeat(text+",", n), ",") }
	numbered := func(format string, n int) string {
		list := []string{}
		for i := range n {
			list = append(list, fmt.Sprintf(format, i))
		}
		return strings.Join(list, ",")
	}
	resources := func(text string) string { return responseWith(200, `{"quotas":{"resources":[`+text+`]}}`) }
	one := func(members string) string { return parcelResponse(200, "application/json", parcel(members)) }
	images := judgeOf(t, "showImageQuota")
	foreign := newJudge(t, swap(tree, "        mode: {not:", "        tree: {$ref: '#/components/schemas/Tree'}\n        mode: {not:"))
	for _, test := range []struct {
		name    string
		judge   *contract.Judge
		request string
		raw     func(n int) string
		n       int
	}{
		{"elements that keep the schema", images, requestFor(imagePath), func(n int) string { return resources(repeat(item("image"), n)) }, 100},
		{"elements that break the schema", images, requestFor(imagePath), func(n int) string { return resources(repeat(`{"type":1,"used":"x","quota":20,"min":1,"max":1000}`, n)) }, 500},
		{"integers badly written", images, requestFor(imagePath), func(n int) string { return resources(repeat(swap(item("image"), "20", "2e1"), n)) }, 500},
		{"elements that break a rule", images, requestFor(imagePath), func(n int) string { return resources(repeat(swap(item("image"), "20", "0"), n)) }, 100},
		{"members that nobody knows", images, requestFor(imagePath), func(n int) string { return responseWith(200, `{`+numbered(`"m%d":1`, n)+`,`+imageBody[1:]) }, 500},
		{"members that are forbidden", foreign, showOne, func(n int) string { return one(`"box":{` + numbered(`"m%d":1`, n) + `}`) }, 200},
		{"a long name above many elements", foreign, showOne, func(n int) string { return one(`"` + strings.Repeat("x", 10*n) + `":[` + repeat("1", n) + `]`) }, 500},
		{"headers that nobody knows", images, requestFor(imagePath), func(n int) string { return responseWith(200, imageBody, strings.Split(numbered("X-M%d: 1", n), ",")...) }, 500},
		{"lines that are no headers", images, requestFor(imagePath), func(n int) string { return responseWith(200, imageBody, strings.Split(numbered("m%d", n), ",")...) }, 500},
		{"interim answers", images, requestFor(imagePath), func(n int) string { return strings.Repeat("HTTP/1.1 100\n\n", n) + responseWith(200, imageBody) }, 500},
		{"parameters", images, "", func(int) string { return responseWith(400, imsError) }, 500},
	} {
		t.Run(test.name, func(t *testing.T) {
			cost := func(n int) (bytes uint64, said int) {
				request, raw := test.request, test.raw(n)
				if request == "" {
					request = requestFor(imagePath + "?" + strings.ReplaceAll(numbered("m%d=%%zz&n%[1]d=1", n), ",", "&"))
				}
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				v := checkRaw(t, test.judge, request, raw)
				runtime.ReadMemStats(&after)
				return after.TotalAlloc - before.TotalAlloc, len(v.Findings)
			}
			cost(test.n) // what is made once
			small, _ := cost(test.n)
			large, said := cost(4 * test.n)
			if large > 8*small {
				t.Errorf("got %d bytes for n = %d and %d for four times that", small, test.n, large)
			}
			if most := 1000; said > most {
				t.Errorf("got %d findings, want at most %d", said, most)
			}
		})
	}
}

// TestBoundsHideNoFailure holds that a provider cannot hide what it breaks behind a crowd of lesser findings: of each
// grade that is broken something is told, and of each rule.
func TestBoundsHideNoFailure(t *testing.T) {
	crowd := []string{}
	for i := range 300 {
		crowd = append(crowd, fmt.Sprintf("X-M%d: 1", i))
	}
	members := strings.NewReplacer("X-", `"`, ": 1", `":1`).Replace(strings.Join(crowd, ",")) + ","
	for _, test := range []struct{ name, raw, want string }{
		{"the schema behind headers", responseWith(200, `{"quotas":7}`, crowd...), "schema/type"},
		{"a rule behind members", responseWith(200, `{`+members+swap(imageBody, `"quota":20`, `"quota":2000`)[1:]), "ims/bounds"},
		{"the schema behind members", responseWith(200, swap(imageBody, `"type":"image"`, members+`"type":7`)), "schema/type"},
		{"a status behind headers", responseWith(302, "", crowd...), "status/undocumented"},
		{"a rule of the document behind headers", responseWith(302, "", crowd...), "ims/only-200-succeeds"},
		{"a rule behind faults of the schema", responseWith(200, `{"quotas":{"resources":[`+strings.Repeat(swap(item("image"), `"used":0`, `"used":"0"`)+",", 300)+swap(item("image"), "20", "2000")+`]}}`), "ims/bounds"},
	} {
		if v := judge(t, requestFor(imagePath), test.raw); !slices.Contains(idsOf(v), test.want) {
			t.Errorf("%s: got %d findings and %d more, and no %s", test.name, len(v.Findings), v.More, test.want)
		}
	}
}
