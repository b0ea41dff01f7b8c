package server

import (
	"encoding/json"
	"reflect"
	"strconv"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// example is a named example of a document, ready to be answered.
type example struct {
	status int
	name   string
	body   *kept
}

// examplesOf collects the examples in the order of the file.
func examplesOf(op *operation, s service) []example {
	list := []example{}
	for _, response := range op.Responses {
		status, err := strconv.Atoi(response.Status)
		if err != nil {
			continue
		}
		model := s.success
		if response.Codes != nil {
			if write := s.errors[response.Codes.At]; write != nil {
				model = write("", "", "")
			}
		}
		for _, e := range jsonExamples(response) {
			if e.Value != nil { // else it stands elsewhere
				list = append(list, example{status, e.Name, render(ordered(e.Value.Value(), model))})
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

// ordered puts the members of an example into the order of the generated model, unless the model cannot hold all of it.
func ordered(value, model any) any {
	data, err := json.Marshal(value)
	if err != nil {
		return value
	}
	typed := reflect.New(reflect.TypeOf(model)).Interface()
	if err := json.Unmarshal(data, typed); err != nil {
		return value
	}
	back, err := json.Marshal(typed)
	if err != nil {
		return value
	}
	var want, got any
	if json.Unmarshal(data, &want) != nil || json.Unmarshal(back, &got) != nil || !reflect.DeepEqual(want, got) {
		return value
	}
	return typed
}
