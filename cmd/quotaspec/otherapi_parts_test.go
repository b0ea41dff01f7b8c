package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// partsStore is a provider that keeps testdata/otherapi/parts.yaml, except for the check that it omits.
type partsStore struct{ omits string }

const partsToken = "token-of-the-parts-clerk"

var (
	partsPath   = regexp.MustCompile(`^/warehouses/[A-Z][0-9]{2}/parts$`)
	partsClient = regexp.MustCompile(`^[a-z]{2,20}$`)
	partsSKU    = regexp.MustCompile(`^[A-Z]{2}-[0-9]{4}$`)
	partsPlace  = regexp.MustCompile(`^[A-Z]{2}$`)
	partsColors = []string{"red", "green", "grey"}
)

// must returns the result of a check, or true if the provider omits this check.
func (s partsStore) must(what string, holds bool) bool { return holds || s.omits == what }

func (s partsStore) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	token, client := r.Header.Get("Authorization"), r.Header.Get("Parts-Client")
	rightToken := s.must("token", token != "") && s.must("right token", token == "" || token == "Bearer "+partsToken)
	rightClient := s.must("header", client != "") && (client == "" || s.must("header pattern", partsClient.MatchString(client)))
	switch {
	case r.URL.Path == "/health" && r.Method == http.MethodGet:
		answerJSON(w, http.StatusOK, "application/json", map[string]any{"open": true})
	case !partsPath.MatchString(r.URL.Path), !s.must("unknown warehouse", r.URL.Path == "/warehouses/W01/parts"):
		problem(w, http.StatusNotFound)
	case r.Method != http.MethodGet && r.Method != http.MethodPost:
		w.Header().Set("Allow", "GET, POST")
		problem(w, http.StatusMethodNotAllowed)
	case !rightToken:
		problem(w, http.StatusUnauthorized)
	case !rightClient:
		problem(w, http.StatusBadRequest)
	case r.Method == http.MethodPost:
		s.create(w, r)
	default:
		s.list(w, r)
	}
}

func (s partsStore) list(w http.ResponseWriter, r *http.Request) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	once := func(name string, check func(string) bool) bool {
		values := query[name]
		return len(values) == 0 || check(values[0]) // the first of several, which OpenAPI does not forbid
	}
	limit := func(text string) bool {
		n, err := strconv.Atoi(text)
		return s.must("integer", err == nil) && s.must("minimum", err != nil || n >= 1) && s.must("maximum", n <= 100)
	}
	ids := func(text string) bool {
		if text == "" {
			return s.omits == "elements"
		}
		return !slices.ContainsFunc(strings.Split(text, ","), func(id string) bool {
			n, err := strconv.ParseInt(id, 10, 64)
			return !s.must("element", err == nil && n >= 1)
		})
	}
	date := func(text string) bool {
		_, err := time.Parse(time.DateOnly, text)
		return s.must("format", err == nil)
	}
	flag := func(text string) bool { return s.must("boolean", text == "true" || text == "false") }
	colors := !slices.ContainsFunc(query["color"], func(c string) bool { return !s.must("enum", slices.Contains(partsColors, c)) })
	if !s.must("escape", err == nil) || !colors || !s.must("elements", len(query["color"]) <= 3) || !once("limit", limit) ||
		!once("id", ids) || !once("since", date) || !once("broken", flag) {
		problem(w, http.StatusBadRequest)
		return
	}
	color := "grey"
	if asked := query["color"]; len(asked) > 0 && slices.Contains(partsColors, asked[0]) && s.omits != "filter" {
		color = asked[0]
	}
	part := map[string]any{"id": 1, "name": "Bolt", "color": color, "weight": 12, "maker": map[string]any{"name": "Smith", "country": "GB"}}
	w.Header().Set("Parts-Total", "1")
	answerJSON(w, http.StatusOK, "application/json", []any{part})
}

func (s partsStore) create(w http.ResponseWriter, r *http.Request) {
	var draft map[string]any
	decoder := json.NewDecoder(r.Body)
	decoder.UseNumber()
	err := decoder.Decode(&draft)
	switch {
	case !s.must("media type", r.Header.Get("Content-Type") == "application/json"):
		problem(w, http.StatusUnsupportedMediaType)
	case err != nil && s.omits == "JSON":
		draft = map[string]any{"name": "Bolt", "color": "grey", "weight": 12, "maker": map[string]any{"name": "Smith", "country": "GB"}}
		fallthrough
	case err == nil && s.takes(draft):
		draft["id"] = 1
		w.Header().Set("Location", r.URL.Path+"/1")
		answerJSON(w, http.StatusCreated, "application/json", draft)
	default:
		problem(w, http.StatusUnprocessableEntity)
	}
}

// takes reports whether the members of a body are right.
func (s partsStore) takes(draft map[string]any) bool {
	text := func(v any, check func(string) bool) bool {
		t, ok := v.(string)
		return s.must("type", ok) && (!ok || check(t))
	}
	short := func(t string) bool { return s.must("minLength", t != "") && s.must("maxLength", len(t) <= 40) }
	parsed := func(t string) bool { _, err := time.Parse(time.DateOnly, t); return s.must("body format", err == nil) }
	members := map[string]func(any) bool{
		"name": func(v any) bool { return text(v, short) },
		"color": func(v any) bool {
			return text(v, func(t string) bool { return s.must("body enum", slices.Contains(partsColors, t)) })
		},
		"sku": func(v any) bool {
			return text(v, func(t string) bool { return s.must("pattern", partsSKU.MatchString(t)) })
		},
		"made": func(v any) bool { return text(v, parsed) },
		"page": func(v any) bool {
			return text(v, func(t string) bool { u, err := url.Parse(t); return err == nil && s.must("uri", u.IsAbs()) })
		},
		"broken": func(v any) bool { _, ok := v.(bool); return s.must("body boolean", ok) },
		"weight": func(v any) bool {
			number, _ := v.(json.Number)
			n, err := number.Int64()
			return s.must("body integer", err == nil) && s.must("body minimum", err != nil || n >= 1) && s.must("body maximum", n <= 5000)
		},
		"maker": func(v any) bool {
			maker, ok := v.(map[string]any)
			named := text(maker["name"], short)
			placed := text(maker["country"], func(t string) bool { return partsPlace.MatchString(t) })
			return ok && s.must("nested", len(maker) == 2 && named && placed)
		},
	}
	for _, name := range []string{"name", "color", "weight", "maker"} {
		if _, ok := draft[name]; !ok && !s.must("required", false) {
			return false
		}
	}
	for name, v := range draft {
		check, known := members[name]
		switch {
		case !known && !s.must("further members", false):
			return false
		case v == nil && s.omits == "null", !known:
		case !check(v):
			return false
		}
	}
	return true
}

func problem(w http.ResponseWriter, status int) {
	answerJSON(w, status, "application/problem+json", map[string]any{"title": http.StatusText(status), "status": status})
}

func answerJSON(w http.ResponseWriter, status int, mediaType string, v any) {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	w.Header().Set("Content-Type", mediaType)
	w.WriteHeader(status)
	fmt.Fprintln(w, string(text))
}
