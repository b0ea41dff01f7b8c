package breaking

import (
	"fmt"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// codes compares the error codes of the responses of an operation.
func codes(old, new *spec.Operation) []change {
	list := []change{}
	for _, is := range new.Responses {
		i := slices.IndexFunc(old.Responses, func(was *spec.Response) bool { return strings.EqualFold(was.Status, is.Status) })
		if i < 0 {
			continue
		}
		was := old.Responses[i]
		p := part{
			old: element{op: old, response: was}, new: element{op: new, response: is}, kind: ofRule, isResponse: true, status: is.Status,
		}
		list = append(list, messages(p)...)
		before, after := codesOf(was), codesOf(is)
		for _, d := range []struct {
			id, says     string
			codes, among []string
		}{
			{"error-codes/added", "is new among the error codes", after, before},
			{"error-codes/removed", "is gone from the error codes", before, after},
		} {
			names := slices.DeleteFunc(slices.Clone(d.codes), func(code string) bool { return slices.Contains(d.among, code) })
			if len(names) > 0 {
				list = append(list, change{
					id: d.id, part: p, says: strings.Join(names, ", ") + " " + d.says, old: codesNode(was), new: codesNode(is), names: names,
				})
			}
		}
	}
	return list
}

// placed begins the place of the codes in the list of codesOf.
const placed = "codes at "

// codesOf lists the codes of a response with their place, and what each stands for: "codes at /code", "A.1" and "A.1 for
// no-permission". A response without x-error-codes may have any.
func codesOf(r *spec.Response) []string {
	if r.Codes == nil {
		return []string{}
	}
	list := []string{placed + r.Codes.At}
	for _, code := range r.Codes.Codes {
		list = append(list, code.Code)
		for _, cause := range code.When {
			list = append(list, code.Code+" for "+string(cause))
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// messages compares the messages of error codes, which are prose: a provider fills them in.
func messages(p part) []change {
	of := func(r *spec.Response) string {
		list := []string{}
		if r.Codes != nil {
			for _, code := range r.Codes.Codes {
				list = append(list, code.Code+" "+code.Message)
			}
		}
		slices.Sort(list)
		return strings.Join(list, "\n")
	}
	was, is := p.old.response, p.new.response
	if was.Codes == nil || is.Codes == nil || of(was) == of(is) || !slices.Equal(codesOf(was), codesOf(is)) {
		return nil
	}
	return []change{{
		id: "prose/changed", part: p, says: "messages of error codes changed", old: codesNode(was), new: codesNode(is),
	}}
}

func codesNode(r *spec.Response) *spec.Node {
	if r.Codes == nil {
		return r.Node
	}
	return r.Codes.Node
}

// permissions compares the permissions of an operation, which no exchange has.
func permissions(old, new *spec.Operation) []change {
	was, is := old.Authorization, new.Authorization
	isSame := was == is || was != nil && is != nil && fmt.Sprint(*was) == fmt.Sprint(*is)
	if isSame {
		return nil
	}
	at := func(op *spec.Operation) *spec.Node {
		if n := op.Node.Member("x-authorization"); n != nil {
			return n
		}
		return op.Node
	}
	return []change{{
		id: "prose/changed", says: "x-authorization changed", old: at(old), new: at(new),
		part: part{old: element{op: old}, new: element{op: new}, kind: ofRule},
	}}
}
