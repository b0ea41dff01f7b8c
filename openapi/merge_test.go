package openapi

import (
	"fmt"
	"testing"
)

// A merge key in responses ended the process, and one in an operation took its answers away.
func TestMergeKeys(t *testing.T) {
	const document = `openapi: 3.0.3
info: {title: t, version: '1'}
x-usual: &usual
  '401': {description: Unknown.}
  '404': {description: Not here.}
x-operation: &operation
  responses: {'200': {description: Fine.}, '404': {description: Gone.}}
paths:
  /a:
    get:
      %s
`
	for _, test := range []struct{ name, operation, want string }{
		{"in responses", "responses: {'404': {description: Ours.}, <<: *usual}", "404 Ours., 401 Unknown."},
		{"in an operation", "<<: *operation", "200 Fine., 404 Gone."},
		{"a list", "responses: {<<: [{'401': {description: First.}}, *usual]}", "401 First., 404 Not here."},
	} {
		d, err := Load("d.yaml", []byte(fmt.Sprintf(document, test.operation)))
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		got := ""
		for i, r := range d.Operations[0].Responses {
			if i > 0 {
				got += ", "
			}
			got += r.Status + " " + *r.Spec.Description
		}
		if got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
}

// A list of a merge key that holds itself ends.
func TestMergeKeyOfItself(t *testing.T) {
	_, err := Load("d.yaml", []byte("openapi: 3.0.3\ninfo: {title: t, version: '1'}\nx-l: &l [*l]\npaths: {<<: *l}\n"))
	if err == nil {
		t.Error("got no error")
	}
}
