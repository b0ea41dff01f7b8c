package probe

import (
	"context"
	"errors"
	"io"
	"net"
	"time"

	httpwire "github.com/quotaspec/quotaspec/contract/internal/wire"
)

// receive reads until the provider closes, or until nothing follows a message that is complete by its own account.
func receive(ctx context.Context, conn net.Conn, method string) ([]byte, error) {
	var raw []byte
	buffer := make([]byte, 32<<10)
	end := httpwire.End{Method: method}
	done := false
	for len(raw) <= maxMessage {
		n, err := conn.Read(buffer)
		raw = append(raw, buffer[:n]...)
		if err != nil {
			if errors.Is(err, io.EOF) || done {
				return raw, nil
			}
			return raw, err
		}
		if !done && end.Reached(raw) && ctx.Err() == nil {
			done = true
			_ = conn.SetReadDeadline(time.Now().Add(grace))
		}
	}
	return raw, nil
}
