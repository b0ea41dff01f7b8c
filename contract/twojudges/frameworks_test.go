package twojudges

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/labstack/echo/v4"
	echomiddleware "github.com/labstack/echo/v4/middleware"

	"github.com/quotaspec/quotaspec/contract/contracttest"
)

const pets = `openapi: 3.1.0
info: {title: Pets, version: "1"}
paths:
  /pets/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        "200": {description: The pet., content: {application/json: {schema: {type: object, required: [name]}}}}
        "404": {description: There is no such pet.}
        "500": {description: It failed., content: {application/json: {schema: {type: object}}}}
  /events:
    get:
      responses:
        "200": {description: What happens., content: {text/event-stream: {itemSchema: {type: object}}}}
`

const event = "data: {}\n\n"

// frameworks are providers of the same two pets: 1 is right, 2 is a 404 with a body. The events
// are flushed and wait for next.
func frameworks(next <-chan bool) map[string]http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /pets/{id}", func(w http.ResponseWriter, r *http.Request) {
		if r.PathValue("id") == "2" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"name":"Rex"}`)
	})
	events := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for range 2 {
			_, _ = io.WriteString(w, event)
			w.(http.Flusher).Flush()
			<-next
		}
	}
	mux.HandleFunc("GET /events", events)

	e := echo.New()
	e.Use(echomiddleware.Gzip(), echomiddleware.RequestID())
	e.GET("/pets/:id", func(c echo.Context) error {
		if c.Param("id") == "2" {
			return echo.NewHTTPError(http.StatusNotFound)
		}
		return c.JSON(http.StatusOK, map[string]string{"name": "Rex"})
	})
	e.GET("/events", func(c echo.Context) error {
		c.Response().Header().Set("Content-Type", "text/event-stream")
		for range 2 {
			_, _ = io.WriteString(c.Response(), event)
			c.Response().Flush()
			<-next
		}
		return nil
	})

	router := chi.NewRouter()
	router.Use(middleware.Recoverer, middleware.Compress(5))
	router.Get("/pets/{id}", mux.ServeHTTP)
	router.Get("/events", events)

	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	engine.GET("/pets/:id", func(c *gin.Context) {
		if c.Param("id") == "2" {
			c.String(http.StatusNotFound, "none")
			return
		}
		c.JSON(http.StatusOK, gin.H{"name": "Rex"})
	})
	engine.GET("/events", func(c *gin.Context) {
		c.Header("Content-Type", "text/event-stream")
		n := 0
		c.Stream(func(w io.Writer) bool { // which asks for a CloseNotifier
			if n++; n > 1 {
				<-next
			}
			if n > 2 {
				return false
			}
			_, _ = io.WriteString(w, event)
			return true
		})
	})
	return map[string]http.Handler{"net/http": mux, "echo": e, "chi": router, "gin": engine}
}

// TestFrameworks checks whole applications of each framework, over a socket: what is right is silent, a 404 with a body fails
// with the line of the document, and an event arrives before the next one is written.
func TestFrameworks(t *testing.T) {
	file := filepath.Join(t.TempDir(), "pets.yaml")
	if err := os.WriteFile(file, []byte(pets), 0o600); err != nil {
		t.Fatal(err)
	}
	next := make(chan bool)
	for name, handler := range frameworks(next) {
		t.Run(name, func(t *testing.T) {
			lines := []string{}
			check := contracttest.New(reporter{t, func(line string) { lines = append(lines, line) }}, file)
			srv := httptest.NewServer(check.Handler(handler))
			defer srv.Close()
			for _, path := range []string{"/pets/1", "/pets/2"} {
				resp, err := http.Get(srv.URL + path)
				if err != nil {
					t.Fatal(err)
				}
				_, _ = io.Copy(io.Discard, resp.Body)
				resp.Body.Close()
			}
			resp, err := http.Get(srv.URL + "/events")
			if err != nil {
				t.Fatal(err)
			}
			reader := bufio.NewReader(resp.Body)
			for range 2 {
				got := make([]byte, len(event))
				if _, err := io.ReadFull(reader, got); err != nil || string(got) != event {
					t.Errorf("got %q, %v", got, err)
				}
				next <- true
			}
			if rest, err := io.ReadAll(reader); err != nil || len(rest) > 0 {
				t.Errorf("after the events: got %q, %v", rest, err)
			}
			resp.Body.Close()
			srv.Close()
			isExpected := func(line string) bool {
				return strings.HasPrefix(line, "GET /pets/2: 404: body/undocumented") && strings.HasSuffix(line, fmt.Sprintf("%s:9)", file))
			}
			if len(lines) != 1 || !slices.ContainsFunc(lines, isExpected) {
				t.Errorf("got %q, want one line about the body of the 404", lines)
			}
		})
	}
}
