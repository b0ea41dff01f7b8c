package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// A 200 counts only if its body is complete. encoding/json alone would decode an absent list as an empty one, null or an absent
// number as 0, QUOTA as quota, and keep the last of two members of one name. So the body is read member by member (json.go),
// and everything that is missing, doubled or of another type is an error:
//
//	{"quotas":{"resources":[{"type":"user","quota":50,"min":50,"max":1000}]}}   one quota, usage not reported
//	{"quotas":{"resources":[{"type":"user","quota":50,"min":50}]}}              an error: max is missing

// fetch sends a request and returns the quotas of its response, or an *Error.
func (c *Client) fetch(ctx context.Context, operation string, s *sender, request *http.Request) ([]Quota, error) {
	response, read, err := s.send(request.WithContext(ctx)) //nolint:bodyclose // send has read and closed it
	if err != nil {
		return nil, fmt.Errorf("%s: %w", operation, err)
	}
	if response.StatusCode != http.StatusOK {
		return nil, c.errorResponse(operation, response, read)
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

// parse reads the quotas in the body of a 200.
func parse(contentType string, body []byte) ([]Quota, error) {
	// Parameters do not matter: names and numbers are ASCII, and the vendor itself writes charset=utf8.
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
			return nil, fmt.Errorf("body is not the documented JSON: quotas.resources%w", err)
		case !complete:
			return nil, fmt.Errorf("quotas.resources[%d] has not all of type, quota, min and max", len(quotas))
		}
		quotas = append(quotas, q)
	}
	return quotas, nil
}

// resourcesOf returns the array quotas.resources of a body, or null if the body has none.
func resourcesOf(body []byte) (value, error) {
	whole, err := parseJSON(body)
	if err != nil {
		return nil, err
	}
	quotas, err := whole.member("quotas")
	if err != nil {
		return nil, err
	}
	list, err := quotas.member("resources")
	if err == nil && !list.null() && list[0] != '[' {
		err = fmt.Errorf("quotas.resources: want an array, got %s", list.kind())
	}
	return list, err
}

// parseQuota reads one element of quotas.resources, whose members are the same in both documents. The quota is complete if it
// has type, quota, min and max. The error continues the path: it begins with a colon, or with a dot and a member.
func parseQuota(element value) (q Quota, complete bool, err error) {
	switch {
	case element.null():
		return q, false, nil
	case element[0] != '{':
		return q, false, fmt.Errorf(": want an object, got %s", element.kind())
	}
	var quota, used, lower, upper number
	for name, member := range element.parts() {
		switch string(name) {
		case "type":
			if q.Type != "" {
				err = errDuplicate
			} else {
				q.Type, err = member.text()
			}
		case "quota":
			err = quota.read(member)
		case "used":
			err = used.read(member)
		case "min":
			err = lower.read(member)
		case "max":
			err = upper.read(member)
		}
		if err != nil {
			return q, false, fmt.Errorf(".%s: %w", name, err)
		}
	}
	q.Quota, q.Min, q.Max = quota.value, lower.value, upper.value
	if used.present {
		q.Used = new(used.value)
	}
	return q, q.Type != "" && quota.present && lower.present && upper.present, nil
}

var errDuplicate = errors.New("duplicate member")

// number is a member that is a plain int32. It is absent until read has read a value other than null.
type number struct {
	value   int32
	present bool
}

func (n *number) read(v value) error {
	if v.null() {
		return nil
	}
	parsed, err := strconv.ParseInt(string(v), 10, 32)
	if err != nil {
		return errors.New("want a plain int32")
	}
	if n.present {
		return errDuplicate
	}
	*n = number{int32(parsed), true}
	return nil
}
