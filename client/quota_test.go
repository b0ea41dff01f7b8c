package client_test

import (
	"math"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/client"
	"github.com/quotaspec/quotaspec/openapi"
)

func TestQuota(t *testing.T) {
	for _, test := range []struct {
		name      string
		quota     client.Quota
		available int64
		left      bool
		ratio     float64
		shared    bool
		perUnit   string
	}{
		{
			name: "some used", quota: client.Quota{Type: "user", Quota: 50, Used: new(int32(10))}, available: 40, left: true,
			ratio: 0.2, shared: true,
		},
		{
			name: "none used", quota: client.Quota{Type: "user", Quota: 50, Used: new(int32(0))}, available: 50, left: true,
			shared: true,
		},
		{
			name: "all used", quota: client.Quota{Type: "user", Quota: 50, Used: new(int32(50))}, left: true, ratio: 1,
			shared: true,
		},
		{
			name: "more used than there may be", quota: client.Quota{Type: "user", Quota: 50, Used: new(int32(75))},
			available: -25, left: true, ratio: 1.5, shared: true,
		},
		{name: "nothing allowed", quota: client.Quota{Type: "user", Used: new(int32(0))}, left: true},
		{
			name: "the widest numbers", quota: client.Quota{Type: "user", Quota: math.MaxInt32, Used: new(int32(math.MinInt32))},
			available: math.MaxUint32, left: true, ratio: float64(math.MinInt32) / math.MaxInt32, shared: true,
		},
		{name: "usage not reported", quota: client.Quota{Type: "mapping", Quota: 10}},
		{
			name: "per group", quota: client.Quota{Type: "assigment_group_mp", Quota: 200, Used: new(int32(8))},
			perUnit: "group",
		},
		{
			name: "per agency", quota: client.Quota{Type: "assigment_agency_mp", Quota: 200, Used: new(int32(8))},
			perUnit: "agency",
		},
		{
			name:  "per group, of enterprise projects",
			quota: client.Quota{Type: "assigment_group_ep", Quota: 500, Used: new(int32(8))}, perUnit: "group",
		},
		{name: "per user", quota: client.Quota{Type: "assigment_user_ep", Quota: 500, Used: new(int32(8))}, perUnit: "user"},
		{
			name: "unknown", quota: client.Quota{Type: "robot", Quota: 4, Used: new(int32(1))}, available: 3, left: true,
			ratio: 0.25, shared: true,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			if available, known := test.quota.Available(); available != test.available || known != test.left {
				t.Errorf("available: got %d, %t, want %d, %t", available, known, test.available, test.left)
			}
			if ratio, known := test.quota.Ratio(); ratio != test.ratio || known != test.shared {
				t.Errorf("ratio: got %v, %t, want %v, %t", ratio, known, test.ratio, test.shared)
			}
			if got := test.quota.PerUnit(); got != test.perUnit {
				t.Errorf("per unit: got %q, want %q", got, test.perUnit)
			}
		})
	}
	if got := (client.Quota{Type: "image"}).PerUnit(); got != "" {
		t.Errorf("image: got per %q, want a total", got)
	}
}

// TestPerUnit compares the units of the types with the sentences of the document.
func TestPerUnit(t *testing.T) {
	doc, err := openapi.Embedded("iam")
	if err != nil {
		t.Fatal(err)
	}
	types := doc.Root.At("/components/schemas/QuotaType")
	for _, value := range types.Member("enum").Items {
		name := value.Text
		_, sentence, found := strings.Cut(types.Member("description").Text, "- `"+name+"`: ")
		sentence, _, _ = strings.Cut(sentence, "\n")
		_, unit, _ := strings.Cut(sentence, "a limit for each ")
		unit, _, _ = strings.Cut(unit, ",")
		if got := (client.Quota{Type: name}).PerUnit(); !found || got != unit {
			t.Errorf("%s: got %q, want %q: %s", name, got, unit, sentence)
		}
	}
}
