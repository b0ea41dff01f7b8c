package interop

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/auth/signer"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/request"

	"github.com/quotaspec/quotaspec/internal/signature"
)

const keyID, secret = "QTWAOYTTINDUT2QVKYUC", "MFyfvK41ba2giqM7madeupKGpownRZlmVmHc0000"

// TestSigner signs random requests with the SDK's signer. Each must verify after it was sent and parsed, and our own signature of
// the same request must be equal.
func TestSigner(t *testing.T) {
	const rounds = 2000
	for _, shape := range []struct {
		name  string
		build func(g *generator, b *request.HttpRequestBuilder)
	}{
		{name: "the SDK's own", build: func(g *generator, b *request.HttpRequestBuilder) {
			b.AddHeaderParam("User-Agent", "huaweicloud-usdk-go/3.0; "+g.word(header))
			b.AddHeaderParam("X-Domain-Id", g.word(plain))
			b.AddHeaderParam("Content-Type", "application/json")
		}},
		{name: "with a temporary key", build: func(g *generator, b *request.HttpRequestBuilder) {
			b.AddHeaderParam("X-Project-Id", g.word(plain))
			b.AddHeaderParam("X-Security-Token", g.word(plain)+g.word(plain))
		}},
		{name: "the signing guide's, with the host", build: func(_ *generator, b *request.HttpRequestBuilder) {
			b.AddHeaderParam("Host", endpointHost)
			b.AddHeaderParam("Content-Type", "application/json;charset=utf8")
		}},
		{name: "an unsigned body", build: func(_ *generator, b *request.HttpRequestBuilder) {
			b.AddHeaderParam("Content-Type", "text/plain")
		}},
		{name: "headers of any name", build: func(g *generator, b *request.HttpRequestBuilder) {
			for range g.IntN(5) {
				b.AddHeaderParam("X-"+g.word(plain), g.word(header))
			}
		}},
	} {
		t.Run(shape.name, func(t *testing.T) {
			for seed := range uint64(rounds) {
				g := &generator{rand.New(rand.NewPCG(seed, 0))}
				b := g.request()
				shape.build(g, b)
				if r := b.Build(); !checkSignature(t, r, seed) {
					return
				}
			}
		})
	}
}

// checkSignature signs a request with both signers and verifies it.
func checkSignature(t *testing.T, made *request.DefaultHttpRequest, seed uint64) bool {
	t.Helper()
	added, err := signer.Sign(made, keyID, secret)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range added {
		made.AddHeaderParam(name, value)
	}
	sent, err := made.ConvertRequest()
	if err != nil {
		t.Fatal(err)
	}
	received, body := receive(t, sent)
	theirs := received.Header.Get("Authorization")
	now := time.Now()
	id, err := signature.Verify(received, sha256.Sum256(body), now, func(string) (string, bool) { return secret, true })
	if err != nil || id != keyID {
		t.Errorf("seed %d, %s %s, %q: %v", seed, received.Method, received.RequestURI, theirs, err)
		return false
	}
	_, list, _ := strings.Cut(theirs, "SignedHeaders=")
	list, _, _ = strings.Cut(list, ",")
	again := sent.Clone(t.Context())
	again.Body = io.NopCloser(bytes.NewReader(body))
	names := strings.Split(list, ";")
	if err := signature.Sign(again, signature.Key{ID: keyID, Secret: secret}, now, names...); err != nil {
		t.Fatal(err)
	}
	if ours := again.Header.Get("Authorization"); ours != theirs {
		t.Errorf("seed %d, %s %s, names %q:\n ours %s\ntheirs %s", seed, received.Method, received.RequestURI, names, ours, theirs)
		return false
	}
	return true
}

// receive writes a request as HTTP/1.1 and parses it.
func receive(t *testing.T, sent *http.Request) (received *http.Request, body []byte) {
	t.Helper()
	message := &bytes.Buffer{}
	if err := sent.Write(message); err != nil {
		t.Fatal(err)
	}
	received, err := http.ReadRequest(bufio.NewReader(message))
	if err != nil {
		t.Fatal(err)
	}
	if body, err = io.ReadAll(received.Body); err != nil {
		t.Fatal(err)
	}
	return received, body
}

const (
	endpointHost = "quotas.test:8443"

	plain  = "abcXYZ019-"
	path   = plain + "._~!$&'()*+,;=:@%? \"<>#é一"
	query  = path + "/"
	header = plain + "._~!$&'()*+,;=:@%/\"<>#\t "
)

// generator makes random requests.
type generator struct{ *rand.Rand }

// word makes a text of one to twelve characters of an alphabet.
func (g *generator) word(alphabet string) string {
	runes := []rune(alphabet)
	word := strings.Builder{}
	for range 1 + g.IntN(12) {
		word.WriteRune(runes[g.IntN(len(runes))])
	}
	return word.String()
}

// request makes a request with a method, a path, a query that may have duplicates, and sometimes a body.
func (g *generator) request() *request.HttpRequestBuilder {
	b := request.NewHttpRequestBuilder().WithEndpoint("http://" + endpointHost).
		WithMethod([]string{"GET", "POST", "PUT", "DELETE"}[g.IntN(4)])
	segments := []string{""}
	for range 1 + g.IntN(5) {
		segments = append(segments, g.word(path))
	}
	b.WithPath(strings.Join(segments, "/"))
	for range g.IntN(4) {
		values := []string{}
		for range 1 + g.IntN(3) {
			values = append(values, g.word(query))
		}
		if g.IntN(3) == 0 {
			values = append(values, "")
		}
		b.AddQueryParam(g.word(query), reflect.ValueOf(values))
	}
	if g.IntN(2) == 0 {
		b.WithBody("", fmt.Sprintf(`{"name":%q}`, g.word(query)))
	}
	return b
}
