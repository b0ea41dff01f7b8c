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

// The operators on whole messages. Most change one field of the parsed message, such as a header:
//
//	exchange things-200: header doubled at /response/headers/content-type
//	exchange things-200: length changed at /response/headers/content-length (0x10)
//
// Framing errors exist only in bytes, such as a chunk that is longer than its size. For those, framing writes the response as
// HTTP/1.1, breaks the bytes, and parses them again. A mutant whose change adds something that no document describes, such as a
// further header, is killed by a finding at grade undocumented too.

// statuses replaces the status of the response by each of the others.
func (m *exchangeMutator) statuses(all []int) {
	for _, status := range all {
		if status != m.seed.Exchange.Response.Status {
			set := func(ex *contract.Exchange) { ex.Response.Status = status }
			m.add("status swapped", "/response/status", strconv.Itoa(status), set)
		}
	}
}

// messages mutates complete HTTP messages: headers, framing, content coding, method, path and query.
func (m *exchangeMutator) messages() {
	m.responseHeaders()
	m.framing()
	m.codings()
	m.method()
	m.query()
	m.requestHeaders()
}

// header edits the headers of a request or a response.
func (m *exchangeMutator) header(operator, side, name, change string, edit func(http.Header)) *ExchangeMutant {
	return m.add(operator, "/"+side+"/headers/"+strings.ToLower(name), change, func(ex *contract.Exchange) {
		header := &ex.Response.Header
		if side == "request" {
			header = &ex.Request.Header
		}
		*header = header.Clone()
		edit(*header)
	})
}

