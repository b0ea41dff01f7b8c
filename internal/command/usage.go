package command

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/quotaspec/quotaspec/internal/text"
)

// What a user types wrongly gets one line that says what was meant, or what there is, and where to read more:
//
//	quotaspec: unknown flag --alow-changes: did you mean --allow-changes? See quotaspec verify --help
//	quotaspec: --rate x: want a number. See quotaspec verify --help

// usageError is the error of a wrong argument or flag. Run adds where the help is.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// Usage makes an error one of usage; nil stays nil.
func Usage(err error) error {
	if err == nil {
		return nil
	}
	return usageError{err}
}

// seeHelp adds to an error of usage the command that prints the help of a verb.
func seeHelp(message string, cmd *cobra.Command) string {
	if !strings.HasSuffix(message, "?") {
		message += "."
	}
	if cmd.Name() == "help" {
		cmd = cmd.Root()
	}
	return fmt.Sprintf("%s See %s --help", message, cmd.CommandPath())
}

// valueWords say what a flag of a type of package pflag wants.
var valueWords = map[string]string{
	"bool": "true or false", "int": "a whole number", "float64": "a number", "duration": "a duration such as 30s or 2m",
}

// flagError puts an error of package pflag into words for users.
func flagError(cmd *cobra.Command, err error) error {
	if unknown, ok := errors.AsType[*pflag.NotExistError](err); ok && unknown.GetSpecifiedShortnames() == "" {
		names := []string{}
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		err = fmt.Errorf("unknown flag --%s", unknown.GetSpecifiedName())
		if meant := text.Nearest(unknown.GetSpecifiedName(), names); meant != "" {
			err = fmt.Errorf("%w: did you mean --%s?", err, meant)
		}
	}
	if invalid, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		err = fmt.Errorf("--%s %s: %w", invalid.GetFlag().Name, invalid.GetValue(), errors.Unwrap(invalid))
		if want := valueWords[invalid.GetFlag().Value.Type()]; want != "" {
			err = fmt.Errorf("--%s %s: want %s", invalid.GetFlag().Name, invalid.GetValue(), want)
		}
	}
	if missing, ok := errors.AsType[*pflag.ValueRequiredError](err); ok {
		placeholder, _ := pflag.UnquoteUsage(missing.GetFlag())
		err = fmt.Errorf("--%s needs a value: %s", missing.GetFlag().Name, placeholder)
	}
	return Usage(err)
}

// UnknownVerb returns the error of a verb that does not exist, with the verbs that may be meant. Cobra would print them in lines
// of their own.
func UnknownVerb(root *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	err := fmt.Errorf("unknown command %q", args[0])
	if meant := root.SuggestionsFor(args[0]); len(meant) > 0 {
		err = fmt.Errorf("%w: did you mean %s?", err, text.Or(meant))
	}
	return Usage(err)
}

// unknownTopic returns the error of a help about a verb that does not exist. Cobra would print the help of the root.
func unknownTopic(help *cobra.Command, args []string) error {
	root := help.Root()
	if found, _, _ := root.Find(args); found != root {
		return nil
	}
	return root.Args(root, args)
}

// NoArgs refuses arguments: all that the verb takes are flags.
func NoArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return Usage(fmt.Errorf("%s takes no arguments, got %q", cmd.Name(), args[0]))
}

// noEmptyFlags refuses a flag with an empty value, such as --document "$FILE" without that variable: the run would do something
// else than what was meant.
func noEmptyFlags(cmd *cobra.Command, _ []string) (err error) {
	cmd.Flags().Visit(func(f *pflag.Flag) {
		isEmpty := f.Value.Type() == "string" && f.Value.String() == ""
		if list, ok := f.Value.(pflag.SliceValue); ok {
			isEmpty = slices.Contains(list.GetSlice(), "")
		}
		if isEmpty && err == nil {
			placeholder, _ := pflag.UnquoteUsage(f)
			err = Usage(fmt.Errorf("--%s is empty: want %s", f.Name, placeholder))
		}
	})
	return err
}

// helpWidth is the length of a line of a help in characters.
const helpWidth = "100"

// wrapped sets the template of helps to one in which the descriptions of flags are wrapped.
func wrapped(root *cobra.Command) {
	const plain = "LocalFlags.FlagUsages"
	root.SetUsageTemplate(strings.ReplaceAll(root.UsageTemplate(), "."+plain, "(."+plain+"Wrapped "+helpWidth+")"))
}

// CompleteFlag offers the values of a flag to the shell.
func CompleteFlag(cmd *cobra.Command, flag string, values ...string) {
	complete(cmd, flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
}

// CompleteFiles offers files with these extensions to the shell, and folders.
func CompleteFiles(cmd *cobra.Command, flag string, extensions ...string) {
	complete(cmd, flag, cobra.FixedCompletions(extensions, cobra.ShellCompDirectiveFilterFileExt))
}

// CompleteFolder offers folders to the shell.
func CompleteFolder(cmd *cobra.Command, flag string) {
	complete(cmd, flag, cobra.FixedCompletions(nil, cobra.ShellCompDirectiveFilterDirs))
}

// AddReportFlag declares --report. It offers the formats to the shell, each with its equals sign.
func AddReportFlag(cmd *cobra.Command, values *[]string, formats []string) {
	cmd.Flags().StringArrayVar(values, "report", nil,
		"also write a report to a file, as `FORMAT=FILE` (repeatable): "+strings.Join(formats, ", "))
	completions := []string{}
	for _, name := range formats {
		completions = append(completions, name+"=")
	}
	directive := cobra.ShellCompDirectiveNoSpace | cobra.ShellCompDirectiveNoFileComp
	complete(cmd, "report", cobra.FixedCompletions(completions, directive))
}

func complete(cmd *cobra.Command, flag string, f cobra.CompletionFunc) {
	if err := cmd.RegisterFlagCompletionFunc(flag, f); err != nil {
		panic(err) // the verb has no such flag, or completes it already
	}
}
