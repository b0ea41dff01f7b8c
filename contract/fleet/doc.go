// Package fleet judges the traffic of many machines, which their gateways write to a topic of Kafka: one exchange a record, as an entry
// of a HAR.
//
// Workers of one consumer group share the partitions of the topic. Each keeps a verify.Tally for each of its partitions, and
// commits it together with the offset up to which it has counted, in one transaction:
//
//	exchanges, partition 3   [0 … 4711] judged   [4712 …                 the topic that a gateway writes
//	tallies, partition 3     {next: 4712, tally: {…}}                     compacted: the latest of each partition stays
//	findings, partition 3    {offset: 4700, id: "schema/type", times: 2}  what was new in this transaction
//
// The tally is the truth about what was counted: who takes over a partition reads its tally and goes on at its next offset. So a
// worker that is killed loses nothing and doubles nothing. A report merges the tallies of all partitions.
//
// It is a module of its own, so that nobody else downloads a client of Kafka.
package fleet
