package recordings

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/internal/redact"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// The ids of an exchange are found by their place, and then replaced wherever they are:
//
//	GET /accounts/4711-aa-0815    a parameter of the path, unless the document lists its values
//	X-Project-Id: 0a1b2c3d4e      a header, query parameter, form field or JSON member named id, ids, *_id, *-id or *Id
//	"see 8c4a6b9e-2f1d-…"         a UUID, or 16 hexadecimal digits or more, anywhere
//
// Values of fewer than 8 characters stay: most are words and counts. So does the short prefix of ids such as req-8c4a6b9e….

const (
	minID = 8   // characters
	maxID = 512 // bytes; longer values are texts
)

// identifiers collects the ids of an exchange in the order in which they are found.
type identifiers struct {
	list []string
	has  map[string]bool // in lower case
}

// identifiersOf returns the ids of an exchange. Those of targets and bodies come before those of headers.
func identifiersOf(op *spec.Operation, ex contract.Exchange) []string {
	ids := &identifiers{has: map[string]bool{}}
	target, query, _ := strings.Cut(ex.Request.Target, "?")
	ids.path(op, target)
	ids.pairs(op, query)
	ids.body(ex.Request.Header, ex.Request.Body)
	ids.body(ex.Response.Header, ex.Response.Body)
	ids.text(ex.Request.Target)
	ids.text(string(ex.Request.Body))
	ids.text(string(ex.Response.Body))
	for _, header := range []http.Header{ex.Request.Header, ex.Response.Header} {
		for _, name := range slices.Sorted(maps.Keys(header)) {
			for _, value := range header[name] {
				if isIDName(name) {
					ids.add(value)
				}
				ids.text(value)
			}
		}
	}
	return ids.list
}

// withPrefix matches an id after the prefix of its kind: req-8c4a6b9e, cus_9s6XKzkN.
var withPrefix = regexp.MustCompile(`^[A-Za-z]{1,4}[-_]([0-9A-Za-z-]*[0-9][0-9A-Za-z-]*)$`)

// add adds an id, unless it is too short to be one.
func (ids *identifiers) add(id string) {
	if m := withPrefix.FindStringSubmatch(id); m != nil && !uuid.MatchString(id) && len(m[1]) >= minID {
		id = m[1]
	}
	alphanumeric := 0
	for _, c := range id {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			alphanumeric++
		}
	}
	isID := len(id) >= minID && len(id) <= maxID && alphanumeric >= minID-2 && !strings.Contains(id, redact.Mark)
	if key := lower(id); isID && !ids.has[key] {
		ids.has[key] = true
		ids.list = append(ids.list, id)
	}
}

var (
	idEnds  = regexp.MustCompile(`(?:^|[_.-])(?i:ids?)$|[a-z0-9](?:I[dD]s?)$`)
	longHex = regexp.MustCompile(`[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[0-9a-fA-F]{16,}`)
)

// isIDName reports whether a value with this name is an id.
func isIDName(name string) bool { return idEnds.MatchString(name) }

var escape = regexp.MustCompile(`%[0-9a-fA-F]{2}`)

// text adds the UUIDs and long hexadecimal numbers of a text. One without a letter is a number, or a stand-in.
func (ids *identifiers) text(text string) {
	text = escape.ReplaceAllStringFunc(text, func(escaped string) string {
		plain, _ := url.PathUnescape(escaped)
		return plain
	})
	for _, at := range longHex.FindAllStringIndex(text, -1) {
		found := text[at[0]:at[1]]
		hasBoth := strings.ContainsAny(found, "abcdefABCDEF") && strings.ContainsAny(found, "0123456789")
		isNumber := !strings.Contains(found, "-") && !hasBoth && !isStandIn(found)
		if isPart := isWordByte(text, at[0]-1) || isWordByte(text, at[1]); !isPart && !isNumber {
			ids.add(found)
		}
	}
}

var placeholders = regexp.MustCompile(`\\\{([^{}]*)\\\}`)

