package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// ask sends a request and makes the resources out of its answer, or the error that it is.
func (c *Client) ask(ctx context.Context, operation string, s *sender, request *http.Request) ([]resource, error) {
	response, read, err := s.send(ctx, request) //nolint:bodyclose // it was read whole
	if err != nil {
		return nil, fmt.Errorf("%s: %w", operation, err)
	}
	if response.StatusCode != http.StatusOK {
		return nil, c.refusal(operation, response, read)
	}
	if read.err != nil {
		return nil, c.unusable(operation, response, read.data, read.err)
	}
	resources, err := parse(response.Header.Get("Content-Type"), read.data)
	if err != nil {
		return nil, c.unusable(operation, response, read.data, err)
	}
	return resources, nil
}

// resource is an element of quotas.resources, alike in both documents.
type resource struct {
	kind                     string // type
	quota, used, least, most number
}

// number is a plain int32; null tells nothing.
type number struct {
	value int32
	told  bool
}

// parse reads the body of a 200 and takes nothing for granted: encoding/json would take an absent list for an empty one, null
// or an absent number for 0, QUOTA for quota, and the last of two members for the only one.
func parse(contentType string, body []byte) ([]resource, error) {
	// Parameters are not looked at: names and numbers are ASCII, and the vendor itself writes charset=utf8.
	mediaType, _, _ := strings.Cut(contentType, ";")
	if !strings.EqualFold(strings.TrimSpace(mediaType), "application/json") {
		return nil, fmt.Errorf("content type %q, want application/json", contentType)
	}
	whole, err := parseJSON(body)
	if err != nil {
		return nil, fmt.Errorf("body is not the documented JSON: %w", err)
	}
	resources, err := parseQuotas(whole)
	if err != nil {
		return nil, fmt.Errorf("body is not the documented JSON: %w", err)
	}
	if resources == nil {
		return nil, errors.New("body has no quotas.resources")
	}
	for i := range resources {
		if r := &resources[i]; r.kind == "" || !r.quota.told || !r.least.told || !r.most.told {
			return nil, fmt.Errorf("quotas.resources[%d] has not all of type, quota, min and max", i)
		}
	}
	return resources, nil
}

// parseQuotas gives nil where there is no list.
func parseQuotas(whole value) ([]resource, error) {
	quotas, err := whole.only("", "quotas")
	if err != nil || quotas == nil {
		return nil, err
	}
	list, err := quotas.only("quotas", "resources")
	if err != nil || list == nil {
		return nil, err
	}
	elements, err := list.parts('[', "quotas.resources")
	if err != nil {
		return nil, err
	}
	resources := make([]resource, 0, 10)
	for _, element, ok := elements.next(); ok; _, element, ok = elements.next() {
		r, err := parseResource(element)
		if err != nil {
			return nil, err
		}
		resources = append(resources, r)
	}
	return resources, nil
}

func parseResource(element value) (r resource, err error) {
	if element.null() {
		return r, nil
	}
	members, err := element.parts('{', "quotas.resources")
	if err != nil {
		return r, err
	}
	for name, member, ok := members.next(); ok; name, member, ok = members.next() {
		switch string(name) {
		case "type":
			if r.kind != "" {
				return r, errors.New("a type is told twice")
			}
			r.kind, err = member.text("quotas.resources.type")
		case "quota":
			err = r.quota.read(member)
		case "used":
			err = r.used.read(member)
		case "min":
			err = r.least.read(member)
		case "max":
			err = r.most.read(member)
		}
		if err != nil {
			return r, err
		}
	}
	return r, nil
}

func (n *number) read(v value) error {
	if v.null() {
		return nil
	}
	parsed, err := strconv.ParseInt(string(v), 10, 32)
	if err != nil {
		return errors.New("a number is not a plain int32")
	}
	if n.told {
		return errors.New("a number is told twice")
	}
	*n = number{int32(parsed), true}
	return nil
}
