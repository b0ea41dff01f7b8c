package servers

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/danielgtaylor/huma/v2/autopatch"
)

// shopToken is the credential that changes of the shop need.
const shopToken = "token-of-the-shop"

// shop is a service as huma's tutorial teaches it: things that are listed, filtered, created, read, replaced and deleted, with
// huma's own errors, validation, PATCH and generated document.
type shop struct {
	mu     sync.Mutex
	things []thing
	last   int
}

type thing struct {
	ID    int       `json:"id" readOnly:"true" minimum:"1"`
	Added time.Time `json:"added" readOnly:"true"`
	ThingData
}

// ThingData is what a client writes of a thing. It has an exported name since huma leaves out other embedded structs.
type ThingData struct {
	Name  string   `json:"name" minLength:"1" maxLength:"40" example:"A lamp"`
	Kind  string   `json:"kind" enum:"lamp,chair,table"`
	Price float64  `json:"price" minimum:"0" example:"12.5"`
	Tags  []string `json:"tags,omitempty" maxItems:"5" uniqueItems:"true"`
}

type (
	ThingID struct {
		ID int `path:"id" minimum:"1"`
	}
	thingBody   struct{ Body thing }
	thingsBody  struct{ Body []thing }
	thingCreate struct{ Body ThingData }
	thingFilter struct {
		Kind  string `query:"kind" enum:"lamp,chair,table"`
		Limit int    `query:"limit" minimum:"1" maximum:"50" default:"20"`
	}
	thingReplace struct {
		ThingID
		Body ThingData
	}
	thingCreated struct {
		Location string `header:"Location"`
		Body     thing
	}
	receipt struct {
		ContentType string `header:"Content-Type"`
		Body        []byte
	}
)

// startShop serves the shop with one thing in it.
func startShop(t *testing.T, _ string) running {
	t.Helper()
	mux := http.NewServeMux()
	config := huma.DefaultConfig("Shop", "1.0.0")
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{"token": {Type: "http", Scheme: "bearer"}}
	api := humago.New(mux, config)
	api.UseMiddleware(authorize(api))
	s := &shop{last: 1, things: []thing{{ID: 1, Added: time.Now().UTC(), ThingData: ThingData{Name: "A chair", Kind: "chair"}}}}
	s.register(api)
	autopatch.AutoPatch(api)
	provider := httptest.NewServer(mux)
	t.Cleanup(provider.Close)
	return running{url: provider.URL, document: provider.URL + "/openapi.yaml"}
}

// authorize lets the operations with security pass only with the token.
func authorize(api huma.API) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		if len(ctx.Operation().Security) > 0 && ctx.Header("Authorization") != "Bearer "+shopToken {
			_ = huma.WriteErr(api, ctx, http.StatusUnauthorized, "a token is missing or wrong")
			return
		}
		next(ctx)
	}
}

var withToken = []map[string][]string{{"token": {}}}

func (s *shop) register(api huma.API) {
	huma.Register(api, huma.Operation{OperationID: "list-things", Method: http.MethodGet, Path: "/things"}, s.list)
	huma.Register(api, huma.Operation{
		OperationID: "create-thing", Method: http.MethodPost, Path: "/things", DefaultStatus: http.StatusCreated, Security: withToken,
	}, s.create)
	huma.Register(api, huma.Operation{OperationID: "get-thing", Method: http.MethodGet, Path: "/things/{id}"}, s.get)
	huma.Register(api, huma.Operation{
		OperationID: "replace-thing", Method: http.MethodPut, Path: "/things/{id}", Security: withToken,
	}, s.replace)
	huma.Register(api, huma.Operation{
		OperationID: "delete-thing", Method: http.MethodDelete, Path: "/things/{id}", Security: withToken,
	}, s.delete)
	huma.Register(api, huma.Operation{
		OperationID: "get-receipt", Method: http.MethodGet, Path: "/things/{id}/receipt",
		Responses: map[string]*huma.Response{"200": {
			Description: "A text for the buyer.", Content: map[string]*huma.MediaType{"text/plain": {Schema: &huma.Schema{Type: "string"}}},
		}},
	}, s.receipt)
}

func (s *shop) list(_ context.Context, in *thingFilter) (*thingsBody, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := &thingsBody{Body: []thing{}}
	for _, one := range s.things {
		if (in.Kind == "" || in.Kind == one.Kind) && len(out.Body) < in.Limit {
			out.Body = append(out.Body, one)
		}
	}
	return out, nil
}

func (s *shop) create(_ context.Context, in *thingCreate) (*thingCreated, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last++
	one := thing{ID: s.last, Added: time.Now().UTC(), ThingData: in.Body}
	s.things = append(s.things, one)
	return &thingCreated{Location: "/things/" + strconv.Itoa(one.ID), Body: one}, nil
}

func (s *shop) get(_ context.Context, in *ThingID) (*thingBody, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i, err := s.find(in.ID)
	if err != nil {
		return nil, err
	}
	return &thingBody{Body: s.things[i]}, nil
}

func (s *shop) replace(_ context.Context, in *thingReplace) (*thingBody, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i, err := s.find(in.ID)
	if err != nil {
		return nil, err
	}
	s.things[i].ThingData = in.Body
	return &thingBody{Body: s.things[i]}, nil
}

func (s *shop) delete(_ context.Context, in *ThingID) (*struct{}, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i, err := s.find(in.ID)
	if err != nil {
		return nil, err
	}
	s.things = slices.Delete(s.things, i, i+1)
	return nil, nil
}

func (s *shop) receipt(ctx context.Context, in *ThingID) (*receipt, error) {
	one, err := s.get(ctx, in)
	if err != nil {
		return nil, err
	}
	return &receipt{ContentType: "text/plain; charset=utf-8", Body: []byte(one.Body.Name + "\n")}, nil
}

// find returns the index of a thing. The caller holds the lock.
func (s *shop) find(id int) (int, error) {
	i := slices.IndexFunc(s.things, func(one thing) bool { return one.ID == id })
	if i < 0 {
		return 0, huma.Error404NotFound("there is no such thing")
	}
	return i, nil
}
