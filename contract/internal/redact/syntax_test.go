package redact

import (
	"encoding/json"
	"math/rand"
	"net/http"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/internal/text"
)

// The walks take shortcuts. Each test below compares one with the slow way, for texts put together at random from parts.

// joined calls a function with texts of up to most parts.
func joined(parts []string, most int, look func(text string)) {
	random := rand.New(rand.NewSource(1))
	for range 50_000 {
		var b strings.Builder
		for range random.Intn(most + 1) {
			b.WriteString(parts[random.Intn(len(parts))])
		}
		look(b.String())
	}
}

// TestValid compares the syntax check with that of package json.
func TestValid(t *testing.T) {
	valid := 0
	compare := func(text string) {
		want := json.Valid([]byte(text))
		if want {
			valid++
		}
		if got := isValid(text); got != want {
			t.Fatalf("%.200q of %d bytes: got %t", text, len(text), got)
		}
	}
	joined([]string{"{", "}", "[", "]", ",", ":", `"a"`, "1", "true", " ", "\n"}, 7, compare)
	joined([]string{`{"a":`, `{"b" : [`, "[", "[[", "]", "}", `"a":`, "1,", "1", `"x"`, "{}", ","}, 8, compare)
	joined([]string{"[", "-", "0", "12", ".", "e", "E", "+", "5", "]"}, 7, compare)
	joined([]string{`"`, `\`, "u", "00", "dD", "x", "n", "/", "\x01", "\x7f", "\xff", "é", `"`}, 7, compare)
	joined([]string{`"`, `\u`, "00", "eF", "g", `\\`, `\"`, `"`}, 7, compare)
	joined([]string{"true", "false", "null", "nul", "t", "e", " ", ",", "[", "]"}, 4, compare)
	for _, text := range []string{
		"", " ", "\ufeff1", "\v1", "01", "-", "-0", "-01", "1.", ".1", "1e", "1e+", "1E-0", "[1-2]", "[1 2]", "truefalse", `"\u12"`, `"\`,
		`{"a" 1}`, `{"a":1,}`, `{"a"}`, `{1:2}`, `[1,]`, "[,1]", `{,}`, "[}", "{]", "]", ",", ":", "1,2", `"a":1`, `{"a":{"b":[{}]}}`,
	} {
		compare(text)
	}
	for _, depth := range []int{maxOpen, maxOpen + 1} {
		compare(strings.Repeat("[", depth) + strings.Repeat("]", depth))
	}
	if valid < 1000 {
		t.Errorf("only %d texts were valid", valid)
	}
}

// TestSecretNames compares the pass over a name with a search for each word.
func TestSecretNames(t *testing.T) {
	secret := 0
	compare := func(name string) {
		want := isSecretText(name[:min(len(name), maxName)])
		if want {
			secret++
		}
		if got := isSecretName(name); got != want {
			t.Fatalf("%q: got %t", name, got)
		}
	}
	parts := []string{"-", "_", ".", "0", "x", "K", "\u0130", "\u212a", "\xff", "é"} // the Kelvin sign has the lower case k
	for _, word := range secretWords {
		compare(strings.ToUpper(word))
		compare(strings.Repeat("x", maxName-len(word)) + word)
		compare(strings.Repeat("x", maxName-len(word)+1) + word)
		for n := 1; n < len(word); n++ {
			compare(word[:n] + word)
			compare(word[:n] + "." + word[n:])
			parts = append(parts, word[:n], word[n:], strings.ToUpper(word[n:]))
		}
	}
	joined(parts, 5, compare)
	joined(strings.Split("t o k e n s c r p a w d i g u y ", " "), 9, compare)
	if secret < 1000 {
		t.Errorf("only %d names were secret", secret)
	}
}

// TestLetters checks that the sets of letters rule out no name that is near.
func TestLetters(t *testing.T) {
	near := 0
	names := []string{"X-Auth-Token", "pass", "ticket", "página", "aaaa", "0x7f", "K", "-_-"}
	for _, name := range names {
		joined([]string{name[:len(name)/2], name[len(name)/2:], name, "x", "A", "-", "é", "7", "\u212a"}, 3, func(sent string) {
			if text.Edits(sent, name) == text.Far {
				return
			}
			if near++; !lettersOf(sent).near(lettersOf(name)) {
				t.Fatalf("%q is near %q", sent, name)
			}
		})
	}
	if near < 1000 {
		t.Errorf("only %d names were near", near)
	}
	if lettersOf("X-Auth-Token").near(lettersOf("page")) {
		t.Error("nothing is ruled out")
	}
}

// TestMayHide checks that strings with nothing but ordinary characters hide no secret and teach none.
func TestMayHide(t *testing.T) {
	searched, skipped := 0, 0
	parts := []string{"token", "=", ":", "/", "://", "me:pass-word@h", "abcdefgh", "{", "[", `\"`, " ", "?", "&", "%3D", "é", `\u007b`, "1"}
	joined(parts, 6, func(inner string) {
		quoted := `"` + inner + `"`
		_, seen := readString(quoted, 0)
		s := &scan{Redactor: New(), learning: true}
		clean := s.jsonString(quoted, 0, false)
		switch may := s.mayHide(seen); {
		case !may && (clean != quoted || len(s.learned) > 0):
			t.Fatalf("%s became %s, and %v was learned", quoted, clean, s.learned)
		case !may:
			skipped++
		case clean != quoted:
			searched++
		}
	})
	if searched < 1000 || skipped < 1000 {
		t.Errorf("%d strings had a secret, %d were skipped", searched, skipped)
	}
}

// TestBufferUsedAgain checks that a secret is known after the buffer of its body has another content.
func TestBufferUsedAgain(t *testing.T) {
	body := []byte(`{"token":"abcdefgh"}`)
	r := New()
	r.Learn(Message{Header: http.Header{}, Body: body})
	copy(body, strings.Repeat("x", len(body)))
	if got := r.Text("no abcdefgh"); got != "no REDACTED" {
		t.Errorf("got %s", got)
	}
}
