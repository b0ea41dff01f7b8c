package traffic

import (
	"context"
	"net"
	"sync"
	"sync/atomic"
)

// tap is a connection to the provider that keeps what the provider sends.
type tap struct {
	net.Conn
	kept atomic.Pointer[keep] // of the exchange under way
}

func (t *tap) Read(b []byte) (int, error) {
	n, err := t.Conn.Read(b)
	if k := t.kept.Load(); k != nil {
		k.add(b[:n])
	}
	return n, err
}

// dial connects to an address.
type dial func(ctx context.Context, network, address string) (net.Conn, error)

// tapped makes a connection a tap.
func tapped(to dial) dial {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := to(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &tap{Conn: conn}, nil
	}
}

// keep is a copy of the bytes that passed, as long as they are few enough.
type keep struct {
	limit int
	held  *atomic.Int64 // by all exchanges together

	mu     sync.Mutex
	data   []byte
	passed int // also of what is not kept
	over   bool
	lost   bool // memory was short
	sealed bool
}

func (k *keep) add(b []byte) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.sealed {
		return
	}
	k.passed += len(b)
	switch {
	case k.over || k.lost:
	case k.passed > k.limit:
		k.over = true
		k.drop()
	case k.held.Add(int64(len(b))) > maxHeld:
		k.held.Add(-int64(len(b)))
		k.lost = true
		k.drop()
	default:
		k.data = append(k.data, b...)
	}
}

// seal ends the keeping: a connection may be used for other exchanges, and a request be read by who no longer matters.
func (k *keep) seal() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.sealed = true
}

// drop forgets the bytes.
func (k *keep) drop() {
	k.held.Add(-int64(len(k.data)))
	k.data = nil
}

func (k *keep) release() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.drop()
}