// path adds the parameters of a path. The path may begin with the base path of a server.
func (ids *identifiers) path(op *spec.Operation, path string) {
	template, _, _ := strings.Cut(op.Path, "?")
	template, _, _ = strings.Cut(template, "#")
	quoted := regexp.QuoteMeta(template)
	shape, err := regexp.Compile(placeholders.ReplaceAllString(quoted, `([^/]+?)`) + "$")
	if err != nil {
		return
	}
	found := shape.FindStringSubmatch(path)
	for i, name := range placeholders.FindAllStringSubmatch(quoted, -1) {
		if found == nil || i+1 >= len(found) {
			return
		}
		parameter := strings.ReplaceAll(name[1], `\`, "")
		if value, err := url.PathUnescape(found[i+1]); err == nil && !hasKnownValues(op, "path", parameter) {
			ids.add(value)
		}
	}
}

// hasKnownValues reports whether the document lists the values of a parameter, or says that it is a time.
func hasKnownValues(op *spec.Operation, in, name string) bool {
	for _, p := range op.Parameters {
		if p.In == in && p.Name == name && p.Schema != nil {
			isTime := slices.Contains([]string{"date", "time", "date-time", "duration"}, p.Schema.Format)
			return isTime || len(p.Schema.Enum) > 0 || p.Schema.Const != nil
		}
	}
	return false
}

// pairs adds the ids of a query or a form.
func (ids *identifiers) pairs(op *spec.Operation, text string) {
	for pair := range strings.SplitSeq(text, "&") {
		name, value, _ := strings.Cut(pair, "=")
		name, _ = url.QueryUnescape(name)
		value, err := url.QueryUnescape(value)
		if err == nil && isIDName(strings.TrimSuffix(name, "[]")) && !hasKnownValues(op, "query", name) {
			ids.add(value)
		}
	}
}

// body adds the ids of JSON and of forms.
func (ids *identifiers) body(header http.Header, body []byte) {
	if strings.HasPrefix(header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		ids.pairs(&spec.Operation{}, string(body))
		return
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	for decoder.More() {
		if !ids.value(decoder, false, 0) {
			return // invalid JSON: the ids before are found
		}
	}
}

// maxDepth is how deep JSON is read.
const maxDepth = 500

// value reads one JSON value in so many others. isID says that its name is that of an id. It returns false at a syntax error.
func (ids *identifiers) value(decoder *json.Decoder, isID bool, depth int) bool {
	token, err := decoder.Token()
	if err != nil || depth > maxDepth {
		return false
	}
	switch value := token.(type) {
	case string:
		if isID {
			ids.add(value)
		}
		ids.text(value)
	case json.Number:
		if isID && strings.Trim(value.String(), "0123456789") == "" {
			ids.add(value.String())
		}
	case json.Delim:
		for decoder.More() {
			isMemberID := isID
			if value == '{' {
				name, err := decoder.Token()
				if err != nil {
					return false
				}
				isMemberID = isIDName(name.(string))
				ids.text(name.(string))
			}
			if !ids.value(decoder, isMemberID, depth+1) {
				return false
			}
		}
		_, err = decoder.Token() // the end
	}
	return err == nil
}

// without returns a copy of an exchange in which each id is replaced by its stand-in.
func (s *standIns) without(ex contract.Exchange) contract.Exchange {
	ex.Request.Target = replaceInTarget(ex.Request.Target, s.replace)
	ex.Request.Header = replaceInHeader(ex.Request.Header, s.replace)
	ex.Response.Header = replaceInHeader(ex.Response.Header, s.replace)
	ex.Request.Body, ex.Response.Body = []byte(s.replace(string(ex.Request.Body))), []byte(s.replace(string(ex.Response.Body)))
	return ex
}

// replaceInTarget replaces in each part of a target, decoded. A part in which nothing is replaced stays as it was sent.
func replaceInTarget(target string, replace func(string) string) string {
	path, query, hasQuery := strings.Cut(target, "?")
	part := func(text string, decode func(string) (string, error), encode func(string) string) string {
		plain, err := decode(text)
		if err != nil {
			return replace(text)
		}
		if clean := replace(plain); clean != plain {
			if raw := replace(text); raw != text { // nothing of it needs an escape
				return raw
			}
			return encode(clean)
		}
		return text
	}
	segments := strings.Split(path, "/")
	for i := range segments {
		segments[i] = part(segments[i], url.PathUnescape, url.PathEscape)
	}
	clean := strings.Join(segments, "/")
	if !hasQuery {
		return clean
	}
	pairs := strings.Split(query, "&")
	for i, pair := range pairs {
		name, value, ok := strings.Cut(pair, "=")
		if ok {
			pairs[i] = name + "=" + part(value, url.QueryUnescape, url.QueryEscape)
		}
	}
	return clean + "?" + strings.Join(pairs, "&")
}

func replaceInHeader(header http.Header, replace func(string) string) http.Header {
	clean := http.Header{}
	for name, values := range header {
		for _, value := range values {
			clean[name] = append(clean[name], replace(value))
		}
	}
	return clean
}
