package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"sync"
)

// notebook is a provider that keeps testdata/providers/notes.yaml, except for its faults.
type notebook struct {
	faults faultSet
	mu     sync.Mutex
	notes  []note
}

type note struct {
	ID       string  `json:"id"`
	Title    string  `json:"title"`
	Tag      string  `json:"tag"`
	Text     *string `json:"text"`
	Archived bool    `json:"archived"`
	Created  string  `json:"created"`
}

const notesKey = "key-of-the-notebook"

var noteTags = []string{"work", "home", "travel"}

// faultyNotes says where the notebook has its faults.
func faultyNotes() faultyAPI {
	return faultyAPI{
		name: "notes", framework: "Go, net/http", document: "testdata/providers/notes.yaml", header: "X-Notes-Key: " + notesKey,
		credential: notesKey, start: startInProcess(newNotebook),
		faults: map[faultKind]seeded{
			wrongSuccess:   {what: "createNote answers 200, not 201", operation: "createNote", status: "200", shows: succeeding},
			missingMember:  {what: "showNote omits the time of creation", operation: "showNote", shows: ids("schema/required")},
			otherType:      {what: "listComments writes the stars as text", operation: "listComments", shows: ids("schema/type")},
			nullMember:     {what: "createNote answers with a tag that is null", operation: "createNote", shows: ids("schema/type", "schema/enum")},
			failsOnInput:   {what: "createNote answers 500 to a title of another type", operation: "createNote", status: "500", shows: failing},
			acceptsInvalid: {what: "addComment accepts a form with 0 stars", operation: "addComment", shows: statusIDs("invalid-parameter")},
			undocumented:   {what: "listNotes answers 400 to a wrong page", operation: "listNotes", status: "400", shows: unlisted},
			contentType:    {what: "listTags says text/plain", operation: "listTags", shows: ids("media-type/undocumented")},
			openToAll:      {what: "listComments accepts any key", operation: "listComments", shows: unauthenticated},
			filterIgnored:  {what: "listNotes ignores tag", operation: "listNotes", shows: filtered},
		},
		hidden: []hiding{
			{by: wrongSuccess, hides: nullMember, why: "a status that is not documented has no schema"},
		},
	}
}

func newNotebook(faults faultSet) http.Handler {
	const created = "2024-02-29T12:00:00Z"
	n := &notebook{faults: faults, notes: []note{
		{ID: "3f2b8c1d-7a64-4e0f-8b59-2d6c1e9a0f47", Title: "Milk", Tag: "home", Created: created},
		{ID: "9d1c7e52-0b3f-4c86-a7e4-5f8b2a6d3c10", Title: "Report", Tag: "work", Archived: true, Created: created},
		{ID: "c4e8a2f6-5d17-4b93-8c0a-1e7f9b3d5a68", Title: "Tickets", Tag: "travel", Created: created},
	}}
	mux := http.NewServeMux()
	route := func(pattern string, handle http.HandlerFunc) { mux.HandleFunc(pattern, n.known(handle, false)) }
	route("GET /notes", n.list)
	route("POST /notes", n.create)
	route("GET /notes/{id}", n.one(n.show))
	route("DELETE /notes/{id}", n.one(n.remove))
	mux.HandleFunc("GET /notes/{id}/comments", n.known(n.one(n.comments), faults[openToAll]))
	route("POST /notes/{id}/comments", n.one(n.comment))
	route("GET /tags", n.tags)
	return mux
}

// known lets callers with the key through, or with any key.
func (n *notebook) known(next http.HandlerFunc, anyKey bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		key := r.Header.Get("X-Notes-Key")
		isKnown := key == notesKey || anyKey && key != ""
		if !isKnown {
			detail(w, http.StatusUnauthorized, "no such key")
			return
		}
		next(w, r)
	}
}

// one finds the note of the path.
func (n *notebook) one(next func(http.ResponseWriter, *http.Request, note)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		id := r.PathValue("id")
		if !uuidShape.MatchString(id) {
			invalid(w, http.StatusUnprocessableEntity, "path", "noteId")
			return
		}
		n.mu.Lock()
		notes := n.notes // remove makes another list
		n.mu.Unlock()
		at := slices.IndexFunc(notes, func(o note) bool { return o.ID == id })
		if at < 0 {
			detail(w, http.StatusNotFound, "no such note")
			return
		}
		next(w, r, notes[at])
	}
}

