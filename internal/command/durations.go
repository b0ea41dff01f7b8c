package command

import (
	"strings"
	"time"

	"github.com/spf13/pflag"
)

// ParseDuration reads a duration as Go writes it, such as 30s or 1m30s. A number alone is in seconds: 3 is 3s, 0.5 is 500ms.
func ParseDuration(text string) (time.Duration, error) {
	if isNumber := text != "" && strings.Trim(text, "0123456789.") == ""; isNumber {
		text += "s"
	}
	return time.ParseDuration(text)
}

// durationFlag is the value of a flag with a duration, which ParseDuration reads.
type durationFlag time.Duration

// DurationVar declares a flag with a duration. Unlike pflag's own, it takes a number alone, in seconds.
func DurationVar(flags *pflag.FlagSet, to *time.Duration, name string, byDefault time.Duration, usage string) {
	*to = byDefault
	flags.Var((*durationFlag)(to), name, usage)
}

func (d *durationFlag) Set(text string) error {
	parsed, err := ParseDuration(text)
	if err == nil {
		*d = durationFlag(parsed)
	}
	return err
}

func (d *durationFlag) String() string { return time.Duration(*d).String() }

func (*durationFlag) Type() string { return "duration" }
