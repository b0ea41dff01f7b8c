// Command quotaspec-fleet judges the traffic of many machines, out of a topic of Kafka.
package main

func main() {}
