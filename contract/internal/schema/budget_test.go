package schema

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// TestBudget holds that time counts, but what runs uncounted.
func TestBudget(t *testing.T) {
	doc, err := spec.Read("a.yaml", []byte("openapi: 3.0.3\ninfo: {title: A, version: '1'}\npaths: {}\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	place := doc.Root
	synctest.Test(t, func(t *testing.T) {
		b := NewBudget(time.Second, 0)
		b.Untimed(func() { time.Sleep(time.Minute) })
		time.Sleep(time.Second)
		if !b.InTime(place) {
			t.Errorf("within the limit: %v", b.Err())
		}
		time.Sleep(time.Millisecond)
		if b.InTime(place) || b.Err() == nil {
			t.Error("beyond the limit: no error")
		}
	})
}
