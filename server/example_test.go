package server_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"github.com/quotaspec/quotaspec/server"
)

// Without other data, the server has an account with a public token.
func ExampleNew() {
	handler, err := server.New(server.Options{})
	if err != nil {
		panic(err)
	}
	provider := httptest.NewServer(handler)
	defer provider.Close()

	request, err := http.NewRequest(http.MethodGet, provider.URL+"/v1/cloudimages/quota", http.NoBody)
	if err != nil {
		panic(err)
	}
	request.Header.Set("X-Auth-Token", server.ReaderToken)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		panic(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		panic(err)
	}
	fmt.Println(response.Status)
	fmt.Println(string(body))
	// Output:
	// 200 OK
	// {"quotas":{"resources":[{"type":"image","used":0,"quota":20,"min":1,"max":1000}]}}
}
