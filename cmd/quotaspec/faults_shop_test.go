package main

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"time"
)

// shop is a provider that keeps testdata/providers/shop.yaml, except for its faults.
type shop struct {
	faults   faultSet
	mu       sync.Mutex
	products map[int]product
}

type product struct {
	ID    int     `json:"id"`
	Name  string  `json:"name"`
	Color string  `json:"color"`
	Price float64 `json:"price"`
}

const shopToken = "token-of-the-shop-keeper"

// faultyShop says where the shop has its faults. The content type hides what is wrong in the body below it.
func faultyShop() faultyAPI {
	return faultyAPI{
		name: "shop", framework: "Go, net/http", document: "testdata/providers/shop.yaml",
		header:     "Authorization: Bearer " + shopToken,
		credential: shopToken, start: startInProcess(newShop),
		faults: map[faultKind]seeded{
			wrongSuccess:  {what: "createProduct answers 200, not 201", operation: "createProduct", status: "200", shows: succeeding},
			missingMember: {what: "listProducts omits the price", operation: "listProducts", shows: ids("schema/required")},
			// A price that is text is not the number that was sent before, either.
			otherType:      {what: "showProduct writes the price as text", operation: "showProduct", shows: ids("schema/type", "member/unchanged")},
			nullMember:     {what: "listOrders has a customer that is null", operation: "listOrders", shows: ids("schema/nullable")},
			failsOnInput:   {what: "listOrders answers 500 to a date that is none", operation: "listOrders", status: "500", shows: failing},
			acceptsInvalid: {what: "createProduct accepts a price below 0", operation: "createProduct", shows: statusIDs("invalid-parameter")},
			undocumented:   {what: "showOrder answers 410 for an unknown order", operation: "showOrder", status: "410", shows: unlisted},
			contentType:    {what: "listOrders says text/html", operation: "listOrders", shows: ids("media-type/undocumented")},
			openToAll:      {what: "showOrder needs no token", operation: "showOrder", shows: unauthenticated},
			filterIgnored:  {what: "listProducts ignores color", operation: "listProducts", shows: filtered},
		},
		hidden: []hiding{
			{by: contentType, hides: nullMember, why: "a body of another media type is not read as JSON"},
			{by: missingMember, hides: filterIgnored, why: "a filter is not judged by a body that breaks its schema"},
		},
	}
}

func newShop(faults faultSet) http.Handler {
	s := &shop{faults: faults, products: map[int]product{
		7: {7, "Kettle", "red", 19.5}, 8: {8, "Cup", "green", 4}, 9: {9, "Plate", "blue", 6},
	}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /health", func(w http.ResponseWriter, _ *http.Request) {
		answerJSON(w, http.StatusOK, "application/json", map[string]any{"open": true})
	})
	mux.HandleFunc("GET /products", s.known(s.list))
	mux.HandleFunc("POST /products", s.known(s.create))
	mux.HandleFunc("GET /products/{id}", s.known(s.one(s.show)))
	mux.HandleFunc("PUT /products/{id}", s.known(s.one(s.change)))
	mux.HandleFunc("DELETE /products/{id}", s.known(s.one(s.remove)))
	mux.HandleFunc("GET /orders", s.known(s.orders))
	order := s.known(s.order)
	if faults[openToAll] {
		order = s.order
	}
	mux.HandleFunc("GET /orders/{id}", order)
	return mux
}

// known lets callers with the token through.
func (s *shop) known(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+shopToken {
			w.Header().Set("WWW-Authenticate", "Bearer")
			problem(w, http.StatusUnauthorized)
			return
		}
		next(w, r)
	}
}

// one finds the product of the path.
func (s *shop) one(next func(http.ResponseWriter, *http.Request, product)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		id, err := strconv.Atoi(r.PathValue("id"))
		if err != nil || id < 1 || id > 999999 {
			problem(w, http.StatusBadRequest)
			return
		}
		s.mu.Lock()
		p, ok := s.products[id]
		s.mu.Unlock()
		if !ok {
			problem(w, http.StatusNotFound)
			return
		}
		next(w, r, p)
	}
}

