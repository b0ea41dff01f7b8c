package bodies

import (
	"bytes"

	"github.com/quotaspec/quotaspec/contract/internal/media"
)

// EstimateMemory estimates how many bytes of memory Read needs for a body, in addition to the body itself and the nodes
// of its value. It counts the separators of the media type. The bytes for each were measured with bodies of 16 MiB that
// consist of the smallest possible items.
func EstimateMemory(t media.Type, data []byte) int {
	const value, item, event = 60, 160, 310 // bytes, for each with the separator after it
	count := func(separator string) int { return bytes.Count(data, []byte(separator)) }
	switch t.Kind() {
	case media.Lines:
		return item*count("\n") + value*count(",")
	case media.Records:
		return item*count("\x1e") + value*count(",")
	case media.Events:
		return event * (count("\n") + count("\r"))
	case media.Form:
		return item*count("&") + value*count(",")
	case media.FormData:
		return value * count(",")
	}
	return 0
}
