package contract_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestConcurrent judges many exchanges with one judge at a time: each result must be the same as alone. Run it with the race
// detector.
func TestConcurrent(t *testing.T) {
	foreign := newJudge(t, parcels)
	exchanges := []func() []string{
		func() []string {
			return idsOf(judge(t, requestFor(accountPath), responseWith(200, account(allTypes...))))
		},
		func() []string {
			return idsOf(judge(t, requestFor(accountPath+"?type=group"), responseWith(200, account("user"))))
		},
		func() []string { return idsOf(judge(t, requestFor(imagePath), responseWith(200, imageBody[:40]))) },
		func() []string {
			return idsOf(judge(t, requestFor(imagePath), responseWith(403, imsError, "X-Echo: secret-of-the-reader")))
		},
		func() []string {
			return idsOf(checkRaw(t, foreign, showOne,
				parcelResponse(200, "application/json", parcel(`"code":"DE1x","labels":{"a":"toolong"},"payment":{"coins":"1"}`))))
		},
	}
	want := []string{}
	for _, ids := range exchanges {
		want = append(want, strings.Join(ids(), " "))
	}
	var group sync.WaitGroup
	for i := range 40 {
		group.Go(func() {
			for range 5 {
				k := i % len(exchanges)
				if diff := cmp.Diff(want[k], strings.Join(exchanges[k](), " ")); diff != "" {
					t.Errorf("ids (-alone +together):\n%s", diff)
				}
			}
		})
	}
	group.Wait()
}
