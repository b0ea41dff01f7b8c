package mutate

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
)

func (c *corrupter) statuses(all []int) {
	for _, status := range all {
		if status != c.base.Response.Status {
			c.add("status swapped", "/response/status", strconv.Itoa(status), func(ex *contract.Exchange) { ex.Response.Status = status })
		}
	}
}

// wires makes the mutants of an exchange of which every byte is known.
func (c *corrupter) wires() {
	c.responseHeaders()
	c.framing()
	c.codings()
	c.method()
	c.query()
	c.requestHeaders()
}

func edit(header http.Header, change func(http.Header)) http.Header {
	header = header.Clone()
	change(header)
	return header
}

func (c *corrupter) responseHeaders() {
	set := func(operator, name, change string, unknown bool, f func(http.Header)) {
		c.add(operator, "/response/headers/"+strings.ToLower(name), change, func(ex *contract.Exchange) { ex.Response.Header = edit(ex.Response.Header, f) })
		c.mutants[len(c.mutants)-1].unknown = unknown
	}
	for _, name := range sortedNames(c.base.Response.Header) {
		value := c.base.Response.Header.Get(name)
		set("header dropped", name, "", false, func(h http.Header) { h.Del(name) })
		set("header doubled", name, "", false, func(h http.Header) { h.Add(name, value) })
		set("header emptied", name, "", false, func(h http.Header) { h.Set(name, "") })
	}
	set("header added", "X-Further", "", true, func(h http.Header) { h.Set("X-Further", "1") })
	for _, kind := range []string{
		"text/html", "text/plain", "application/xml", "application/problem+json", "json", "application/", "application/json, text/html", "application/json; charset",
	} {
		set("media type swapped", "Content-Type", kind, false, func(h http.Header) { h.Set("Content-Type", kind) })
	}
	for _, charset := range []string{"iso-8859-1", "utf-16", "gbk"} {
		set("charset swapped", "Content-Type", charset, false, func(h http.Header) { h.Set("Content-Type", "application/json; charset="+charset) })
	}
	for _, length := range []string{"0", "1", "100000", "-1", "+1", "many", "0x10"} {
		set("length changed", "Content-Length", length, false, func(h http.Header) { h.Set("Content-Length", length) })
	}
	for _, coding := range []string{"zap", "gzip", "br", "deflate"} {
		set("content coding that is none", "Content-Encoding", coding, false, func(h http.Header) { h.Set("Content-Encoding", coding) })
	}
}

// framing corrupts the bytes of the response.
func (c *corrupter) framing() {
	head := fmt.Sprintf("HTTP/1.1 %d Status\r\n", c.base.Response.Status)
	for _, name := range sortedNames(c.base.Response.Header) {
		for _, value := range c.base.Response.Header[name] {
			head += name + ": " + value + "\r\n"
		}
	}
	body := string(c.base.Response.Body)
	wire := func(operator, change, message string) {
		c.add(operator, "/response", change, func(ex *contract.Exchange) {
			r, err := contract.ParseResponse([]byte(message))
			if err != nil {
				r = contract.Response{}
				r.Broke(contract.NotHTTP, "no HTTP")
			}
			ex.Response = r
		})
	}
	withoutLength := strings.Replace(head, fmt.Sprintf("Content-Length: %d\r\n", len(body)), "", 1)
	chunkedHead := withoutLength + "Transfer-Encoding: chunked\r\n\r\n"
	half := len(body) / 2
	chunks := fmt.Sprintf("%x\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n", half, body[:half], len(body)-half, body[half:])
	wire("chunks cut off", "the last chunk", chunkedHead+strings.TrimSuffix(chunks, "0\r\n\r\n"))
	wire("chunks cut off", "the empty line", chunkedHead+strings.TrimSuffix(chunks, "\r\n"))
	wire("chunks cut off", "in the middle", chunkedHead+chunks[:len(chunks)/2])
	wire("chunks malformed", "a size that is none", chunkedHead+"x"+chunks)
	wire("chunks malformed", "a chunk longer than its size", chunkedHead+strings.Replace(chunks, fmt.Sprintf("%x\r\n", half), fmt.Sprintf("%x\r\n", half-1), 1))
	wire("chunks malformed", "bytes after the last", chunkedHead+chunks+"more")
	wire("length beside chunks", "", head+"Transfer-Encoding: chunked\r\n\r\n"+chunks)
	wire("unknown transfer coding", "", withoutLength+"Transfer-Encoding: zap\r\n\r\n"+body)
	wire("bytes after the message", "", head+"\r\n"+body+"more")
	for _, part := range []int{4, 2} {
		wire("message cut off", fmt.Sprintf("a %dth of the body", part), head+"\r\n"+body[:len(body)/part])
	}
	wire("message cut off", "in the head", head[:len(head)/2])
	wire("message cut off", "after the head", head)
	wire("line endings", "bare line feeds", strings.ReplaceAll(head, "\r\n", "\n")+"\n"+body)
	wire("header malformed", "no colon", head+"nonsense\r\n\r\n"+body)
	wire("header malformed", "a space before the colon", head+"Server : x\r\n\r\n"+body)
	wire("header malformed", "a control character", head+"Server: a\x01b\r\n\r\n"+body)
	wire("no HTTP", "", body)
	wire("no HTTP", "nothing", "")
}

