package formats

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/quotaspec/quotaspec/contract/breaking"
	"github.com/quotaspec/quotaspec/contract/internal/pointer"
)

// A witness may have a long body, and what a document refuses may stand anywhere in it. So a text that is too long is cut around
// that place, not only at its end:
//
//	{"id":1,"name":"Tom","vaccinations":[{"da … 24-05-02","by":"Dr. Ray"}],"kind":"bird","owner":{"id":7,"na… (2431 bytes)

// locate finds what a document refuses first, if it is in the message. The prefix is that of pointers into it: /request/
func (m *message) locate(prefix string, w *breaking.Witness) {
	for _, finding := range append(w.Old[:len(w.Old):len(w.Old)], w.New...) {
		place, isHere := strings.CutPrefix(finding.Pointer, prefix)
		part, name, _ := strings.Cut(place, "/")
		switch {
		case !isHere:
			continue
		case part == "body":
			m.bodyAt = offsetOf(m.body, strings.TrimPrefix(place, "body"))
		case part == "query":
			m.firstAt = max(0, strings.Index(m.first, "&"+name+"="))
		}
		return
	}
}

// offsetOf returns where the value at a pointer begins in JSON, in bytes: at its name, if it has one. If there is no such value,
// it is the one that should contain it. Of a text that is not JSON it is 0.
func offsetOf(body, at string) int {
	offset := 0
	values := json.NewDecoder(strings.NewReader(body))
	for name := range pointer.Names(at) {
		opening, err := values.Token()
		if err != nil || opening != json.Delim('{') && opening != json.Delim('[') {
			return offset
		}
		isFound := false
		for i := 0; !isFound && values.More(); i++ {
			begin, found := int(values.InputOffset()), strconv.Itoa(i)
			if opening == json.Delim('{') {
				key, _ := values.Token() // an error is one of the next call too
				found, _ = key.(string)
			}
			var skipped json.RawMessage
			if isFound = found == name; isFound {
				offset = begin
			} else if values.Decode(&skipped) != nil {
				return offset
			}
		}
		if !isFound {
			return offset
		}
	}
	return offset
}

// excerpt is a text of at most limit characters: all of it, or its beginning, what stands around an offset in bytes, and the size
// of the whole.
func excerpt(s string, at, limit, size int) string {
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	const gap = " … "
	end := fmt.Sprintf("… (%d bytes)", size)
	room := limit - utf8.RuneCountInString(gap+end)
	runes, place := []rune(s), utf8.RuneCountInString(s[:at])
	head := room / 4
	from := min(place-(room-head)/4, len(runes)-(room-head))
	if from <= head {
		return string(runes[:room]) + end
	}
	if from+room-head == len(runes) {
		end = strings.TrimPrefix(end, "…")
	}
	return string(runes[:head]) + gap + string(runes[from:from+room-head]) + end
}
