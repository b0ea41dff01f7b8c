package command

import (
	"fmt"

	"github.com/spf13/pflag"
)

// OnceVar declares a flag with a text that may be given only once. It is for what somebody may take for a repeatable flag: of two
// texts, the first would be ignored without a word.
func OnceVar(flags *pflag.FlagSet, text *string, name, usage string) {
	flags.Var(&onceValue{text: text}, name, usage)
}

// onceValue is a text, and whether it was given.
type onceValue struct {
	text  *string
	isSet bool
}

func (v *onceValue) String() string {
	if v.text == nil { // pflag asks a zero value
		return ""
	}
	return *v.text
}

func (v *onceValue) Type() string { return "string" }

func (v *onceValue) Set(text string) error {
	if v.isSet {
		return fmt.Errorf("want it once, got %s, too", *v.text)
	}
	*v.text, v.isSet = text, true
	return nil
}
