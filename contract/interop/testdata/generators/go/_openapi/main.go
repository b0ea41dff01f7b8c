// Command openapi calls both operations with the clients of openapi-generator's go. The argument is the file of cases.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"strings"

	"example/iamclient"
	"example/imsclient"
)

func account(url, token, domain, kind string) (string, error) {
	configuration := iamclient.NewConfiguration()
	configuration.Servers = iamclient.ServerConfigurations{{URL: url}}
	ctx := context.Background()
	if token != "" {
		ctx = context.WithValue(ctx, iamclient.ContextAPIKeys, map[string]iamclient.APIKey{"Token": {Key: token}})
	}
	request := iamclient.NewAPIClient(configuration).AccountQuotasAPI.ShowDomainQuota(ctx, domain)
	if kind != "" {
		request = request.Type_(iamclient.QuotaType(kind))
	}
	quotas, response, err := request.Execute()
	var failed *iamclient.GenericOpenAPIError
	if errors.As(err, &failed) {
		if model, ok := failed.Model().(iamclient.DomainQuotaError); ok {
			return fmt.Sprintf("%d %s", response.StatusCode, model.ErrorCode), nil
		}
	}
	if err != nil {
		return "", err
	}
	found := []string{}
	for _, q := range quotas.Quotas.Resources {
		found = append(found, values(q.Type, q.Used.Get(), q.Quota, q.Min, q.Max))
	}
	return strings.Join(found, " "), nil
}

func images(url, token string) (string, error) {
	configuration := imsclient.NewConfiguration()
	configuration.Servers = imsclient.ServerConfigurations{{URL: url}}
	ctx := context.Background()
	if token != "" {
		ctx = context.WithValue(ctx, imsclient.ContextAPIKeys, map[string]imsclient.APIKey{"Token": {Key: token}})
	}
	quotas, response, err := imsclient.NewAPIClient(configuration).ImageQuotasAPI.ShowImageQuota(ctx).Execute()
	var failed *imsclient.GenericOpenAPIError
	if errors.As(err, &failed) {
		switch model := failed.Model().(type) {
		case imsclient.ImageError:
			return fmt.Sprintf("%d %s", response.StatusCode, model.Error.Code), nil
		case imsclient.GatewayError:
			return fmt.Sprintf("%d %s", response.StatusCode, model.ErrorCode), nil
		}
	}
	if err != nil {
		return "", err
	}
	found := []string{}
	for _, q := range quotas.Quotas.Resources {
		found = append(found, values(q.Type, &q.Used, q.Quota, q.Min, q.Max))
	}
	return strings.Join(found, " "), nil
}

func values(kind string, used *int32, quota, least, most int32) string {
	if used == nil {
		return fmt.Sprintf("%s=null/%d/%d/%d", kind, quota, least, most)
	}
	return fmt.Sprintf("%s=%d/%d/%d/%d", kind, *used, quota, least, most)
}

func main() {
	file, err := os.Open(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		c := strings.Split(lines.Text(), "\t") // name, URL, token, domain, type
		var result string
		if c[3] != "" {
			result, err = account(c[1], c[2], c[3], c[4])
		} else {
			result, err = images(c[1], c[2])
		}
		if err != nil {
			result = err.Error()
		}
		fmt.Printf("%s\t%s\n", c[0], result)
	}
	if err := lines.Err(); err != nil {
		log.Fatal(err)
	}
}
