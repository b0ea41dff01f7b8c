package probe

import (
	"context"
	"errors"
	"io"
	"net"
	"time"

	"github.com/quotaspec/quotaspec/contract/internal/wire"
)

// receive reads until the provider closes the connection. After a message that is complete by its own framing, it waits
// only for the time of grace: many providers keep the connection open, and others send bytes after the message, which is an
// error.
func receive(ctx context.Context, conn net.Conn, method string) ([]byte, error) {
	var raw []byte
	buffer := make([]byte, 32<<10)
	end := wire.End{Method: method}
	complete := false
	for len(raw) <= maxMessage {
		n, err := conn.Read(buffer)
		raw = append(raw, buffer[:n]...)
		if err != nil {
			if errors.Is(err, io.EOF) || complete {
				return raw, nil
			}
			return raw, err
		}
		if !complete && end.Reached(raw) && ctx.Err() == nil {
			complete = true
			_ = conn.SetReadDeadline(time.Now().Add(grace))
		}
	}
	return raw, nil
}
