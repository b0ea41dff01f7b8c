package fleet_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract/fleet"
	"github.com/quotaspec/quotaspec/contract/fleet/internal/broker"
)

// TestLongFindings tests that no exchange makes a record of findings that the topic refuses: the worker would judge it again for ever.
// Names of headers and parameters are in the pointers of findings, and JSON makes six bytes of a "<".
func TestLongFindings(t *testing.T) {
	kafka := broker.Shared(t)
	topic, judges := kafka.Topic(t, 1), newJudges(t, things)
	o := optionsFor(kafka, topic, judges)
	long := strings.Repeat("<", 400_000)
	var headers, query strings.Builder
	for i := range 100 {
		name := fmt.Sprint(i, long[:4000])
		fmt.Fprintf(&headers, `,{"name":"X-%s","value":"%s"}`, name, name)
		fmt.Fprintf(&query, "&%s=%s", name, name)
	}
	entry := `{"request":{"method":"GET","url":"http://127.0.0.1/things?a=1%s","headers":[{"name":"Host","value":"127.0.0.1"}%s]},` +
		`"response":{"status":200,"headers":[{"name":"Content-Type","value":"application/json"}],"content":{"text":"{}"}}}`
	produce(t, kafka, topic, 1, fmt.Sprintf(entry, "&"+long+"=1", ""), fmt.Sprintf(entry, "", `,{"name":"X-`+long+`","value":"1"}`),
		fmt.Sprintf(entry, query.String(), ""), fmt.Sprintf(entry, "", headers.String()))
	judging(t, o)
	if merged := merge(t, o); merged.Exchanges != 4 {
		t.Errorf("%d records are judged, want 4", merged.Exchanges)
	}
	for _, f := range readTopic(t, kafka, topic+"-findings") {
		if len(f.Value) > 512<<10 || len(decode[fleet.Finding](t, f.Value).Findings) == 0 {
			t.Errorf("a record has %d bytes, or no findings: %.200s", len(f.Value), f.Value)
		}
	}
}
