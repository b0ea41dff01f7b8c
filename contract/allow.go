package contract

import (
	"net/http"
	"slices"
	"strings"
)

// A 405 lists in Allow the methods that its resource has (RFC 9110, 15.5.6), and so do most responses to OPTIONS. Clients and
// proxies choose their method by it, so the list is compared with the methods of the path. For a path with GET and POST:
//
//	Allow: GET, HEAD                  header/allow, inferred: want GET, POST
//	Allow: GET, POST, PURGE           header/allow, undocumented: want no method PURGE
//	Allow: GET, HEAD, POST, OPTIONS   right: every server may have HEAD and OPTIONS

// judgeAllow compares the Allow of a 405 or of a response to OPTIONS with the documented methods of the path.
func (j *Judge) judgeAllow(s *subject, out *findings) {
	r := &s.ex.Response
	lines := r.Header.Values("Allow")
	isOptions := s.ex.Request.Method == http.MethodOptions && r.Status/100 == 2
	isList := isOptions || r.Status == http.StatusMethodNotAllowed
	hasMethod := s.op != nil && !isOptions // a 405 to a documented method: its status is wrong, not its Allow
	if len(lines) == 0 || !isList || !s.known || hasMethod || s.ex.Expected {
		return
	}
	allowed := []string{}
	for _, name := range strings.Split(strings.Join(lines, ","), ",") {
		if name = strings.TrimSpace(name); name != "" {
			allowed = append(allowed, name)
		}
	}
	want := j.methodsOf(s.route)
	if i := slices.Index(want, http.MethodOptions); i >= 0 && isOptions {
		want = slices.Delete(want, i, i+1) // the response shows that it exists
	}
	f := Finding{ID: "header/allow", Pointer: "/response/headers/allow", Node: s.route.node, Got: strings.Join(lines, ", ")}
	if slices.ContainsFunc(want, func(method string) bool { return !slices.Contains(allowed, method) }) {
		f.Evidence, f.Want = methodEvidence, "the methods of the path: "+strings.Join(want, ", ")
		out.add(f)
	}
	for _, method := range allowed {
		isCommon := method == http.MethodHead || method == http.MethodOptions
		if !isCommon && !slices.Contains(want, method) {
			f.Evidence, f.Want = undocumented, "no method "+method
			out.add(f)
			return
		}
	}
}
