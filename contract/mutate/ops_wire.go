package mutate

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"maps"
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

// header edits the headers of a request or a response.
func (c *corrupter) header(operator, side, name, change string, edit func(http.Header)) *ExchangeMutant {
	return c.add(operator, "/"+side+"/headers/"+strings.ToLower(name), change, func(ex *contract.Exchange) {
		header := &ex.Response.Header
		if side == "request" {
			header = &ex.Request.Header
		}
		*header = header.Clone()
		edit(*header)
	})
}

func (c *corrupter) responseHeaders() {
	set := func(operator, name, change, value string) *ExchangeMutant {
		return c.header(operator, "response", name, change, func(h http.Header) { h.Set(name, value) })
	}
	for _, name := range sortedNames(c.base.Response.Header) {
		value := c.base.Response.Header.Get(name)
		c.header("header dropped", "response", name, "", func(h http.Header) { h.Del(name) })
		c.header("header doubled", "response", name, "", func(h http.Header) { h.Add(name, value) })
		set("header emptied", name, "", "")
	}
	set("header added", "X-Further", "", "1").unknown = true
	for _, kind := range []string{
		"text/html", "text/plain", "application/xml", "application/problem+json", "json", "application/",
		"application/json, text/html", "application/json; charset",
	} {
		set("media type swapped", "Content-Type", kind, kind)
	}
	for _, charset := range []string{"iso-8859-1", "utf-16", "gbk"} {
		set("charset swapped", "Content-Type", charset, "application/json; charset="+charset)
	}
	for _, length := range []string{"0", "1", "100000", "-1", "+1", "many", "0x10"} {
		set("length changed", "Content-Length", length, length)
	}
	for _, coding := range []string{"zap", "gzip", "br", "deflate"} {
		set("content coding that is none", "Content-Encoding", coding, coding)
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
				r.AddFramingError(contract.NotHTTP, "no HTTP")
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
			ex.Response.Header = ex.Response.Header.Clone()
			ex.Response.Header.Set("Content-Length", strconv.Itoa(len(data)))
			if coding != "" {
				ex.Response.Header.Set("Content-Encoding", coding)
			}
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
	set := func(operator, change string) *ExchangeMutant {
		return c.add(operator, "/request/query", change, func(ex *contract.Exchange) { ex.Request.Target = path + "?" + change })
	}
	join := query
	if has {
		join += "&"
	}
	set("query malformed", join+"%zz=1")
	set("query malformed", join+"a=%4")
	set("query with an unknown parameter", join+"further=1").unknown = true
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
	set("query name in other case", otherCase(name)+"="+value).unknown = true
}

func (c *corrupter) requestHeaders() {
	set := func(operator, name, change, value string) *ExchangeMutant {
		return c.header(operator, "request", name, change, func(h http.Header) { h.Set(name, value) })
	}
	for _, name := range sortedNames(c.base.Request.Header) {
		value := c.base.Request.Header.Get(name)
		c.header("request header dropped", "request", name, "", func(h http.Header) { h.Del(name) })
		c.header("request header doubled", "request", name, "", func(h http.Header) { h.Add(name, value) })
		set("request header emptied", name, "", "")
		set("request header misspelt", name, "", misspelt(value))
		set("request header changed", name, "", "another "+value)
	}
	set("request header added", "Further", "", "1").unknown = true
	if len(c.base.Request.Body) == 0 {
		c.add("request body added", "/request/body", "", func(ex *contract.Exchange) {
			ex.Request.Body = []byte("{}")
			ex.Request.Header = ex.Request.Header.Clone()
			ex.Request.Header.Set("Content-Length", "2")
			ex.Request.Header.Set("Content-Type", "application/json")
		}).unknown = true
	}
	set("request length changed", "Content-Length", "7", "7")
}

func sortedNames(header http.Header) []string { return slices.Sorted(maps.Keys(header)) }

func gzipped(data []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write(data) // a buffer takes all
	_ = w.Close()
	return b.Bytes()
}