func (s *shop) list(w http.ResponseWriter, r *http.Request) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	color, limit := query.Get("color"), 20
	isColor := !query.Has("color") || slices.Contains(partsOfShop.colors, color)
	if err == nil && query.Has("limit") {
		limit, err = strconv.Atoi(query.Get("limit"))
	}
	if err != nil || !isColor || limit < 1 || limit > 100 {
		problem(w, http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	items := []any{}
	for _, p := range s.products {
		switch {
		case color != "" && p.Color != color && !s.faults[filterIgnored], len(items) == limit:
		case s.faults[missingMember]:
			items = append(items, map[string]any{"id": p.ID, "name": p.Name, "color": p.Color})
		default:
			items = append(items, p)
		}
	}
	answerJSON(w, http.StatusOK, "application/json", map[string]any{"items": items, "total": len(s.products)})
}

var partsOfShop = struct{ colors, states []string }{[]string{"red", "green", "blue"}, []string{"open", "paid", "sent"}}

// draft reads a product from a request, and answers the request if there is none.
func (s *shop) draft(w http.ResponseWriter, r *http.Request, lowest float64) (p product, ok bool) {
	var draft struct {
		Name, Color *string
		Price       *float64
	}
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	err := decoder.Decode(&draft)
	if mediaType := r.Header.Get("Content-Type"); mediaType != "application/json" {
		problem(w, http.StatusUnsupportedMediaType)
		return p, false
	}
	isComplete := err == nil && draft.Name != nil && draft.Color != nil && draft.Price != nil
	if !isComplete || *draft.Name == "" || len(*draft.Name) > 60 || !slices.Contains(partsOfShop.colors, *draft.Color) ||
		*draft.Price < lowest || *draft.Price > 100000 {
		problem(w, http.StatusBadRequest)
		return p, false
	}
	return product{Name: *draft.Name, Color: *draft.Color, Price: *draft.Price}, true
}

func (s *shop) create(w http.ResponseWriter, r *http.Request) {
	lowest, status := 0.0, http.StatusCreated
	if s.faults[acceptsInvalid] {
		lowest = math.Inf(-1)
	}
	p, ok := s.draft(w, r, lowest)
	if !ok {
		return
	}
	p.Price = max(p.Price, 0)
	s.mu.Lock()
	p.ID = 100 + len(s.products)
	for s.products[p.ID].ID != 0 {
		p.ID++
	}
	s.products[p.ID] = p
	s.mu.Unlock()
	if s.faults[wrongSuccess] {
		status = http.StatusOK
	}
	answerJSON(w, status, "application/json", p)
}

func (s *shop) show(w http.ResponseWriter, _ *http.Request, p product) {
	if s.faults[otherType] {
		shown := map[string]any{"id": p.ID, "name": p.Name, "color": p.Color, "price": fmt.Sprint(p.Price)}
		answerJSON(w, http.StatusOK, "application/json", shown)
		return
	}
	answerJSON(w, http.StatusOK, "application/json", p)
}

func (s *shop) change(w http.ResponseWriter, r *http.Request, p product) {
	changed, ok := s.draft(w, r, 0)
	if !ok {
		return
	}
	changed.ID = p.ID
	s.mu.Lock()
	s.products[p.ID] = changed
	s.mu.Unlock()
	answerJSON(w, http.StatusOK, "application/json", changed)
}

func (s *shop) remove(w http.ResponseWriter, _ *http.Request, p product) {
	s.mu.Lock()
	delete(s.products, p.ID)
	s.mu.Unlock()
	w.WriteHeader(http.StatusNoContent)
}

// shopOrders has an order for each state.
var shopOrders = []map[string]any{
	{"id": "8c4a6b9e-2f1d-4e7a-9b3c-5d6e7f809112", "state": "open", "customer": "Ada", "made": "2024-02-29", "note": nil},
	{"id": "1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed", "state": "paid", "customer": "Alan", "made": "2024-03-01", "note": "A gift"},
	{"id": "6ec0bd7f-11c0-43da-975e-2a8ad9ebae0b", "state": "sent", "customer": "Grace", "made": "2024-03-02", "note": nil},
}

func (s *shop) orders(w http.ResponseWriter, r *http.Request) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	state, since := query.Get("state"), query.Get("since")
	_, dateErr := time.Parse(time.DateOnly, since)
	switch {
	case query.Has("since") && dateErr != nil && s.faults[failsOnInput]:
		problem(w, http.StatusInternalServerError)
		return
	case err != nil, query.Has("since") && dateErr != nil, query.Has("state") && !slices.Contains(partsOfShop.states, state):
		problem(w, http.StatusBadRequest)
		return
	}
	orders := []any{}
	for _, o := range shopOrders {
		if made, _ := o["made"].(string); (state == "" || o["state"] == state) && made >= since {
			orders = append(orders, s.ordered(o))
		}
	}
	mediaType := "application/json"
	if s.faults[contentType] {
		mediaType = "text/html"
	}
	answerJSON(w, http.StatusOK, mediaType, orders)
}

// ordered is an order of the list.
func (s *shop) ordered(o map[string]any) map[string]any {
	if !s.faults[nullMember] {
		return o
	}
	return map[string]any{"id": o["id"], "state": o["state"], "customer": nil, "made": o["made"], "note": o["note"]}
}

func (s *shop) order(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	if !uuidShape.MatchString(id) {
		problem(w, http.StatusBadRequest)
		return
	}
	at := slices.IndexFunc(shopOrders, func(o map[string]any) bool { return o["id"] == id })
	switch {
	case at >= 0:
		answerJSON(w, http.StatusOK, "application/json", shopOrders[at])
	case s.faults[undocumented]:
		problem(w, http.StatusGone)
	default:
		problem(w, http.StatusNotFound)
	}
}
