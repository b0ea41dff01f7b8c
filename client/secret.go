package client

import (
	"fmt"
	"io"
	"log/slog"
)

// Credential is a secret of a [Client]; [Secret] makes one. It is never shown: not by package fmt with any verb and at any
// depth, not by a logger, not in JSON. The zero value is no credential.
type Credential struct {
	// A pointer, because package fmt calls no methods on unexported fields: it would print a string, but of a pointer it prints
	// the address.
	text *string
}

// Secret makes a Credential of a text: client.Secret(os.Getenv("HUAWEICLOUD_SDK_SK")). An empty text makes the zero value.
func Secret(text string) Credential {
	if text == "" {
		return Credential{}
	}
	return Credential{&text}
}

// IsZero reports whether c is no credential.
func (c Credential) IsZero() bool { return c.text == nil }

// reveal returns the secret itself.
func (c Credential) reveal() string {
	if c.text == nil {
		return ""
	}
	return *c.text
}

// String returns *** for any credential, and an empty string for none.
func (c Credential) String() string {
	if c.IsZero() {
		return ""
	}
	return mask
}

// Format writes String for every verb.
func (c Credential) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, c.String()) }

// GoString returns String.
func (c Credential) GoString() string { return c.String() }

// MarshalText returns String, for JSON and XML.
func (c Credential) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// LogValue returns String, for log/slog.
func (c Credential) LogValue() slog.Value { return slog.StringValue(c.String()) }
