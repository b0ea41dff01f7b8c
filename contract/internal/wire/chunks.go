package wire

import (
	"fmt"
	"strconv"
	"strings"
)

// chunks walks through a chunked body (RFC 9112, 7.1) whose bytes may still be coming in:
//
//	5;extension   the size in hexadecimal digits
//	hello         the data, and a line end
//	0             the last chunk
//	Trailer: x    any number of trailers
//	              an empty line
type chunks struct {
	lines
	size   int    // of the chunk whose data comes next; 0: a line comes next
	last   bool   // trailers come next
	ended  bool   // everything was read
	broken string // what is wrong, such that nothing behind it can be read
}

// read goes on until the body ends or the bytes do. It passes the data of each whole chunk to add, and returns what is
// missing or wrong, "" at the end of the body.
func (c *chunks) read(raw []byte, add func([]byte)) (why string) {
	for c.broken == "" && !c.ended {
		switch {
		case c.size > 0:
			if len(raw)-c.at-len("\r\n") < c.size {
				return "a chunk is cut off"
			}
			end := c.at + c.size
			if string(raw[end:end+len("\r\n")]) != "\r\n" {
				c.broken = "a chunk is longer than its size"
				break
			}
			add(raw[c.at:end])
			c.at, c.size = end+len("\r\n"), 0
		case c.last:
			trailer, ok := c.next(raw, "\r\n")
			if !ok {
				return "no empty line after the last chunk"
			}
			c.ended = len(trailer) == 0
		default:
			line, ok := c.next(raw, "\r\n")
			if !ok {
				return "the chunks end without the last one"
			}
			if c.size, ok = chunkSize(string(line)); !ok {
				c.broken = "a chunk without a size"
			}
			c.last = ok && c.size == 0
		}
	}
	return c.broken
}

// chunkSize reads the line before a chunk. A size takes at most 31 bits.
func chunkSize(line string) (size int, ok bool) {
	digits, _, _ := strings.Cut(line, ";")
	n, err := strconv.ParseUint(strings.TrimRight(digits, " \t"), 16, 31)
	if err != nil {
		return 0, false
	}
	return int(n), true
}

// joinChunks returns the data of all chunks, never nil, and what is wrong with them. The data of a chunk that is cut off or
// too long is returned as far as its size says.
func joinChunks(raw []byte) (body []byte, why string) {
	body = []byte{}
	c := chunks{}
	why = c.read(raw, func(data []byte) { body = append(body, data...) })
	switch rest := raw[c.at:]; {
	case why != "":
		body = append(body, rest[:min(len(rest), c.size)]...)
	case len(rest) > 0:
		why = fmt.Sprintf("%d more bytes after the last chunk", len(rest))
	}
	return body, why
}
