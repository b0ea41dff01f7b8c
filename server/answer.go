package server

import (
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/quotaspec/quotaspec/gen/iam"
	"github.com/quotaspec/quotaspec/gen/ims"
)

// rendered is an answer as it goes out. Every 200 is rendered before anybody asks. It implements the response objects of both
// generated interfaces.
type rendered []byte

// render takes generated models and examples of the documents, which all can be rendered.
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

// send answers with any status, to HEAD without the body.
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
