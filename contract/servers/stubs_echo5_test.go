package servers

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/labstack/echo/v5"

	"github.com/quotaspec/quotaspec/gen/echo5/iamserver"
	"github.com/quotaspec/quotaspec/gen/echo5/imsserver"
)

// stubsOnEcho5 is a provider on the stubs for echo v5.
func stubsOnEcho5(ignoresType bool) http.Handler {
	e := echo.New()
	e.HTTPErrorHandler = func(c *echo.Context, err error) { respondRefusal(c.Response(), refusalOnEcho5(err)) }
	iamserver.RegisterHandlers(e, iamserver.NewStrictHandler(domainOnEcho5{ignoresType: ignoresType}, nil))
	imsserver.RegisterHandlers(e, imsserver.NewStrictHandler(imagesOnEcho5{}, nil))
	return e
}

// refusalOnEcho5 returns the response for an error of a handler, or of a binding, which wraps an error with the name of the parameter.
func refusalOnEcho5(err error) refusal {
	if r := (refusal{}); errors.As(err, &r) {
		return r
	}
	if e := (iamserver.InvalidParameterError{}); errors.As(err, &e) {
		return invalidParameter(e.Parameter)
	}
	return flat(http.StatusInternalServerError, "IAM.0006", "An unexpected error prevented the server from fulfilling your request.")
}

type domainOnEcho5 struct{ ignoresType bool }

func (h domainOnEcho5) ShowDomainQuota(
	ctx context.Context, request iamserver.ShowDomainQuotaRequestObject,
) (iamserver.ShowDomainQuotaResponseObject, error) {
	quotaType := request.Params.Type
	if err := admitDomain(ctx, request.DomainID, quotaType == nil || quotaType.Valid()); err != nil {
		return nil, err
	}
	body, err := as[iamserver.DomainQuotas](accountQuotas)
	if quotaType != nil && !h.ignoresType {
		isOther := func(q iamserver.DomainQuota) bool { return q.Type != string(*quotaType) }
		body.Quotas.Resources = slices.DeleteFunc(body.Quotas.Resources, isOther)
	}
	return iamserver.ShowDomainQuota200JSONResponse{Body: body}, err
}

type imagesOnEcho5 struct{}

func (imagesOnEcho5) ShowImageQuota(
	ctx context.Context, _ imsserver.ShowImageQuotaRequestObject,
) (imsserver.ShowImageQuotaResponseObject, error) {
	if err := admitImages(ctx); err != nil {
		return nil, err
	}
	body, err := as[imsserver.ImageQuotas](imageQuotas)
	return imsserver.ShowImageQuota200JSONResponse{Body: body}, err
}
