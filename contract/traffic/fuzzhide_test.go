package traffic

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzWriter holds that no secret survives in any encoding, whatever stands around it, and that what is written can be read.
func FuzzWriter(f *testing.F) {
	f.Add("12345678", `{"a":"`, `"}`)
	f.Add("abcdefgh", "?a=", "&b=c")
	f.Add(`a"b\c%25&amp;d`, `["`, ``)
	f.Fuzz(func(t *testing.T, secret, before, after string) {
		secret = strings.TrimSpace(secret)
		if len(secret) < 8 || !utf8.ValidString(secret) || strings.ContainsAny(secret, " \x00\n\r\t;,=") || strings.ContainsRune(secret, utf8.RuneError) {
			t.Skip()
		}
		for name, encoded := range encodings {
			ex := sample()
			ex.Request.Header.Set("X-Auth-Token", secret)
			ex.Request.Target = "/" + strings.ReplaceAll(before+encoded(secret)+after, "#", "")
			ex.Response.Header.Set("X-Echo", before+encoded(secret)+after)
			ex.Request.Body = []byte(before + encoded(secret) + after)
			ex.Response.Body = []byte(`{"a":` + quote(before+encoded(secret)+after) + `}`)
			har := written(t, Entry{Exchange: ex, Origin: "http://h"})
			if strings.Contains(har, encoded(secret)) {
				t.Errorf("%s: %q stands in %s", name, encoded(secret), har)
			}
			entries(t, har)
		}
	})
}
