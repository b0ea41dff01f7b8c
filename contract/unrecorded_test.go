package contract_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
)

// brokenExchange returns an exchange with one broken promise in each part that a recording may not contain.
func brokenExchange(t *testing.T) contract.Exchange {
	t.Helper()
	request := "GET " + accountPath + "?type=users HTTP/1.1\r\nHost: x\r\nX-Strange: 1\r\nContent-Length: 7\r\n\r\n"
	response := without(responseWith(200, account("user"), "X-Odd: 1", "Content-Length: 7"), "X-Request-Id")
	req, err := contract.ParseRequest([]byte(request))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := contract.ParseResponse([]byte(response))
	if err != nil {
		t.Fatal(err)
	}
	return contract.Exchange{Request: req, Response: resp}
}

// TestUnrecorded checks that each flag of Unrecorded removes the findings about its part, and no others.
func TestUnrecorded(t *testing.T) {
	const (
		requestFraming  = "framing/content-length /request/headers/content-length"
		parameter       = "parameter/enum /request/query/type"
		requestHeader   = "header/undocumented /request/headers/x-strange"
		credentials     = "credentials/missing /request/headers"
		responseFraming = "framing/content-length /response/headers/content-length"
		requestID       = "iam/request-id /response"
		responseHeader  = "header/undocumented /response/headers/x-odd"
		filter          = "showDomainQuota/type-filter /response"
	)
	all := []string{requestFraming, parameter, requestHeader, credentials, responseFraming, responseHeader, requestID, filter}
	for _, test := range []struct {
		name       string
		unrecorded contract.Unrecorded
		gone       []string
	}{
		{name: "nothing"},
		{
			name: "the request's headers", unrecorded: contract.UnrecordedRequestHeaders,
			gone: []string{requestFraming, requestHeader, credentials},
		},
		{name: "credentials", unrecorded: contract.UnrecordedCredentials, gone: []string{credentials}},
		{
			name: "the response's headers", unrecorded: contract.UnrecordedResponseHeaders,
			gone: []string{responseFraming, requestID, responseHeader},
		},
		{name: "framing", unrecorded: contract.UnrecordedFraming, gone: []string{requestFraming, responseFraming}},
		{
			name: "the request", unrecorded: contract.UnrecordedRequest,
			gone: []string{requestFraming, parameter, requestHeader, credentials, filter},
		},
		{name: "the response", unrecorded: contract.UnrecordedResponse, gone: []string{responseFraming, responseHeader, requestID, filter}},
		{name: "the response's body", unrecorded: contract.UnrecordedResponseBody, gone: []string{responseFraming, filter}},
		{name: "the request's body", unrecorded: contract.UnrecordedRequestBody, gone: []string{requestFraming}},
		{name: "all of it", unrecorded: ^contract.Unrecorded(0), gone: all},
	} {
		t.Run(test.name, func(t *testing.T) {
			ex := brokenExchange(t)
			ex.Unrecorded = test.unrecorded
			v := judgeOf(t, "showDomainQuota").Check(ex)
			want := slices.DeleteFunc(slices.Clone(all), func(id string) bool { return slices.Contains(test.gone, id) })
			if diff := cmp.Diff(want, append([]string{}, idsAndPointers(v.Findings)...)); diff != "" || !v.Judged || len(v.Errors) > 0 {
				t.Errorf("judged: %t, errors %v, ids and pointers (-want +got):\n%s", v.Judged, v.Errors, diff)
			}
		})
	}
}

