package traffic

import (
	"errors"
	"fmt"
)

// harEntry is what is read of an entry. Recorders differ; what they leave out stays at its zero value, and so does a member
// of another type than HAR wants. The texts of bodies and headers refer to the bytes that the entry was read from.
type harEntry struct {
	names headerNames

	started   string
	time      float64 // milliseconds
	request   harRequest
	answer    harResponse
	refreshed bool   // an entry of the browser's cache is there after the request
	fromCache bool   // Chromium: "disk" or "memory"
	resource  string // Chromium and mitmproxy: "websocket", among others
	skip      Reason // our own
}

type harRequest struct {
	given       bool
	method, url string
	headers     []rawPair
	bodySize    float64
	post        harContent
	coded       string // our own encoding of the post: HAR has no binary request
	params      int    // of a form: how many
}

type harResponse struct {
	status  float64
	headers []rawPair
	content harContent
	broke   bool // Chromium and mitmproxy say why it broke off
	worker  bool // Chromium: a service worker answered
}

// harContent is a body of either side.
type harContent struct {
	size, compression float64
	mimeType          []byte // as it is written, and of any type
	text              []byte // the same; nil: null
	encoding          string
}

// rawPair is a header as it is written; what is no object is an empty one.
type rawPair struct{ name, value []byte }

// read decodes an entry into h, which may have been used before. A member of another type is passed over; without a method
// and a URL there is no exchange.
func (h *harEntry) read(data []byte) error {
	*h = harEntry{
		names: h.names, request: harRequest{headers: h.request.headers[:0]}, answer: harResponse{headers: h.answer.headers[:0]},
	}
	d := decoder{data: data}
	kind := d.next()
	d.object(func(name []byte) {
		switch string(name) {
		case "startedDateTime":
			h.started = stringOf(d.raw())
		case "time":
			h.time = numberOf(d.raw())
		case "request":
			h.request.read(&d)
		case "response":
			h.answer.read(&d)
		case "cache":
			d.object(func(name []byte) {
				if value := d.raw(); string(name) == "afterRequest" {
					h.refreshed = !isNull(value)
				}
			})
		case "_fromCache":
			h.fromCache = isSet(d.raw())
		case "_resourceType":
			h.resource = stringOf(d.raw())
		case "_skip":
			h.skip = Reason(stringOf(d.raw()))
		default:
			d.skip()
		}
	})
	d.next()
	switch r := &h.request; {
	case d.bad, d.at < len(data):
		return errSyntax
	case kind != '{' && kind != 'n':
		return fmt.Errorf("want an object, got %s", kindOf(kind))
	case !r.given:
		return errors.New("no request in it")
	case r.method == "":
		return errors.New("request.method is missing")
	case r.url == "":
		return errors.New("request.url is missing")
	}
	return nil
}

// kindOf names the type of a value that begins so and is neither an object nor null.
func kindOf(first byte) string {
	switch first {
	case '[':
		return "array"
	case '"':
		return "string"
	case 't', 'f':
		return "bool"
	}
	return "number"
}

func (r *harRequest) read(d *decoder) {
	r.given = d.next() != 'n'
	d.object(func(name []byte) {
		switch string(name) {
		case "method":
			r.method = stringOf(d.raw())
		case "url":
			r.url = stringOf(d.raw())
		case "headers":
			r.headers = readPairs(d, r.headers)
		case "bodySize":
			r.bodySize = numberOf(d.raw())
		case "postData":
			r.readPost(d)
		default:
			d.skip()
		}
	})
}

func (r *harRequest) readPost(d *decoder) {
	d.object(func(name []byte) {
		switch string(name) {
		case "params":
			r.params = 0
			d.array(func() {
				d.skip()
				r.params++
			})
		case "_encoding":
			r.coded = stringOf(d.raw())
		default:
			r.post.read(d, name)
		}
	})
}

func (r *harResponse) read(d *decoder) {
	d.object(func(name []byte) {
		switch string(name) {
		case "status":
			r.status = numberOf(d.raw())
		case "headers":
			r.headers = readPairs(d, r.headers)
		case "content":
			d.object(func(name []byte) { r.content.read(d, name) })
		case "_error":
			r.broke = isSet(d.raw())
		case "_fetchedViaServiceWorker":
			r.worker = isSet(d.raw())
		default:
			d.skip()
		}
	})
}

// read takes a member.
func (c *harContent) read(d *decoder, name []byte) {
	switch string(name) {
	case "size":
		c.size = numberOf(d.raw())
	case "compression":
		c.compression = numberOf(d.raw())
	case "mimeType":
		c.mimeType = d.raw()
	case "text":
		if c.text = d.raw(); isNull(c.text) {
			c.text = nil
		}
	case "encoding":
		c.encoding = stringOf(d.raw())
	default:
		d.skip()
	}
}

// readPairs reads a list of headers into a list that is used again.
func readPairs(d *decoder, list []rawPair) []rawPair {
	list = list[:0]
	d.array(func() {
		pair := rawPair{}
		d.object(func(name []byte) {
			switch string(name) {
			case "name":
				pair.name = d.raw()
			case "value":
				pair.value = d.raw()
			default:
				d.skip()
			}
		})
		list = append(list, pair)
	})
	return list
}
