package server

import (
	"strconv"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// example is a named example of a document, rendered.
type example struct {
	status int
	name   string
	body   rendered
}

// examplesOf returns the examples of the responses in the order of the file.
func examplesOf(op *spec.Operation) []example {
	list := []example{}
	for _, response := range op.Responses {
		status, err := strconv.Atoi(response.Status)
		if err != nil {
			continue
		}
		for _, e := range jsonExamples(response) {
			if e.Value != nil { // nil: an external example
				list = append(list, example{status, e.Name, render(e.Value)})
			}
		}
	}
	return list
}

// jsonExamples returns the named examples of the JSON body of a response.
func jsonExamples(r *spec.Response) []spec.Example {
	for _, media := range r.Content {
		if media.Name == "application/json" {
			return media.Examples
		}
	}
	return nil
}
