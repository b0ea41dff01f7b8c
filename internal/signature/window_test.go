package signature

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/quotaspec/quotaspec/openapi"
)

// TestWindowOfDocuments compares the window with the documents, which state it in words.
func TestWindowOfDocuments(t *testing.T) {
	words := map[string]time.Duration{"five": 5, "ten": 10, "fifteen": 15, "thirty": 30}
	minutes := regexp.MustCompile(`([a-z]+) minutes (of difference|ago)`)
	for _, name := range openapi.Names() {
		doc, err := openapi.Embedded(name)
		if err != nil {
			t.Fatal(err)
		}
		texts := []string{}
		for _, example := range doc.Operations[0].Response(401).Content[0].Examples {
			if example.Name == "signature-expired" {
				texts = append(texts, example.Summary)
			}
		}
		for _, scheme := range doc.Schemes {
			for _, h := range scheme.SigningHeaders {
				if strings.EqualFold(h.Name, dateHeader) {
					texts = append(texts, h.Says)
				}
			}
		}
		if len(texts) != 2 {
			t.Errorf("%s: got %d texts, want those of the example and of %s", name, len(texts), dateHeader)
		}
		for _, text := range texts {
			found := minutes.FindStringSubmatch(text)
			if found == nil || words[found[1]]*time.Minute != window {
				t.Errorf("%s: the window is %v, the document says: %s", name, window, text)
			}
		}
	}
}
