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

// TestJudgingIsLinear checks that no response can stop the judge: four times the bytes cost about four times the memory, and the
// number of findings is limited.
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
		{
			name: "elements that keep the schema", judge: images, request: requestFor(imagePath),
			raw: func(n int) string { return resources(repeat(item("image"), n)) }, n: 100,
		},
		{
			name: "elements that break the schema", judge: images, request: requestFor(imagePath),
			raw: func(n int) string { return resources(repeat(`{"type":1,"used":"x","quota":20,"min":1,"max":1000}`, n)) }, n: 500,
		},
		{
			name: "integers badly written", judge: images, request: requestFor(imagePath),
			raw: func(n int) string { return resources(repeat(swap(item("image"), "20", "2e1"), n)) }, n: 500,
		},
		{
			name: "elements that break a rule", judge: images, request: requestFor(imagePath),
			raw: func(n int) string { return resources(repeat(swap(item("image"), "20", "0"), n)) }, n: 100,
		},
		{
			name: "undocumented members", judge: images, request: requestFor(imagePath),
			raw: func(n int) string { return responseWith(200, `{`+numbered(`"m%d":1`, n)+`,`+imageBody[1:]) }, n: 500,
		},
		{
			name: "members that are forbidden", judge: foreign, request: showOne,
			raw: func(n int) string { return one(`"box":{` + numbered(`"m%d":1`, n) + `}`) }, n: 200,
		},
		{
			name: "a long name above many elements", judge: foreign, request: showOne,
			raw: func(n int) string { return one(`"` + strings.Repeat("x", 10*n) + `":[` + repeat("1", n) + `]`) }, n: 500,
		},
		{
			name: "undocumented headers", judge: images, request: requestFor(imagePath),
			raw: func(n int) string {
				return responseWith(200, imageBody, strings.Split(numbered("X-M%d: 1", n), ",")...)
			}, n: 500,
		},
		{
			name: "lines that are no headers", judge: images, request: requestFor(imagePath),
			raw: func(n int) string { return responseWith(200, imageBody, strings.Split(numbered("m%d", n), ",")...) }, n: 500,
		},
		{
			name: "interim responses", judge: images, request: requestFor(imagePath),
			raw: func(n int) string { return strings.Repeat("HTTP/1.1 100\n\n", n) + responseWith(200, imageBody) }, n: 500,
		},
		{name: "parameters", judge: images, raw: func(int) string { return responseWith(400, imsError) }, n: 500},
	} {
		t.Run(test.name, func(t *testing.T) {
			cost := func(n int) (bytes uint64, findings int) {
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
			large, findings := cost(4 * test.n)
			if large > 8*small {
				t.Errorf("got %d bytes for n = %d and %d for four times that", small, test.n, large)
			}
			if most := 1000; findings > most {
				t.Errorf("got %d findings, want at most %d", findings, most)
			}
		})
	}
}

// TestLimitedFindingsShowEachFailure checks that a provider cannot hide a failure behind many weaker findings: each grade
// and each broken rule has a finding.
func TestLimitedFindingsShowEachFailure(t *testing.T) {
	crowd := []string{}
	for i := range 300 {
		crowd = append(crowd, fmt.Sprintf("X-M%d: 1", i))
	}
	members := strings.NewReplacer("X-", `"`, ": 1", `":1`).Replace(strings.Join(crowd, ",")) + ","
	for _, test := range []struct{ name, raw, want string }{
		{name: "the schema behind headers", raw: responseWith(200, `{"quotas":7}`, crowd...), want: "schema/type"},
		{
			name: "a rule behind members", raw: responseWith(200, `{`+members+swap(imageBody, `"quota":20`, `"quota":2000`)[1:]),
			want: "ims/bounds",
		},
		{
			name: "the schema behind members", raw: responseWith(200, swap(imageBody, `"type":"image"`, members+`"type":7`)),
			want: "schema/type",
		},
		{name: "a status behind headers", raw: responseWith(302, "", crowd...), want: "status/undocumented"},
		{name: "a rule of the document behind headers", raw: responseWith(302, "", crowd...), want: "ims/only-200-succeeds"},
		{
			name: "a rule behind findings of the schema",
			raw: responseWith(200, `{"quotas":{"resources":[`+
				strings.Repeat(swap(item("image"), `"used":0`, `"used":"0"`)+",", 300)+swap(item("image"), "20", "2000")+`]}}`),
			want: "ims/bounds",
		},
	} {
		if v := judge(t, requestFor(imagePath), test.raw); !slices.Contains(idsOf(v), test.want) {
			t.Errorf("%s: got %d findings and %d more, and no %s", test.name, len(v.Findings), v.More, test.want)
		}
	}
}
