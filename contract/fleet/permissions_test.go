package fleet_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/quotaspec/quotaspec/contract/fleet"
	"github.com/quotaspec/quotaspec/contract/fleet/internal/broker"
)

// TestPermissions tests the permissions that docs/how-to/judge-a-fleet.md lists: a worker that has all of them works, and one that lacks
// any ends with an error that says so, and does not sit there, though it has no counts to read yet.
func TestPermissions(t *testing.T) {
	kafka := broker.Start(t, "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer", "super.users=User:ANONYMOUS")
	admin := kadm.NewClient(kafka.Client(t))
	type permission struct {
		name string // of a topic without that of exchanges before it, or of another resource
		op   kmsg.ACLOperation
	}
	const group, transaction = "group", "transaction"
	all := []permission{
		{"", kmsg.ACLOperationRead},
		{"-tallies", kmsg.ACLOperationCreate},
		{"-tallies", kmsg.ACLOperationRead},
		{"-tallies", kmsg.ACLOperationWrite},
		{"-findings", kmsg.ACLOperationCreate},
		{"-findings", kmsg.ACLOperationWrite},
		{group, kmsg.ACLOperationRead},
		{transaction, kmsg.ACLOperationWrite},
	}
	for lacking := -1; lacking < len(all); lacking++ {
		topic, judges := kafka.Topic(t, 1), newJudges(t, things)
		secure := optionsFor(kafka, topic, judges)
		secure.Connection = fleet.Connection{
			Brokers: []string{kafka.SASLAddr()}, Topic: topic, CA: kafka.CA(), SASL: "plain", User: broker.User, Password: broker.Password,
		}
		produce(t, kafka, topic, 1, newEntries(20)...)
		filter := kadm.NewACLs().AnyResource().AllowHosts().Allow("User:" + broker.User).Operations().ResourcePatternType(kadm.ACLPatternAny)
		awaitACLs := func(want int) { // a broker knows them later than it responds
			t.Helper()
			await(t, fmt.Sprintf("the broker has %d ACLs", want), func() bool {
				found, err := admin.DescribeACLs(t.Context(), filter)
				must(t, err)
				must(t, found[0].Err)
				return len(found[0].Described) == want
			})
		}
		_, err := admin.DeleteACLs(t.Context(), filter) // those of the last round
		must(t, err)
		awaitACLs(0)
		for i, p := range all {
			if i == lacking {
				continue
			}
			acl := kadm.NewACLs().Allow("User:" + broker.User).AllowHosts().Operations(p.op).ResourcePatternType(kadm.ACLPatternLiteral)
			switch p.name {
			case group:
				acl.Groups(secure.Group)
			case transaction:
				acl.TransactionalIDs("quotaspec-fleet-").ResourcePatternType(kadm.ACLPatternPrefixed)
			default:
				acl.Topics(topic + p.name)
			}
			created, err := admin.CreateACLs(t.Context(), acl)
			must(t, err)
			must(t, created[0].Err)
		}
		if lacking < 0 {
			awaitACLs(len(all))
			stop := judging(t, secure)
			merge(t, secure)
			stop()
			continue
		}
		awaitACLs(len(all) - 1)
		t.Run(fmt.Sprint(all[lacking]), func(t *testing.T) {
			secure.Log = &testLog{t}
			err := fleet.Judge(t.Context(), secure)
			if err == nil || !strings.Contains(err.Error(), "not authorised: ") || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v, want one line about the permission", err)
			}
		})
	}
}
