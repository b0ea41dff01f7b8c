package fleet

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
)

// prepareTopics makes the topics of tallies and findings with as many replicas as the topic of exchanges has, or gives them the
// partitions that it has got in the meantime. Who may not do so makes them by hand. It returns the id of the topic of exchanges.
func (c *Connection) prepareTopics(ctx context.Context, admin *kadm.Client) (id string, err error) {
	exchanges, err := c.describe(ctx, admin, c.Topic)
	if err != nil {
		return "", err
	}
	value := func(text string) *string { return &text }
	replicas := exchanges.Partitions.NumReplicas()
	for topic, configs := range map[string]map[string]*string{
		// A worker that takes over a partition reads all that compaction has left: small segments leave little.
		c.tallies(): {
			"cleanup.policy": value("compact"), "segment.bytes": value("16777216"), "min.cleanable.dirty.ratio": value("0.1"),
		},
		c.findings(): {},
	} {
		if replicas >= 3 { // each commit is on two disks, and any one broker may be away
			configs["min.insync.replicas"] = value("2")
		}
		if err := prepareTopic(ctx, admin, topic, len(exchanges.Partitions), replicas, configs); err != nil {
			return "", err
		}
	}
	return exchanges.ID.String(), nil
}

func prepareTopic(ctx context.Context, admin *kadm.Client, topic string, want, replicas int, configs map[string]*string) error {
	details, err := admin.ListTopics(ctx, topic)
	if err != nil {
		return err
	}
	switch found := details[topic]; {
	case errors.Is(found.Err, kerr.UnknownTopicOrPartition):
		created, err := admin.CreateTopic(ctx, int32(want), int16(replicas), configs, topic)
		if err = cmp.Or(err, created.Err); err != nil && !errors.Is(err, kerr.TopicAlreadyExists) {
			return fmt.Errorf("create topic %s with %d partitions and %d replicas: %w", topic, want, replicas, err)
		}
		return awaitTopic(ctx, admin, topic)
	case found.Err != nil:
		return fmt.Errorf("topic %s: %w", topic, found.Err)
	case len(found.Partitions) < want:
		// Another worker may do the same at the same time. The one that comes second gets InvalidPartitions.
		updated, err := admin.UpdatePartitions(ctx, want, topic)
		if err = cmp.Or(err, updated.Error()); err != nil && !errors.Is(err, kerr.InvalidPartitions) {
			return fmt.Errorf("give topic %s %d partitions: %w", topic, want, err)
		}
	}
	return nil
}

// checkCompacted fails if the topic of tallies loses what is old. It needs the permission DescribeConfigs; without it, nothing is checked.
func (c *Connection) checkCompacted(ctx context.Context, admin *kadm.Client) error {
	configs, err := admin.DescribeTopicConfigs(ctx, c.tallies())
	if err != nil && !isDenied(err) {
		return err
	}
	found, _ := configs.On(c.tallies(), nil)
	for _, config := range found.Configs {
		if policy := config.MaybeValue(); config.Key == "cleanup.policy" && policy != "compact" {
			return fmt.Errorf("topic %s has cleanup.policy=%s, which deletes the counts of a partition without traffic: want compact",
				c.tallies(), policy)
		}
	}
	return nil
}

// awaitTopic waits until a new topic has leaders: brokers list it later than they create it.
func awaitTopic(ctx context.Context, admin *kadm.Client, topic string) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	for {
		offsets, err := admin.ListEndOffsets(ctx, topic)
		if err = cmp.Or(err, offsets.Error()); err == nil && len(offsets[topic]) > 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("topic %s was created but does not appear: %w", topic, cmp.Or(err, ctx.Err()))
		case <-time.After(100 * time.Millisecond):
		}
	}
}
