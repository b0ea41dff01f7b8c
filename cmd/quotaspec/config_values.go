package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/quotaspec/quotaspec/internal/command"
)

// Some values of a config may be written in two ways:
//
//	headers:  {X-Tenant: acme, X-Api-Key: {env: QS_KEY}}    a text, or the name of an environment variable
//	setup:    [./seed --small, [./seed, "two words"]]       words between spaces, or a list of words; no shell reads them
//	timeout:  30s                                           a duration as Go writes it, or a number of seconds

// setting is a text, or the name of the environment variable that has it.
type setting struct{ Text, Env string }

// fromEnv is the mapping of a setting.
type fromEnv struct {
	Env string `yaml:"env"`
}

// UnmarshalYAML reads a text or the mapping {env: NAME}.
func (s *setting) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		s.Text = n.Value
		return nil
	}
	var e fromEnv
	if err := n.Decode(&e); err != nil || e.Env == "" || len(n.Content) != 2 {
		return fmt.Errorf("line %d: want a text or {env: NAME}", n.Line)
	}
	s.Env = e.Env
	return nil
}

// commandWords is a program and its arguments.
type commandWords []string

// UnmarshalYAML reads a text or a list of texts.
func (c *commandWords) UnmarshalYAML(n *yaml.Node) error {
	var words []string
	if n.Kind == yaml.ScalarNode {
		words = strings.Fields(n.Value)
	} else if err := n.Decode(&words); err != nil {
		return fmt.Errorf("line %d: want a command: a text or a list of texts", n.Line)
	}
	if len(words) == 0 || words[0] == "" {
		return fmt.Errorf("line %d: the command is empty", n.Line)
	}
	*c = words
	return nil
}

// duration is a time.Duration above 0.
type duration time.Duration

// UnmarshalYAML reads a duration such as 30s, or a number of seconds.
func (d *duration) UnmarshalYAML(n *yaml.Node) error {
	parsed, err := command.ParseDuration(n.Value)
	if err == nil && parsed <= 0 {
		err = errors.New("too short")
	}
	if err != nil {
		return fmt.Errorf("line %d: want a duration above 0, such as 30s, got %q", n.Line, n.Value)
	}
	*d = duration(parsed)
	return nil
}
