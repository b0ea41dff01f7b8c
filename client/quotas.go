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

// The operations as the documents call them (operationId).
const (
	showDomainQuota = "showDomainQuota"
	showImageQuota  = "showImageQuota"
)

// DomainQuotas asks IAM for the quotas of an account: all of them, or those of the types named, in the order of the service.
// It is one question however many types there are: a single type is left to the service, several are picked out here. A type
// that the service does not answer is missing in the list, which may be empty, but is not nil without an error.
//
// Operation showDomainQuota of openapi/iam.yaml, https://support.huaweicloud.com/api-iam/iam_02_0114.html.
//
// Errors: an [*Error] where the service refused or its answer cannot be used, see [IsNotFound] and its neighbours; what
// [Client.IAM] refuses, and a domainID that is empty or no single segment of a path, before anything is sent; else what
// net/http met, such as [context.Canceled].
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
	quotas, err := c.ask(ctx, showDomainQuota, sender, request)
	if len(types) > 0 {
		quotas = slices.DeleteFunc(quotas, func(q Quota) bool { return !slices.Contains(types, iam.QuotaType(q.Type)) })
	}
	return quotas, err
}

// ImageQuotas asks IMS for the image quotas of a project in one region: the project to which the token belongs, or the
// ProjectID of a signed request. The list may be empty, but is not nil without an error.
//
// Operation showImageQuota of openapi/ims.yaml, https://support.huaweicloud.com/api-ims/ims_03_0630.html.
//
// Errors: as of [Client.DomainQuotas], with what [Client.IMS] refuses. Without the action ims:quotas:get it is [ErrForbidden].
func (c *Client) ImageQuotas(ctx context.Context) ([]Quota, error) {
	server, sender, err := c.ims()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", showImageQuota, err)
	}
	request, err := ims.NewShowImageQuotaRequest(server + "/")
	if err != nil {
		return nil, fmt.Errorf("%s: %w", showImageQuota, err)
	}
	return c.ask(ctx, showImageQuota, sender, request)
}

// checkDomainID refuses what would change the path, here or, unescaped once more, at a proxy. Its error does not repeat the
// value: who mixes up his strings may have given the token.
func checkDomainID(id string) error {
	switch {
	case id == "":
		return errors.New("the domain id is empty")
	case id == "." || id == ".." || strings.ContainsAny(id, `/\?#%`):
		return errors.New(`the domain id is no segment of a path: it is a dot or two, or has one of / \ ? # %`)
	}
	return nil
}
