package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/quotaspec/quotaspec/contract/verify"
	"github.com/quotaspec/quotaspec/internal/text"
)

// A token that is fetched in a run may expire in it. So it is renewed after two thirds of its lifetime, and when a provider has
// refused it. With a lifetime of 2 s:
//
//	0.0 s    fetched     1.0 s    still sent     1.4 s    fetched again, then sent
//
// One request fetches it, while the others wait.

// tokenSource fetches and keeps the token of a principal.
type tokenSource struct {
	fetch func(context.Context) (fetched, error)
	doubt string // to ask if the provider refuses it

	mu      sync.Mutex
	current string
	renewal time.Time // when to fetch the next; zero: after a refusal
}

// fetched is a token with its lifetime, 0 if that is not known.
type fetched struct {
	token    string
	lifetime time.Duration
}

// token returns the token, and a new one in place of one that was refused.
func (s *tokenSource) token(ctx context.Context, refused string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	isOver := !s.renewal.IsZero() && !now.Before(s.renewal)
	if s.current != "" && s.current != refused && !isOver {
		return s.current, nil
	}
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	next, err := s.fetch(ctx)
	if err != nil {
		return "", err
	}
	s.current, s.renewal = next.token, time.Time{}
	if next.lifetime > 0 {
		s.renewal = now.Add(next.lifetime * 2 / 3)
	}
	return s.current, nil
}

// tokenSource returns what fetches the token of a principal: OAuth2, or its command.
func (c *config) tokenSource(p principalConf, o verify.Options) (*tokenSource, error) {
	if p.OAuth2 != nil {
		return newOAuth2Source(*p.OAuth2, o)
	}
	run := func(ctx context.Context) (fetched, error) { return c.runTokenCommand(ctx, p.TokenCommand) }
	return &tokenSource{fetch: run, doubt: fmt.Sprintf("does it accept what %s prints?", p.TokenCommand[0])}, nil
}

const (
	tokenTimeout   = 30 * time.Second // of a command or a request for a token
	maxTokenOutput = 1 << 20          // bytes that are read of what these return
)

// runTokenCommand returns the line that a command prints. Its errors show the last line that the command logs, without the
// credentials that the config names or the command prints.
func (c *config) runTokenCommand(ctx context.Context, words commandWords) (fetched, error) {
	printed, err := printedBy(ctx, words, c.withoutSecrets)
	switch lines := strings.Count(printed, "\n") + 1; {
	case ctx.Err() != nil:
		return fetched{}, ctx.Err()
	case err != nil:
	case lines > 1:
		err = fmt.Errorf("it printed %d lines: want a token only", lines)
	case !isCredential(printed):
		err = errors.New("it printed a character that is not visible ASCII, such as a space: want a token only")
	}
	if err != nil {
		return fetched{}, fmt.Errorf("token_command %s: %w", words[0], err)
	}
	return fetched{token: printed, lifetime: lifetimeOfJWT(printed)}, nil
}

// printedBy runs a command that prints a secret, and returns that without white space around it. If the command fails, the error
// has the last line that it logs, which hide frees from the words that it printed.
func printedBy(ctx context.Context, words commandWords, hide func(line string, secrets ...string) string) (string, error) {
	limited, cancel := context.WithTimeout(ctx, tokenTimeout)
	defer cancel()
	stdout, stderr := &cappedBuffer{}, &cappedBuffer{}
	cmd := exec.CommandContext(limited, words[0], words[1:]...) //nolint:gosec // the config names the command
	cmd.Stdout, cmd.Stderr, cmd.WaitDelay = stdout, stderr, time.Second
	err := cmd.Run()
	printed := strings.TrimSpace(stdout.String())
	switch {
	case ctx.Err() != nil:
		return "", ctx.Err()
	case limited.Err() != nil:
		return "", fmt.Errorf("it printed no token within %s", tokenTimeout)
	case err != nil:
		var exit *exec.ExitError
		if logged := lastLine(stderr.String()); errors.As(err, &exit) && logged != "" {
			err = fmt.Errorf("%w: %s", err, hide(logged, strings.Fields(printed)...))
		}
		return "", unwrapExec(err)
	case stdout.isFull:
		return "", fmt.Errorf("it printed more than %d bytes: want a token only", maxTokenOutput)
	case printed == "":
		return "", errors.New("it printed nothing: want a token on stdout")
	}
	return printed, nil
}

// unwrapExec removes the name of the program from an error of package exec, which follows it anyway.
func unwrapExec(err error) error {
	if wrapped, ok := errors.AsType[*exec.Error](err); ok {
		return wrapped.Err
	}
	return err
}

// lifetimeOfJWT returns how long a JSON Web Token is valid from now on (RFC 7519, 4.1.4: exp), or 0 if the token does not say
// so or has expired.
func lifetimeOfJWT(token string) time.Duration {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return 0
	}
	claims, err := base64.RawURLEncoding.DecodeString(parts[1])
	var c struct{ Exp float64 }
	if err != nil || json.Unmarshal(claims, &c) != nil || c.Exp <= 0 || c.Exp > 1<<40 {
		return 0
	}
	return max(0, time.Until(time.UnixMilli(int64(c.Exp*1000))))
}

// lastLine returns the last line that is not empty, shortened to a message.
func lastLine(s string) string {
	const most = 200
	lines := strings.Split(strings.TrimSpace(s), "\n")
	line := []rune(text.OneLine(lines[len(lines)-1]))
	if len(line) > most {
		return string(line[:most]) + " …"
	}
	return string(line)
}

// withoutSecrets replaces in a text of somebody else what the environment variables of the config contain, and further values.
func (c *config) withoutSecrets(s string, more ...string) string {
	const shortest = 4
	for _, name := range c.environment() {
		more = append(more, os.Getenv(name))
	}
	slices.SortFunc(more, func(a, b string) int { return len(b) - len(a) }) // the longest first: one may contain another
	pairs := []string{}
	for _, value := range more {
		if len(value) >= shortest {
			pairs = append(pairs, value, "REDACTED", base64.StdEncoding.EncodeToString([]byte(value)), "REDACTED")
		}
	}
	return strings.NewReplacer(pairs...).Replace(s)
}

// environment lists the environment variables with credentials that the config names.
func (c *config) environment() []string {
	names := []string{}
	add := func(settings map[string]setting) {
		for _, s := range settings {
			names = append(names, s.Env)
		}
	}
	add(c.Headers)
	add(c.Cookies)
	for _, p := range c.Principals {
		names = append(names, p.TokenEnv, p.IAMTokenEnv, p.IMSTokenEnv, p.AccessKeyEnv, p.SecretKeyEnv)
		if p.OAuth2 != nil {
			names = append(names, p.OAuth2.ClientIDEnv, p.OAuth2.ClientSecretEnv)
		}
		add(p.Headers)
		add(p.Cookies)
	}
	return slices.DeleteFunc(names, func(name string) bool { return name == "" })
}

// cappedBuffer keeps the first maxTokenOutput bytes that are written to it. It does not embed the buffer: os/exec would call
// the ReadFrom of that, which knows no limit.
type cappedBuffer struct {
	kept   bytes.Buffer
	isFull bool // something was left out
}

func (b *cappedBuffer) Write(p []byte) (int, error) {
	fits := min(len(p), maxTokenOutput-b.kept.Len())
	b.kept.Write(p[:fits])
	b.isFull = b.isFull || fits < len(p)
	return len(p), nil
}

func (b *cappedBuffer) String() string { return b.kept.String() }
