package traffic

import (
	"cmp"
	"errors"
	"fmt"
)

// harEntry holds the members of an entry that matter to the judge. Recorders differ: a member that is missing or of an
// unexpected type stays at its zero value. Texts are parts of the one that the entry was read from, if they have no escapes:
//
//	{"request": {"method": "GET", "headers": [{"name": "Accept", "value": "*/*"}, 7], "queryString": []}, …}
//
// gives the method GET and two pairs, of which the second is empty; queryString is skipped, since the URL has it too.
type harEntry struct {
	names  headerNames
	bodies []byte // of this entry and others; the rest of its capacity is free

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
	headers     []pair
	bodySize    float64
	post        harContent
	ownEncoding string // of post, by our own Writer: HAR has no binary request
	params      int    // number of form parameters
	credentials string // noCredentials, by our own Writer: the request had none
}

type harResponse struct {
	status     float64
	headers    []pair
	content    harContent
	failed     bool // Chromium and mitmproxy record an error
	fromWorker bool // Chromium: it came from a service worker
}

// noCredentials is the value of _credentials for a request that was sent without.
const noCredentials = "none"

// harContent is a body of either side.
type harContent struct {
	size, compression float64
	mimeType          string
	text              string // JSON of any type; "": null or missing
	encoding          string
}

// pair is a header. It is empty for an element that is not an object.
type pair struct{ name, value string }

// read decodes an entry into h, reusing its lists. It fails if the entry is not JSON or has no method or URL.
func (h *harEntry) read(data string) error {
	*h = harEntry{
		names: h.names, bodies: h.bodies,
		request: harRequest{headers: h.request.headers[:0]}, response: harResponse{headers: h.response.headers[:0]},
	}
	d := decoder{data: data}
	kind := d.next()
	for more := d.open('{'); more; more = d.more('{') {
		switch d.name() {
		case "startedDateTime":
			h.started = d.text()
		case "time":
			h.time = numberOf(d.raw())
		case "request":
			h.request.read(&d)
		case "response":
			h.response.read(&d)
		case "cache":
			h.readCache(&d)
		case "_fromCache":
			h.fromCache = isSet(d.raw())
		case "_resourceType":
			h.resource = d.text()
		case "_skip":
			h.skip = Reason(d.text())
		default:
			d.skip()
		}
	}
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

func (h *harEntry) readCache(d *decoder) {
	for more := d.open('{'); more; more = d.more('{') {
		if d.name() == "afterRequest" {
			h.refreshed = !isNull(d.raw())
		} else {
			d.skip()
		}
	}
}

func (r *harRequest) read(d *decoder) {
	r.present = d.next() != 'n'
	for more := d.open('{'); more; more = d.more('{') {
		switch d.name() {
		case "method":
			r.method = d.text()
		case "url":
			r.url = d.text()
		case "headers":
			r.headers = readPairs(d, r.headers)
		case "bodySize":
			r.bodySize = numberOf(d.raw())
		case "_credentials":
			r.credentials = d.text()
		case "postData":
			r.readPost(d)
		default:
			d.skip()
		}
	}
}

func (r *harRequest) readPost(d *decoder) {
	for more := d.open('{'); more; more = d.more('{') {
		switch name := d.name(); name {
		case "params":
			r.params = 0
			for more := d.open('['); more; more = d.more('[') {
				d.skip()
				r.params++
			}
		case "_encoding":
			r.ownEncoding = d.text()
		default:
			r.post.read(d, name)
		}
	}
}

func (r *harResponse) read(d *decoder) {
	for more := d.open('{'); more; more = d.more('{') {
		switch d.name() {
		case "status":
			r.status = numberOf(d.raw())
		case "headers":
			r.headers = readPairs(d, r.headers)
		case "content":
			for more := d.open('{'); more; more = d.more('{') {
				r.content.read(d, d.name())
			}
		case "_error":
			r.failed = isSet(d.raw())
		case "_fetchedViaServiceWorker":
			r.fromWorker = isSet(d.raw())
		default:
			d.skip()
		}
	}
}

// read consumes the value of one member.
func (c *harContent) read(d *decoder, name string) {
	switch name {
	case "size":
		c.size = numberOf(d.raw())
	case "compression":
		c.compression = numberOf(d.raw())
	case "mimeType":
		c.mimeType = d.text()
	case "text":
		if c.text = d.raw(); isNull(c.text) {
			c.text = ""
		}
	case "encoding":
		c.encoding = d.text()
	default:
		d.skip()
	}
}

// readPairs reads a list of headers into list, which it overwrites.
func readPairs(d *decoder, list []pair) []pair {
	list = list[:0]
	for more := d.open('['); more; more = d.more('[') {
		header := pair{}
		for more := d.open('{'); more; more = d.more('{') {
			switch d.name() {
			case "name":
				header.name = d.text()
			case "value":
				if d.next() == '"' {
					header.value = d.text()
				} else {
					header.value = textOf(d.raw())
				}
			default:
				d.skip()
			}
		}
		list = append(list, header)
	}
	return list
}
