package client_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"github.com/quotaspec/quotaspec/client"
	"github.com/quotaspec/quotaspec/gen/iam"
)

// example stands in for the cloud: it answers body with status.
func example(status int, body string) *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
}

func ExampleClient_DomainQuotas() {
	server := example(200, allTypes)
	defer server.Close()

	c := &client.Client{Token: "reader-token", IAMURL: server.URL} // without IAMURL: the global endpoint
	quotas, err := c.DomainQuotas(context.Background(), "d78cbac186b744899480f25bd022f468", iam.QuotaTypeUser, iam.QuotaTypeMapping)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, q := range quotas {
		if q.Used == nil {
			fmt.Printf("%s: ? of %d\n", q.Type, q.Quota)
			continue
		}
		fmt.Printf("%s: %d of %d\n", q.Type, *q.Used, q.Quota)
	}
	// Output:
	// user: 10 of 50
	// mapping: ? of 10
}

func ExampleClient_ImageQuotas() {
	server := example(200, image)
	defer server.Close()

	c := &client.Client{Token: "reader-token", IMSURL: server.URL} // such as https://ims.cn-north-4.myhuaweicloud.com
	quotas, err := c.ImageQuotas(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, q := range quotas {
		fmt.Printf("%s: %d of %d\n", q.Type, *q.Used, q.Quota)
	}
	// Output:
	// image: 0 of 20
}

func ExampleError() {
	server := example(403, `{"error":{"message":"The role is invalid.","code":"IMG.0026"}}`)
	defer server.Close()

	c := &client.Client{Token: "limited-token", IMSURL: server.URL}
	_, err := c.ImageQuotas(context.Background())
	fmt.Println(err)
	fmt.Println(client.IsForbidden(err))
	var refused *client.Error
	if errors.As(err, &refused) {
		fmt.Println(refused.Status, refused.Code)
	}
	// Output:
	// showImageQuota: status 403, code IMG.0026: The role is invalid
	// true
	// 403 IMG.0026
}

func ExampleClient_IAM() {
	server := example(200, typeGroup)
	defer server.Close()

	c := &client.Client{Token: "reader-token", IAMURL: server.URL}
	generated, err := c.IAM()
	if err != nil {
		fmt.Println(err)
		return
	}
	withModels := iam.ClientWithResponses{ClientInterface: generated}
	answer, err := withModels.ShowDomainQuotaWithResponse(context.Background(), "d78cbac186b744899480f25bd022f468", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(answer.Status(), answer.JSON200.Quotas.Resources[0].Type)
	// Output:
	// 200 OK group
}
