package client_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/client"
)

const (
	secretKey     = "MFyfvK41ba2giqM7/Uio6PznpdUKGpownRZlmVmHc+"
	securityToken = "gQpjbi1ub3J0aC00/jKZWcAd+ChxtbqgKz6b2Uz5IcRUs="
)

// TestPrintedWithoutSecrets prints, logs and marshals a client in all ways.
func TestPrintedWithoutSecrets(t *testing.T) {
	signing := client.Client{
		AccessKey: "AK", SecretKey: client.Secret(secretKey), SecurityToken: client.Secret(securityToken),
		ProjectID: securityToken, IAMURL: "https://a.example.com/" + secretKey,
	}
	sourced := client.Client{TokenSource: source(token, nil)}
	printers := map[string]func(any) string{
		"JSON": func(v any) string { text, err := json.Marshal(v); return fmt.Sprint(string(text), err) },
		"XML":  func(v any) string { text, err := xml.Marshal(v); return fmt.Sprint(string(text), err) },
		"slog": func(v any) string {
			var b bytes.Buffer
			slog.New(slog.NewTextHandler(&b, nil)).Info("m", "client", v)
			slog.New(slog.NewJSONHandler(&b, nil)).Info("m", "client", v)
			return b.String()
		},
		"Stringer": func(v any) string { return v.(fmt.Stringer).String() },
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
		printers[verb] = func(v any) string { return fmt.Sprintf(verb, v) }
	}
	for name, printed := range printers {
		for _, value := range []any{signing, &signing, sourced, &sourced} {
			got := printed(value)
			for _, secret := range []string{secretKey, securityToken, token, fmt.Sprintf("%x", secretKey), fmt.Sprintf("%x", securityToken)} {
				if strings.Contains(got, secret) || strings.Contains(got, secret[:12]) {
					t.Errorf("%s of %T: got %s", name, value, got)
				}
			}
			if !strings.Contains(got, "client.Client{") {
				t.Errorf("%s of %T: got %s", name, value, got)
			}
		}
	}
}

// TestNestedWithoutSecrets prints values that contain a client in unexported fields, on which package fmt calls no methods.
func TestNestedWithoutSecrets(t *testing.T) {
	c := client.Client{
		Token: client.Secret(token), AccessKey: "AK-of-a-caller",
		SecretKey: client.Secret(secretKey), SecurityToken: client.Secret(securityToken),
	}
	credential := client.Secret(secretKey)
	holders := []any{
		struct{ c *client.Client }{&c}, struct{ c client.Client }{c}, &struct{ c *client.Client }{&c},
		struct{ list []client.Client }{[]client.Client{c}}, struct{ any }{c}, struct{ any }{&c},
		map[string]any{"c": struct{ c client.Client }{c}},
		struct{ s client.Credential }{credential}, struct{ s *client.Credential }{&credential},
		credential, &credential, struct{ S client.Credential }{credential},
	}
	for _, holder := range holders {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x", "%X"} {
			got := fmt.Sprintf(verb, holder)
			for _, secret := range []string{token, secretKey, securityToken} {
				shown, begin := strings.ToLower(got), secret[:12]
				if strings.Contains(shown, strings.ToLower(begin)) || strings.Contains(shown, fmt.Sprintf("%x", begin)) {
					t.Errorf("%s of %T: got %s", verb, holder, got)
				}
			}
		}
		var log bytes.Buffer
		slog.New(slog.NewTextHandler(&log, nil)).Info("m", "nested", holder)
		slog.New(slog.NewJSONHandler(&log, nil)).Info("m", "nested", holder)
		marshalled, _ := json.Marshal(holder)
		for _, secret := range []string{token, secretKey, securityToken} {
			if strings.Contains(log.String()+string(marshalled), secret[:12]) {
				t.Errorf("logged %T: got %s%s", holder, log.String(), marshalled)
			}
		}
	}
}

// TestCredential checks that a credential shows only whether it is set.
func TestCredential(t *testing.T) {
	for _, tt := range []struct {
		credential client.Credential
		isZero     bool
		want       string
	}{{credential: client.Credential{}, isZero: true, want: ""}, {credential: client.Secret(""), isZero: true, want: ""}, {
		credential: client.Secret(secretKey), isZero: false, want: "***",
	}} {
		marshalled, err := json.Marshal(tt.credential)
		got := []string{
			tt.credential.String(), tt.credential.GoString(), fmt.Sprintf("%x", tt.credential),
			strings.Trim(string(marshalled), `"`), tt.credential.LogValue().String(),
		}
		for _, shown := range got {
			if shown != tt.want || tt.credential.IsZero() != tt.isZero || err != nil {
				t.Errorf("got %q, %v, %v, want %q", got, tt.credential.IsZero(), err, tt.want)
			}
		}
	}
}

// TestErrorsWithoutSignature checks that errors never contain the signature, the secret key or the security token of a request,
// even if the response or the transport repeats them.
func TestErrorsWithoutSignature(t *testing.T) {
	var sent http.Header
	repeat := func(status int) act {
		return func(r *http.Request) (*http.Response, error) {
			sent = r.Header
			if status == 0 {
				return nil, fmt.Errorf("cannot send %v", r.Header)
			}
			// The real gateway also repeats the canonical request.
			message := fmt.Sprintf("verify aksk signature fail, canonicalRequest:GET|%v|%s", r.Header, secretKey)
			text, _ := json.Marshal(map[string]string{"error_code": "APIGW.0301", "error_msg": message})
			response := newResponse(status, "application/json", bytes.NewReader(text))
			response.Header["X-Request-Id"] = r.Header["X-Security-Token"]
			return response, nil
		}
	}
	for _, status := range []int{0, 200, 401, 503} {
		for _, operation := range calls {
			c := &client.Client{
				AccessKey: "AK", SecretKey: client.Secret(secretKey), SecurityToken: client.Secret(securityToken),
				Region: "cn-north-4", Retries: -1, HTTPClient: &http.Client{Transport: transport(repeat(status))},
			}
			_, _, err := operation.call(t.Context(), c)
			if err == nil {
				t.Fatalf("%s, %d: got no error", operation.operation, status)
			}
			_, signed, _ := strings.Cut(sent.Get("Authorization"), "Signature=")
			for e := err; e != nil; e = errors.Unwrap(e) {
				for _, secret := range []string{secretKey, securityToken, signed} {
					if got := fmt.Sprintf("%v %+v %#v", e, e, e); strings.Contains(got, secret[:12]) || signed == "" {
						t.Errorf("%s, %d: got %s", operation.operation, status, got)
					}
				}
			}
		}
	}
}
