package client

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/gen/iam"
	"github.com/quotaspec/quotaspec/gen/ims"
)

// The operationIds of the documents.
const (
	showDomainQuota = "showDomainQuota"
	showImageQuota  = "showImageQuota"
)

// DomainQuotas reads the quotas of an account from IAM: all of them, or those of the given types, in the order of the service.
// It sends one request. The service filters by a single type, the client by several. A type that the service does not return is
// not in the list. The list may be empty, but is nil only with an error.
//
// Operation showDomainQuota of openapi/iam.yaml, https://support.huaweicloud.com/api-iam/iam_02_0114.html.
//
// Errors: before a request is sent, those of [Client.IAM], and a domainID that is empty or not a single path segment; for a
// response that gives no quotas an [*Error], see [IsNotFound] and the other functions; else the error of net/http, such as
// [context.Canceled].
func (c *Client) DomainQuotas(ctx context.Context, domainID string, types ...iam.QuotaType) ([]Quota, error) {
	server, sender, err := c.iam()
	if err == nil {
		err = checkDomainID(domainID)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", showDomainQuota, err)
	}
	params := &iam.ShowDomainQuotaParams{}
	if len(types) == 1 {
		params.Type = &types[0]
	}
	request, err := iam.NewShowDomainQuotaRequest(server+"/", domainID, params)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", showDomainQuota, err)
	}
	if c.signs() {
		request.Header.Set("X-Domain-Id", domainID)
	}
	quotas, err := c.fetch(ctx, showDomainQuota, sender, request)
	if len(types) > 0 {
		quotas = slices.DeleteFunc(quotas, func(q Quota) bool { return !slices.Contains(types, iam.QuotaType(q.Type)) })
	}
	return quotas, err
}

// ImageQuotas reads the image quotas of a project in one region from IMS: the project that the token belongs to, or the
// ProjectID of a signed request. The list may be empty, but is nil only with an error.
//
// Operation showImageQuota of openapi/ims.yaml, https://support.huaweicloud.com/api-ims/ims_03_0630.html.
//
// Errors: those of [Client.DomainQuotas], but of [Client.IMS] instead of [Client.IAM]. A caller without the permission
// ims:quotas:get gets [ErrForbidden].
func (c *Client) ImageQuotas(ctx context.Context) ([]Quota, error) {
	server, sender, err := c.ims()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", showImageQuota, err)
	}
	request, err := ims.NewShowImageQuotaRequest(server + "/")
	if err != nil {
		return nil, fmt.Errorf("%s: %w", showImageQuota, err)
	}
	return c.fetch(ctx, showImageQuota, sender, request)
}

// checkDomainID rejects an id that would change the path, here or at a proxy that unescapes it once more. The error does not
// repeat the value, which may be a token passed by mistake.
func checkDomainID(id string) error {
	switch {
	case id == "":
		return errors.New("the domain id is empty")
	case id == "." || id == ".." || strings.ContainsAny(id, `/\?#%`):
		return errors.New(`the domain id is not a path segment: it is . or .., or contains / \ ? # or %`)
	}
	return nil
}
