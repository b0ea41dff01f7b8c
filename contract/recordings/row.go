package recordings

import (
	"bytes"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/internal/redact"
)

// row is a Recording as the manifest writes it.
type row struct {
	File        string         `yaml:"file"`
	Operation   string         `yaml:"operation"`
	Request     rowRequest     `yaml:"request"`
	Breaks      []string       `yaml:"breaks,omitempty,flow"`
	Status      int            `yaml:"status"`
	ContentType string         `yaml:"content_type,omitempty"`
	Headers     map[string]any `yaml:"headers,omitempty"`
	Kind        string         `yaml:"kind"`
	Source      string         `yaml:"source"`
	Date        string         `yaml:"date"`
	Redactions  []string       `yaml:"redactions,omitempty,flow"`
}

type rowRequest struct {
	Method      string         `yaml:"method"`
	Path        string         `yaml:"path"`
	Query       string         `yaml:"query,omitempty"`
	Principal   string         `yaml:"principal,omitempty"`
	Headers     map[string]any `yaml:"headers,omitempty"`
	ContentType string         `yaml:"content_type,omitempty"`
	Body        string         `yaml:"body,omitempty"`
}

// row returns the text of the row, with an empty line before it.
func (r Recording) row() ([]byte, error) {
	var out bytes.Buffer
	out.WriteString("\n")
	e := yaml.NewEncoder(&out)
	e.SetIndent(2)
	err := e.Encode([]row{{
		File: r.File, Operation: r.Operation,
		Request: rowRequest{
			Method: r.Request.Method, Path: r.Request.Path, Query: r.Request.Query, Principal: r.Request.Principal,
			Headers: rowHeader(r.Request.Headers), ContentType: r.Request.ContentType, Body: r.Request.File,
		},
		Breaks: r.Breaks, Status: r.Status, ContentType: r.ContentType, Headers: rowHeader(r.Headers),
		Kind: r.Kind, Source: r.Source, Date: r.Date, Redactions: r.Redactions,
	}})
	return out.Bytes(), err
}

// isReadBack reports whether the row of a recording is read as it was written. YAML cannot write bytes that are not UTF-8.
func (r Recording) isReadBack() bool {
	r.File = "file"
	text, err := r.row()
	if err != nil {
		return false
	}
	nodes, err := rows(text)
	if err != nil || len(nodes) != 1 {
		return false
	}
	got, err := read(nodes[0])
	same := got.Request.Path == r.Request.Path && got.Request.Query == r.Request.Query && got.Request.Method == r.Request.Method &&
		got.ContentType == r.ContentType && got.Request.ContentType == r.Request.ContentType
	return err == nil && same && equalHeaders(got.Headers, r.Headers) && equalHeaders(got.Request.Headers, r.Request.Headers)
}

func equalHeaders(a, b http.Header) bool {
	return maps.EqualFunc(a, b, slices.Equal[[]string])
}

// rowHeader has a text for each header, or a list if it was sent several times.
func rowHeader(header http.Header) map[string]any {
	made := map[string]any{}
	for name, values := range header {
		made[name] = values
		if len(values) == 1 {
			made[name] = values[0]
		}
	}
	return made
}

// fromExchange makes a recording of an exchange that has no secrets. It leaves out what the headers say of the connection and
// of a coding that was undone.
func fromExchange(ex contract.Exchange) Recording {
	path, query, _ := strings.Cut(ex.Request.Target, "?")
	r := Recording{
		Request: Request{Method: ex.Request.Method, Path: path, Query: query, Body: ex.Request.Body},
		Status:  ex.Response.Status, Body: ex.Response.Body, Kind: Captured,
	}
	r.Request.Headers, r.Request.ContentType = recordedHeader(ex.Request.Header)
	r.Headers, r.ContentType = recordedHeader(ex.Response.Header)
	return r
}

// recordedHeader splits the only Content-Type from the other headers.
func recordedHeader(header http.Header) (others http.Header, contentType string) {
	others = header.Clone()
	for _, name := range []string{"Connection", "Keep-Alive", "Transfer-Encoding", "Content-Encoding"} {
		others.Del(name)
	}
	if values := others["Content-Type"]; len(values) == 1 {
		contentType = values[0]
		others.Del("Content-Type")
	}
	return others, contentType
}

// redactedName matches the name of a member or parameter whose value was replaced.
var redactedName = regexp.MustCompile(`"([^"\\]{1,100})"\s*:\s*"` + redact.Mark + `"|([A-Za-z0-9_.-]{1,100})=` + redact.Mark)

// redactions lists what was taken out of an exchange: names of headers, parameters and members, and "ids" in words.
func redactions(before, after contract.Exchange, ids int) []string {
	list := []string{}
	for _, headers := range [][2]http.Header{
		{before.Request.Header, after.Request.Header}, {before.Response.Header, after.Response.Header},
	} {
		for name := range headers[0] {
			if strings.Contains(strings.Join(headers[1][name], "\n"), redact.Mark) || headers[1][name] == nil {
				list = append(list, name)
			}
		}
	}
	for _, text := range []string{after.Request.Target, string(after.Request.Body), string(after.Response.Body)} {
		for _, found := range redactedName.FindAllStringSubmatch(text, -1) {
			list = append(list, found[1]+found[2])
		}
	}
	slices.Sort(list)
	list = slices.Compact(list)
	if ids > 0 {
		list = append(list, "ids (replaced by stand-ins)")
	}
	return list
}

// extension returns the end of a file's name for a body of a media type.
func extension(contentType string, body []byte) string {
	mediaType, _, _ := strings.Cut(strings.ToLower(contentType), ";")
	mediaType = strings.TrimSpace(mediaType)
	switch {
	case mediaType == "application/json", strings.HasSuffix(mediaType, "+json"):
		return ".json"
	case mediaType == "application/xml", mediaType == "text/xml", strings.HasSuffix(mediaType, "+xml"):
		return ".xml"
	case mediaType == "text/html":
		return ".html"
	case mediaType == "text/csv":
		return ".csv"
	case strings.HasPrefix(mediaType, "text/"), len(body) == 0:
		return ".txt"
	}
	return ".bin"
}
