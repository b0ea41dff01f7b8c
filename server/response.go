package server

import (
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/quotaspec/quotaspec/gen/iam"
	"github.com/quotaspec/quotaspec/gen/ims"
)

// rendered is the JSON body of a response. Every 200 is rendered once, when the server starts. It implements the response
// objects of both generated interfaces.
type rendered []byte

// render encodes a generated model or an example of a document; both can always be encoded.
func render(v any) rendered {
	body, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return append(body, '\n')
}

func renderAccount(quotas []iam.DomainQuota) rendered {
	return render(iam.DomainQuotas{Quotas: iam.DomainQuotaList{Resources: quotas}})
}

func renderProject(quotas []ims.ImageQuota) rendered {
	return render(ims.ImageQuotas{Quotas: ims.ImageQuotaList{Resources: quotas}})
}

// VisitShowDomainQuotaResponse writes a 200 of either operation; net/http adds its length.
func (body rendered) VisitShowDomainQuotaResponse(w http.ResponseWriter) error {
	w.Header().Set("Content-Type", "application/json")
	_, err := w.Write(body)
	return err
}

// VisitShowImageQuotaResponse writes a 200 of showImageQuota.
func (body rendered) VisitShowImageQuotaResponse(w http.ResponseWriter) error {
	return body.VisitShowDomainQuotaResponse(w)
}

// send sends the body with a status, or for HEAD only the header.
func (body rendered) send(c echo.Context, status int) error {
	w := c.Response()
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if c.Request().Method == http.MethodHead {
		return nil
	}
	_, err := w.Write(body)
	return err
}
