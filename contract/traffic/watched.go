package traffic

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync/atomic"

	"github.com/quotaspec/quotaspec/contract"
)

// watched is a body of which it is known how its reading ended.
type watched struct {
	io.ReadCloser
	kept *keep                 // nil: the bytes are kept elsewhere
	end  atomic.Pointer[error] // what ended the reading first; nil: nothing yet
}

func (b *watched) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if b.kept != nil {
		b.kept.add(p[:n])
	}
	if err != nil {
		b.end.CompareAndSwap(nil, &err)
	}
	return n, err
}

// ended returns what ended the reading, nil if nothing has yet.
func (b *watched) ended() error {
	if end := b.end.Load(); end != nil {
		return *end
	}
	return nil
}

// broke says whether the reading ended before the body did.
func (b *watched) broke() bool { return b.ended() != nil && !errors.Is(b.ended(), io.EOF) }

// entry is the passage as the observer gets it.
func (x *passage) entry() Entry {
	e := Entry{
		Exchange: contract.Exchange{Request: x.request, Response: contract.Response{Status: x.status}},
		Origin:   x.proxy.Upstream.Scheme + "://" + x.proxy.Upstream.Host, Number: int(x.proxy.number.Add(1)),
		Started: x.started, Took: x.took,
	}
	ex := &e.Exchange
	ex.Request.Body = x.asked.kept.data
	if end := x.asked.ended(); !errors.Is(end, io.EOF) && int64(x.asked.kept.passed) != x.length {
		ex.Unrecorded |= contract.UnrecordedRequest // the provider answered before it had read everything
	}
	if e.Skip = x.skip(); e.Skip != "" {
		return e
	}
	if x.answer.passed == 0 {
		ex.Response.AddFramingError(contract.NoResponse, "the connection closed")
	} else {
		answer, err := contract.ParseResponse(x.answer.data)
		if err != nil {
			e.Skip = NotHTTP
			return e
		}
		ex.Response = answer
	}
	if ex.Request.IsPreflight() {
		e.Skip = Preflight
	}
	return e
}

// skip says why the passage cannot be judged. What the provider broke off is judged as far as it came; what the consumer
// broke off is not the provider's fault.
func (x *passage) skip() Reason {
	consumerGone := func(err error) bool { return errors.Is(err, context.Canceled) || err != nil && x.left }
	switch {
	case x.status == http.StatusSwitchingProtocols && x.err == nil:
		return Upgraded
	case x.err != nil && (consumerGone(x.err) || x.asked.broke()):
		return CutOff
	case x.err != nil && (x.answer.passed == 0 && !x.fresh || isTimeout(x.err)):
		return NoResponse
	case x.asked.kept.over || x.answer.over:
		return TooLarge
	case x.err != nil:
		return "" // a head that net/http does not take, or a connection that the provider closed without a word
	case x.told == nil || x.told.ended() == nil || x.told.broke() && consumerGone(x.told.ended()):
		return CutOff
	}
	return ""
}
