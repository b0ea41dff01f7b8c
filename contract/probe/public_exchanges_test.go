package probe

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/internal/sample"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// publicDocument makes correct exchanges for a document.
type publicDocument struct {
	judge *contract.Judge
	// responses judges the same document with readOnly and writeOnly swapped, so that a valid request body is a valid response.
	responses *contract.Judge
}

func loadPublic(file string) (publicDocument, error) {
	judge, err := contract.Load(file)
	if err != nil {
		return publicDocument{}, err
	}
	doc, err := spec.Load(file)
	if err != nil {
		return publicDocument{}, err
	}
	for s := range doc.Schemas() {
		s.ReadOnly, s.WriteOnly = s.WriteOnly, s.ReadOnly
	}
	responses, err := contract.New(doc)
	return publicDocument{judge, responses}, err
}

// exchanges makes a request to the first server of an operation, with each response that has a sample, or else with a response
// without a body. missing says what the request lacks; "" if it is complete.
func (d publicDocument) exchanges(op *spec.Operation) (list []contract.Exchange, missing string) {
	doc, swapped := d.judge.Document(), d.responses.Document()
	requests := deriver{takes: d.judge.Accepts, check: d.judge.Check, doc: doc, op: op}
	ex := contract.Exchange{}
	made := requests.request(nil)
	if ex.Request, missing = made.Request, made.problem; len(made.lacks) > 0 {
		missing = "no value for the " + made.lacks[0].In + " parameter " + made.lacks[0].Name
	}
	if len(op.Servers) > 0 {
		origin, base := firstServer(op.Servers[0])
		ex.Origin, ex.Request.Target = origin, base+ex.Request.Target
	}
	ex.Request.Target = escapeTarget(ex.Request.Target)
	if all := requests.alternatives(); len(all) > 0 {
		addCredential(&ex.Request, all[0], "credential")
	} else {
		ex.Unrecorded = contract.UnrecordedCredentials
	}
	same := swapped.Operations[slices.Index(doc.Operations, op)]
	responses := deriver{takes: d.responses.Accepts, doc: swapped, op: same}
	for _, r := range same.Responses {
		if made, ok := responses.response(r); ok {
			ex.Response = made
			list = append(list, withRequiredHeaders(ex))
		}
	}
	if list == nil {
		ex.Response = contract.Response{Status: http.StatusOK}
		if len(same.Responses) > 0 {
			ex.Response.Status, ex.Unrecorded = statusOf(same, same.Responses[0]), ex.Unrecorded|contract.UnrecordedResponseBody
		}
		list = append(list, ex)
	}
	return list, missing
}

// withRequiredHeaders adds the headers that HTTP requires with some statuses.
func withRequiredHeaders(ex contract.Exchange) contract.Exchange {
	switch ex.Response.Status {
	case http.StatusNotModified:
		ex.Request.Header = ex.Request.Header.Clone()
		ex.Request.Header.Set("If-None-Match", `"a"`)
	case http.StatusMethodNotAllowed:
		ex.Response.Header.Set("Allow", "GET")
	}
	return ex
}

// firstServer splits the URL of a server, with default values for its variables, into origin and path. A relative URL has no
// origin.
func firstServer(s *spec.Server) (origin, base string) {
	text := s.URL
	for _, v := range s.Variables {
		text = strings.ReplaceAll(text, "{"+v.Name+"}", v.Default)
	}
	u, err := url.Parse(text)
	if err != nil {
		return "", ""
	}
	if u.Host != "" {
		origin = u.Scheme + "://" + u.Host
	}
	return origin, strings.TrimRight(u.EscapedPath(), "/")
}

// response makes a response with the first media type that has a sample.
func (d *deriver) response(r *spec.Response) (contract.Response, bool) {
	made := contract.Response{Status: statusOf(d.op, r), Header: http.Header{}}
	for _, h := range r.Headers {
		if !h.Required {
			continue
		}
		value, ok := d.sample(h.Schema, false)
		if !ok {
			return made, false
		}
		made.Header.Set(h.Name, sample.PlainText(value))
	}
	if len(r.Content) == 0 || made.Status < 200 || made.Status == http.StatusNoContent || made.Status == http.StatusNotModified {
		return made, true
	}
	for _, content := range r.Content {
		if jsonOf([]*spec.MediaType{content}) == nil {
			made.Body = []byte("text")
			made.Header.Set("Content-Type", strings.NewReplacer("*/*", "text/plain", "/*", "/x").Replace(content.Name))
			continue
		}
		if value, ok := d.sampleBody(content, false); ok {
			made.Body, _ = json.Marshal(value)
			made.Header.Set("Content-Type", sample.ContentType(content))
			break
		}
	}
	return made, made.Body != nil
}

// statusOf is a status that selects this response of an operation.
func statusOf(op *spec.Operation, r *spec.Response) int {
	if status, err := strconv.Atoi(strings.ReplaceAll(r.Status, "XX", "00")); err == nil {
		return status
	}
	for status := 200; status < 600; status++ {
		if op.Response(status) == r {
			return status
		}
	}
	return 0
}

var libraryText = regexp.MustCompile(`(?i)kin-openapi|openapi3|yaml: |unmarshal|github\.com/|goroutine|doesn't match` +
	`|Error at "|invalid character|json: |strconv\.`)

// hasLibraryText reports whether a message leaks the words of a library.
func hasLibraryText(text string) bool { return libraryText.MatchString(text) }
