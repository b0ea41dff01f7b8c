package traffic

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"sync/atomic"
	"testing"
	"testing/iotest"

	"github.com/quotaspec/quotaspec/contract"
)

// ended is a body whose reading ended with an error; nil: nobody read to its end.
func ended(err error) *watched {
	b := &watched{kept: &keep{}}
	if err != nil {
		b.end.Store(&err)
	}
	return b
}

// TestPassageSkip tests why an exchange through the proxy cannot be judged: what the provider did is judged, what the consumer did is not.
func TestPassageSkip(t *testing.T) {
	refused, reset, late := errors.New("refused"), io.ErrUnexpectedEOF, context.DeadlineExceeded
	for _, tt := range []struct {
		name     string
		x        passage
		sent     error // how the request body ended
		tooLong  bool  // the request body
		answered bool  // with a byte at least
		tooMuch  bool  // of the answer
		want     Reason
	}{
		{name: "whole", x: passage{status: 200, told: ended(io.EOF)}, sent: io.EOF, answered: true},
		{name: "whole, and the consumer left", x: passage{status: 200, told: ended(io.EOF), left: true}, sent: io.EOF, answered: true},
		{name: "whole, the request body not read", x: passage{status: 200, told: ended(io.EOF)}, answered: true},
		{name: "another protocol", x: passage{status: 101}, sent: io.EOF, answered: true, want: Upgraded},
		{name: "another protocol that failed", x: passage{status: 101, err: refused, fresh: true}, answered: true},
		{name: "the provider broke off", x: passage{status: 200, told: ended(reset)}, answered: true},
		{name: "the consumer left while reading", x: passage{status: 200, told: ended(reset), left: true}, answered: true, want: CutOff},
		{name: "the reading was cancelled", x: passage{status: 200, told: ended(context.Canceled)}, answered: true, want: CutOff},
		{name: "not read to its end", x: passage{status: 200, told: ended(nil)}, answered: true, want: CutOff},
		{name: "no body was read", x: passage{status: 200}, answered: true, want: CutOff},
		{name: "a malformed head", x: passage{err: refused}, answered: true},
		{name: "a malformed head, and the consumer left", x: passage{err: refused, left: true}, answered: true, want: CutOff},
		{name: "cancelled", x: passage{err: fmt.Errorf("dial: %w", context.Canceled), fresh: true}, want: CutOff},
		{name: "the request body broke off", x: passage{err: refused, fresh: true}, sent: reset, want: CutOff},
		{name: "not a word on a new connection", x: passage{err: io.EOF, fresh: true}},
		{name: "not a word on a used connection", x: passage{err: io.EOF}, want: NoResponse},
		{name: "too late", x: passage{err: late, fresh: true}, want: NoResponse},
		{name: "too late, within a head", x: passage{err: late, fresh: true}, answered: true, want: NoResponse},
		{name: "too late, and too large", x: passage{err: late}, tooLong: true, want: NoResponse},
		{name: "a request too large", x: passage{status: 200, told: ended(io.EOF)}, sent: io.EOF, tooLong: true, answered: true, want: TooLarge},
		{name: "an answer too large", x: passage{status: 200, told: ended(io.EOF)}, sent: io.EOF, answered: true, tooMuch: true, want: TooLarge},
		{name: "a malformed head that is too large", x: passage{err: refused, fresh: true}, answered: true, tooMuch: true, want: TooLarge},
		{name: "too large, and the consumer left", x: passage{status: 200, told: ended(reset), left: true}, answered: true, tooMuch: true, want: TooLarge},
	} {
		t.Run(tt.name, func(t *testing.T) {
			x := &tt.x
			x.asked, x.answer = ended(tt.sent), &keep{over: tt.tooMuch}
			x.asked.kept.over = tt.tooLong
			if tt.answered {
				x.answer.passed = 1
			}
			if got := x.skip(); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestPassageUnseenRequest tests when the body of a request counts as not observed: the provider answered before all of it was sent.
func TestPassageUnseenRequest(t *testing.T) {
	for _, tt := range []struct {
		name   string
		length int64 // -1: in chunks
		passed int
		sent   error
		want   contract.Unrecorded
	}{
		{"no body", 0, 0, nil, 0},
		{"read to its end", 7, 7, io.EOF, 0},
		{"read to its last byte", 7, 7, nil, 0},
		{"read but for a byte", 7, 6, nil, contract.UnrecordedRequest},
		{"not read", 7, 0, nil, contract.UnrecordedRequest},
		{"chunks, to their end", -1, 7, io.EOF, 0},
		{"chunks, not to their end", -1, 7, nil, contract.UnrecordedRequest},
		{"chunks, broken off", -1, 7, io.ErrUnexpectedEOF, contract.UnrecordedRequest},
	} {
		t.Run(tt.name, func(t *testing.T) {
			x := &passage{proxy: &Proxy{Upstream: &url.URL{Scheme: "https", Host: "h:1"}}, status: 200, length: tt.length, asked: ended(tt.sent), told: ended(io.EOF)}
			x.asked.kept.passed, x.asked.kept.data = tt.passed, make([]byte, tt.passed)
			x.answer = &keep{passed: 1, data: []byte("HTTP/1.1 200 OK\r\n\r\n")}
			e := x.entry()
			if e.Exchange.Unrecorded != tt.want || len(e.Exchange.Request.Body) != tt.passed || e.Skip != "" || e.Origin != "https://h:1" || e.Number != 1 {
				t.Errorf("got %d with %d bytes, %q, number %d of %s, want %d", e.Exchange.Unrecorded, len(e.Exchange.Request.Body), e.Skip, e.Number, e.Origin, tt.want)
			}
		})
	}
}

// TestPassageSeals tests that nothing is kept of what arrives on either side after an exchange was handed on.
func TestPassageSeals(t *testing.T) {
	held := new(atomic.Int64)
	x := &passage{asked: ended(nil), answer: &keep{limit: 10, held: held}}
	x.asked.kept.limit, x.asked.kept.held = 10, held
	x.asked.kept.add([]byte("ab"))
	x.answer.add([]byte("cde"))
	x.seal()
	x.asked.kept.add([]byte("late"))
	x.answer.add([]byte("late"))
	if held.Load() != 5 {
		t.Errorf("%d bytes are held, want 5", held.Load())
	}
	if x.release(); held.Load() != 0 {
		t.Errorf("%d bytes are still held", held.Load())
	}
}

// TestPassageUnanswered tests what the consumer reads where the provider gave no answer.
func TestPassageUnanswered(t *testing.T) {
	dial := &net.OpError{Op: "dial", Err: errors.New("refused")}
	for _, tt := range []struct {
		name   string
		err    error
		sent   error // how the request body ended
		status int
		want   string
	}{
		{"cannot be dialled", dial, nil, 502, "cannot be reached"},
		{"cannot be dialled, wrapped", fmt.Errorf("x: %w", dial), io.EOF, 502, "cannot be reached"},
		{"cannot be dialled in time", &net.OpError{Op: "dial", Err: os.ErrDeadlineExceeded}, nil, 504, "gave no answer in time"},
		{"cannot be read", &net.OpError{Op: "read", Err: errors.New("reset")}, nil, 502, "gave no answer that can be passed on"},
		{"closed", io.EOF, nil, 502, "gave no answer that can be passed on"},
		{"too late", os.ErrDeadlineExceeded, nil, 504, "gave no answer in time"},
		{"too late, by its context", fmt.Errorf("x: %w", context.DeadlineExceeded), nil, 504, "gave no answer in time"},
		{"the request body broke off", io.EOF, io.ErrUnexpectedEOF, 400, "was not asked: the body of the request broke off"},
		{"the request body broke off, too late", os.ErrDeadlineExceeded, io.ErrUnexpectedEOF, 400, "was not asked: the body of the request broke off"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			x := &passage{proxy: &Proxy{Upstream: &url.URL{Scheme: "http", Host: "h:1"}}, asked: ended(tt.sent)}
			w := httptest.NewRecorder()
			x.unanswered(w, nil, tt.err)
			got := fmt.Sprintf("%d %s %s", w.Code, w.Header().Get("Content-Type"), w.Body)
			if want := fmt.Sprintf("%d text/plain; charset=utf-8 quotaspec: h:1 %s\n", tt.status, tt.want); got != want || !errors.Is(x.err, tt.err) {
				t.Errorf("got  %q, %v\nwant %q", got, x.err, want)
			}
		})
	}
}

// TestWatched tests that the first end of a body counts, however often it is read on, and which ends are no end of the body.
func TestWatched(t *testing.T) {
	for _, tt := range []struct {
		name  string
		ends  []error
		want  error
		broke bool
	}{
		{"not read to its end", nil, nil, false},
		{"its end", []error{io.EOF}, io.EOF, false},
		{"its end, and then closed", []error{io.EOF, http.ErrBodyReadAfterClose}, io.EOF, false},
		{"broken off", []error{io.ErrUnexpectedEOF, io.EOF}, io.ErrUnexpectedEOF, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := &watched{kept: &keep{limit: 10, held: new(atomic.Int64)}}
			for _, end := range append([]error{nil}, tt.ends...) {
				b.ReadCloser = io.NopCloser(iotest.ErrReader(end))
				_, _ = b.Read(make([]byte, 5))
			}
			if got := b.ended(); !errors.Is(got, tt.want) || b.broke() != tt.broke {
				t.Errorf("got %v, broken %v, want %v, %v", got, b.broke(), tt.want, tt.broke)
			}
		})
	}
}

// TestKeep tests how long bytes are kept: up to a limit for each message and one for all together, until it is sealed.
func TestKeep(t *testing.T) {
	const all = 256 << 20 // what all messages may have together
	for _, tt := range []struct {
		name         string
		others       int64 // held by other messages
		parts        []string
		data         string
		over, lost   bool
		passed, held int
	}{
		{"nothing", 0, nil, "", false, false, 0, 0},
		{"parts", 0, []string{"ab", "", "cd"}, "abcd", false, false, 4, 4},
		{"the limit", 0, []string{"abcd", "efgh"}, "abcdefgh", false, false, 8, 8},
		{"a byte more", 0, []string{"abcdefgh", "i"}, "", true, false, 9, 0},
		{"more behind it", 0, []string{"abcdefghi", "j", "k"}, "", true, false, 11, 0},
		{"memory that is just enough", all - 4, []string{"ab", "cd"}, "abcd", false, false, 4, 4},
		{"memory that is a byte short", all - 3, []string{"ab", "cd"}, "", false, true, 4, 0},
		{"memory that is short once", all - 1, []string{"ab", "c", ""}, "", false, true, 3, 0},
		{"short, and too large later", all, []string{"ab", "cdefghijk"}, "", false, true, 11, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			held := new(atomic.Int64)
			held.Store(tt.others)
			k := &keep{limit: 8, held: held}
			for _, part := range tt.parts {
				k.add([]byte(part))
			}
			k.seal()
			k.add([]byte("late"))
			if string(k.data) != tt.data || k.over != tt.over || k.lost != tt.lost || k.passed != tt.passed || held.Load() != tt.others+int64(tt.held) {
				t.Errorf("got %q, over %v, lost %v, %d passed, %d held", k.data, k.over, k.lost, k.passed, held.Load()-tt.others)
			}
			k.release()
			k.release()
			if held.Load() != tt.others {
				t.Errorf("after its release %d bytes are held", held.Load()-tt.others)
			}
		})
	}
}
