// Package client asks Huawei Cloud how much of its quotas is left: DomainQuotas asks IAM for those of an account
// (showDomainQuota), ImageQuotas asks IMS for those of a project's images (showImageQuota).
//
//	c := &client.Client{AccessKey: id, SecretKey: client.Secret(secret), Region: "cn-north-4"}
//	quotas, err := c.DomainQuotas(ctx, "d78cbac186b744899480f25bd022f468")
//
// Only a complete answer counts: a status other than 200, a body that is not the documented JSON, or a number that is missing
// is an error, never an empty list or a zero. What the service refused is an [*Error].
//
// The package knows the generated clients of the two documents (gen/iam, gen/ims), the vendor's signature and the standard
// library. It must not know the documents themselves, the judge, the reference server, echo, kin-openapi, CEL or the command
// line, it prints nothing, and it reads no environment but the proxy settings of net/http.
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

// Client asks with one kind of credentials: a Token, a TokenSource, or an AccessKey with its SecretKey. Beside these its zero
// value needs nothing for IAM, and a Region for IMS.
// Its methods may be called concurrently, as long as nobody changes its fields meanwhile.
//
// The cloud scopes tokens: IAM wants one of the account (domain), IMS one of a project. Who asks both by token makes two
// clients; an access key is good for both:
//
//	account := &client.Client{Token: client.Secret(domainToken)}
//	project := &client.Client{Token: client.Secret(projectToken), Region: "cn-north-4"}
//	both := &client.Client{AccessKey: id, SecretKey: client.Secret(secret), Region: "cn-north-4", ProjectID: projectID}
//
// Its secrets are left out wherever a Client, or what holds one, is printed, logged or marshalled.
type Client struct {
	// Token goes out as X-Auth-Token. It is what POST /v3/auth/tokens answered in X-Subject-Token, and lives 24 hours.
	Token Credential

	// TokenSource gives the token instead. It is called for every request that is sent, retries too, so it should keep its
	// token until that expires. Its error is returned wrapped, and is not tried again.
	TokenSource func(context.Context) (string, error)

	// AccessKey (AK) and SecretKey (SK) sign each request. SecurityToken goes with them if they are temporary.
	AccessKey                string
	SecretKey, SecurityToken Credential

	// ProjectID is the project that a signed ImageQuotas asks about. A token is made out for a project and needs none.
	ProjectID string

	// Region, such as cn-north-4, says where both services are; [Regions] lists them. Empty means the global endpoint of IAM,
	// and none of IMS.
	Region string

	// IAMURL and IMSURL are where the services are, in place of what Region says: scheme, host and, if need be, port and path.
	IAMURL, IMSURL string

	// HTTPClient sends the requests, for who wants a RoundTripper, a proxy or a timeout of his own; nil means one that gives
	// each try 30 seconds. Redirects are not followed, whatever its CheckRedirect says: neither operation knows any, and
	// net/http would hand the token on to another host.
	HTTPClient *http.Client

	// Retries is how often a request is sent again after 429, 502, 503, 504 or a broken connection; 0 means 3, below 0 none.
	// Between the tries it waits half a second, doubled each time, with jitter, or as long as Retry-After says. It does not
	// wait where that is more than 30 seconds or beyond the deadline of the context, but returns what it met.
	Retries int
}

// IAM gives the generated client of openapi/iam.yaml, for those who want the plain *http.Response. Credentials, retries, the
// limit of a body and redirects are as in [Client.DomainQuotas]; statuses and bodies are the caller's to check. A signed
// request names the account in X-Domain-Id, as DomainQuotas does, if an [iam.RequestEditorFn] sets that header.
//
// Errors: [ErrNoCredentials], or a credential, Region or IAMURL that cannot be used.
func (c *Client) IAM() (*iam.Client, error) {
	server, sender, err := c.iam()
	if err != nil {
		return nil, err
	}
	return iam.NewClient(server, iam.WithHTTPClient(sender))
}

// IMS is to openapi/ims.yaml what [Client.IAM] is to openapi/iam.yaml.
//
// Errors: as of IAM, and where there is neither a Region nor an IMSURL.
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
		return "", nil, errors.New("no Region and no IMSURL: IMS is regional, such as cn-north-4")
	}
	s.projectID = c.ProjectID
	return server, s, nil
}

// service says where a service is, by the URL of that field or else by the Region, and what to send with.
func (c *Client) service(field, url string, of func(region) string) (server string, s *sender, err error) {
	if s, err = c.sender(); err != nil {
		return "", nil, err
	}
	if url != "" {
		server, err = baseURL(field, url)
		return server, s, err
	}
	found, err := findRegion(c.Region)
	return of(found), s, err
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

// baseURL refuses what would make a request go elsewhere than meant. Its error does not repeat the value, which may hold a
// password.
func baseURL(field, value string) (string, error) {
	u, err := url.Parse(value)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" ||
		u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
		return "", fmt.Errorf("%s: want http or https, a host, and at most a port and a path", field)
	}
	u.Host = strings.TrimSuffix(u.Host, ":") // net/http sends it so, and the host is signed
	return strings.TrimRight(u.String(), "/"), nil
}

// String is the client without its secrets.
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
	return hide(text, c.Token.reveal(), c.SecretKey.reveal(), c.SecurityToken.reveal())
}

// Format writes String. It is a method of the value, and of all verbs, since package fmt would show the fields of a plain
// Client, and of any client with %d.
func (c Client) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, c.String()) }

// MarshalText gives String to JSON, XML and log/slog.
func (c Client) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

func withoutPassword(value string) string {
	u, err := url.Parse(value)
	if err != nil {
		return "unreadable"
	}
	return u.Redacted()
}
