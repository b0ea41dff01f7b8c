package contract

import (
	"github.com/quotaspec/quotaspec/contract/internal/pointer"
	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Change is a request that changed a resource, and the response to a read of the resource before it.
type Change struct {
	Before  Response
	Request Request
}

// changeEvidence is the evidence that a read shows a change. It is inferred: a GET after a successful PUT is likely to show what
// was put (RFC 9110, 9.3.4).
var changeEvidence = spec.Evidence{Grade: spec.Inferred, Source: []string{"RFC 9110"}}

// judgeChange finds members that a change has set in vain: the response of the read after it still has the value of the read
// before it. A member with any third value is no finding, since the provider may write values in its own way:
//
//	before {"name": "a", "state": "new"}, change {"name": "B", "state": "old"}, now {"name": "b", "state": "new"}
//	member/unchanged at /response/body/state: want "old", got "new"
func judgeChange(s *subject, b body, out *findings) {
	if s.ex.Change == nil || s.ex.Response.Status/100 != 2 || b.value.Kind() != strictjson.Object {
		return
	}
	before, _, isRead := strictjson.Parse(s.ex.Change.Before.Body)
	sent, _, isSent := strictjson.Parse(s.ex.Change.Request.Body)
	if !isRead || !isSent || before.Kind() != strictjson.Object || sent.Kind() != strictjson.Object {
		return
	}
	for name, want := range sent.Members() {
		old, now := before.Member(name), b.value.Member(name)
		isJudged := old.Exists() && now.Exists() && !b.hasFailed(now)
		if !isJudged || want.Kind() >= strictjson.Array || strictjson.Equal(old, want) || !strictjson.Equal(old, now) {
			continue
		}
		at := "/response/body/" + pointer.Escape(name)
		out.add(Finding{
			ID: "member/unchanged", Evidence: changeEvidence, Node: s.response.Node, Pointer: at,
			Want: out.secrets().At(at, want.Compact()) + ", which " + s.ex.Change.Request.Method + " has set", Got: now.Compact(),
		})
	}
}
