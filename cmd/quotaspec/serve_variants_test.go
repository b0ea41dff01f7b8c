package main

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/client"
	"github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/server"
	"github.com/quotaspec/quotaspec/server/servertest"
)

// TestServeVariants tests that each variant of the server keeps the contract, differs from the usual response, and is read
// correctly by the client.
func TestServeVariants(t *testing.T) {
	t.Parallel()
	warnings := map[string][]string{"additional-members": {"member/undocumented"}, "additional-headers": {"header/undocumented"}}
	names, _ := server.Variants()
	usual := rawResponse(t, servertest.New(t))
	quick := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return name == "slow" || name == "byte-by-byte" })
	for _, name := range append(names, strings.Join(quick, ",")) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := servertest.With(t, server.Options{Variants: strings.Split(name, ",")})
			expected := warnings[name]
			if strings.Contains(name, ",") {
				expected = []string{"header/undocumented", "member/undocumented"}
			}
			checkLegal(t, url, expected)
			if name != "slow" && rawResponse(t, url) == usual {
				t.Error("the response is the usual one")
			}
			c := &client.Client{Token: client.Secret(server.ReaderToken), IAMURL: url, IMSURL: url}
			quotas, err := c.DomainQuotas(t.Context(), server.SampleDomainID)
			if err != nil || len(quotas) != 10 {
				t.Errorf("the client reads %v: %v", quotas, err)
			}
			for _, q := range quotas {
				if (q.Used == nil) != (q.Type == "mapping") {
					t.Errorf("the client reads %v", q)
				}
			}
			if images, err := c.ImageQuotas(t.Context()); err != nil || len(images) != 1 {
				t.Errorf("the client reads %v: %v", images, err)
			}
		})
	}
}

// rawResponse returns the bytes of a response without the headers that change each time.
func rawResponse(t *testing.T, url string) string {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	// The second request closes the connection, so that the response can be read to its end.
	request := "GET /v3.0/OS-QUOTA/domains/" + server.SampleDomainID + " HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\nX-Auth-Token: " +
		server.ReaderToken + "\r\n"
	if _, err := io.WriteString(conn, request+"\r\n"+request+"Connection: close\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	lines := []string{}
	in := bufio.NewReader(conn)
	for {
		line, err := in.ReadString('\n')
		lower := strings.ToLower(line)
		if !strings.HasPrefix(lower, "date:") && !strings.HasPrefix(lower, "x-request-id:") {
			lines = append(lines, line)
		}
		if err != nil {
			return strings.Join(lines, "")
		}
	}
}

// TestServeVariant tests the flag --variant: repeated, as a list, and with an unknown name.
func TestServeVariant(t *testing.T) {
	url, _, stop := startServe(t, "--variant", "header-case,no-keep-alive", "--variant", "additional-headers")
	response, err := http.Get(url + "/v1/cloudimages/quota")
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.Header.Get("X-Addition") == "" || !response.Close {
		t.Errorf("got %v", response.Header)
	}
	if code := stop(); code != exitPassed {
		t.Errorf("exit %d", code)
	}
	names, _ := server.Variants()
	code, _, errs := quotaspec(t, "serve", "--variant", "slow,fast")
	want := `quotaspec: unknown variant "fast": want ` + text.Or(names) + ". See quotaspec serve --help\n"
	if code != exitNotJudged || errs != want {
		t.Errorf("exit %d: %s", code, errs)
	}
}
