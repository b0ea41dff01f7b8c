package traffic

import (
	"encoding/base64"
	"encoding/hex"
	"html"
	"regexp"
	"strings"
)

// decoders undo encodings anywhere in a text. They share no code with the package under test.
var decoders = map[string]func(string) []string{
	"percent": func(text string) []string {
		plain := percent.ReplaceAllStringFunc(text, func(s string) string {
			b, _ := hex.DecodeString(s[1:])
			return string(b)
		})
		return changed(text, plain, strings.ReplaceAll(plain, "+", " "))
	},
	"JSON": func(text string) []string {
		plain := jsonEscape.ReplaceAllStringFunc(text, func(s string) string {
			if s[1] == 'u' {
				b, _ := hex.DecodeString(s[2:])
				return string(rune(b[0])<<8 | rune(b[1]))
			}
			return s[1:]
		})
		return changed(text, plain)
	},
	"HTML": func(text string) []string { return changed(text, html.UnescapeString(text)) },
	"base64": func(text string) []string {
		found := []string{}
		for _, run := range base64Run.FindAllString(text, -1) {
			run = strings.NewReplacer("-", "+", "_", "/").Replace(run)
			for skip := range 4 {
				cut := run[min(skip, len(run)):]
				plain, _ := base64.RawStdEncoding.DecodeString(cut[:len(cut)/4*4])
				found = append(found, string(plain))
				if rest := len(cut) % 4; rest > 1 {
					plain, _ := base64.RawStdEncoding.DecodeString(cut)
					found = append(found, string(plain))
				}
			}
		}
		return found
	},
	"hex": func(text string) []string {
		found := []string{}
		for _, run := range hexRun.FindAllString(text, -1) {
			plain, _ := hex.DecodeString(run[:len(run)/2*2])
			found = append(found, string(plain))
		}
		return found
	},
	"UTF-16": func(text string) []string { return changed(text, strings.ReplaceAll(text, "\x00", "")) },
}

var (
	percent    = regexp.MustCompile(`%[0-9a-fA-F]{2}`)
	jsonEscape = regexp.MustCompile(`\\(u[0-9a-fA-F]{4}|["\\/])`)
	base64Run  = regexp.MustCompile(`[A-Za-z0-9+/_-]{8,}`)
	hexRun     = regexp.MustCompile(`[0-9a-fA-F]{8,}`)
)

func changed(text string, plain ...string) []string {
	list := []string{}
	for _, p := range plain {
		if p != text {
			list = append(list, p)
		}
	}
	return list
}
