package parameter

import (
	"net/url"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
)

// How each style writes the list [1, 2] and the object {"R": 1, "G": 2} under the name a (OpenAPI, Style Values):
//
//	style         list, exploded    list       object, exploded    object
//	form          a=1&a=2           a=1,2      R=1&G=2             a=R,1,G,2
//	simple        1,2               1,2        R=1,G=2             R,1,G,2
//	label         .1.2              .1,2       .R=1.G=2            .R,1,G,2
//	matrix        ;a=1;a=2          ;a=1,2     ;R=1;G=2            ;a=R,1,G,2
//	deepObject                                 a[R]=1&a[G]=2
//
// spaceDelimited and pipeDelimited are form with another separator than the comma. The same text often fits several columns:
// 1,2 may be a list, an object or a plain text. The types of the schema decide which columns are tried (shape.go).

// read returns the first value that the schema accepts, or else the first that can be read. In OpenAPI up to 3.0.3, style
// label separates elements with points even if it is not exploded (.blue.black). So such a text is tried once more, with
// commas for the points.
func (in *input) read(valid func(strictjson.Value) bool) (v strictjson.Value, problem string) {
	isDotted := in.mayBeDotted()
	v, problem, ok := in.tryShapes(valid, in.shapes&(in.shapes-1) == 0 && !isDotted)
	if !ok && isDotted {
		dotted := *in
		dotted.text = strings.ReplaceAll(in.text, ".", ",")
		if v, _, ok := dotted.tryShapes(valid, false); ok {
			return v, ""
		}
	}
	return v, problem
}

// mayBeDotted reports whether the text may be a list of style label that has points for commas.
func (in *input) mayBeDotted() bool {
	return in.style == "label" && !in.explode && in.shapes&(array|object) != 0 && !strings.Contains(in.text, ",")
}

// tryShapes reads the text in each shape that the schema allows, and returns the first value that the schema accepts;
// then ok is true. If isOnly, there is a single shape and the schema is not consulted. If the schema accepts none, the
// first value is returned or, if there is none, the first problem.
func (in *input) tryShapes(valid func(strictjson.Value) bool, isOnly bool) (first strictjson.Value, problem string, ok bool) {
	for _, shape := range [...]shapes{array, object, plain} {
		if in.shapes&shape == 0 {
			continue
		}
		v, why := in.readAs(shape)
		switch isRead := why == ""; {
		case isRead && isOnly, isRead && valid(v):
			return v, "", true
		case isRead && !first.Exists():
			first = v
		case problem == "":
			problem = why
		}
	}
	if first.Exists() {
		problem = ""
	}
	return first, problem, false
}

func (in *input) readAs(shape shapes) (v strictjson.Value, problem string) {
	sent, found := in.firstValue()
	switch {
	case shape != plain && in.style == "deepObject":
		return in.readDeepObject(shape)
	case shape == object && in.explode && in.inPairs:
		return in.readMembers()
	case !found:
		return v, "no value under the name of the parameter"
	case shape == array:
		return in.readArray(sent), ""
	case shape == object:
		return in.readObject(sent)
	}
	return strictjson.FromText(in.decode(sent)), ""
}

// readArray reads a list, from one text or from pairs. Empty elements of a header do not count (RFC 9110, 5.6.1).
func (in *input) readArray(sent string) strictjson.Value {
	texts, list := in.split(sent), []any{}
	if in.inPairs && in.explode {
		texts = slices.Collect(in.values)
	}
	for _, text := range texts {
		if text != "" || !in.isHeader() {
			list = append(list, in.decode(text))
		}
	}
	return strictjson.FromAny(list)
}

// readObject reads an object from one text: a,1,b,2 or, exploded, a=1,b=2.
func (in *input) readObject(sent string) (v strictjson.Value, problem string) {
	var texts []string
	if sent != "" {
		texts = in.split(sent)
	}
	if in.explode {
		halves := make([]string, 0, 2*len(texts))
		for _, text := range texts {
			name, value, found := strings.Cut(text, "=")
			if !found {
				return v, "a member without an equals sign"
			}
			halves = append(halves, name, value)
		}
		texts = halves
	}
	if len(texts)%2 != 0 {
		return v, "a name without a value"
	}
	members := map[string]any{}
	for i := 0; i < len(texts); i += 2 {
		name := in.decode(texts[i])
		if _, twice := members[name]; twice {
			return v, "a duplicate member"
		}
		members[name] = in.decode(texts[i+1])
	}
	return strictjson.FromAny(members), ""
}

// isHeader reports whether the text is that of a header.
func (in *input) isHeader() bool { return !in.inPairs && in.encoding == notEncoded }

// split splits a text into the elements of a list. In a URL, a space or a bar as separator is percent-encoded, so the
// text is decoded first. Its elements are then encoded again, because the caller decodes the elements of every style.
func (in *input) split(text string) []string {
	separator, isDecoded := ",", false
	switch {
	case in.style == "spaceDelimited":
		separator, isDecoded = " ", true
	case in.style == "pipeDelimited":
		separator, isDecoded = "|", true
	case in.style == "label" && in.explode:
		separator = "."
	}
	if isDecoded {
		text = in.decode(text)
	}
	list := strings.Split(text, separator)
	for i, element := range list {
		switch {
		case isDecoded:
			list[i] = url.QueryEscape(element)
		case in.isHeader():
			list[i] = strings.TrimSpace(element)
		}
	}
	return list
}
