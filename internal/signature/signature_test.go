package signature

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var (
	key    = Key{"QSREADER000000000001", "reader-secret"}
	signed = time.Date(2024, 2, 27, 12, 0, 0, 0, time.UTC)
)

const accountURL = "https://iam.myhuaweicloud.com/v3.0/OS-QUOTA/domains/d78cbac186b744899480f25bd022f468"

func newRequest(t testing.TB, method, url, body string, headers ...string) *http.Request {
	t.Helper()
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	r, err := http.NewRequest(method, url, reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		r.Header.Add(name, value)
	}
	return r
}

// receive writes a request as bytes, parses it as a server does, and hashes its body.
func receive(t testing.TB, r *http.Request) (received *http.Request, body [sha256.Size]byte) {
	t.Helper()
	var wire bytes.Buffer
	if err := r.Write(&wire); err != nil {
		t.Fatal(err)
	}
	received, err := http.ReadRequest(bufio.NewReader(&wire))
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(received.Body)
	if err != nil {
		t.Fatal(err)
	}
	return received, sha256.Sum256(content)
}

func secretOf(k Key) func(string) (string, bool) {
	return func(id string) (string, bool) { return k.Secret, id == k.ID }
}

// vectors reads the signatures that the vendor's Go SDK made.
func vectors(t testing.TB) []vector {
	t.Helper()
	data, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	list := []vector{}
	if err := json.Unmarshal(data, &list); err != nil {
		t.Fatal(err)
	}
	if len(list) != 10 {
		t.Fatalf("got %d vectors, want 10", len(list))
	}
	return list
}

type vector struct {
	Name             string
	Method           string
	URL              string
	Headers          map[string]string
	Body             string
	AK               string
	SK               string
	Authorization    string
	CanonicalRequest string `json:"canonical_request"`
	StringToSign     string `json:"string_to_sign"`
}

func (v vector) request(t testing.TB) *http.Request {
	t.Helper()
	r := newRequest(t, v.Method, v.URL, v.Body)
	for name, value := range v.Headers {
		r.Header.Set(name, value)
	}
	return r
}

func TestVectors(t *testing.T) {
	for _, v := range vectors(t) {
		t.Run(v.Name, func(t *testing.T) {
			r := v.request(t)
			a, err := parse(v.Authorization)
			if err != nil {
				t.Fatal(err)
			}
			if err := Sign(r, Key{v.AK, v.SK}, time.Time{}, a.names...); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(v.Authorization, r.Header.Get("Authorization")); diff != "" {
				t.Errorf("Authorization (-want +got):\n%s", diff)
			}
			hash := sha256.Sum256([]byte(v.Body))
			canonical, err := canonicalForm(r, a.names, hexOf(hash))
			if diff := cmp.Diff(v.CanonicalRequest, canonical); diff != "" || err != nil {
				t.Errorf("canonical request, %v (-want +got):\n%s", err, diff)
			}
			if diff := cmp.Diff(v.StringToSign, stringToSign(v.Headers["X-Sdk-Date"], canonical)); diff != "" {
				t.Errorf("string to sign (-want +got):\n%s", diff)
			}

			sent := v.request(t)
			sent.Header.Set("Authorization", v.Authorization)
			received, body := receive(t, sent)
			id, err := Verify(received, body, signed, secretOf(Key{v.AK, v.SK}))
			if err != nil || id != v.AK {
				t.Errorf("got %q, %v, want %s", id, err, v.AK)
			}
		})
	}
}

// TestGuide checks the example of the vendor's signing guide.
func TestGuide(t *testing.T) {
	text := "SDK-HMAC-SHA256\n20191115T033655Z\nb25362e603ee30f4f25e7858e8a7160fd36e803bb2dfe206278659d71a9bcd7a"
	want := "7be6668032f70418fcc22abc52071e57aff61b84a1d2381bb430d6870f4f6ebe"
	if got := hex.EncodeToString(sum("MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc", text)); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestSDKUnitTest checks a request from the unit tests of the vendor's Go SDK, which does not sign a name with an underscore.
func TestSDKUnitTest(t *testing.T) {
	want := "SDK-HMAC-SHA256 Access=AccessKey, SignedHeaders=x-sdk-date, " +
		"Signature=5a2ce64c865e0e6046321c6f3d5a77ba8413eeaf355c3166c03d58d02ac79624"
	for _, headers := range [][]string{
		nil, {"TEST_UNDERSCORE: TEST_VALUE"}, {"X-Sdk-Date: 20060102T150405Z"}, {"Content-Type: application/json"},
	} {
		r := newRequest(t, "GET", "https://example.huaweicloud.com/path?limit=1", "", headers...)
		if err := Sign(r, Key{"AccessKey", "SecretKey"}, time.Date(2006, 1, 2, 15, 4, 5, 0, time.UTC)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, r.Header.Get("Authorization")); diff != "" {
			t.Errorf("%v (-want +got):\n%s", headers, diff)
		}
	}
}

func hexOf(hash [sha256.Size]byte) string { return hex.EncodeToString(hash[:]) }