func (n *notebook) list(w http.ResponseWriter, r *http.Request) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	page, pageErr := 1, error(nil)
	if query.Has("page") {
		page, pageErr = strconv.Atoi(query.Get("page"))
	}
	tag, archived := query.Get("tag"), query.Get("archived")
	switch {
	case pageErr != nil || page < 1 || page > 50:
		status := http.StatusUnprocessableEntity
		if n.faults[undocumented] {
			status = http.StatusBadRequest
		}
		invalid(w, status, "query", "page")
		return
	case err != nil, query.Has("tag") && !slices.Contains(noteTags, tag),
		query.Has("archived") && archived != "true" && archived != "false":
		invalid(w, http.StatusUnprocessableEntity, "query", "tag")
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	notes := []note{}
	for _, o := range n.notes {
		isOfTag := tag == "" || o.Tag == tag || n.faults[filterIgnored]
		if isOfTag && (archived == "" || strconv.FormatBool(o.Archived) == archived) && page == 1 {
			notes = append(notes, o)
		}
	}
	answerJSON(w, http.StatusOK, "application/json", notes)
}

func (n *notebook) create(w http.ResponseWriter, r *http.Request) {
	var draft map[string]any
	err := json.NewDecoder(r.Body).Decode(&draft)
	title, isText := draft["title"].(string)
	tag, _ := draft["tag"].(string)
	text, hasText := draft["text"].(string)
	_, hasTitle := draft["title"]
	switch {
	case hasTitle && !isText && n.faults[failsOnInput]:
		detail(w, http.StatusInternalServerError, "internal error")
		return
	case err != nil, r.Header.Get("Content-Type") != "application/json",
		title == "" || len(title) > 80, !slices.Contains(noteTags, tag), len(text) > 1000, !hasText && draft["text"] != nil:
		invalid(w, http.StatusUnprocessableEntity, "body", "title")
		return
	}
	created := note{Title: title, Tag: tag, Created: "2024-03-01T08:00:00Z"}
	if hasText {
		created.Text = &text
	}
	n.mu.Lock()
	created.ID = fmt.Sprintf("00000000-0000-4000-8000-%012d", len(n.notes))
	n.notes = append(n.notes, created)
	n.mu.Unlock()
	status := http.StatusCreated
	if n.faults[wrongSuccess] {
		status = http.StatusOK
	}
	if n.faults[nullMember] {
		answerJSON(w, status, "application/json", map[string]any{
			"id": created.ID, "title": title, "tag": nil, "text": created.Text, "archived": false, "created": created.Created,
		})
		return
	}
	answerJSON(w, status, "application/json", created)
}

func (n *notebook) show(w http.ResponseWriter, _ *http.Request, o note) {
	if n.faults[missingMember] {
		answerJSON(w, http.StatusOK, "application/json", map[string]any{
			"id": o.ID, "title": o.Title, "tag": o.Tag, "text": o.Text, "archived": o.Archived,
		})
		return
	}
	answerJSON(w, http.StatusOK, "application/json", o)
}

func (n *notebook) remove(w http.ResponseWriter, _ *http.Request, o note) {
	n.mu.Lock()
	n.notes = slices.DeleteFunc(slices.Clone(n.notes), func(other note) bool { return other.ID == o.ID })
	n.mu.Unlock()
	w.WriteHeader(http.StatusNoContent)
}

func (n *notebook) comments(w http.ResponseWriter, _ *http.Request, _ note) {
	stars := any(4)
	if n.faults[otherType] {
		stars = "4"
	}
	answerJSON(w, http.StatusOK, "application/json", []any{map[string]any{"author": "Ada", "stars": stars}})
}

func (n *notebook) comment(w http.ResponseWriter, r *http.Request, _ note) {
	isForm := r.Header.Get("Content-Type") == "application/x-www-form-urlencoded"
	err := r.ParseForm()
	author := r.PostForm.Get("author")
	stars, starsErr := strconv.Atoi(r.PostForm.Get("stars"))
	lowest := 1
	if n.faults[acceptsInvalid] {
		lowest = 0
	}
	if !isForm || err != nil || starsErr != nil || author == "" || len(author) > 40 || stars < lowest || stars > 5 {
		invalid(w, http.StatusUnprocessableEntity, "body", "stars")
		return
	}
	answerJSON(w, http.StatusCreated, "application/json", map[string]any{"author": author, "stars": max(stars, 1)})
}

func (n *notebook) tags(w http.ResponseWriter, _ *http.Request) {
	mediaType := "application/json"
	if n.faults[contentType] {
		mediaType = "text/plain"
	}
	answerJSON(w, http.StatusOK, mediaType, noteTags)
}

// detail and invalid are the errors of FastAPI.
func detail(w http.ResponseWriter, status int, message string) {
	answerJSON(w, status, "application/json", map[string]any{"detail": message})
}

func invalid(w http.ResponseWriter, status int, place, name string) {
	wrong := map[string]any{"loc": []any{place, name}, "msg": "wrong value"}
	answerJSON(w, status, "application/json", map[string]any{"detail": []any{wrong}})
}
