package sample

import (
	"encoding/json"
	"math"
	"math/big"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Numbers near a bound are exact: 9223372036854775807 + 1 is 9223372036854775808, as no float64 can say.

// beyond are numbers that a format does not have any more.
var beyond = map[string]string{"float": "1e39", "double": "1e309"}

// commonNumbers are near limits that documents set by other means than bounds: integers, their formats, signs.
var commonNumbers = []string{
	"0", "1", "-1", "1.5", "1.0",
	"2147483647", "2147483648", "-2147483648", "-2147483649",
	"9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809",
}

// numbers are those near the bounds and the step of a schema.
func (n *near) numbers(s *spec.Schema) []any {
	bounds := slices.DeleteFunc([]*big.Rat{
		rational(s.Minimum), rational(s.Maximum), rational(s.ExclusiveMinimum), rational(s.ExclusiveMaximum),
	}, func(r *big.Rat) bool { return r == nil })
	step := rational(s.MultipleOf)
	isNumber := slices.Contains(s.Types, "integer") || slices.Contains(s.Types, "number")
	if !isNumber && len(bounds) == 0 && step == nil {
		return nil
	}
	distances := []*big.Rat{new(big.Rat), big.NewRat(-1, 1), big.NewRat(1, 1)}
	if step != nil && step.Sign() > 0 {
		half := new(big.Rat).Quo(step, big.NewRat(2, 1))
		for _, bound := range append(bounds, new(big.Rat)) {
			below := multipleBelow(bound, step)
			bounds = append(bounds, below, new(big.Rat).Add(below, step))
		}
		distances = append(distances, half)
	}
	if !slices.Contains(s.Types, "integer") {
		distances = append(distances, big.NewRat(-1, 2), big.NewRat(1, 2))
	}
	list := []any{}
	for _, distance := range distances {
		for _, bound := range bounds {
			list = append(list, decimal(new(big.Rat).Add(bound, distance)))
		}
	}
	if text := beyond[s.Format]; text != "" {
		list = append(list, json.Number(text))
	}
	for _, text := range commonNumbers {
		list = append(list, json.Number(text))
	}
	return list
}

// multipleBelow is the largest multiple of a step that is not above a bound.
func multipleBelow(bound, step *big.Rat) *big.Rat {
	quotient := new(big.Rat).Quo(bound, step)
	whole := new(big.Int).Div(quotient.Num(), quotient.Denom())
	return new(big.Rat).Mul(new(big.Rat).SetInt(whole), step)
}

// rational is a number of the document; nil if there is none. Numbers beyond float64 count as none, and those that are almost 0
// as 0, since their digits could fill the memory.
func rational(n *spec.Node) *big.Rat {
	f := number(n)
	switch {
	case f == nil, len(n.Text) > maxLength:
		return nil
	case math.Abs(*f) < 1e-300:
		return new(big.Rat)
	}
	r, ok := new(big.Rat).SetString(n.Text)
	if !ok {
		return nil
	}
	return r
}

// decimal writes a number without an exponent.
func decimal(r *big.Rat) json.Number {
	digits, _ := r.FloatPrec()
	return json.Number(r.FloatString(digits))
}

// commonFormats are those that documents name most.
var commonFormats = []string{"date", "date-time", "uuid", "email", "uri", "ipv4"}

// texts are those near the lengths, the format and the pattern of a schema.
func (n *near) texts(s *spec.Schema) []any {
	isText := slices.Contains(s.Types, "string")
	if !isText && s.MinLength == nil && s.MaxLength == nil && s.Format == "" && s.Pattern == nil {
		return nil
	}
	list := []any{""}
	if s.Pattern != nil {
		list = append(list, nearPattern(s.Pattern.Text, s)...)
	}
	for _, length := range lengths(s.MinLength, s.MaxLength, longest) {
		list = append(list, strings.Repeat("x", length))
	}
	if s.Format != "" {
		if known, ok := formatSamples[s.Format]; ok {
			list = append(list, known)
		}
		list = append(list, "no-"+s.Format)
	}
	list = append(list, "text")
	for _, format := range commonFormats {
		list = append(list, formatSamples[format])
	}
	return append(list, "é")
}

// nearPattern are texts that match a pattern, of several lengths, and texts that just do not match it.
func nearPattern(pattern string, s *spec.Schema) []any {
	text, ok := Matching(pattern, 0)
	list := []any{"~ no match ~"}
	if !ok {
		return list
	}
	list = append([]any{text}, list...)
	for _, length := range lengths(s.MinLength, s.MaxLength, maxLength) {
		if longer, ok := Matching(pattern, length); ok {
			list = append(list, longer)
		}
	}
	list = append(list, text+"~", "~"+text)
	if longer, ok := Matching(pattern, len([]rune(text))+1); ok {
		list = append(list, longer)
	}
	if letters := []rune(text); len(letters) > 0 {
		list = append(list, string(letters[:len(letters)-1]), strings.ToUpper(text))
	}
	return list
}

// lengths are those at and next to the bounds of a length or number, if they are below a limit.
func lengths(low, high *uint64, limit uint64) []int {
	list := []int{}
	for _, bound := range []*uint64{low, high} {
		if bound == nil || *bound >= limit {
			continue
		}
		for _, distance := range []int{0, -1, 1} {
			if length := int(*bound) + distance; length >= 0 && !slices.Contains(list, length) {
				list = append(list, length)
			}
		}
	}
	return list
}
