package probe

import (
	"net"
	"testing"
	"time"
)

// TestReceiveStops checks that receive returns once the message is complete, although the provider keeps the connection open.
func TestReceiveStops(t *testing.T) {
	for _, test := range []struct{ name, response string }{
		{name: "a length", response: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"},
		{name: "chunks", response: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"},
		{name: "bare line feeds", response: "HTTP/1.1 200 OK\nContent-Length: 2\n\n{}"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer listener.Close()
			conn, err := net.Dial("tcp", listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			provider, err := listener.Accept()
			if err != nil {
				t.Fatal(err)
			}
			defer provider.Close() // after the response was received
			if _, err := provider.Write([]byte(test.response)); err != nil {
				t.Fatal(err)
			}
			if err := conn.SetDeadline(time.Now().Add(5 * time.Second)); err != nil {
				t.Fatal(err)
			}
			if raw, err := receive(t.Context(), conn, "GET"); err != nil || string(raw) != test.response {
				t.Errorf("got %q and %v", raw, err)
			}
		})
	}
}
