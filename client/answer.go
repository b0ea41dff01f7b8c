package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// ask sends a request and makes quotas out of its answer, or the error that it is.
func (c *Client) ask(ctx context.Context, operation string, s *sender, request *http.Request) ([]Quota, error) {
	response, read, err := s.send(request.WithContext(ctx)) //nolint:bodyclose // it was read whole
	if err != nil {
		return nil, fmt.Errorf("%s: %w", operation, err)
	}
	if response.StatusCode != http.StatusOK {
		return nil, c.refusal(operation, response, read)
	}
	quotas, err := []Quota(nil), read.err
	if err == nil {
		quotas, err = parse(response.Header.Get("Content-Type"), read.data)
	}
	if err != nil {
		return nil, c.unusable(operation, response, read.data, err)
	}
	return quotas, nil
}

// parse reads the body of a 200 and takes nothing for granted: encoding/json would take an absent list for an empty one, null
// or an absent number for 0, QUOTA for quota, and the last of two members for the only one.
func parse(contentType string, body []byte) ([]Quota, error) {
	// Parameters are not looked at: names and numbers are ASCII, and the vendor itself writes charset=utf8.
	mediaType, _, _ := strings.Cut(contentType, ";")
	if !strings.EqualFold(strings.TrimSpace(mediaType), "application/json") {
		return nil, fmt.Errorf("content type %q, want application/json", contentType)
	}
	list, err := resourcesOf(body)
	if err != nil {
		return nil, fmt.Errorf("body is not the documented JSON: %w", err)
	}
	if list.null() {
		return nil, errors.New("body has no quotas.resources")
	}
	quotas := make([]Quota, 0, 10)
	for _, element := range list.parts() {
		q, complete, err := parseQuota(element)
		switch {
		case err != nil:
			return nil, fmt.Errorf("body is not the documented JSON: %w", err)
		case !complete:
			return nil, fmt.Errorf("quotas.resources[%d] has not all of type, quota, min and max", len(quotas))
		}
		quotas = append(quotas, q)
	}
	return quotas, nil
}

// resourcesOf gives the list of a body, null where there is none.
func resourcesOf(body []byte) (value, error) {
	whole, err := parseJSON(body)
	if err != nil {
		return nil, err
	}
	quotas, err := whole.only("", "quotas")
	if err != nil {
		return nil, err
	}
	list, err := quotas.only("quotas", "resources")
	if err == nil && !list.null() && list[0] != '[' {
		err = list.unexpected("quotas.resources")
	}
	return list, err
}

// parseQuota reads an element of quotas.resources, alike in both documents. It is not complete if it lacks what no quota lacks.
func parseQuota(element value) (q Quota, complete bool, err error) {
	switch {
	case element.null():
		return q, false, nil
	case element[0] != '{':
		return q, false, element.unexpected("quotas.resources")
	}
	var quota, used, least, most number
	for name, member := range element.parts() {
		switch string(name) {
		case "type":
			if q.Type != "" {
				return q, false, errors.New("a type is told twice")
			}
			q.Type, err = member.text("quotas.resources.type")
		case "quota":
			err = quota.read(member)
		case "used":
			err = used.read(member)
		case "min":
			err = least.read(member)
		case "max":
			err = most.read(member)
		}
		if err != nil {
			return q, false, err
		}
	}
	q.Quota, q.Min, q.Max = quota.value, least.value, most.value
	if used.told {
		q.Used = new(used.value)
	}
	return q, q.Type != "" && quota.told && least.told && most.told, nil
}

// number is a plain int32; null tells nothing.
type number struct {
	value int32
	told  bool
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
