package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/quotaspec/quotaspec/internal/signature"
)

// ErrNoCredentials is the error of a Client without credentials. No request was sent.
var ErrNoCredentials = errors.New("no credentials: the client has neither Token, TokenSource, nor AccessKey and SecretKey")

// checkCredentials checks that there is one kind of credentials, complete and without stray characters. Its errors repeat no
// value.
func (c *Client) checkCredentials() error {
	token, source, key := !c.Token.IsZero(), c.TokenSource != nil, c.signs()
	wholeKey := c.AccessKey != "" && !c.SecretKey.IsZero()
	switch {
	case !token && !source && !key:
		return ErrNoCredentials
	case token && source, token && key, source && key:
		return errors.New("two kinds of credentials: want one of Token, TokenSource, or AccessKey and SecretKey")
	case key && !wholeKey:
		return errors.New("incomplete access key: want AccessKey and SecretKey, and a SecurityToken only with them")
	case strings.Contains(c.AccessKey, ","):
		return errors.New("the AccessKey contains a comma, which no access key has")
	}
	for _, credential := range []struct{ name, value string }{
		{"token", c.Token.reveal()}, {"AccessKey", c.AccessKey}, {"SecretKey", c.SecretKey.reveal()},
		{"SecurityToken", c.SecurityToken.reveal()}, {"ProjectID", c.ProjectID},
	} {
		if err := checkVisible(credential.name, credential.value); err != nil {
			return err
		}
	}
	return nil
}

// checkVisible rejects a value with other characters than visible ASCII, such as the line feed of the file that it was read
// from. net/http would trim a header, and the value sent would differ from the one that is redacted in errors.
func checkVisible(name, value string) error {
	if strings.ContainsFunc(value, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return fmt.Errorf("the %s has white space or other characters that are not visible ASCII", name)
	}
	return nil
}

// signs reports whether the client has any part of an access key, and so signs its requests.
func (c *Client) signs() bool {
	return c.AccessKey != "" || !c.SecretKey.IsZero() || !c.SecurityToken.IsZero()
}

// authenticate adds the token, or signs the request. A signature covers the headers, so no header may change afterwards.
func (c *Client) authenticate(ctx context.Context, request *http.Request, projectID string) error {
	header := request.Header
	header.Set("Accept", "application/json")
	if !c.signs() {
		token := c.Token.reveal()
		if c.TokenSource != nil {
			var err error
			if token, err = c.TokenSource(ctx); err != nil {
				return fmt.Errorf("token source: %w", err)
			}
			if token == "" {
				return errors.New("token source: it returned an empty token")
			}
			if err := checkVisible("token of the token source", token); err != nil {
				return err
			}
		}
		header.Set("X-Auth-Token", token)
		return nil
	}
	if projectID != "" {
		header.Set("X-Project-Id", projectID)
	}
	if token := c.SecurityToken.reveal(); token != "" {
		header.Set("X-Security-Token", token)
	}
	names := []string{"host"}
	for _, name := range []string{"X-Project-Id", "X-Domain-Id"} {
		if header.Get(name) != "" {
			names = append(names, name)
		}
	}
	return signature.Sign(request, signature.Key{ID: c.AccessKey, Secret: c.SecretKey.reveal()}, time.Now(), names...)
}
