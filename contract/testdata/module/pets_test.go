package pets

import (
	"io"
	"net/http/httptest"
	"testing"

	"github.com/quotaspec/quotaspec/contract"
)

func TestPet(t *testing.T) {
	judge, err := contract.Load("pets.yaml")
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, `{"name": 7}`)
	result, err := judge.CheckHTTP(httptest.NewRequest("GET", "http://localhost/pets/1", nil), w.Result())
	if err != nil || result.Err() != nil {
		t.Error(err, result.Err())
	}
}
