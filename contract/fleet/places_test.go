package fleet

import (
	"fmt"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"
)

// TestPlaces tests which place of a record a report shows.
func TestPlaces(t *testing.T) {
	for _, test := range []struct {
		name, file, number, want string
	}{
		{"no headers", "", "", "exchanges/3 4711"},
		{"both", "a.har", "7", "a.har 7"},
		{"no number", "a.har", "", "exchanges/3 4711"},
		{"no file", "", "7", "exchanges/3 4711"},
		{"number 0", "a.har", "0", "exchanges/3 4711"},
		{"a word", "a.har", "seven", "exchanges/3 4711"},
		{"no UTF-8", "a\xff.har", "7", "exchanges/3 4711"},
		{"too long", strings.Repeat("a", 256), "7", "exchanges/3 4711"},
	} {
		r := &kgo.Record{Partition: 3, Offset: 4711}
		if test.file != "" {
			r.Headers = append(r.Headers, kgo.RecordHeader{Key: "file", Value: []byte(test.file)})
		}
		if test.number != "" {
			r.Headers = append(r.Headers, kgo.RecordHeader{Key: "number", Value: []byte(test.number)})
		}
		if got := recordOf("exchanges", r); fmt.Sprint(got.File, " ", got.Number) != test.want {
			t.Errorf("%s: got %s %d, want %s", test.name, got.File, got.Number, test.want)
		}
	}
}