// TestUnrecordedPassesNoRule checks that a rule about an unrecorded part is not passed either, in exchanges that keep all rules.
func TestUnrecordedPassesNoRule(t *testing.T) {
	judge := newJudge(t, withRules(
		"operation", cel(`request.method == "GET"`),
		"operation", cel(`request["path"] == "/things"`),
		"operation", cel(`!("authorization" in request.headers)`),
		"operation", cel(`!("x-odd" in response.headers)`),
		"operation", cel(`response["headers"].size() < 9`),
		"operation", cel(`response.status == 200`),
		"operation", cel(`response.body.key == "request.headers"`),
	))
	const (
		method, path, credentials, absent = "operation-1", "operation-2", "operation-3", "operation-4"
		headers, status, text             = "operation-5", "operation-6", "operation-7"
	)
	for _, test := range []struct {
		name       string
		unrecorded contract.Unrecorded
		want       []string
	}{
		{name: "nothing", want: []string{method, path, credentials, absent, headers, status, text}},
		{name: "the request", unrecorded: contract.UnrecordedRequest, want: []string{absent, headers, status, text}},
		{
			name: "the request's headers", unrecorded: contract.UnrecordedRequestHeaders,
			want: []string{method, path, absent, headers, status, text},
		},
		{name: "credentials", unrecorded: contract.UnrecordedCredentials, want: []string{method, path, absent, headers, status, text}},
		{
			name: "the response's headers", unrecorded: contract.UnrecordedResponseHeaders,
			want: []string{method, path, credentials, status, text},
		},
		{name: "framing", unrecorded: contract.UnrecordedFraming, want: []string{method, path, credentials, absent, headers, status, text}},
		{name: "the response", unrecorded: contract.UnrecordedResponse, want: []string{method, path, credentials}},
		{
			name: "the response's body", unrecorded: contract.UnrecordedResponseBody,
			want: []string{method, path, credentials, absent, headers, status},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			ex := get(200, `{"key":"request.headers"}`)
			ex.Unrecorded = test.unrecorded
			v := judge.Check(ex)
			got := []string{}
			for _, id := range contract.PassedIDs(v) {
				got = append(got, strings.TrimPrefix(id, "listThings/"))
			}
			if diff := cmp.Diff(test.want, got); diff != "" || len(v.Errors) > 0 {
				t.Errorf("passed (-want +got):\n%serrors %v", diff, v.Errors)
			}
		})
	}
}

// TestUnrecordedRequestBody checks that no rule about the body of a request is evaluated without it.
func TestUnrecordedRequestBody(t *testing.T) {
	judge := newJudge(t, withRules("operation", cel(`request.body.key == "x"`), "operation", cel(`request.method == "GET"`)))
	ex := get(200, `{"key":"x"}`)
	ex.Unrecorded = contract.UnrecordedRequestBody
	result := judge.Check(ex)
	if got := contract.PassedIDs(result); len(got) != 1 || len(result.Errors)+len(result.Findings) > 0 {
		t.Errorf("got %v passed, %v, %v, want the rule about the method alone", got, result.Findings, result.Errors)
	}
}

// TestUnrecordedParts checks that a part which is not in the recording is no finding.
func TestUnrecordedParts(t *testing.T) {
	sent := func(change func(*contract.Exchange)) contract.Exchange {
		req, err := contract.ParseRequest([]byte(send("/parcels", parcel(""))))
		if err != nil {
			t.Fatal(err)
		}
		ex := contract.Exchange{Request: req, Response: contract.Response{Status: 201, Body: []byte(parcel("")),
			Header: http.Header{"Content-Type": {"application/json"}, "Parcels-Left": {"3"}}}}
		change(&ex)
		return ex
	}
	for _, test := range []struct {
		name string
		ex   contract.Exchange
		want []string
	}{
		{name: "a decoded body, with its Content-Encoding", ex: sent(func(ex *contract.Exchange) {
			ex.Unrecorded = contract.UnrecordedFraming
			ex.Response.Header.Set("Content-Encoding", "gzip")
			ex.Response.Header.Set("Content-Length", "7")
		})},
		{name: "a decoded body that is none", ex: sent(func(ex *contract.Exchange) {
			ex.Unrecorded = contract.UnrecordedFraming
			ex.Response.Header.Set("Content-Encoding", "gzip")
			ex.Response.Body = []byte("{")
		}), want: []string{"body/truncated /response/body"}},
		{name: "no header of the response, not even its type", ex: sent(func(ex *contract.Exchange) {
			ex.Unrecorded = contract.UnrecordedResponseHeaders
			ex.Response.Header = nil
		})},
		{name: "no header of the request, not even its type", ex: sent(func(ex *contract.Exchange) {
			ex.Unrecorded = contract.UnrecordedRequestHeaders
			ex.Request.Header = nil
		})},
		{name: "no credentials", ex: sent(func(ex *contract.Exchange) {
			ex.Unrecorded = contract.UnrecordedCredentials
			ex.Request.Header.Del("Parcels-Key")
		})},
		{name: "no body of the request, which is required", ex: sent(func(ex *contract.Exchange) {
			ex.Unrecorded = contract.UnrecordedRequestBody
			ex.Request.Body = nil
			ex.Request.Header.Set("Content-Length", "40")
		})},
		{name: "no cookie, where cookies are credentials", ex: sent(func(ex *contract.Exchange) {
			ex.Unrecorded = contract.UnrecordedCredentials
			ex.Request.Header.Set("Cookie", "session=x")
		})},
		{name: "no response", ex: sent(func(ex *contract.Exchange) {
			ex.Unrecorded = contract.UnrecordedResponse
			ex.Response = contract.Response{}
		})},
		{name: "no body of the response", ex: sent(func(ex *contract.Exchange) {
			ex.Unrecorded = contract.UnrecordedResponseBody
			ex.Response.Body = nil
		})},
		{name: "no body of the response, and no type", ex: sent(func(ex *contract.Exchange) {
			ex.Unrecorded = contract.UnrecordedResponseBody
			ex.Response.Body = nil
			ex.Response.Header.Del("Content-Type")
		})},
		{name: "no body of the response, and its type wrong", ex: sent(func(ex *contract.Exchange) {
			ex.Unrecorded = contract.UnrecordedResponseBody
			ex.Response.Body = nil
			ex.Response.Header.Set("Content-Type", "text/html")
		}), want: []string{"media-type/undocumented /response/headers/content-type"}},
		{name: "no body of the response, and a header wrong", ex: sent(func(ex *contract.Exchange) {
			ex.Unrecorded = contract.UnrecordedResponseBody
			ex.Response.Body = nil
			ex.Response.Header.Set("Parcels-Left", "x")
		}), want: []string{"header/type /response/headers/parcels-left"}},
		{name: "the type of the response is recorded, and wrong", ex: sent(func(ex *contract.Exchange) {
			ex.Unrecorded = contract.UnrecordedResponseHeaders
			ex.Response.Header.Set("Content-Type", "text/html")
		}), want: []string{"media-type/undocumented /response/headers/content-type"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			v := newJudge(t, parcels).Check(test.ex)
			if diff := cmp.Diff(test.want, idsAndPointers(v.Findings)); diff != "" || len(v.Errors) > 0 {
				t.Errorf("ids and pointers (-want +got):\n%serrors %v", diff, v.Errors)
			}
		})
	}
}

