package main

import (
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// badTargets returns URLs of targets that cannot be judged, or only in part, by the names of their variables in the scripts.
func badTargets(t *testing.T) map[string]string {
	t.Helper()
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = log.New(io.Discard, "", 0) // it would log that the client rejects its certificate
	secure.StartTLS()
	t.Cleanup(secure.Close)
	throttled := all(status(http.StatusTooManyRequests), func(_ *http.Request, w *httptest.ResponseRecorder) {
		w.Header().Set("Retry-After", "0")
	}, whole(`{"error_msg":"The throttling threshold has been reached.","error_code":"APIGW.0308","request_id":"1"}`))
	talking := func(send func(conn net.Conn, r *http.Request)) string {
		return "http://" + relay(t, "", func(conn net.Conn, r *http.Request, _ []byte) { send(conn, r) })
	}
	return map[string]string{
		"BROKEN":   startProvider(t, behaviourOf(t, "ignores type")),
		"TLS":      secure.URL, // with an unknown certificate
		"CLOSED":   talking(func(net.Conn, *http.Request) {}),
		"HANGING":  talking(func(conn net.Conn, _ *http.Request) { untilGone(conn) }),
		"LATEHTTP": talking(func(conn net.Conn, _ *http.Request) { write(conn, "hello\r\n\r\nHTTP/1.1 200 OK\r\n\r\n") }),
		"NOTHTTP":  talking(func(conn net.Conn, _ *http.Request) { write(conn, "220 mail.example.com ESMTP\r\n500 what?\r\n") }),
		"ENDLESS": talking(func(conn net.Conn, _ *http.Request) {
			write(conn, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Request-Id: 1\r\n\r\n")
			forever(conn, strings.Repeat(" ", 1<<16))
		}),
		"LOOP": talking(func(conn net.Conn, r *http.Request) {
			write(conn, "HTTP/1.1 302 Found\r\nLocation: "+r.RequestURI+"\r\nX-Request-Id: 1\r\nContent-Length: 0\r\n\r\n")
		}),
		"THROTTLED": startProvider(t, responding(throttled)),
		"SOMETIMES": startProvider(t, responding(func(r *http.Request, w *httptest.ResponseRecorder) {
			if plainImage(r) {
				throttled(r, w)
			}
		})),
	}
}
