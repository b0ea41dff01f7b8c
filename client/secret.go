package client

import (
	"fmt"
	"io"
	"log/slog"
)

// Credential is a secret text of a [Client], which [Secret] makes. It is never shown: not by package fmt, whatever the
// verb and however deep the credential stands, not by a logger, not in JSON. The zero value is no credential.
type Credential struct {
	// Package fmt calls no method of what stands in unexported fields and prints any string there; of a pointer it
	// prints the address.
	text *string
}

// Secret makes a Credential of a text: client.Secret(os.Getenv("HUAWEICLOUD_SDK_SK")). An empty one makes none.
func Secret(text string) Credential {
	if text == "" {
		return Credential{}
	}
	return Credential{&text}
}

// IsZero says whether there is no credential.
func (c Credential) IsZero() bool { return c.text == nil }

// reveal is the text.
func (c Credential) reveal() string {
	if c.text == nil {
		return ""
	}
	return *c.text
}

// String is *** for any credential, and empty for none.
func (c Credential) String() string {
	if c.IsZero() {
		return ""
	}
	return mark
}

// Format writes String, for all verbs.
func (c Credential) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, c.String()) }

// GoString is String.
func (c Credential) GoString() string { return c.String() }

// MarshalText gives String to JSON and XML.
func (c Credential) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// LogValue gives String to log/slog.
func (c Credential) LogValue() slog.Value { return slog.StringValue(c.String()) }
