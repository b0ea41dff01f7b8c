package parameter

import (
	"net/url"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
)

// noValue is the fault of a reading that needs a pair with the parameter's own name.
const noValue = "no value under the name of the parameter"

// read gives the first reading that the schema takes, else the first that is possible. OpenAPI up to 3.0.3 wrote lists of
// style label with points even if they are not exploded (.blue.black), so that is another reading.
func (s *input) read(valid func(strictjson.Value) bool) (v strictjson.Value, fault string) {
	isDotted := s.mayBeDotted()
	v, fault, ok := s.tryShapes(valid, s.shapes&(s.shapes-1) == 0 && !isDotted)
	if !ok && isDotted {
		dotted := *s
		dotted.text = strings.ReplaceAll(s.text, ".", ",")
		if v, _, ok := dotted.tryShapes(valid, false); ok {
			return v, ""
		}
	}
	return v, fault
}

// mayBeDotted reports whether a list of style label may be one with points.
func (s *input) mayBeDotted() bool {
	return s.style == "label" && !s.explode && s.shapes&(array|object) != 0 && !strings.Contains(s.text, ",")
}

// tryShapes reads each shape that the schema allows; ok says that the schema takes the value, or was not asked since it is the only
// one.
func (s *input) tryShapes(valid func(strictjson.Value) bool, isOnly bool) (first strictjson.Value, firstFault string, ok bool) {
	for _, shape := range [...]shapes{array, object, plain} {
		if s.shapes&shape == 0 {
			continue
		}
		v, fault := s.readAs(shape)
		switch {
		case fault == "" && (isOnly || valid(v)):
			return v, "", true
		case fault == "" && !first.Exists():
			first = v
		case firstFault == "":
			firstFault = fault
		}
	}
	if first.Exists() {
		firstFault = ""
	}
	return first, firstFault, false
}

func (s *input) readAs(shape shapes) (v strictjson.Value, fault string) {
	sent, found := s.firstValue()
	switch {
	case shape != plain && s.style == "deepObject":
		return s.readDeepObject(shape)
	case shape == object && s.explode && s.inPairs:
		return s.readMembers()
	case !found:
		return v, noValue
	case shape == array:
		return s.readArray(sent), ""
	case shape == object:
		return s.readObject(sent)
	}
	return strictjson.FromText(s.decode(sent)), ""
}

// readArray reads a list, in one text or in pairs. A header may have empty elements, which do not count (RFC 9110, 5.6.1).
func (s *input) readArray(sent string) strictjson.Value {
	texts, list := s.split(sent), []any{}
	if s.inPairs && s.explode {
		texts = slices.Collect(s.values)
	}
	for _, text := range texts {
		if text != "" || !s.isHeader() {
			list = append(list, s.decode(text))
		}
	}
	return strictjson.FromAny(list)
}

// readObject reads an readObject in one text: a,1,b,2 or, exploded, a=1,b=2.
func (s *input) readObject(sent string) (v strictjson.Value, fault string) {
	var texts []string
	if sent != "" {
		texts = s.split(sent)
	}
	if s.explode {
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
		name := s.decode(texts[i])
		if _, twice := members[name]; twice {
			return v, "a member twice"
		}
		members[name] = s.decode(texts[i+1])
	}
	return strictjson.FromAny(members), ""
}

// isHeader reports whether the text is that of a header.
func (s *input) isHeader() bool { return !s.inPairs && s.encoding == notEncoded }

// split takes a list in one text apart. A space and a bar cannot stand in a URL, so they separate percent-encoded; then the
// elements are encoded again, to be decoded as those of other styles.
func (s *input) split(text string) []string {
	separator, isDecoded := ",", false
	switch {
	case s.style == "spaceDelimited":
		separator, isDecoded = " ", true
	case s.style == "pipeDelimited":
		separator, isDecoded = "|", true
	case s.style == "label" && s.explode:
		separator = "."
	}
	if isDecoded {
		text = s.decode(text)
	}
	list := strings.Split(text, separator)
	for i, element := range list {
		switch {
		case isDecoded:
			list[i] = url.QueryEscape(element)
		case s.isHeader():
			list[i] = strings.TrimSpace(element)
		}
	}
	return list
}
