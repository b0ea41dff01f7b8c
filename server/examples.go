package server

import (
	"cmp"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"
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
		media := response.Spec.Content["application/json"]
		if err != nil || media == nil {
			continue
		}
		model := s.success
		if response.Codes != nil {
			if write := s.errors[response.Codes.At]; write != nil {
				model = write("", "", "")
			}
		}
		place := func(name string) (line, column int) {
			if origin := media.Examples[name].Value.Origin; origin != nil && origin.Key != nil {
				return origin.Key.Line, origin.Key.Column
			}
			return 0, 0
		}
		names := slices.SortedFunc(maps.Keys(media.Examples), func(a, b string) int {
			lineA, columnA := place(a)
			lineB, columnB := place(b)
			return cmp.Or(cmp.Compare(lineA, lineB), cmp.Compare(columnA, columnB), cmp.Compare(a, b))
		})
		for _, name := range names {
			if media.Examples[name].Value.ExternalValue != "" {
				continue // it stands elsewhere
			}
			list = append(list, example{status, name, render(ordered(media.Examples[name].Value.Value, model))})
		}
	}
	return list
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
