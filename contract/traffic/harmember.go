package traffic

import (
	"cmp"
	"errors"
	"fmt"
)

// harEntry holds the members of an entry that matter to the judge. Recorders differ: a member that is missing or of an
// unexpected type stays at its zero value. Bodies and headers point into the bytes that the entry was read from, so they are
// valid until the next read:
//
//	{"request": {"method": "GET", "headers": [{"name": "Accept", "value": "*/*"}, 7], "queryString": []}, …}
//
// gives the method GET and two pairs, of which the second is empty; queryString is skipped, since the URL has it too.
type harEntry struct {
	names headerNames

	started   string
	time      float64 // milliseconds
	request   harRequest
	response  harResponse
	refreshed bool   // the browser had the response in its cache afterwards
	fromCache bool   // Chromium: "disk" or "memory"
	resource  string // Chromium and mitmproxy: "websocket", among others
	skip      Reason // of our own Writer
}

type harRequest struct {
	present     bool
	method, url string
	headers     []rawPair
	bodySize    float64
	post        harContent
	ownEncoding string // of post, by our own Writer: HAR has no binary request
	params      int    // number of form parameters
	credentials string // noCredentials, by our own Writer: the request had none
}

type harResponse struct {
	status     float64
	headers    []rawPair
	content    harContent
	failed     bool // Chromium and mitmproxy record an error
	fromWorker bool // Chromium: it came from a service worker
}

// noCredentials is the value of _credentials for a request that was sent without.
const noCredentials = "none"

// harContent is a body of either side.
type harContent struct {
	size, compression float64
	mimeType          []byte // JSON of any type
	text              []byte // JSON of any type; nil: null
	encoding          string
}

// rawPair is the JSON of a header; it is empty for an element that is not an object.
type rawPair struct{ name, value []byte }

// read decodes an entry into h, reusing its lists. It fails if the entry is not JSON or has no method or URL.
func (h *harEntry) read(data []byte) error {
	*h = harEntry{
		names: h.names, request: harRequest{headers: h.request.headers[:0]}, response: harResponse{headers: h.response.headers[:0]},
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
			h.response.read(&d)
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
		return fmt.Errorf("want an object, got %s", cmp.Or(kinds[kind], "number"))
	case !r.present:
		return errors.New("no request in it")
	case r.method == "":
		return errors.New("request.method is missing")
	case r.url == "":
		return errors.New("request.url is missing")
	}
	return nil
}

// kinds names the types of values by their first byte, except numbers, objects and null.
var kinds = map[byte]string{'[': "array", '"': "string", 't': "bool", 'f': "bool"}

func (r *harRequest) read(d *decoder) {
	r.present = d.next() != 'n'
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
		case "_credentials":
			r.credentials = stringOf(d.raw())
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
			r.ownEncoding = stringOf(d.raw())
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
			r.failed = isSet(d.raw())
		case "_fetchedViaServiceWorker":
			r.fromWorker = isSet(d.raw())
		default:
			d.skip()
		}
	})
}

// read consumes the value of one member.
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

// readPairs reads a list of headers into list, which it overwrites.
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
