package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/quotaspec/quotaspec/contract/fleet"
	"github.com/quotaspec/quotaspec/internal/command"
	"github.com/quotaspec/quotaspec/internal/text"
)

func newSend() *cobra.Command {
	var c fleet.Connection
	cmd := &cobra.Command{
		Use:   "send [FILE…]",
		Short: "Write the entries of HAR files to a topic",
		Long: `Write the entries of HAR files to a topic, one a record. Without a file it reads stdin, entry by entry as
they come, so that it can stand behind a proxy that is still recording. It unpacks gzip.

A report then shows the place of an entry as verify --har does: file and number. Entries out of stdin have
the partition and offset instead. While brokers are slow or away it waits, and so does who writes to
stdin; after some seconds it logs what it waits for.

Exit 0: all entries are in the topic. Exit 2: some are not; they are listed.`,
		Example: `  quotaspec-fleet send --brokers kafka-1:9092 --topic exchanges monday.har tuesday.har.gz
  quotaspec-fleet send --brokers kafka-1:9092 --topic exchanges < traffic.har`,
		RunE: func(cmd *cobra.Command, args []string) error { return send(cmd, &c, args) },
	}
	addConnection(cmd, &c)
	return cmd
}

// send sends all files, also those after one that fails.
func send(cmd *cobra.Command, c *fleet.Connection, files []string) error {
	if err := prepareConnection(c); err != nil {
		return err
	}
	if err := c.Check(cmd.Context()); err != nil {
		return stopped(cmd.Context(), err)
	}
	sender, err := fleet.NewSender(cmd.Context(), c, named{cmd})
	if err != nil {
		return err
	}
	defer sender.Close()
	all, errs := 0, []error{}
	if len(files) == 0 {
		sent, err := sender.Send(cmd.Context(), "", cmd.InOrStdin())
		if err != nil {
			err = errors.New("stdin: " + strings.ReplaceAll(err.Error(), "\n", "\nstdin: "))
		}
		all, errs = sent, append(errs, err)
	}
	for i, file := range files {
		if cmd.Context().Err() != nil {
			errs = append(errs, fmt.Errorf("stopped before %s: not sent, from %s on", text.Count(len(files)-i, "file", "files"), file))
			break
		}
		sent, err := sendFile(cmd.Context(), sender, file)
		all, errs = all+sent, append(errs, err)
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "%s: %s sent to %s\n", cmd.Root().Name(), text.Count(all, "entry", "entries"), c.Topic)
	return listed(cmd, errors.Join(errs...))
}

// listed logs an error that joins others, each on a line of its own.
func listed(cmd *cobra.Command, err error) error {
	if err == nil {
		return nil
	}
	for line := range strings.Lines(err.Error()) {
		fmt.Fprintln(named{cmd}, command.OneLine(errors.New(line)))
	}
	return command.ExitCode(command.ExitNotJudged)
}

// sendFile sends a file under its name without folders, as a report shows it.
func sendFile(ctx context.Context, sender *fleet.Sender, name string) (sent int, err error) {
	file, err := os.Open(name)
	if err != nil {
		return 0, err
	}
	defer file.Close() //nolint:errcheck // nothing was written
	return sender.Send(ctx, filepath.Base(name), file)
}
