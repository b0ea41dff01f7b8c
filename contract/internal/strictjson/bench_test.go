package strictjson

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// quotas is a body of about 1 KB, as a provider sends it.
var quotas = func() []byte {
	var items []string
	for i := range 12 {
		items = append(items, fmt.Sprintf(`{"type": "kind-%d", "used": %d, "quota": 100, "min": 0, "max": 500, "unit": null}`, i, i))
	}
	return []byte(`{"quotas": {"resources": [` + strings.Join(items, ", ") + `]}}`)
}()

func BenchmarkParse(b *testing.B) {
	b.SetBytes(int64(len(quotas)))
	b.ReportAllocs()
	for b.Loop() {
		if _, _, ok := Parse(quotas); !ok {
			b.Fatal("no value")
		}
	}
}

func BenchmarkWalk(b *testing.B) {
	v := mustParse(b, string(quotas))
	b.ReportAllocs()
	for b.Loop() {
		used := 0
		for _, item := range v.At("/quotas/resources").Elements() {
			for name, member := range item.Members() {
				if name == "used" && member.Kind() == Number {
					used++
				}
			}
		}
		if used != 12 {
			b.Fatal(used)
		}
	}
}

func BenchmarkUnmarshal(b *testing.B) {
	b.SetBytes(int64(len(quotas)))
	b.ReportAllocs()
	for b.Loop() {
		var v any
		if err := json.Unmarshal(quotas, &v); err != nil {
			b.Fatal(err)
		}
	}
}
