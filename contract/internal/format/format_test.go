package format

import (
	"strings"
	"testing"
)

func TestValidator(t *testing.T) {
	label63 := strings.Repeat("a", 63)
	for _, test := range []struct {
		format  string
		valid   []string
		invalid []string
	}{
		{
			format: "date", valid: []string{"2024-02-29", "0000-01-01"},
			invalid: []string{"2023-02-29", "1900-02-29", "2023-13-01", "2023-1-01", "2023-01-011", "20230101"},
		},
		{
			format: "date-time",
			valid: []string{
				"1990-12-31T23:59:60Z", "1990-12-31T15:59:60-08:00", "1991-01-01T00:59:60.5+01:00", "2015-07-01t08:59:60+09:00",
				"1972-06-30T23:59:60-00:00", "2016-12-31T23:59:60Z", "2026-01-01T00:00:00.000000000001+23:59",
			},
			invalid: []string{
				"2017-12-31T23:59:60Z", "1990-12-31T23:59:60-08:00", "1990-12-30T15:59:60-08:00", "1991-12-31T23:59:60Z", "2015-06-30T08:59:60+09:00",
				"1990-12-31T15:60:00Z", "1990-12-31T15:59:00+01:60", "1990-12-31 15:59:00Z", "1990-12-31T15:59:00", "1990-12-31T15:59Z",
				"1990-12-31T15:59:00.Z", "1990-12-31T15:59:00,5Z", "1990-12-31T", "",
			},
		},
		{
			format: "time", valid: []string{"23:59:60Z", "15:59:60-08:00", "00:00:00.1z"},
			invalid: []string{"23:59:60", "22:59:60Z", "23:59:61Z", "24:00:00Z", "00:00:00+0100"},
		},
		{format: "duration", valid: []string{"P1W", "P1Y2M3DT4H5M6S", "PT0S"}, invalid: []string{"P1Y2D", "PT1.5S", "P", "PT", "P1W1D", "p1d"}},
		{
			format: "email",
			valid: []string{"a@b", "a.b+c@example.com", `"a b\"@"@example.com`, `""@b`, "a@[192.0.2.1]", "a@[IPv6:2001:db8::1]",
				strings.Repeat("a", 64) + "@b"},
			invalid: []string{
				"Ann <a@b.c>", "<a@b.c>", "a@b (comment)", "a..b@c", ".a@c", "a@b@c", "a@", "@b", "a@-b.c", "a@b_c", "a@[b]", `"a"b@c`,
				`"a@b`, `"a\"@b`,
				"é@b", "a@é", "a@b\n", strings.Repeat("a", 65) + "@b",
			},
		},
		{format: "idn-email", valid: []string{"é@bücher.example", `"é é"@b`}, invalid: []string{"a é@b", "é", "a@\xff"}},
		{
			format: "hostname", valid: []string{"a", "A-1.b", "127.0.0.1", label63, "xn--bcher-kva.example"},
			invalid: []string{"", ".", "a.", "a..b", "-a", "a-", "a_b", "bücher", label63 + "a", strings.Repeat("a.", 127) + "a", "xn--x", "xn--"},
		},
		{
			format: "idn-hostname", valid: []string{"bücher.Example", "例え。テスト"},
			invalid: []string{"Bücher", "☃.example", "a\u200db", "\xff.example"},
		},
		{format: "ipv4", valid: []string{"192.0.2.1"}, invalid: []string{"192.0.2.01", "192.0.2", "::ffff:192.0.2.1", "192.0.2.256"}},
		{
			format: "ipv6", valid: []string{"::", "2001:db8::192.0.2.1"},
			invalid: []string{"192.0.2.1", "fe80::1%eth0", "1:2:3:4:5:6:7:8:9", "[::1]"},
		},
		{
			format: "uri", valid: []string{"http://a/b?c#d", "urn:a:b", "mailto:a@b", "http://[v1.a:b]:80/", "a:"},
			invalid: []string{"/a", "a", "", "http://a b", "http://a/%4", "http://é/", "http://[::1", "http://[::1]a", "http://a:b/",
				"1a:b", "a:b#c#d"},
		},
		{format: "uri-reference", valid: []string{"", "/a", "?a", "#a", "//a/b", "./a:b"}, invalid: []string{"1:b", "a\\b", "é", "#a#b"}},
		{
			format: "iri", valid: []string{"http://é/ü?ö#ä", "a:?\ue000"},
			invalid: []string{"é", "a:\ue000", "a:\ufdd0", "a:\U0001ffff", "a:\u0080"},
		},
		{format: "iri-reference", valid: []string{"é"}, invalid: []string{"é é", "\xff"}},
		{
			format: "uri-template", valid: []string{"/a{?b*,c:3}", "{=a}", "é"},
			invalid: []string{"{", "}", "{}", "{a:0}", "{a*:3}", "{a:}", "%4", "\xff"},
		},
		{
			format: "uuid", valid: []string{"2eb8aa08-AA98-11ea-b4aa-73b441d16380"},
			invalid: []string{"2eb8aa08aa9811eab4aa73b441d16380", "{2eb8aa08-aa98-11ea-b4aa-73b441d16380}", "2eb8aa08-aa98-11ea-b4aa-73b441d1638g"},
		},
		{format: "json-pointer", valid: []string{"", "/a~0~1/"}, invalid: []string{"a", "/~", "/~2"}},
		{format: "relative-json-pointer", valid: []string{"0", "1/a", "0#"}, invalid: []string{"", "01", "#", "0a", "0#/a", "/a"}},
		{format: "regex", valid: []string{`^(?=a)\p{L}$`}, invalid: []string{`(?i)a`, `[`}},
		{
			format: "byte", valid: []string{"", "YQ==", "YWI=", "YWJj", "+/+/"},
			invalid: []string{"YQ", "YQ=", "Y===", "YQ=a", "YWJ\n", "_-_-", "===="},
		},
		{format: "binary", valid: []string{"\x00\xff"}},
		{format: "password", valid: []string{""}},
		{
			format: "int32", valid: []string{"0", "-2147483648", "2147483647", "1.0", "1e3", "-0", "0e999999999999", "2147483647.0"},
			invalid: []string{"2147483648", "-2147483649", "1.5", "1e10", "1e-1", "1e-999999999999", "1e999999999999"},
		},
		{
			format:  "int64",
			valid:   []string{"9223372036854775807", "-9223372036854775808", "9223372036854775807.0", "922337203685477580.7e1"},
			invalid: []string{"9223372036854775808", "9223372036854775807.5", "1e19"},
		},
		{format: "float", valid: []string{"3.4028234e38", "0.1", "1e-50"}, invalid: []string{"3.5e38", "-1e39"}},
		{format: "double", valid: []string{"1.7e308", "1e-400"}, invalid: []string{"1.8e308"}},
	} {
		for want, texts := range map[bool][]string{true: test.valid, false: test.invalid} {
			for _, text := range texts {
				if got := Validator(test.format)(text); got != want {
					t.Errorf("%s %q: got %v, want %v", test.format, text, got, want)
				}
			}
		}
	}
}

