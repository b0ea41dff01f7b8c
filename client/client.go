// Package client asks Huawei Cloud how much of its quotas is left: DomainQuotas asks IAM for those of an account
// (showDomainQuota), ImageQuotas asks IMS for those of a project's images (showImageQuota).
//
//	c := &client.Client{Token: token}
//	quotas, err := c.DomainQuotas(ctx, "d78cbac186b744899480f25bd022f468")
//
// Only a complete answer counts: a status other than 200, a body that is not the documented JSON, or a number that is missing
// is an error, never an empty list or a zero. What the service refused is an [*Error].
//
// The package knows the generated clients of the two documents (gen/iam, gen/ims) and the standard library.
// It must not know the documents themselves, the judge, the reference server, echo, kin-openapi, CEL or the command line,
// it prints nothing, and it reads no environment but the proxy settings of net/http.
package client

import (
	"cmp"
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

// defaultIAMURL is the global endpoint (openapi/iam.yaml, servers).
const defaultIAMURL = "https://iam.myhuaweicloud.com"

// ErrNoCredentials says that a Client has no Token. Nothing was sent.
var ErrNoCredentials = errors.New("no credentials: the client has no token")

// Client asks with one token. Its zero value needs no more than a Token for IAM, and an IMSURL for IMS.
// Its methods may be called concurrently, as long as nobody changes its fields meanwhile.
//
// The cloud scopes tokens: IAM wants one of the account (domain), IMS one of a project. Who asks both makes two clients:
//
//	account := &client.Client{Token: domainToken}
//	project := &client.Client{Token: projectToken, IMSURL: "https://ims.cn-north-4.myhuaweicloud.com"}
type Client struct {
	// Token goes out as X-Auth-Token. It is what POST /v3/auth/tokens answered in X-Subject-Token, and lives 24 hours.
	// It is left out wherever a Client is printed or marshalled. Hold a *Client rather than a Client in unexported fields:
	// package fmt prints what is in those without asking.
	Token string `json:"-"`

	// IAMURL is where IAM is: scheme, host and, if need be, port and path. Empty means https://iam.myhuaweicloud.com.
	IAMURL string

	// IMSURL is where IMS is, such as https://ims.cn-north-4.myhuaweicloud.com. IMS is regional, so nothing stands in for it.
	IMSURL string

	// HTTPClient sends the requests; nil means one that gives up after 30 seconds.
	// Redirects are not followed, whatever its CheckRedirect says: neither operation knows any, and net/http would hand the
	// token on to another host.
	HTTPClient *http.Client `json:"-"`
}

// IAM gives the generated client of openapi/iam.yaml, for those who want the plain *http.Response. It adds the token to each
// request, and follows no redirect; statuses and bodies are the caller's to check.
//
// Errors: [ErrNoCredentials], or a Token or IAMURL that cannot be used.
func (c *Client) IAM() (*iam.Client, error) {
	editor, err := c.credentials()
	if err != nil {
		return nil, err
	}
	server, err := baseURL("IAMURL", cmp.Or(c.IAMURL, defaultIAMURL))
	if err != nil {
		return nil, err
	}
	return iam.NewClient(server, iam.WithHTTPClient(c.httpClient()), iam.WithRequestEditorFn(editor))
}

// IMS is to openapi/ims.yaml what [Client.IAM] is to openapi/iam.yaml.
//
// Errors: [ErrNoCredentials], a Token that cannot be used, or an IMSURL that is missing or cannot be used.
func (c *Client) IMS() (*ims.Client, error) {
	editor, err := c.credentials()
	if err != nil {
		return nil, err
	}
	if c.IMSURL == "" {
		return nil, errors.New("no IMSURL: IMS is regional and has no default, such as https://ims.cn-north-4.myhuaweicloud.com")
	}
	server, err := baseURL("IMSURL", c.IMSURL)
	if err != nil {
		return nil, err
	}
	return ims.NewClient(server, ims.WithHTTPClient(c.httpClient()), ims.WithRequestEditorFn(editor))
}

// credentials gives what makes a request the caller's own.
func (c *Client) credentials() (func(context.Context, *http.Request) error, error) {
	if c.Token == "" {
		return nil, ErrNoCredentials
	}
	// net/http would trim white space at the ends, so that the token sent were not the one that is kept out of errors.
	if strings.ContainsFunc(c.Token, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return nil, errors.New("the token has white space or other characters that no token has")
	}
	token := c.Token
	return func(_ context.Context, request *http.Request) error {
		request.Header.Set("X-Auth-Token", token)
		request.Header.Set("Accept", "application/json")
		return nil
	}, nil
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
	return strings.TrimRight(u.String(), "/"), nil
}

// Format writes the client without its token. It is a method of the value, and of all verbs, since package fmt would show the
// fields of a plain Client, and of any client with %d.
func (c Client) Format(state fmt.State, _ rune) {
	token := "hidden"
	if c.Token == "" {
		token = "missing"
	}
	_, _ = io.WriteString(state, hide(fmt.Sprintf("client.Client{IAMURL:%q, IMSURL:%q, Token:%s}",
		withoutPassword(c.IAMURL), withoutPassword(c.IMSURL), token), c.Token))
}

func withoutPassword(value string) string {
	u, err := url.Parse(value)
	if err != nil {
		return "unreadable"
	}
	return u.Redacted()
}
