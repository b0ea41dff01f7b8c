package main

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"golang.org/x/net/http/httpguts"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/probe"
)

// Headers and cookies of the config are sent with every request, those of a principal with its own. So a principal may have
// several credentials at once:
//
//	reader: {token_env: QS_TOKEN, headers: {X-Api-Key: {env: QS_KEY}}}
//
// The value of an environment variable is a secret, whatever the name of the header: no report shows it.

// fixedHeaders are those that quotaspec sets itself.
var fixedHeaders = []string{"Host", "Connection", "Content-Length", "Transfer-Encoding", "Cookie"}

// checkFields checks the names and the texts of headers and cookies.
func checkFields(headers, cookies map[string]setting) error {
	for _, name := range slices.Sorted(maps.Keys(headers)) {
		switch canonical := http.CanonicalHeaderKey(name); {
		case canonical == "Cookie":
			return errors.New("headers: want cookies: {NAME: VALUE} instead of the header Cookie")
		case slices.Contains(fixedHeaders, canonical):
			return fmt.Errorf("headers: %s is always set by quotaspec", canonical)
		case !httpguts.ValidHeaderFieldName(name):
			return fmt.Errorf("headers: %q is not a name of a header", name)
		}
		if err := checkField(headers[name].Text); err != nil {
			return fmt.Errorf("headers: %s: %w", name, err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(cookies)) {
		if !httpguts.ValidHeaderFieldName(name) {
			return fmt.Errorf("cookies: %q is not a name of a cookie", name)
		}
		if err := checkCookie(cookies[name].Text); err != nil {
			return fmt.Errorf("cookies: %s: %w", name, err)
		}
	}
	return nil
}

// checkField checks the value of a header: spaces only between other characters, and no control characters.
func checkField(value string) error {
	if !httpguts.ValidHeaderFieldValue(value) || value != strings.TrimSpace(value) {
		return errors.New("the value has a control character, or a space at its end")
	}
	return nil
}

// checkCookie checks the value of a cookie (RFC 6265, 4.1.1).
func checkCookie(value string) error {
	if !isCredential(value) || strings.ContainsAny(value, `",;\`) {
		return errors.New(`the value has a character that cookies may not have: a space, ", comma, ; or \`)
	}
	return nil
}

// newFields reads the values of headers and cookies from the environment where the config says so.
func newFields(headers, cookies map[string]setting) ([]probe.Field, error) {
	fields := []probe.Field{}
	for _, of := range []struct {
		settings map[string]setting
		isCookie bool
		check    func(string) error
	}{{settings: headers, check: checkField}, {settings: cookies, isCookie: true, check: checkCookie}} {
		for _, name := range slices.Sorted(maps.Keys(of.settings)) {
			field, err := newField(name, of.settings[name], of.check)
			if err != nil {
				return nil, err
			}
			field.Cookie = of.isCookie
			fields = append(fields, field)
		}
	}
	return fields, nil
}

func newField(name string, s setting, check func(string) error) (probe.Field, error) {
	if s.Env == "" {
		return probe.Field{Name: name, Value: s.Text}, nil
	}
	value, err := fromEnvironment(s.Env)
	if err != nil {
		return probe.Field{}, fmt.Errorf("%s: %w", name, err)
	}
	if err := check(value); err != nil {
		return probe.Field{}, fmt.Errorf("%s: the environment variable %s: %w", name, s.Env, err)
	}
	return probe.Field{Name: name, Value: value, Env: s.Env}, nil
}

// addFields adds the headers and cookies of the config to those of each principal, which win, and to requests without
// credentials. The config may be nil.
func (c *config) addFields(principals probe.Principals) error {
	if c == nil || len(c.Headers)+len(c.Cookies) == 0 {
		return nil
	}
	all, err := newFields(c.Headers, c.Cookies)
	if err != nil {
		return err
	}
	principals[probe.Anonymous] = probe.Principal{}
	for role, p := range principals {
		own := p.Fields
		for _, f := range all {
			isSame := func(o probe.Field) bool { return o.Cookie == f.Cookie && strings.EqualFold(o.Name, f.Name) }
			if !slices.ContainsFunc(own, isSame) {
				p.Fields = append(slices.Clip(p.Fields), f)
			}
		}
		principals[role] = p
	}
	return nil
}

// hideSecrets makes judges hide the headers whose values come from the environment. It refuses a header for all requests that
// the document expects a credential in: then no request would be without credentials. The config may be nil.
func (c *config) hideSecrets(judges []*contract.Judge) error {
	if c == nil {
		return nil
	}
	secret := []string{}
	add := func(headers map[string]setting) {
		for name, s := range headers {
			if s.Env != "" {
				secret = append(secret, name)
			}
		}
	}
	add(c.Headers)
	for _, p := range c.Principals {
		add(p.Headers)
	}
	for _, judge := range judges {
		for _, name := range slices.Concat(slices.Sorted(maps.Keys(c.Headers)), slices.Sorted(maps.Keys(c.Cookies))) {
			if slices.ContainsFunc(judge.Credentials(), func(n string) bool { return strings.EqualFold(n, name) }) {
				return fmt.Errorf("%s is a credential of %s: it belongs to a principal, not to all requests", name,
					judge.Document().Name)
			}
		}
		judge.Hide(secret...)
	}
	return nil
}

// haveSecrets reports whether a principal has something that others may not read. The key of the impostor is made up.
func haveSecrets(principals probe.Principals) bool {
	for role, p := range principals {
		isMadeUp := role == probe.Impostor || role == probe.Anonymous
		isSecret := func(f probe.Field) bool { return f.Env != "" }
		if !isMadeUp || slices.ContainsFunc(p.Fields, isSecret) {
			return true
		}
	}
	return false
}
