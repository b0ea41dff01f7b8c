package server

import (
	"net/http"
	"net/url"

	"github.com/quotaspec/quotaspec/openapi"
)

// checkParameters finds what the generated binding lets through or cannot name: it drops what does not parse from the
// query, so that the whole list would be answered.
func (op *operation) checkParameters(r *http.Request) error {
	var query url.Values
	var err error
	if r.URL.RawQuery != "" {
		query, err = url.ParseQuery(r.URL.RawQuery)
	}
	for _, p := range op.Parameters {
		switch p.In {
		case "query":
			if err != nil || len(query[p.Name]) > 1 {
				return invalidParameter(p.Name)
			}
		case "header":
			if len(r.Header.Values(p.Name)) > 1 {
				return invalidParameter(p.Name)
			}
		}
	}
	if err != nil {
		return invalidParameter("")
	}
	return nil
}

func invalidParameter(name string) error {
	return fail(openapi.InvalidParameter, "key", name)
}
