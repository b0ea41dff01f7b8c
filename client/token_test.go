package client_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/client"
)

func TestPrintedWithoutToken(t *testing.T) {
	c := client.Client{Token: client.Secret(token), IAMURL: "https://me:password@iam.example.com", IMSURL: "https://ims.example.com/" + token}
	unreadable := client.Client{IAMURL: "https://me:password@["}
	marshalled, err := json.Marshal(client.Client{Token: client.Secret(token), HTTPClient: http.DefaultClient})
	if err != nil {
		t.Fatal(err)
	}
	nested := struct{ Client client.Client }{c}
	generated, err := (&client.Client{Token: client.Secret(token)}).IAM()
	if err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
		for _, value := range []any{c, &c, unreadable, nested, &nested, generated, *generated} {
			got := fmt.Sprintf(verb, value)
			if strings.Contains(got, token) || strings.Contains(got, fmt.Sprintf("%x", token)) || strings.Contains(got, "password") {
				t.Errorf("%s of %T: got %s", verb, value, got)
			}
		}
	}
	if got, want := string(marshalled), `"client.Client{Region:\"\", IAMURL:\"\", IMSURL:\"\", ProjectID:\"\", `+
		`credentials:token}"`; got != want {
		t.Errorf("JSON: got %s, want %s", got, want)
	}
	if got, want := fmt.Sprint(client.Client{IAMURL: "https://a.example.com"}),
		`client.Client{Region:"", IAMURL:"https://a.example.com", IMSURL:"", ProjectID:"", credentials:none}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestErrorsWithoutToken checks that errors never contain the token or its beginning, however the response, the transport or
// the caller repeats it.
func TestErrorsWithoutToken(t *testing.T) {
	errTransport := errors.New("transport")
	reply := func(status int, contentType, body string) transport {
		return func(*http.Request) (*http.Response, error) {
			return newResponse(status, contentType, strings.NewReader(body)), nil
		}
	}
	for _, test := range []struct {
		name      string
		transport transport
	}{
		{
			name:      "flat message",
			transport: reply(401, "", `{"error_msg":"no such token: `+token+`","error_code":"`+token+`","request_id":"`+token+`"}`),
		},
		{
			name:      "nested message",
			transport: reply(403, "", `{"error":{"message":"no such token: `+token+`","code":"`+token+`"}}`),
		},
		{
			name:      "parted by control characters",
			transport: reply(401, "", `{"error_msg":"`+token[:9]+`\u0000`+token[9:]+`","error_code":"c"}`),
		},
		{name: "page", transport: reply(502, "text/html", "<pre>X-Auth-Token: "+token+"</pre>")},
		{name: "page, parted", transport: reply(502, "text/html", token[:9]+"\x00\xff"+token[9:])},
		{name: "page, at the cut", transport: reply(502, "text/html", strings.Repeat("x", 100)+token)},
		{
			name:      "page, after the cut of a message",
			transport: reply(502, "", `{"error_msg":"`+strings.Repeat("x", 1000)+token+`"}`),
		},
		{name: "page, escaped", transport: reply(502, "text/html", strings.ReplaceAll(token, "+", "&#43;"))},
		{
			name:      "page, a query",
			transport: reply(502, "text/html", "?token="+strings.NewReplacer("+", "%2B", "/", "%2F", "=", "%3D").Replace(token)),
		},
		{name: "unknown JSON, escaped", transport: reply(502, "", `{"token":"`+strings.ReplaceAll(token, "/", `\/`)+`"}`)},
		{name: "200, page", transport: reply(200, "text/html; token="+token, token)},
		{name: "200, unusable", transport: reply(200, "application/json", `{"`+token+`":1}`)},
		{
			name:      "200, value of a wrong type",
			transport: reply(200, "application/json", `{"quotas":{"resources":[{"quota":"`+token+`"}]}}`),
		},
		{name: "request id", transport: func(r *http.Request) (*http.Response, error) {
			response, _ := reply(500, "", "{}")(r)
			response.Header.Set("X-Request-Id", token)
			return response, nil
		}},
		{name: "redirect to an invalid URL", transport: func(r *http.Request) (*http.Response, error) {
			response, _ := reply(302, "", "")(r)
			response.Header.Set("Location", "http://[?token="+token)
			return response, nil
		}},
		{name: "transport", transport: func(r *http.Request) (*http.Response, error) {
			return nil, fmt.Errorf("%w: cannot send %v", errTransport, r.Header)
		}},
		{name: "transport, while reading", transport: func(r *http.Request) (*http.Response, error) {
			response, _ := reply(200, "application/json", "")(r)
			response.Body = io.NopCloser(reader(func() error { return fmt.Errorf("%w: %v", errTransport, r.Header) }))
			return response, nil
		}},
	} {
		for _, operation := range calls {
			t.Run(test.name+"/"+operation.operation, func(t *testing.T) {
				c := &client.Client{Token: client.Secret(token), IMSURL: "http://ims.example.com", Retries: -1}
				c.HTTPClient = &http.Client{Transport: test.transport}
				_, _, err := operation.call(t.Context(), c)
				if err == nil {
					t.Fatal("got no error")
				}
				if got, want := errors.Is(err, errTransport), strings.HasPrefix(test.name, "transport"); got != want {
					t.Errorf("errors.Is(err, errTransport): got %t, want %t", got, want)
				}
				for e := err; e != nil; e = errors.Unwrap(e) {
					for _, verb := range []string{"%s", "%q", "%v", "%+v", "%#v"} {
						if got := fmt.Sprintf(verb, e); strings.Contains(got, token[:9]) || strings.Contains(got, token[len(token)-9:]) {
							t.Errorf("%s: got %s", verb, got)
						}
					}
				}
			})
		}
	}
	t.Run("given for the domain id", func(t *testing.T) {
		c := &client.Client{Retries: -1, HTTPClient: &http.Client{Transport: transport(failing(errTransport))}}
		for _, id := range []string{token, strings.ReplaceAll(token, "/", "-"), `escaped-in"URLs@all`} {
			c.Token = client.Secret(id)
			if _, err := c.DomainQuotas(t.Context(), id); err == nil || strings.Contains(err.Error(), id[:9]) {
				t.Errorf("got %v", err)
			}
		}
	})
}
