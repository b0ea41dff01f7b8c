package text

import (
	"encoding/json"
	"io"
	"strings"
)

// WriteJSON writes JSON that people can read too: indented, with < and > unescaped, and without terminal control characters.
func WriteJSON(w io.Writer, value any) error {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(value); err != nil {
		return err
	}
	_, err := io.WriteString(w, Visible(b.String()))
	return err
}
