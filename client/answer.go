package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// ask sends a request and makes the resources out of its answer, or the error that it is.
func (c *Client) ask(operation string, s *sender, request *http.Request) ([]resource, error) {
	response, err := s.Do(request) //nolint:bodyclose // it was read whole
	if err != nil {
		return nil, fmt.Errorf("%s: %w", operation, err)
	}
	data, _ := response.Body.(*body)
	if response.StatusCode != http.StatusOK {
		return nil, c.refusal(operation, response, data)
	}
	if data.err != nil {
		return nil, c.unusable(operation, response, data.data, data.err)
	}
	resources, err := parse(response.Header.Get("Content-Type"), data.data)
	if err != nil {
		return nil, c.unusable(operation, response, data.data, err)
	}
	return resources, nil
}

// parse reads the body of a 200 and takes nothing for granted: encoding/json alone would take an absent list for an empty
// one, and null or an absent number for 0.
func parse(contentType string, body []byte) ([]resource, error) {
	// Parameters are not looked at: names and numbers are ASCII, and the vendor itself writes charset=utf8.
	mediaType, _, _ := strings.Cut(contentType, ";")
	if !strings.EqualFold(strings.TrimSpace(mediaType), "application/json") {
		return nil, fmt.Errorf("content type %q, want application/json", contentType)
	}
	var answer struct {
		FoldedQuotas ignored `json:"QUOTAS"`
		Quotas       struct {
			FoldedResources ignored   `json:"RESOURCES"`
			Resources       resources `json:"resources"`
		} `json:"quotas"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		if mismatch := (*json.UnmarshalTypeError)(nil); errors.As(err, &mismatch) {
			err = fmt.Errorf("unexpected %s at %q", mismatch.Value, mismatch.Field) // its own words are of Go types
		}
		return nil, fmt.Errorf("body is not the documented JSON: %w", err)
	}
	if answer.Quotas.Resources == nil {
		return nil, errors.New("body has no quotas.resources")
	}
	for i, r := range answer.Quotas.Resources {
		if r.Type == "" || !r.Quota.told || !r.Min.told || !r.Max.told {
			return nil, fmt.Errorf("quotas.resources[%d] has not all of type, quota, min and max", i)
		}
	}
	return answer.Quotas.Resources, nil
}

// resources is told at most once, lest an empty list stands in for one of ten.
type resources []resource

func (r *resources) UnmarshalJSON(literal []byte) error {
	if *r != nil {
		return errors.New("resources are told twice")
	}
	return json.Unmarshal(literal, (*[]resource)(r))
}

// resource is an element of quotas.resources, alike in both documents.
type resource struct {
	folded
	Type  string `json:"type"`
	Quota number `json:"quota"`
	Used  number `json:"used"`
	Min   number `json:"min"`
	Max   number `json:"max"`
}

// folded takes the members whose names differ in case from those of resource, since encoding/json would give QUOTA to quota:
// what has no field of just its name goes to the first field that differs in case alone.
type folded struct {
	FoldedType  ignored `json:"TYPE"`
	FoldedQuota ignored `json:"QUOTA"`
	FoldedUsed  ignored `json:"USED"`
	FoldedMin   ignored `json:"MIN"`
	FoldedMax   ignored `json:"MAX"`
}

// ignored is a member that the documents do not know.
type ignored struct{}

func (*ignored) UnmarshalJSON([]byte) error { return nil }

// number is a plain int32, told at most once; null tells nothing.
type number struct {
	value int32
	told  bool
}

func (n *number) UnmarshalJSON(literal []byte) error {
	if string(literal) == "null" {
		return nil
	}
	value, err := strconv.ParseInt(string(literal), 10, 32)
	if err != nil {
		return errors.New("a number is not a plain int32")
	}
	if n.told {
		return errors.New("a number is told twice")
	}
	*n = number{value: int32(value), told: true}
	return nil
}

func (n number) pointer() *int32 {
	if !n.told {
		return nil
	}
	return &n.value
}
