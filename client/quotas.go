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

// DomainQuota is the limit of one type of resource of an account. All numbers are counts.
// The four types assigment_… (the vendor's spelling) are limits for each group, agency or user, not totals.
type DomainQuota struct {
	// Type is what is counted; services may add types that [iam.QuotaType.Valid] does not know.
	Type iam.QuotaType `json:"type"`

	// Quota is the limit that is in force now.
	Quota int32 `json:"quota"`

	// Used is how many there are now, nil if the service does not tell, as for mapping.
	Used *int32 `json:"used"`

	// Min and Max are the bounds within which Quota may be set.
	Min int32 `json:"min"`
	Max int32 `json:"max"`
}

// ImageQuota is the limit of one type of image of a project in one region. All numbers are counts.
type ImageQuota struct {
	// Type is what is counted; services may add types that [ims.ImageQuotaType.Valid] does not know.
	Type ims.ImageQuotaType `json:"type"`

	// Quota is the limit that is in force now.
	Quota int32 `json:"quota"`

	// Used is how many there are now. The document promises it for every type; nil if the service does not tell all the same.
	Used *int32 `json:"used"`

	// Min and Max are the bounds within which Quota may be set.
	Min int32 `json:"min"`
	Max int32 `json:"max"`
}

// DomainQuotas asks IAM for the quotas of an account: all of them, or those of the types named, in the order of the service.
// It is one request however many types there are. A type that the service does not answer is missing in the list, which may
// be empty, but is not nil without an error.
//
// Operation showDomainQuota of openapi/iam.yaml, https://support.huaweicloud.com/api-iam/iam_02_0114.html.
//
// Errors: an [*Error] where the service refused or its answer cannot be used, see [IsNotFound] and its neighbours; what
// [Client.IAM] refuses, and a domainID that is empty or no single segment of a path, before anything is sent; else what
// net/http met, such as [context.Canceled].
func (c *Client) DomainQuotas(ctx context.Context, domainID string, types ...iam.QuotaType) ([]DomainQuota, error) {
	generated, err := c.IAM()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", showDomainQuota, err)
	}
	if err := checkDomainID(domainID); err != nil {
		return nil, fmt.Errorf("%s: %w", showDomainQuota, err)
	}
	params := &iam.ShowDomainQuotaParams{}
	if len(types) == 1 {
		params.Type = &types[0]
	}
	response, err := generated.ShowDomainQuota(ctx, domainID, params) //nolint:bodyclose // receive closes it
	resources, err := c.receive(ctx, showDomainQuota, response, err)
	if err != nil {
		return nil, err
	}
	quotas := make([]DomainQuota, 0, len(resources))
	for _, r := range resources {
		if len(types) > 0 && !slices.Contains(types, iam.QuotaType(r.Type)) {
			continue
		}
		quotas = append(quotas, DomainQuota{
			Type: iam.QuotaType(r.Type), Quota: r.Quota.value, Used: r.Used.pointer(), Min: r.Min.value, Max: r.Max.value,
		})
	}
	return quotas, nil
}

// ImageQuotas asks IMS for the image quotas of the project to which the token belongs, in the region of IMSURL.
// The list may be empty, but is not nil without an error.
//
// Operation showImageQuota of openapi/ims.yaml, https://support.huaweicloud.com/api-ims/ims_03_0630.html.
//
// Errors: as of [Client.DomainQuotas], with what [Client.IMS] refuses. Without the action ims:quotas:get it is [ErrForbidden].
func (c *Client) ImageQuotas(ctx context.Context) ([]ImageQuota, error) {
	generated, err := c.IMS()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", showImageQuota, err)
	}
	response, err := generated.ShowImageQuota(ctx, &ims.ShowImageQuotaParams{}) //nolint:bodyclose // receive closes it
	resources, err := c.receive(ctx, showImageQuota, response, err)
	if err != nil {
		return nil, err
	}
	quotas := make([]ImageQuota, 0, len(resources))
	for _, r := range resources {
		quotas = append(quotas, ImageQuota{
			Type: ims.ImageQuotaType(r.Type), Quota: r.Quota.value, Used: r.Used.pointer(), Min: r.Min.value, Max: r.Max.value,
		})
	}
	return quotas, nil
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
