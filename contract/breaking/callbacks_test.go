package breaking

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const calling = `openapi: 3.1.0
info: {title: calling, version: 1.0.0}
webhooks:
  sold: {$ref: '#/components/pathItems/Sold'}
paths:
  /a:
    post:
      operationId: send
      responses: {'200': {description: ok}}
      callbacks:
        done:
          '{$request.query.u}':
            post:
              requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
              responses: {'204': {description: thanks}}
components:
  pathItems:
    Sold:
      post:
        description: Somebody bought it.
        requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Sale'}}}}
        responses: {'204': {description: thanks}}
  schemas:
    Sale: {type: object, required: [price, at], properties: {price: {type: integer}, at: {type: string}, title: {type: string}}}
    Thing: {type: [object, 'null'], properties: {size: {type: integer}, in: {$ref: '#/components/schemas/Thing'}}}
`

// TestCallbacks tests which changes of webhooks and callbacks are reported.
func TestCallbacks(t *testing.T) {
	const webhook, callback = `webhook/changed document: the webhook "sold" says something else`,
		`callback/changed send: the callback "done" says something else`
	tests := []struct {
		name, old, new string
		want           []string
	}{
		{name: "a member of a webhook", old: "price: {type: integer}", new: "price: {type: number}", want: []string{webhook}},
		{name: "a member named as prose", old: ", title: {type: string}", new: "", want: []string{webhook}},
		{name: "a member of a callback", old: "size: {type: integer}", new: "size: {type: string}", want: []string{callback}},
		{
			name: "the status of a callback",
			old:  "responses: {'204': {description: thanks}}\ncomp", new: "responses: {'200': {description: thanks}}\ncomp",
			want: []string{callback},
		},
		{name: "the name of a webhook", old: "  sold:", new: "  bought:", want: []string{"webhook/changed document: webhooks: sold → bought"}},
		{name: "the name of a callback", old: "  done:", new: "  made:", want: []string{"callback/changed send: callbacks: done → made"}},
		{name: "prose", old: "description: Somebody bought it.", new: "description: Sold.", want: []string{}},
		{name: "the order of names", old: "[price, at]", new: "[at, price]", want: []string{}},
		{name: "another way to write null", old: "type: [object, 'null']", new: "type: ['null', object]", want: []string{}},
		{
			name: "a reference inlined",
			old:  "size: {type: integer}, in: {$ref: '#/components/schemas/Thing'}",
			new: "size: {$ref: '#/components/schemas/Size'}, in: {$ref: '#/components/schemas/Thing'}}}\n" +
				"    Size: {allOf: [{type: integer}], properties: {a: {}",
			want: []string{},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if strings.Count(calling, test.old) != 1 {
				t.Fatalf("%q is %d times in the document", test.old, strings.Count(calling, test.old))
			}
			got := []string{}
			for _, f := range compared(t, calling, strings.Replace(calling, test.old, test.new, 1)) {
				if f.Level == PossiblyBreaking {
					got = append(got, f.ID+" "+f.Check+": "+f.Says)
				}
			}
			slices.Sort(got)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