// responseHeaders drops, doubles and empties each header, and swaps the media type, charset, length and content coding.
func (m *exchangeMutator) responseHeaders() {
	set := func(operator, name, change, value string) *ExchangeMutant {
		return m.header(operator, "response", name, change, func(h http.Header) { h.Set(name, value) })
	}
	for _, name := range slices.Sorted(maps.Keys(m.seed.Exchange.Response.Header)) {
		value := m.seed.Exchange.Response.Header.Get(name)
		m.header("header dropped", "response", name, "", func(h http.Header) { h.Del(name) })
		m.header("header doubled", "response", name, "", func(h http.Header) { h.Add(name, value) })
		set("header emptied", name, "", "")
	}
	set("header added", "X-Further", "", "1").undocumented = true
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

// framing writes the response as HTTP/1.1, breaks the bytes, and parses them again as a client would.
func (m *exchangeMutator) framing() {
	head := fmt.Sprintf("HTTP/1.1 %d Status\r\n", m.seed.Exchange.Response.Status)
	for _, name := range slices.Sorted(maps.Keys(m.seed.Exchange.Response.Header)) {
		for _, value := range m.seed.Exchange.Response.Header[name] {
			head += name + ": " + value + "\r\n"
		}
	}
	body := string(m.seed.Exchange.Response.Body)
	raw := func(operator, change, message string) {
		m.add(operator, "/response", change, func(ex *contract.Exchange) {
			r, err := contract.ParseResponse([]byte(message))
			if err != nil {
				r = contract.Response{}
				r.AddFramingError(contract.NotHTTP, "not HTTP")
			}
			ex.Response = r
		})
	}
	withoutLength := strings.Replace(head, fmt.Sprintf("Content-Length: %d\r\n", len(body)), "", 1)
	chunkedHead := withoutLength + "Transfer-Encoding: chunked\r\n\r\n"
	half := len(body) / 2
	chunks := fmt.Sprintf("%x\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n", half, body[:half], len(body)-half, body[half:])
	raw("chunks cut off", "the last chunk", chunkedHead+strings.TrimSuffix(chunks, "0\r\n\r\n"))
	raw("chunks cut off", "the empty line", chunkedHead+strings.TrimSuffix(chunks, "\r\n"))
	raw("chunks cut off", "in the middle", chunkedHead+chunks[:len(chunks)/2])
	raw("chunks malformed", "a size that is none", chunkedHead+"x"+chunks)
	shorter := strings.Replace(chunks, fmt.Sprintf("%x\r\n", half), fmt.Sprintf("%x\r\n", half-1), 1)
	raw("chunks malformed", "a chunk longer than its size", chunkedHead+shorter)
	raw("chunks malformed", "bytes after the last", chunkedHead+chunks+"more")
	raw("length beside chunks", "", head+"Transfer-Encoding: chunked\r\n\r\n"+chunks)
	raw("unknown transfer coding", "", withoutLength+"Transfer-Encoding: zap\r\n\r\n"+body)
	raw("bytes after the message", "", head+"\r\n"+body+"more")
	for _, part := range []int{4, 2} {
		raw("message cut off", fmt.Sprintf("a %dth of the body", part), head+"\r\n"+body[:len(body)/part])
	}
	raw("message cut off", "in the head", head[:len(head)/2])
	raw("message cut off", "after the head", head)
	raw("line endings", "bare line feeds", strings.ReplaceAll(head, "\r\n", "\n")+"\n"+body)
	raw("header malformed", "no colon", head+"nonsense\r\n\r\n"+body)
	raw("header malformed", "a space before the colon", head+"Server : x\r\n\r\n"+body)
	raw("header malformed", "a control character", head+"Server: a\x01b\r\n\r\n"+body)
	raw("no HTTP", "", body)
	raw("no HTTP", "nothing", "")
}

// codings compresses the body and then gives the wrong Content-Encoding, or none.
func (m *exchangeMutator) codings() {
	body := m.seed.Exchange.Response.Body
	zipped := gzipped(body)
	coded := func(operator, change string, data []byte, coding string) {
		m.add(operator, "/response/body", change, func(ex *contract.Exchange) {
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
	coded("body cut off", "with the right length", body[:len(body)/2], "")
}

// method swaps the method and changes the path of the request.
func (m *exchangeMutator) method() {
	request := m.seed.Exchange.Request
	others := []string{"POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", strings.ToLower(request.Method)}
	for _, method := range others {
		if method != request.Method {
			m.add("method swapped", "/request/method", method, func(ex *contract.Exchange) { ex.Request.Method = method })
		}
	}
	path, _, _ := strings.Cut(request.Target, "?")
	query := strings.TrimPrefix(request.Target, path)
	within := "/" + strings.Replace(strings.TrimPrefix(path, "/"), "/", "//", 1)
	paths := []string{path + "/", path + "/more", "/" + path, "/added" + path, otherCase(path), within, "/%zz" + path}
	for _, other := range paths {
		if other != path { // the same where the path has no letters, or a single segment
			m.add("path changed", "/request/path", other, func(ex *contract.Exchange) { ex.Request.Target = other + query })
		}
	}
}

// query breaks the escaping of the query and changes its first parameter.
func (m *exchangeMutator) query() {
	path, query, has := strings.Cut(m.seed.Exchange.Request.Target, "?")
	set := func(operator, change string) *ExchangeMutant {
		return m.add(operator, "/request/query", change, func(ex *contract.Exchange) { ex.Request.Target = path + "?" + change })
	}
	join := query
	if has {
		join += "&"
	}
	set("query malformed", join+"%zz=1")
	set("query malformed", join+"a=%4")
	set("query with an unknown parameter", join+"further=1").undocumented = true
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
	set("query name in other case", otherCase(name)+"="+value).undocumented = true
}

// requestHeaders drops, doubles and changes each header, and adds a header and a body.
func (m *exchangeMutator) requestHeaders() {
	set := func(operator, name, change, value string) *ExchangeMutant {
		return m.header(operator, "request", name, change, func(h http.Header) { h.Set(name, value) })
	}
	for _, name := range slices.Sorted(maps.Keys(m.seed.Exchange.Request.Header)) {
		value := m.seed.Exchange.Request.Header.Get(name)
		m.header("request header dropped", "request", name, "", func(h http.Header) { h.Del(name) })
		m.header("request header doubled", "request", name, "", func(h http.Header) { h.Add(name, value) })
		set("request header emptied", name, "", "")
		set("request header misspelt", name, "", misspelt(value))
		set("request header changed", name, "", "another "+value)
	}
	set("request header added", "Further", "", "1").undocumented = true
	if len(m.seed.Exchange.Request.Body) == 0 {
		m.add("request body added", "/request/body", "", func(ex *contract.Exchange) {
			ex.Request.Body = []byte("{}")
			ex.Request.Header = ex.Request.Header.Clone()
			ex.Request.Header.Set("Content-Length", "2")
			ex.Request.Header.Set("Content-Type", "application/json")
		}).undocumented = true
	}
	set("request length changed", "Content-Length", "7", "7")
}

// gzipped compresses a body.
func gzipped(data []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write(data) // a buffer takes all
	_ = w.Close()
	return b.Bytes()
}
