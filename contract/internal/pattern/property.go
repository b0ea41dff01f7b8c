package pattern

import (
	"slices"
	"strings"
	"unicode"
)

// property returns the code points of a Unicode property by its name in `\p{…}`: a general category (`L`, `Letter`,
// `gc=Letter`), a script by its long name (`Script=Greek`, `sc=Greek`), or a binary property (`Alphabetic`). Short names
// of scripts, and properties that package unicode does not have (`Script_Extensions`, `Emoji`), are unknown.
func property(name string) (set, bool) {
	key, value, hasKey := strings.Cut(name, "=")
	switch key {
	case "General_Category", "gc":
		return category(value)
	case "Script", "sc":
		return tableOf(unicode.Scripts, value)
	}
	if s, ok := category(name); ok || hasKey {
		return s, ok
	}
	return binary(name)
}

func category(name string) (set, bool) {
	if short, ok := unicode.CategoryAliases[name]; ok {
		name = short
	}
	return tableOf(unicode.Categories, name)
}

func tableOf(tables map[string]*unicode.RangeTable, name string) (set, bool) {
	table, ok := tables[name]
	if !ok {
		return nil, false
	}
	return tableSet(table), true
}

// derived has the binary properties that Unicode defines as unions of categories and of properties in package unicode.
var derived = map[string][]*unicode.RangeTable{
	"Alphabetic": {unicode.Letter, unicode.Nl, unicode.Other_Alphabetic},
	"Lowercase":  {unicode.Ll, unicode.Other_Lowercase},
	"Uppercase":  {unicode.Lu, unicode.Other_Uppercase},
	"ID_Start":   {unicode.Letter, unicode.Nl, unicode.Other_ID_Start},
	"ID_Continue": {
		unicode.Letter, unicode.Nl, unicode.Other_ID_Start, unicode.Mn, unicode.Mc, unicode.Nd, unicode.Pc, unicode.Other_ID_Continue,
	},
}

// shortNames has the short names of the properties in derived and of other common binary properties.
var shortNames = map[string]string{
	"Alpha": "Alphabetic", "Lower": "Lowercase", "Upper": "Uppercase", "IDS": "ID_Start", "IDC": "ID_Continue",
	"space": "White_Space", "AHex": "ASCII_Hex_Digit", "Hex": "Hex_Digit", "Ideo": "Ideographic",
}

func binary(name string) (set, bool) {
	if long, ok := shortNames[name]; ok {
		name = long
	}
	switch name {
	case "Any":
		return set{{0, unicode.MaxRune}}, true
	case "ASCII":
		return set{{0, unicode.MaxASCII}}, true
	case "Assigned":
		unassigned, _ := category("Cn")
		return unassigned.complement(), true
	}
	if tables, ok := derived[name]; ok {
		var s set
		for _, table := range tables {
			s = append(s, tableSet(table)...)
		}
		if strings.HasPrefix(name, "ID_") {
			excluded := slices.Concat(tableSet(unicode.Pattern_Syntax), tableSet(unicode.Pattern_White_Space))
			s = append(s.complement(), excluded...).complement()
		}
		return s, true
	}
	if strings.HasPrefix(name, "Other_") {
		return nil, false
	}
	return tableOf(unicode.Properties, name)
}
