package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/quotaspec/quotaspec/contract/probe"
	"github.com/quotaspec/quotaspec/contract/verify"
	"github.com/quotaspec/quotaspec/internal/text"
)

// OAuth2 client credentials (RFC 6749, 4.4): one POST with the id and the secret of a client returns a token. The id and the
// secret go into the header Authorization, as the RFC recommends; if the server refuses that, into the body.

// check returns what is missing or not allowed in the config of a client.
func (o oauth2Conf) check(allowHTTP bool) error {
	if o.TokenURL == "" || o.ClientIDEnv == "" || o.ClientSecretEnv == "" {
		return errors.New("want token_url, client_id_env and client_secret_env")
	}
	at, err := url.Parse(o.TokenURL)
	isURL := err == nil && (at.Scheme == "http" || at.Scheme == "https") && at.Hostname() != ""
	switch {
	case !isURL || at.User != nil || at.Fragment != "":
		return fmt.Errorf("token_url %q: want a URL such as https://login.example.com/oauth2/token", o.TokenURL)
	case allowHTTP:
		return nil
	}
	if err := checkSecret(at); err != nil {
		return fmt.Errorf("token_url %w, unless %s has allow_http: true", err, defaultConfig)
	}
	return nil
}

// oauth2Client asks for tokens.
type oauth2Client struct {
	oauth2Conf
	http       *http.Client
	id, secret string
	inBody     bool // the server wants the id and the secret in the body
}

func newOAuth2Source(conf oauth2Conf, o verify.Options) (*tokenSource, error) {
	id, err := credentialFromEnv(conf.ClientIDEnv)
	secret, secretErr := credentialFromEnv(conf.ClientSecretEnv)
	if err := cmp.Or(err, secretErr); err != nil {
		return nil, err
	}
	client := &oauth2Client{oauth2Conf: conf, id: id, secret: secret, http: httpClient(o.CAs)}
	client.http.Timeout = tokenTimeout
	client.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &tokenSource{fetch: client.fetch, doubt: fmt.Sprintf("does it accept the tokens of %s?", conf.shownURL())}, nil
}

// shownURL is the URL of the tokens without its query, which may have a secret.
func (o oauth2Conf) shownURL() string {
	at, _, _ := strings.Cut(o.TokenURL, "?")
	return at
}

// fetch returns a new token. Only one goroutine calls it at a time.
func (c *oauth2Client) fetch(ctx context.Context) (fetched, error) {
	status, answer, err := c.post(ctx)
	isOfClient := status == http.StatusUnauthorized || answer.Error == "invalid_client" || answer.Error == "invalid_request"
	if err == nil && isOfClient && !c.inBody {
		c.inBody = true
		var second int
		var other tokenResponse
		if second, other, err = c.post(ctx); err != nil || second != http.StatusOK {
			c.inBody = false // the first error is that of the recommended way
		} else {
			status, answer = second, other
		}
	}
	switch {
	case ctx.Err() != nil:
		return fetched{}, ctx.Err()
	case err != nil:
	case answer.Error != "":
		err = errors.New(c.hide(strings.TrimSuffix(answer.Error+": "+answer.Description, ": ")))
	case status != http.StatusOK:
		err = fmt.Errorf("status %d", status)
	case answer.Token == "" || !isCredential(answer.Token):
		err = errors.New("the response has no access_token")
	}
	if err != nil {
		return fetched{}, fmt.Errorf("token_url %s: %w", c.shownURL(), err)
	}
	return fetched{token: answer.Token, lifetime: answer.lifetime()}, nil
}

// hide makes a text of the token server fit to be shown.
func (c *oauth2Client) hide(s string) string {
	const most = 200
	s = text.OneLine(strings.NewReplacer(c.secret, "REDACTED", url.QueryEscape(c.secret), "REDACTED").Replace(s))
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + " …"
	}
	return s
}

// tokenResponse is the body of a response: a token (RFC 6749, 5.1) or an error (5.2).
type tokenResponse struct {
	Token       string          `json:"access_token"`
	ExpiresIn   json.RawMessage `json:"expires_in"` // seconds; some servers write them as a string
	Error       string          `json:"error"`
	Description string          `json:"error_description"`
}

func (r tokenResponse) lifetime() time.Duration {
	const most = 1 << 31
	seconds, err := strconv.ParseFloat(strings.Trim(string(r.ExpiresIn), `"`), 64)
	isLifetime := err == nil && seconds > 0 && seconds < most
	if !isLifetime {
		return 0
	}
	return time.Duration(seconds * float64(time.Second))
}

// post sends one request for a token.
func (c *oauth2Client) post(ctx context.Context) (status int, answer tokenResponse, err error) {
	form := url.Values{"grant_type": {"client_credentials"}}
	if len(c.Scopes) > 0 {
		form.Set("scope", strings.Join(c.Scopes, " "))
	}
	if c.inBody {
		form.Set("client_id", c.id)
		form.Set("client_secret", c.secret)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.TokenURL, strings.NewReader(form.Encode()))
	if err != nil {
		return 0, answer, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	if !c.inBody {
		req.SetBasicAuth(url.QueryEscape(c.id), url.QueryEscape(c.secret))
	}
	resp, err := c.http.Do(req)
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err // url.Error shows the whole URL
	}
	if isTimeout, ok := errors.AsType[net.Error](err); ok && isTimeout.Timeout() {
		err = fmt.Errorf("no response within %s", tokenTimeout)
	}
	if err != nil {
		return 0, answer, probe.DescribeTLS(err)
	}
	defer resp.Body.Close() //nolint:errcheck // nothing was written
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxTokenOutput))
	if err != nil {
		return 0, answer, err
	}
	if json.Unmarshal(body, &answer) != nil && resp.StatusCode == http.StatusOK {
		return 0, answer, errors.New("the response is not JSON with an access_token")
	}
	return resp.StatusCode, answer, nil
}