// codings are right with the header that names them, and wrong without.
func (c *corrupter) codings() {
	zipped := gzipped(c.base.Response.Body)
	coded := func(operator, change string, data []byte, coding string) {
		c.add(operator, "/response/body", change, func(ex *contract.Exchange) {
			ex.Response.Body = data
			ex.Response.Header = edit(ex.Response.Header, func(h http.Header) {
				h.Set("Content-Length", strconv.Itoa(len(data)))
				if coding != "" {
					h.Set("Content-Encoding", coding)
				}
			})
		})
	}
	coded("content coding unnamed", "gzip", zipped, "")
	coded("content coding cut off", "gzip", zipped[:len(zipped)/2], "gzip")
	coded("content coding swapped", "deflate for gzip", zipped, "deflate")
	coded("body cut off", "with the right length", c.base.Response.Body[:len(c.base.Response.Body)/2], "")
}

func (c *corrupter) method() {
	for _, method := range []string{"POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", strings.ToLower(c.base.Request.Method)} {
		if method != c.base.Request.Method {
			c.add("method swapped", "/request/method", method, func(ex *contract.Exchange) { ex.Request.Method = method })
		}
	}
	path, query, has := strings.Cut(c.base.Request.Target, "?")
	if has {
		query = "?" + query
	}
	within := "/" + strings.Replace(strings.TrimPrefix(path, "/"), "/", "//", 1)
	for _, other := range []string{path + "/", path + "/more", "/" + path, "/added" + path, otherCase(path), within, "/%zz" + path} {
		if other != path { // it has no letters, or a single segment
			c.add("path changed", "/request/path", other, func(ex *contract.Exchange) { ex.Request.Target = other + query })
		}
	}
}

func (c *corrupter) query() {
	path, query, has := strings.Cut(c.base.Request.Target, "?")
	set := func(operator, change string) {
		c.add(operator, "/request/query", change, func(ex *contract.Exchange) { ex.Request.Target = path + "?" + change })
	}
	join := query
	if has {
		join += "&"
	}
	set("query malformed", join+"%zz=1")
	set("query malformed", join+"a=%4")
	set("query with an unknown parameter", join+"further=1")
	c.mutants[len(c.mutants)-1].unknown = true
	if !has {
		return
	}
	name, value, _ := strings.Cut(query, "=")
	set("query doubled", query+"&"+query)
	set("query doubled", query+"&"+name+"=other")
	set("query value emptied", name+"=")
	set("query value emptied", name)
	set("query value misspelt", name+"="+misspelt(value))
	set("query value in other case", name+"="+otherCase(value))
	set("query value malformed", name+"=%zz")
	set("query value malformed", query+";x=1")
	set("query name in other case", otherCase(name)+"="+value)
	c.mutants[len(c.mutants)-1].unknown = true
}

func (c *corrupter) requestHeaders() {
	set := func(operator, name, change string, f func(http.Header)) {
		c.add(operator, "/request/headers/"+strings.ToLower(name), change, func(ex *contract.Exchange) { ex.Request.Header = edit(ex.Request.Header, f) })
	}
	for _, name := range sortedNames(c.base.Request.Header) {
		value := c.base.Request.Header.Get(name)
		set("request header dropped", name, "", func(h http.Header) { h.Del(name) })
		set("request header doubled", name, "", func(h http.Header) { h.Add(name, value) })
		set("request header emptied", name, "", func(h http.Header) { h.Set(name, "") })
		set("request header misspelt", name, "", func(h http.Header) { h.Set(name, misspelt(value)) })
		set("request header changed", name, "", func(h http.Header) { h.Set(name, "another "+value) })
	}
	set("request header added", "Further", "", func(h http.Header) { h.Set("Further", "1") })
	c.mutants[len(c.mutants)-1].unknown = true
	if len(c.base.Request.Body) == 0 {
		c.unknown("request body added", "/request/body", "", func(ex *contract.Exchange) {
			ex.Request.Body = []byte("{}")
			ex.Request.Header = edit(ex.Request.Header, func(h http.Header) {
				h.Set("Content-Length", "2")
				h.Set("Content-Type", "application/json")
			})
		})
	}
	set("request length changed", "Content-Length", "7", func(h http.Header) { h.Set("Content-Length", "7") })
}

func sortedNames(header http.Header) []string {
	names := []string{}
	for name := range header {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func gzipped(data []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write(data) // a buffer takes all
	_ = w.Close()
	return b.Bytes()
}
