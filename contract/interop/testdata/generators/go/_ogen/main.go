// Command ogen calls both operations with the clients of ogen. The argument is the file of cases.
package main

import (
	"bufio"
	"context"
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/ogen-go/ogen/ogenerrors"

	"example/iamquotas"
	"example/imsquotas"
)

type token string

func (t token) Token(context.Context, iamquotas.OperationName) (iamquotas.Token, error) {
	if t == "" {
		return iamquotas.Token{}, ogenerrors.ErrSkipClientSecurity
	}
	return iamquotas.Token{APIKey: string(t)}, nil
}

type imageToken string

func (t imageToken) Token(context.Context, imsquotas.OperationName) (imsquotas.Token, error) {
	if t == "" {
		return imsquotas.Token{}, ogenerrors.ErrSkipClientSecurity
	}
	return imsquotas.Token{APIKey: string(t)}, nil
}

func account(url, credentials, domain, kind string) (string, error) {
	client, err := iamquotas.NewClient(url, token(credentials))
	if err != nil {
		return "", err
	}
	params := iamquotas.ShowDomainQuotaParams{DomainID: domain}
	if kind != "" {
		params.Type.SetTo(iamquotas.QuotaType(kind))
	}
	response, err := client.ShowDomainQuota(context.Background(), params)
	if err != nil {
		return "", err
	}
	switch r := response.(type) {
	case *iamquotas.DomainQuotasHeaders:
		found := []string{}
		for _, q := range r.Response.Quotas.Resources {
			used, ok := q.Used.Get()
			found = append(found, values(q.Type, used, ok, q.Quota, q.Min, q.Max))
		}
		return strings.Join(found, " "), nil
	case *iamquotas.ShowDomainQuotaBadRequest:
		return "400 " + r.Response.ErrorCode, nil
	case *iamquotas.UnauthorizedHeaders:
		return "401 " + r.Response.ErrorCode, nil
	case *iamquotas.ShowDomainQuotaForbidden:
		return "403 " + r.Response.ErrorCode, nil
	}
	return fmt.Sprintf("%T", response), nil
}

func images(url, credentials string) (string, error) {
	client, err := imsquotas.NewClient(url, imageToken(credentials))
	if err != nil {
		return "", err
	}
	response, err := client.ShowImageQuota(context.Background())
	if err != nil {
		return "", err
	}
	switch r := response.(type) {
	case *imsquotas.ImageQuotasHeaders:
		found := []string{}
		for _, q := range r.Response.Quotas.Resources {
			found = append(found, values(q.Type, q.Used, true, q.Quota, q.Min, q.Max))
		}
		return strings.Join(found, " "), nil
	case *imsquotas.ShowImageQuotaBadRequest:
		return "400 " + r.Response.Error.Code, nil
	case *imsquotas.ShowImageQuotaUnauthorized:
		return "401 " + r.Response.ErrorCode, nil
	case *imsquotas.ShowImageQuotaForbidden:
		return "403 " + r.Response.Error.Code, nil
	}
	return fmt.Sprintf("%T", response), nil
}

func values(kind string, used int32, reported bool, quota, least, most int32) string {
	if !reported {
		return fmt.Sprintf("%s=null/%d/%d/%d", kind, quota, least, most)
	}
	return fmt.Sprintf("%s=%d/%d/%d/%d", kind, used, quota, least, most)
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
