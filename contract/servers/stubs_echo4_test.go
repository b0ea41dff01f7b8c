package servers

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"github.com/quotaspec/quotaspec/gen/iam"
	"github.com/quotaspec/quotaspec/gen/iamserver"
	"github.com/quotaspec/quotaspec/gen/ims"
	"github.com/quotaspec/quotaspec/gen/imsserver"
)

// stubsOnEcho4 is a provider on the stubs for echo v4.
func stubsOnEcho4(ignoresType bool) http.Handler {
	e := echo.New()
	e.HTTPErrorHandler = func(err error, c echo.Context) { respondRefusal(c.Response(), refusalOnEcho4(err)) }
	iamserver.RegisterHandlers(e, iamserver.NewStrictHandler(domainOnEcho4{ignoresType: ignoresType}, nil))
	imsserver.RegisterHandlers(e, imsserver.NewStrictHandler(imagesOnEcho4{}, nil))
	return e
}

// refusalOnEcho4 returns the response for an error of a handler, or of a binding, which says in its message which parameter is wrong.
func refusalOnEcho4(err error) refusal {
	if r := (refusal{}); errors.As(err, &r) {
		return r
	}
	if e := (*echo.HTTPError)(nil); errors.As(err, &e) && e.Code == http.StatusBadRequest {
		message, _ := e.Message.(map[string]string)
		return invalidParameter(message["parameter"])
	}
	return flat(http.StatusInternalServerError, "IAM.0006", "An unexpected error prevented the server from fulfilling your request.")
}

type domainOnEcho4 struct{ ignoresType bool }

func (h domainOnEcho4) ShowDomainQuota(
	ctx context.Context, request iamserver.ShowDomainQuotaRequestObject,
) (iamserver.ShowDomainQuotaResponseObject, error) {
	quotaType := request.Params.Type
	if err := admitDomain(ctx, request.DomainID, quotaType == nil || quotaType.Valid()); err != nil {
		return nil, err
	}
	body, err := as[iam.DomainQuotas](accountQuotas)
	if quotaType != nil && !h.ignoresType {
		isOther := func(q iam.DomainQuota) bool { return q.Type != string(*quotaType) }
		body.Quotas.Resources = slices.DeleteFunc(body.Quotas.Resources, isOther)
	}
	return iamserver.ShowDomainQuota200JSONResponse{Body: body}, err
}

type imagesOnEcho4 struct{}

func (imagesOnEcho4) ShowImageQuota(
	ctx context.Context, _ imsserver.ShowImageQuotaRequestObject,
) (imsserver.ShowImageQuotaResponseObject, error) {
	if err := admitImages(ctx); err != nil {
		return nil, err
	}
	body, err := as[ims.ImageQuotas](imageQuotas)
	return imsserver.ShowImageQuota200JSONResponse{Body: body}, err
}
