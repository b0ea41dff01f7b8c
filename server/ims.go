package server

import (
	"context"

	"github.com/labstack/echo/v4"

	"github.com/quotaspec/quotaspec/gen/ims"
	"github.com/quotaspec/quotaspec/gen/imsserver"
)

// imageType is the type that every response has; imageTypes are all that the document names (rules image-present, known-type).
const imageType = "image"

var imageTypes = []string{imageType, "image_shared", "image_member"}

const showImageQuota = "showImageQuota"

func imsService() service {
	return service{
		document:   "ims",
		operations: []row{{id: showImageQuota}},
		register: func(e *echo.Echo, ops operations) {
			imsserver.RegisterHandlers(e, imsserver.NewStrictHandler(imsHandler{ops}, nil))
		},
		errors: map[string]shape{
			"/error_code": func(code, message, requestID string) any {
				return ims.GatewayError{ErrorMsg: message, ErrorCode: code, RequestID: &requestID}
			},
			"/error/code": func(code, message, _ string) any {
				return ims.ImageError{Error: ims.ImageErrorDetail{Message: message, Code: code}}
			},
		},
	}
}

// imsHandler has a method for each operation of ims.yaml.
type imsHandler struct{ operations }

var _ imsserver.StrictServerInterface = imsHandler{}

// ShowImageQuota responds with the quota of private images of the caller's project (showImageQuota,
// https://support.huaweicloud.com/api-ims/ims_03_0630.html). The project is the one of the token. A signed request may name it
// in X-Project-Id; any other project there is refused, whether it exists or not. X-Domain-Id has no meaning here.
func (h imsHandler) ShowImageQuota(
	ctx context.Context, _ imsserver.ShowImageQuotaRequestObject,
) (imsserver.ShowImageQuotaResponseObject, error) {
	caller := callerOf(ctx)
	op := h.operations[showImageQuota]
	if caller.namesOther("X-Project-Id", caller.ProjectID) {
		return nil, op.noPermission()
	}
	if err := caller.authorize(op); err != nil {
		return nil, err
	}
	return caller.project, nil
}
