package bodies

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/media"
	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
)

// readItems reads a sequence of items as an array. If one item cannot be read there is no value, since the items after it
// would have wrong indices.
func readItems(kind media.Kind, text string) (v strictjson.Value, errs []SyntaxError) {
	if kind == media.Events {
		return strictjson.FromAny(events(text)), nil
	}
	separator := "\n"
	if kind == media.Records {
		separator = "\x1e"
		before, _, found := strings.Cut(text, separator)
		if isFramed := found && before == ""; text != "" && !isFramed {
			const want, got = "a record separator before each JSON text", "text before the first separator"
			return v, []SyntaxError{{ID: "body/not-json-seq", Want: want, Got: got, RFC: "RFC 7464"}}
		}
	}
	list, broken := []any{}, false
	for item := range strings.SplitSeq(text, separator) {
		if strings.TrimSpace(item) == "" {
			continue
		}
		value, found := JSON("/"+strconv.Itoa(len(list)), []byte(item))
		if len(errs) < maxErrors {
			errs = append(errs, found...)
		}
		broken = broken || !value.Exists()
		list = append(list, value.Any())
	}
	if broken {
		return v, errs
	}
	return strictjson.FromAny(list), errs
}

// events parses a stream of server-sent events (HTML, 9.2.6). Each becomes an object with those of the members data,
// event, id and retry that it has; retry is a number, and the others are strings (OpenAPI 3.2, Server-Sent Event
// Streams). The HTML standard discards an event that is cut off.
func events(text string) []any {
	list := []any{}
	event, data := map[string]any{}, []string{}
	text = strings.TrimPrefix(text, "\ufeff")
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	for {
		line, rest, whole := strings.Cut(text, "\n")
		if !whole {
			return list
		}
		text = rest
		name, value, _ := strings.Cut(line, ":")
		value = strings.TrimPrefix(value, " ")
		switch {
		case line == "":
			if len(data) > 0 {
				event["data"] = strings.Join(data, "\n")
			}
			if len(event) > 0 {
				list = append(list, event)
			}
			event, data = map[string]any{}, nil
		case name == "data":
			data = append(data, value)
		case name == "event", name == "id":
			event[name] = value
		case name == "retry" && value != "" && strings.Trim(value, "0123456789") == "":
			last := len(value) - 1
			event[name] = json.Number(strings.TrimLeft(value[:last], "0") + value[last:])
		}
	}
}
