package interop

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/server"
)

// sent is a request by token, and the status that the reference provider responds with.
type sent struct {
	path, token string
	status      int
}

func sentTo(document string) []sent {
	account := "/v3.0/OS-QUOTA/domains/" + server.SampleDomainID
	if document == "iam.yaml" {
		return []sent{
			{path: account, token: server.ReaderToken, status: 200},
			{path: account + "?type=mapping", token: server.ReaderToken, status: 200},
			{path: account, token: server.LimitedToken, status: 200},
			{path: account, token: server.ExpiredToken, status: 401},
			{path: account, token: "unknown", status: 401},
			{path: account, token: server.StrangerToken, status: 403},
			{path: "/v3.0/OS-QUOTA/domains/unknown", token: server.ReaderToken, status: 404},
		}
	}
	return []sent{
		{path: "/v1/cloudimages/quota", token: server.ReaderToken, status: 200},
		{path: "/v1/cloudimages/quota", token: server.ExpiredToken, status: 401},
		{path: "/v1/cloudimages/quota", token: server.LimitedToken, status: 403},
	}
}

// byPrism sends requests through the proxy, which responds with 500 and a list of violations if it finds one.
func byPrism(t *testing.T, s step, document string) (verdict string, passed bool) {
	t.Helper()
	proxy := s.start(t)
	for _, request := range sentTo(document) {
		status, body := get(t, proxy+request.path, http.Header{"X-Auth-Token": {request.token}})
		var problem struct {
			Validation []struct{ Message string }
		}
		if err := json.Unmarshal(body, &problem); err != nil {
			t.Fatal(err)
		}
		if len(problem.Validation) > 0 {
			return "reported: " + problem.Validation[0].Message, false
		}
		if status != request.status {
			t.Errorf("%s by %s: got %d, want %d: %s", request.path, request.token, status, request.status, body)
		}
	}
	signed := http.Header{
		"Authorization": {"SDK-HMAC-SHA256 Access=A, SignedHeaders=x-sdk-date, Signature=0"},
		"X-Sdk-Date":    {"20261126T120000Z"},
	}
	if _, body := get(t, proxy+sentTo(document)[0].path, signed); !strings.Contains(string(body), "Invalid security scheme used") {
		t.Errorf("a signed request is not refused by Prism: %s", body)
	}
	return fmt.Sprintf("%d exchanges, no violation", len(sentTo(document))), true
}

// prismMock requests each example of each status of a document from the mock, and compares the body.
func prismMock(t *testing.T, in installation) (markdown string) {
	t.Helper()
	counts := []string{}
	for i, name := range []string{"iam", "ims"} {
		mock := in.step(t, []string{"prism", "mock", name + ".yaml", "-p", "0"}, nil).start(t)
		operation := bothDocuments(t)[i].Operation([]string{iamOperation, imsOperation}[i])
		examples := 0
		for _, response := range operation.Responses {
			for _, example := range response.Content[0].Examples {
				examples++
				status, body := get(t, mock+sentTo(name + ".yaml")[0].path, http.Header{
					"X-Auth-Token": {server.ReaderToken}, "Prefer": {"code=" + response.Status + ", example=" + example.Name},
				})
				var got any
				if err := json.Unmarshal(body, &got); err != nil {
					t.Fatal(err)
				}
				if want := roundTrip(t, example.Value); fmt.Sprint(status) != response.Status || !cmp.Equal(want, got) {
					t.Errorf("%s, example %s of %s: got %d %s", name, example.Name, response.Status, status, body)
				}
			}
		}
		counts = append(counts, fmt.Sprintf("%d examples of %d statuses of %s", examples, len(operation.Responses), strings.ToUpper(name)))
	}
	return "`prism mock` responds with each of the " + strings.Join(counts, " and the ") + ", by `Prefer: code=CODE, example=NAME`.\n"
}

// roundTrip is a value as JSON gives it back.
func roundTrip(t *testing.T, value any) (back any) {
	t.Helper()
	text, err := json.Marshal(value)
	if err == nil {
		err = json.Unmarshal(text, &back)
	}
	if err != nil {
		t.Fatal(err)
	}
	return back
}