// TestUnrecordedMediaType checks that a body without a recorded media type is judged as JSON if the document has JSON, and is
// not judged otherwise.
func TestUnrecordedMediaType(t *testing.T) {
	const jsonContent = "            application/json:\n              schema: {$ref: '#/components/schemas/Parcel'}\n  /parcels/mine:"
	for _, test := range []struct {
		name, document string
		want           []string
	}{
		{name: "JSON is known", document: parcels, want: []string{"schema/type /response/body"}},
		{name: "JSON is not known", document: swap(parcels, jsonContent, swap(jsonContent, "application/json", "text/plain"))},
	} {
		req, err := contract.ParseRequest([]byte(showOne))
		if err != nil {
			t.Fatal(err)
		}
		result := newJudge(t, test.document).Check(contract.Exchange{
			Request:    req,
			Response:   contract.Response{Status: http.StatusOK, Header: http.Header{}, Body: []byte("7")},
			Unrecorded: contract.UnrecordedRequest | contract.UnrecordedResponseHeaders | contract.UnrecordedFraming,
		})
		if diff := cmp.Diff(test.want, idsAndPointers(result.Findings)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

// TestUnrecordedSecrets checks that a query in which secrets were replaced is judged but for their values.
func TestUnrecordedSecrets(t *testing.T) {
	judge, err := contract.Load("testdata/bookings.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, query      string
		want, notChecked []string
	}{
		{name: "a right credential", query: "agentKey=REDACTED"},
		{name: "a value", query: "limit=REDACTED", notChecked: []string{"query parameter limit"}},
		{name: "a value in an object", query: "stops[via]=REDACTED", notChecked: []string{"query parameter stops"}},
		{
			name: "another parameter", query: "agentKey=REDACTED&limit=ten&colour=red",
			want: []string{"parameter/type /request/query/limit", "parameter/undocumented /request/query/colour"},
		},
		{name: "a misspelt credential", query: "agent_kee=REDACTED", want: []string{"parameter/undocumented /request/query/agent_kee"}},
		{
			name: "twice", query: "limit=REDACTED&limit=1", want: []string{"parameter/doubled /request/query/limit"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			result := judge.Check(contract.Exchange{
				Request: contract.Request{
					Method: "GET", Target: trips + "&" + test.query,
					Header: http.Header{"Host": {"api.rail.example"}, "Authorization": {"Bearer a"}},
				},
				Unrecorded: contract.UnrecordedSecrets | contract.UnrecordedResponse,
			})
			if diff := cmp.Diff(test.want, idsAndPointers(result.Findings)); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			got := []string{}
			for _, part := range result.NotChecked {
				got = append(got, fmt.Sprint(part))
			}
			if diff := cmp.Diff(append([]string{}, test.notChecked...), got); diff != "" {
				t.Errorf("not checked (-want +got):\n%s", diff)
			}
		})
	}
}
