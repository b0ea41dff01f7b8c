package server

import (
	"encoding/json"
	"net/http"
	"strconv"
)

// kept is an answer that is written as it was rendered. It implements the response objects of both generated interfaces,
// so that answers which were rendered before anybody asked still go the generated way.
type kept struct{ body []byte }

// ofJSON is the media type, as headers hold it. It is shared by all answers, and nobody changes it.
var ofJSON = []string{"application/json"}

// render takes generated models and examples of the documents, which all can be rendered.
func render(v any) *kept {
	body, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return &kept{append(body, '\n')}
}

func (k *kept) writeHead(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Length", strconv.Itoa(len(k.body)))
	w.Header()["Content-Type"] = ofJSON
	w.WriteHeader(status)
}

func (k *kept) write(w http.ResponseWriter, status int) error {
	k.writeHead(w, status)
	_, err := w.Write(k.body)
	return err
}

// visit writes a 200. Nothing went wrong before, so net/http can tell the length, which costs it less than to be told.
func (k *kept) visit(w http.ResponseWriter) error {
	w.Header()["Content-Type"] = ofJSON
	_, err := w.Write(k.body)
	return err
}

// VisitShowDomainQuotaResponse writes a 200 of showDomainQuota.
func (k *kept) VisitShowDomainQuotaResponse(w http.ResponseWriter) error { return k.visit(w) }

// VisitShowImageQuotaResponse writes a 200 of showImageQuota.
func (k *kept) VisitShowImageQuotaResponse(w http.ResponseWriter) error { return k.visit(w) }
