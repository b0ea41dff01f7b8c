package bodies

import "github.com/quotaspec/quotaspec/contract/internal/strictjson"

// faultsOf names what is wrong with JSON that stands at a place of a body.
func faultsOf(at string, found []strictjson.Fault) []Fault {
	var faults []Fault
	for _, f := range found {
		faults = append(faults, Fault{f.ID, at + f.Pointer, wantOf(f.ID), f.Got, rfcOf(f.ID)})
	}
	return faults
}

func rfcOf(id string) string {
	switch id {
	case "body/duplicate-member", "body/lone-surrogate", "body/too-deep":
		return "RFC 7493"
	}
	return "RFC 8259"
}

func wantOf(id string) string {
	switch id {
	case "body/duplicate-member":
		return "each member once"
	case "body/lone-surrogate":
		return "surrogates in pairs"
	case "body/invalid-utf8":
		return "UTF-8"
	case "body/trailing-bytes":
		return "one JSON value and no more"
	}
	return "a JSON value"
}
