package breaking_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/breaking"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// judges are those of one document that take no part in the comparison: ours and kin-openapi, compiled anew when first needed.
type judges struct {
	doc    *spec.Document
	once   sync.Once
	ours   *contract.Judge
	theirs *secondJudge
	unread error // why kin-openapi does not load the document
}

func (j *judges) compiled(t testing.TB) *judges {
	j.once.Do(func() {
		var err error
		if j.ours, err = contract.New(j.doc); err != nil {
			t.Error(err)
		}
		j.theirs, j.unread = newSecondJudge(asJSON(t, j.doc.Root))
	})
	return j
}

// pair is two documents with their comparison.
type pair struct {
	name       string
	comparison *breaking.Comparison
	old, new   *judges
}

func newPair(t testing.TB, name string, old, new *judges) *pair {
	t.Helper()
	return &pair{name: name, comparison: compare(t, old.doc, new.doc), old: old, new: new}
}

// unconfirmedError says how kin-openapi judges a witness differently.
type unconfirmedError struct {
	ours     [2][]string // what our judges find by the old and by the new document; empty: accepted
	theirs   [2]error
	document []byte // the old document as JSON
}

func (e *unconfirmedError) Error() string {
	return fmt.Sprintf("kin-openapi: old %v, new %v; our judge: old %v, new %v", e.theirs[0], e.theirs[1], e.ours[0], e.ours[1])
}

// confirmed judges the witness of a finding again, if it has one. One of our judges must accept it and the other refuse it, else the comparison is wrong. If
// kin-openapi does not say the same as both, the error is unconfirmedError.
func (p *pair) confirmed(t testing.TB, f breaking.Finding) error {
	if f.Witness == nil {
		return nil
	}
	e := &unconfirmedError{document: asJSON(t, p.old.doc.Root)}
	isSame := true
	for i, j := range []*judges{p.old.compiled(t), p.new.compiled(t)} {
		e.ours[i] = refuses(j.ours, f.Witness.Exchange, f.Side)
		e.theirs[i] = j.unread
		if j.unread == nil {
			e.theirs[i] = j.theirs.refusal(f.Witness.Exchange, f.Side)
		}
		isSame = isSame && (len(e.ours[i]) == 0) == (e.theirs[i] == nil)
	}
	if isOld, isNew := len(e.ours[0]) == 0, len(e.ours[1]) == 0; isOld == isNew {
		return fmt.Errorf("it is no witness: old %v, new %v", e.ours[0], e.ours[1])
	}
	if !isSame {
		return e
	}
	return nil
}

// senderOf is the side whose message may break a side: the provider sends what breaks a consumer.
func senderOf(side contract.Side) contract.Side {
	if side == contract.Consumer {
		return contract.Provider
	}
	return contract.Consumer
}

// refuses lists why a judge refuses an exchange, by the threshold of quotaspec verify. Empty: it accepts it.
func refuses(judge *contract.Judge, ex contract.Exchange, side contract.Side) (ids []string) {
	result := judge.Check(ex)
	if !result.Judged {
		return []string{"unknown"}
	}
	for _, f := range result.Findings {
		if f.Fails(senderOf(side), spec.Recorded) {
			ids = append(ids, f.ID+" "+f.Pointer)
		}
	}
	return ids
}
