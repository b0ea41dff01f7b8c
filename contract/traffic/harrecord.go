package traffic

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
)

// A queue such as a topic of Kafka has one entry in each record. Programs that make records of a file line by line leave what
// stands between the entries, and that is removed:
//
//	{"request":{…},"response":{…}},        a line of a HAR that Writer writes, and its comma

// Record returns the raw entry of one record of a queue, which has a number there. The entry shares no memory with the value. If
// it is no entry of a HAR, Decode returns an *EntryError without an offset.
func Record(value []byte, number int) RawEntry {
	raw := RawEntry{Size: len(value), number: number, offset: noOffset}
	if raw.tooLarge = len(value) > maxEntry; !raw.tooLarge {
		raw.text = string(value)
	}
	return raw
}

// noOffset is the offset of an entry that stands alone in a record.
const noOffset = -1

// Text returns the entry as it is written in the file, without what stands around it. It is "" if the entry is too large, and for
// interactions of a Pact file.
func (r RawEntry) Text() string { return strings.Trim(r.text, space) }

// space is what may stand between the values of a JSON text.
const space = " \t\r\n"

// readRecord decodes the text of a record.
func (h *harEntry) readRecord(text string) error {
	text = strings.Trim(text, space)
	text = strings.TrimRight(strings.TrimSuffix(text, ","), space)
	err := h.read(text)
	if err == nil {
		return nil
	}
	switch kindOf(strings.NewReader(text)) {
	case harKind:
		return errors.New("a whole HAR or its beginning, want one entry: quotaspec-fleet send makes a record of each")
	case pactKind:
		return errors.New("a Pact file, want an entry of a HAR")
	}
	first := json.NewDecoder(strings.NewReader(text))
	switch syntax := first.Decode(new(json.RawMessage)); {
	case text == "":
		return errors.New("it is empty")
	case errors.Is(syntax, io.ErrUnexpectedEOF):
		return io.ErrUnexpectedEOF
	case syntax == nil && first.More():
		return errors.New("more after the end of the entry, want one entry a record")
	}
	return err
}