func TestKnown(t *testing.T) {
	for name, want := range map[string]bool{"date": true, "int32": true, "password": true, "uuid4": false, "": false, "Date": false} {
		if got := Known(name); got != want {
			t.Errorf("Known(%q) = %v, want %v", name, got, want)
		}
		if got := Validator(name) != nil; got != want {
			t.Errorf("Validator(%q) != nil is %v, want %v", name, got, want)
		}
	}
	for name, want := range map[string]bool{"int64": true, "double": true, "date": false, "uint64": false} {
		if got := AppliesToNumbers(name); got != want {
			t.Errorf("AppliesToNumbers(%q) = %v, want %v", name, got, want)
		}
	}
}

// TestNoAllocation tests that the formats that services send most do not allocate.
func TestNoAllocation(t *testing.T) {
	for name, text := range map[string]string{
		"date": "2026-01-31", "date-time": "2026-01-31T01:02:03.456+01:00", "time": "01:02:03Z", "duration": "P1DT2H", "email": "a.b@example.com",
		"hostname": "a.example.com", "ipv4": "192.0.2.1", "ipv6": "2001:db8::1", "uri": "https://a.example/b?c=d#e", "uri-reference": "/b?c",
		"uuid": "2eb8aa08-aa98-11ea-b4aa-73b441d16380", "byte": "YWJj", "json-pointer": "/a/b", "int32": "7", "int64": "7", "double": "7.5",
	} {
		allocations := 1.0
		for range 5 { // a garbage collection, and the race detector at random, empty the pools of package regexp
			allocations = min(allocations, testing.AllocsPerRun(100, func() { Validator(name)(text) }))
		}
		if allocations != 0 {
			t.Errorf("%s allocates", name)
		}
	}
}
