//go:build generate

// Package quotaspec pins the code generator and says what it writes. No build compiles this file; "make generate" reads it.
package quotaspec

import _ "github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen"

//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen -config tools/oapi-codegen/iam.yaml openapi/iam.yaml
//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen -config tools/oapi-codegen/iamserver.yaml openapi/iam.yaml
//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen -config tools/oapi-codegen/iamserver5.yaml openapi/iam.yaml
//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen -config tools/oapi-codegen/ims.yaml openapi/ims.yaml
//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen -config tools/oapi-codegen/imsserver.yaml openapi/ims.yaml
//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen -config tools/oapi-codegen/imsserver5.yaml openapi/ims.yaml
