package client_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"strings"

	"github.com/quotaspec/quotaspec/client"
	"github.com/quotaspec/quotaspec/gen/iam"
	"github.com/quotaspec/quotaspec/server"
)

// provider replaces the cloud: it is the reference provider, with its sample data.
func provider() *httptest.Server {
	handler, err := server.New(server.Options{})
	if err != nil {
		panic(err)
	}
	return httptest.NewServer(handler)
}

func Example() {
	cloud := provider()
	defer cloud.Close()

	c := &client.Client{
		AccessKey: "QSREADER000000000001", SecretKey: client.Secret("reader-secret"),
		ProjectID: "fd73a4a14a4a4dfb9771a8475e5198ea",
		IAMURL:    cloud.URL, IMSURL: cloud.URL, // on the real cloud: Region: "cn-north-4"
	}
	quotas, err := c.ImageQuotas(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, q := range quotas {
		left, _ := q.Available()
		fmt.Printf("%s: %d of %d left\n", q.Type, left, q.Quota)
	}
	// Output:
	// image: 20 of 20 left
}

func ExampleClient_DomainQuotas() {
	cloud := provider()
	defer cloud.Close()

	c := &client.Client{Token: client.Secret("reader-token"), IAMURL: cloud.URL} // without IAMURL: the global endpoint
	quotas, err := c.DomainQuotas(context.Background(), "d78cbac186b744899480f25bd022f468",
		iam.QuotaTypeIDP, iam.QuotaTypeAssigmentGroupMP, iam.QuotaTypeMapping)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, q := range quotas {
		ratio, known := q.Ratio()
		switch {
		case q.PerUnit() != "":
			fmt.Printf("%s: at most %d for each %s\n", q.Type, q.Quota, q.PerUnit())
		case !known:
			fmt.Printf("%s: at most %d\n", q.Type, q.Quota)
		default:
			fmt.Printf("%s: %d of %d, %.0f %%\n", q.Type, *q.Used, q.Quota, 100*ratio)
		}
	}
	// Output:
	// idp: 9 of 10, 90 %
	// assigment_group_mp: at most 200 for each group
	// mapping: at most 10
}

func ExampleClient_ImageQuotas() {
	c := &client.Client{Token: client.Secret("reader-token"), Region: "cn-nroth-4"}
	_, err := c.ImageQuotas(context.Background())
	fmt.Println(err)
	// Output:
	// showImageQuota: unknown region "cn-nroth-4": the nearest are cn-north-4, cn-north-1, cn-north-2
}

func ExampleError() {
	cloud := provider()
	defer cloud.Close()

	c := &client.Client{Token: client.Secret("limited-token"), IMSURL: cloud.URL}
	_, err := c.ImageQuotas(context.Background())
	fmt.Println(errors.Is(err, client.ErrForbidden), client.IsForbidden(err))
	if refused, ok := errors.AsType[*client.Error](err); ok {
		fmt.Println(refused.Status, refused.Code)
		fmt.Println(refused.Message)
	}
	// Output:
	// true true
	// 403 IMG.0026
	// The role is invalid. You need to apply for the required permissions or pass the real-name authentication.
}

// The token source of this example reads the token from a file.
func ExampleClient_tokenSource() {
	cloud := provider()
	defer cloud.Close()

	file := "testdata/token"
	c := &client.Client{IMSURL: cloud.URL, TokenSource: func(context.Context) (string, error) {
		text, err := os.ReadFile(file)
		return strings.TrimSpace(string(text)), err
	}}
	_, err := c.ImageQuotas(context.Background())
	fmt.Println(err)
	// Output:
	// showImageQuota: token source: open testdata/token: no such file or directory
}

func ExampleClient_IAM() {
	cloud := provider()
	defer cloud.Close()

	c := &client.Client{Token: client.Secret("reader-token"), IAMURL: cloud.URL}
	generated, err := c.IAM()
	if err != nil {
		fmt.Println(err)
		return
	}
	withModels := iam.ClientWithResponses{ClientInterface: generated}
	response, err := withModels.ShowDomainQuotaWithResponse(context.Background(), "d78cbac186b744899480f25bd022f468", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(response.Status(), response.JSON200.Quotas.Resources[0].Type)
	// Output:
	// 200 OK user
}
