package main

import (
	"encoding/json"
	"math"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
)

// ticketService is a provider that keeps testdata/otherapi/tickets.yaml, except for the check that it omits.
type ticketService struct{ omits string }

// The credentials that it takes.
const (
	ticketsClerk = "clerk:secret-of-the-clerk"
	ticketsKey   = "key-of-the-clerk"
	searchKey    = "key-for-searching"
)

var (
	ticketsPath = regexp.MustCompile(`^/queues/([^/]+)/tickets/([^/]+)$`)
	uuidShape   = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
)

// must returns the result of a check, or true if the provider omits this check.
func (s ticketService) must(what string, holds bool) bool { return holds || s.omits == what }

func (s ticketService) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	at := ticketsPath.FindStringSubmatch(r.URL.EscapedPath())
	switch {
	case r.URL.Path == "/search":
		s.search(w, r)
	case at == nil:
		refuse(w, http.StatusNotFound, "unknown")
	case !slices.Contains([]string{"GET", "PATCH", "DELETE"}, r.Method):
		w.Header().Set("Allow", "GET, PATCH, DELETE")
		refuse(w, http.StatusMethodNotAllowed, "method")
	case !s.knows(r):
		w.Header().Set("WWW-Authenticate", "Basic realm=tickets")
		refuse(w, http.StatusUnauthorized, "key")
	case !s.must("uuid", uuidShape.MatchString(at[1])) || !s.counts(at[2]):
		refuse(w, http.StatusNotFound, "unknown")
	case r.Method == http.MethodDelete:
		w.WriteHeader(http.StatusNoContent)
	case r.Method == http.MethodPatch:
		s.change(w, r)
	default:
		answerJSON(w, http.StatusOK, "application/json", ticket())
	}
}

// knows reports whether the request has the right password or the right key.
func (s ticketService) knows(r *http.Request) bool {
	name, password, basic := r.BasicAuth()
	key := r.Header.Get("Tickets-Key")
	switch {
	case !basic && key == "":
		return s.must("credentials", false)
	case basic:
		return s.must("password", name+":"+password == ticketsClerk)
	}
	return s.must("key", key == ticketsKey)
}

func (s ticketService) counts(number string) bool {
	n, err := strconv.Atoi(number)
	allowed := err == nil && n >= 1 && n <= 99999
	return s.must("unknown ticket", !allowed || n == 17) && s.must("number", err == nil) &&
		s.must("number minimum", err != nil || n >= 1) && s.must("number maximum", n <= 99999)
}

// change responds to a PATCH.
func (s ticketService) change(w http.ResponseWriter, r *http.Request) {
	if !s.must("change media type", r.Header.Get("Content-Type") == "application/merge-patch+json") {
		refuse(w, http.StatusUnsupportedMediaType, "invalid")
		return
	}
	var change map[string]any
	if err := json.NewDecoder(r.Body).Decode(&change); err != nil || !s.takes(change) {
		refuse(w, http.StatusUnprocessableEntity, "invalid")
		return
	}
	changed := ticket()
	for name, v := range change {
		if name != "quotaspecProbe" {
			changed[name] = v
		}
	}
	answerJSON(w, http.StatusOK, "application/json", changed)
}

// takes reports whether the members of a body are right.
func (s ticketService) takes(change map[string]any) bool {
	if len(change) == 0 && !s.must("any member", false) {
		return false
	}
	for name, v := range change {
		text, isText := v.(string)
		number, isNumber := v.(float64)
		var ok bool
		switch name {
		case "title":
			ok = isText && s.must("title length", text != "" && len(text) <= 80)
		case "note":
			ok = isText || v == nil || s.omits == "note type"
		case "score":
			ok = isNumber && s.must("score bounds", number >= 0 && number <= 1 && !math.IsNaN(number))
		default:
			ok = s.must("further members", false)
		}
		if !ok {
			return false
		}
	}
	return true
}

func (s ticketService) search(w http.ResponseWriter, r *http.Request) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	text, key := query.Get("text"), query.Get("key")
	score, scoreErr := strconv.ParseFloat(query.Get("score"), 64)
	_, hasText := query["text"]
	switch {
	case r.Method != http.MethodGet:
		w.Header().Set("Allow", "GET")
		refuse(w, http.StatusMethodNotAllowed, "method")
	case !s.must("search credentials", key != ""), key != "" && !s.must("search key", key == searchKey):
		refuse(w, http.StatusForbidden, "key")
	case !s.must("query escape", err == nil),
		!s.must("text", hasText), hasText && !s.must("text length", len(text) >= 3 && len(text) <= 50),
		query.Has("sort") && !s.must("sort", slices.Contains([]string{"newest", "oldest"}, query.Get("sort"))),
		query.Has("score") && !s.must("score", scoreErr == nil && score >= 0 && score <= 1),
		query.Has("queue") && !s.must("queue", uuidShape.MatchString(query.Get("queue"))):
		refuse(w, http.StatusBadRequest, "invalid")
	default:
		other := ticket()
		other["from"] = map[string]any{"kind": "machine", "host": "build-7", "address": "192.0.2.7"}
		answerJSON(w, http.StatusOK, "application/json", map[string]any{"tickets": []any{ticket(), other}, "next": nil})
	}
}

func ticket() map[string]any {
	return map[string]any{
		"number": 17, "title": "The door is open", "score": 0.5, "note": nil, "opened": "2024-02-29T12:00:00Z", "closed": nil,
		"from": map[string]any{"kind": "person", "name": "Ada", "mail": "ada@example.com"},
	}
}

func refuse(w http.ResponseWriter, status int, reason string) {
	answerJSON(w, status, "application/json", map[string]any{"reason": reason, "field": nil})
}
