// Package client reads quotas and their usage from Huawei Cloud: DomainQuotas reads those of an account from IAM
// (showDomainQuota), ImageQuotas those of a project's images from IMS (showImageQuota).
//
//	c := &client.Client{AccessKey: id, SecretKey: client.Secret(secret), Region: "cn-north-4"}
//	quotas, err := c.DomainQuotas(ctx, "d78cbac186b744899480f25bd022f468")
//
// Only a complete response counts. A status other than 200, a body that is not the documented JSON, or a missing number is an
// error, never an empty list or a zero. A response that gives no quotas is an [*Error].
//
// A call builds its request with the generated client of the document (gen/iam, gen/ims), adds credentials, sends it, and
// retries it after a temporary failure. It then parses the body strictly, and removes its own secrets from every error.
//
// The package imports the generated clients, the vendor's signature algorithm and the standard library. It must not know the
// documents themselves, the judge, the reference server, echo, kin-openapi, CEL or the command line. It prints nothing, and it
// reads no environment variables but the proxy settings of net/http.
package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/quotaspec/quotaspec/gen/iam"
	"github.com/quotaspec/quotaspec/gen/ims"
)

// Client holds one kind of credentials: a Token, a TokenSource, or an AccessKey with its SecretKey. It needs nothing else for
// IAM, and a Region for IMS.
// Its methods may be called concurrently. Its fields must not change meanwhile.
//
// Tokens have a scope: IAM needs a token of the account (domain), IMS a token of a project. To use both services with tokens,
// make two clients. An access key works for both services:
//
//	account := &client.Client{Token: client.Secret(domainToken)}
//	project := &client.Client{Token: client.Secret(projectToken), Region: "cn-north-4"}
//	both := &client.Client{AccessKey: id, SecretKey: client.Secret(secret), Region: "cn-north-4", ProjectID: projectID}
//
// Printing, logging or marshalling a Client, or a value that contains one, does not show its secrets.
type Client struct {
	// Token is sent as X-Auth-Token. POST /v3/auth/tokens returns it in X-Subject-Token. It is valid for 24 hours.
	Token Credential

	// TokenSource returns the token instead. It is called for every request, including retries, so it should cache the token
	// until that expires. Its error is returned wrapped, without a retry.
	TokenSource func(context.Context) (string, error)

	// AccessKey (AK) and SecretKey (SK) sign each request. A temporary access key also has a SecurityToken.
	AccessKey                string
	SecretKey, SecurityToken Credential

	// ProjectID is the project whose image quotas a signed request reads. A token already belongs to a project.
	ProjectID string

	// Region selects the endpoints of both services, for example cn-north-4; [Regions] lists the regions. Without a region, IAM
	// uses its global endpoint, and IMS has none.
	Region string

	// IAMURL and IMSURL replace the endpoints of the Region: scheme, host and, if needed, port and path.
	IAMURL, IMSURL string

	// HTTPClient sends the requests. Set it to use your own RoundTripper, proxy or timeout. Nil means a client with a timeout
	// of 30 seconds for each try. Redirects are never followed, whatever CheckRedirect says: neither operation has any, and
	// net/http would send the token to another host.
	HTTPClient *http.Client

	// Retries is the number of retries after 429, 502, 503, 504 or a network fault; 0 means 3, a negative number none.
	// The wait before a retry is half a second, doubled each time, with jitter, or as long as Retry-After says. If it is longer
	// than 30 seconds or ends after the deadline of the context, the call returns the last error at once.
	Retries int
}

// IAM returns the generated client of openapi/iam.yaml, which returns plain responses. It adds credentials, retries, limits
// bodies and ignores redirects as [Client.DomainQuotas] does. The caller checks statuses and bodies. A signed request names the
// account in X-Domain-Id, as DomainQuotas does, if an [iam.RequestEditorFn] sets that header.
//
// Errors: [ErrNoCredentials], or an invalid credential, Region or IAMURL.
func (c *Client) IAM() (*iam.Client, error) {
	server, sender, err := c.iam()
	if err != nil {
		return nil, err
	}
	return iam.NewClient(server, iam.WithHTTPClient(sender))
}

// IMS returns the generated client of openapi/ims.yaml. It works as [Client.IAM] does.
//
// Errors: those of IAM for IMSURL, and a client with neither Region nor IMSURL.
func (c *Client) IMS() (*ims.Client, error) {
	server, sender, err := c.ims()
	if err != nil {
		return nil, err
	}
	return ims.NewClient(server, ims.WithHTTPClient(sender))
}

func (c *Client) iam() (server string, s *sender, err error) {
	return c.service("IAMURL", c.IAMURL, func(r region) string { return r.iam })
}

func (c *Client) ims() (server string, s *sender, err error) {
	server, s, err = c.service("IMSURL", c.IMSURL, func(r region) string { return r.ims })
	switch {
	case err != nil:
		return "", nil, err
	case server == "":
		return "", nil, errors.New("no Region and no IMSURL: IMS has regional endpoints only, such as that of cn-north-4")
	}
	s.projectID = c.ProjectID
	return server, s, nil
}

// service returns the endpoint of a service, which is the URL of that field or else the endpoint of the Region, and a sender.
func (c *Client) service(field, url string, endpoint func(region) string) (server string, s *sender, err error) {
	if s, err = c.sender(); err != nil {
		return "", nil, err
	}
	if url != "" {
		server, err = baseURL(field, url)
		return server, s, err
	}
	found, err := findRegion(c.Region)
	return endpoint(found), s, err
}

var defaultHTTPClient = &http.Client{Timeout: 30 * time.Second, CheckRedirect: refuseRedirect}

func refuseRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

func (c *Client) httpClient() *http.Client {
	if c.HTTPClient == nil {
		return defaultHTTPClient
	}
	own := *c.HTTPClient
	own.CheckRedirect = refuseRedirect
	return &own
}

// baseURL checks the URL of a service. A URL with a query or a fragment would send requests to another path. The error does not
// repeat the value, which may contain a password.
func baseURL(field, value string) (string, error) {
	u, err := url.Parse(value)
	isHTTP := err == nil && (u.Scheme == "https" || u.Scheme == "http")
	if !isHTTP || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
		return "", fmt.Errorf("%s: want http or https, a host, and at most a port and a path", field)
	}
	u.Host = strings.TrimSuffix(u.Host, ":") // as net/http sends it, since the host is signed
	return strings.TrimRight(u.String(), "/"), nil
}

// String describes the client without its secrets.
func (c Client) String() string {
	credentials := "none"
	switch {
	case !c.Token.IsZero():
		credentials = "token"
	case c.TokenSource != nil:
		credentials = "token source"
	case c.signs():
		credentials = "access key"
	}
	text := fmt.Sprintf("client.Client{Region:%q, IAMURL:%q, IMSURL:%q, ProjectID:%q, credentials:%s}",
		c.Region, withoutPassword(c.IAMURL), withoutPassword(c.IMSURL), c.ProjectID, credentials)
	return redact(text, c.Token.reveal(), c.SecretKey.reveal(), c.SecurityToken.reveal())
}

// Format writes String for every verb. Without it, package fmt would print the fields for %d. The receiver is a value, so that
// it also applies to a Client that is not a pointer.
func (c Client) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, c.String()) }

// MarshalText returns String, for JSON, XML and log/slog.
func (c Client) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

func withoutPassword(value string) string {
	u, err := url.Parse(value)
	if err != nil {
		return "unreadable"
	}
	return u.Redacted()
}
