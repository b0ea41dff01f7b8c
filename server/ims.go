package server

import (
	"context"

	"github.com/labstack/echo/v4"

	"github.com/quotaspec/quotaspec/gen/ims"
	"github.com/quotaspec/quotaspec/gen/imsserver"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// imageType is the type that every answer has; imageTypes are all that the document knows (rules image-present and known-type).
const imageType = "image"

var imageTypes = []string{imageType, "image_shared", "image_member"}

func imsService() service {
	return service{
		document:  "ims",
		operation: "showImageQuota",
		register: func(e *echo.Echo, op *operation) {
			imsserver.RegisterHandlers(e, imsserver.NewStrictHandler(imsHandler{op}, nil))
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

// imsHandler serves ims.yaml.
type imsHandler struct{ *operation }

var _ imsserver.StrictServerInterface = imsHandler{}

// ShowImageQuota answers the quota of private images of the caller's project (showImageQuota,
// https://support.huaweicloud.com/api-ims/ims_03_0630.html). The project is the one of the token. A signed request
// may name it in X-Project-Id, and any other project there is refused, whether it exists or not; X-Domain-Id means nothing
// here.
func (h imsHandler) ShowImageQuota(ctx context.Context, _ imsserver.ShowImageQuotaRequestObject) (imsserver.ShowImageQuotaResponseObject, error) {
	caller := callerOf(ctx)
	if !caller.may(h.Authorization) || caller.speaksForOther("X-Project-Id", caller.ProjectID) {
		return nil, fail(spec.NoPermission, "actions", h.Authorization.Action)
	}
	return caller.project, nil
}
