package servers

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// A provider on our generated stubs is a gateway (callers, paths and methods), two handlers, and an error handler. The handlers
// and the error handler are written once for echo v4 (stubs_echo4_test.go) and once for v5 (stubs_echo5_test.go), as somebody
// would who moves from one to the other. What has nothing to do with echo is in this file. The values are those of the sample
// data, and no code is shared with the reference provider.

const accountID = "d78cbac186b744899480f25bd022f468"

// accountQuotas and imageQuotas are the bodies of the two responses.
const (
	accountQuotas = `{"quotas":{"resources":[
		{"type":"user","min":50,"quota":50,"max":1000,"used":10}, {"type":"group","min":10,"quota":20,"max":300,"used":8},
		{"type":"idp","min":10,"quota":10,"max":20,"used":9}, {"type":"agency","min":10,"quota":50,"max":300,"used":12},
		{"type":"policy","min":128,"quota":200,"max":300,"used":8},
		{"type":"assigment_group_mp","min":50,"quota":200,"max":500,"used":8},
		{"type":"assigment_agency_mp","min":50,"quota":200,"max":500,"used":8},
		{"type":"assigment_group_ep","min":50,"quota":500,"max":5000,"used":8},
		{"type":"assigment_user_ep","min":50,"quota":500,"max":5000,"used":8}, {"type":"mapping","min":10,"quota":10,"max":100}]}}`
	imageQuotas = `{"quotas":{"resources":[{"type":"image","used":0,"quota":20,"min":1,"max":1000}]}}`
)

// refusal is an error with its response.
type refusal struct {
	status int
	body   any
}

func (r refusal) Error() string { return fmt.Sprint(r.status, " ", r.body) }

// flat is an error of the gateway or of IAM, nested one of IMS.
func flat(status int, code, message string) refusal {
	return refusal{status: status, body: map[string]string{"error_code": code, "error_msg": message}}
}

func nested(status int, code, message string) refusal {
	return refusal{status: status, body: map[string]any{"error": map[string]string{"code": code, "message": message}}}
}

func unauthenticated(why string) refusal {
	return flat(http.StatusUnauthorized, "APIGW.0301", "Incorrect IAM authentication information: "+why)
}

func unknownPath() refusal {
	return flat(http.StatusNotFound, "APIGW.0101", "The API does not exist or has not been published in the environment.")
}

func invalidParameter(name string) refusal {
	return flat(http.StatusBadRequest, "IAM.0007", "Request parameter "+name+" is invalid.")
}

// tokens are the callers by their tokens. Access keys are unknown to these providers.
var tokens = map[string]string{"reader-token": "reader", "limited-token": "limited", "stranger-token": "stranger"}

type callerKey struct{}

var (
	paths  = regexp.MustCompile(`^(/v3\.0/OS-QUOTA/domains/[^/]+|/v1/cloudimages/quota)$`)
	hexIDs = regexp.MustCompile(`^[0-9a-fA-F]{32}$`)
)

// gateway lets known callers through to GET on the two paths.
func gateway(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Request-Id", "5d4b3c2a1f0e4d3c8b7a69584736251f")
		token := r.Header.Get("X-Auth-Token")
		_, key, signed := strings.Cut(r.Header.Get("Authorization"), "SDK-HMAC-SHA256 Access=")
		switch caller := tokens[token]; {
		case r.Method != http.MethodGet || !paths.MatchString(r.URL.EscapedPath()):
			respondRefusal(w, unknownPath())
		case caller != "":
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), callerKey{}, caller)))
		case token == "expired-token":
			respondRefusal(w, unauthenticated("token expires, expires_at: 2024-02-28T12:00:00.000000Z"))
		case token != "":
			respondRefusal(w, unauthenticated("decrypt token fail"))
		case signed:
			id, _, _ := strings.Cut(key, ",")
			respondRefusal(w, unauthenticated("Get secretKey failed,ak:"+id+",err:ak not exist"))
		default:
			respondRefusal(w, unauthenticated("x-auth-token not found"))
		}
	})
}

func respondRefusal(w http.ResponseWriter, r refusal) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(r.status)
	_ = json.NewEncoder(w).Encode(r.body)
}

// admitDomain refuses what is no request for the quotas of the caller's own account.
func admitDomain(ctx context.Context, domainID string, isKnownType bool) error {
	switch {
	case !isKnownType:
		return invalidParameter("type")
	case !hexIDs.MatchString(domainID):
		return flat(http.StatusNotFound, "IAM.0004", "Could not find domain: .")
	case domainID != accountID || ctx.Value(callerKey{}) == "stranger":
		return flat(http.StatusForbidden, "IAM.0002", "You are not authorized to perform the requested action.")
	}
	return nil
}

// admitImages refuses callers without the permission.
func admitImages(ctx context.Context) error {
	if ctx.Value(callerKey{}) == "limited" {
		return nested(http.StatusForbidden, "IMG.0026", "The role is invalid.")
	}
	return nil
}

// as decodes a body into the model of a stub.
func as[T any](body string) (model T, err error) {
	return model, json.Unmarshal([]byte(body), &model)
}

// TestStubs judges a provider on the stubs of each version of echo, and one that ignores the filter.
func TestStubs(t *testing.T) {
	command := buildCommand(t)
	for _, test := range []struct {
		name     string
		provider http.Handler
		exit     int
		want     string // in the report
	}{
		{name: "echo v4", provider: stubsOnEcho4(false), want: "kept: 71 checks, 0 failed, 0 errors, 0 skipped"},
		{name: "echo v5", provider: stubsOnEcho5(false), want: "kept: 71 checks, 0 failed, 0 errors, 0 skipped"},
		{name: "echo v4, no filter", provider: stubsOnEcho4(true), exit: 1, want: "FAIL   showDomainQuota/type-filter "},
		{name: "echo v5, no filter", provider: stubsOnEcho5(true), exit: 1, want: "FAIL   showDomainQuota/type-filter "},
	} {
		t.Run(test.name, func(t *testing.T) {
			provider := httptest.NewServer(gateway(test.provider))
			t.Cleanup(provider.Close)
			verify := exec.CommandContext(t.Context(), command, "verify", provider.URL)
			verify.Dir = t.TempDir()
			out, _ := verify.CombinedOutput()
			if code := verify.ProcessState.ExitCode(); code != test.exit || !strings.Contains(string(out), test.want) {
				t.Errorf("got exit %d, want %d and %q in\n%s", code, test.exit, test.want, out)
			}
		})
	}
}
