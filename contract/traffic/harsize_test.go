package traffic

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"testing"
)

// manyEntries writes a HAR of n entries without buffering it.
func manyEntries(w io.Writer, n int, entry string) error {
	if _, err := io.WriteString(w, `{"log":{"version":"1.2","entries":[`); err != nil {
		return err
	}
	for i := range n {
		separator := ",\n"
		if i == 0 {
			separator = ""
		}
		if _, err := fmt.Fprintf(w, separator+entry, i, i); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, "]}}")
	return err
}

// smallEntry has only the members that an entry must have.
const smallEntry = `{"request":{"method":"GET","url":"http://h/v1/things?page=%d","headers":[{"name":"X-Auth-Token","value":"abcdefgh"}]},
"response":{"status":200,"headers":[{"name":"Content-Type","value":"application/json"}],"content":{"size":9,"text":"{\"id\": %d}"}}}`

// chromiumEntry is like an entry of Chromium: 2 KB, most of which does not matter to the judge.
const chromiumEntry = `{"_initiator":{"type":"script","stack":{"callFrames":[{"functionName":"f","scriptId":"7",` +
	`"url":"http://127.0.0.1:8080/app.js","lineNumber":1,"columnNumber":42}]}},"_priority":"High","_resourceType":"fetch","cache":{},` +
	`"connection":"18080",
"request":{"method":"GET","url":"http://127.0.0.1:8080/v1/things?page=%d","httpVersion":"HTTP/1.1","headers":[{"name":"Accept",` +
	`"value":"*/*"},{"name":"Accept-Encoding","value":"gzip, deflate, br, zstd"},{"name":"Connection","value":"keep-alive"},` +
	`{"name":"Host","value":"127.0.0.1:8080"},{"name":"User-Agent","value":"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, ` +
	`like Gecko) Chrome/156.0.0.0 Safari/537.36"},{"name":"X-Auth-Token","value":"abcdefgh"}],"queryString":[{"name":"page",` +
	`"value":"1"}],"cookies":[],"headersSize":585,"bodySize":0},
"response":{"status":200,"statusText":"OK","httpVersion":"HTTP/1.1","headers":[{"name":"Content-Length","value":"75"},` +
	`{"name":"Content-Type","value":"application/json"},{"name":"Date","value":"Sun, 22 Nov 2026 18:30:52 GMT"},{"name":"X-Request-Id",` +
	`"value":"8d3ca31c6511f3766a9f78351499ba76"}],"cookies":[],
"content":{"size":84,"mimeType":"application/json","compression":0,` +
	`"text":"{\"things\":[{\"max\":1000,\"min\":50,\"size\":50,\"kind\":\"small\",\"used\":10,\"id\":%d}]}"},"redirectURL":"",` +
	`"headersSize":165,"bodySize":75,"_transferSize":240,"_error":null,"_fetchedViaServiceWorker":false},
"serverIPAddress":"127.0.0.1","startedDateTime":"2026-11-22T18:30:52.780Z","time":6.68,"timings":{"blocked":3.04,"dns":-1,"ssl":-1,` +
	`"connect":-1,"send":1.475,"wait":0.6,"receive":1.5}}`

// TestReadHARMemory tests that the size of a HAR does not matter to memory.
func TestReadHARMemory(t *testing.T) {
	const n, bound = 200_000, 64 << 20
	r, w := io.Pipe()
	go func() { w.CloseWithError(manyEntries(w, n, smallEntry)) }()
	read := 0
	var memory runtime.MemStats
	for e, err := range ReadHAR(r) {
		if err != nil {
			t.Fatal(err)
		}
		if read++; e.Number != read || len(e.Exchange.Response.Body) == 0 {
			t.Fatalf("entry %d: got number %d", read, e.Number)
		}
		if read%(n/10) == 0 {
			runtime.GC()
			if runtime.ReadMemStats(&memory); memory.HeapAlloc > bound {
				t.Fatalf("after %d entries: got %d MB on the heap, want at most %d", read, memory.HeapAlloc>>20, bound>>20)
			}
		}
	}
	if read != n {
		t.Errorf("got %d entries, want %d", read, n)
	}
}

func BenchmarkReadHAR(b *testing.B) {
	const n = 1000
	var har bytes.Buffer
	if err := manyEntries(&har, n, chromiumEntry); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(har.Len()))
	b.ReportAllocs()
	for b.Loop() {
		for _, err := range ReadHAR(bytes.NewReader(har.Bytes())) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "entries/s")
}
