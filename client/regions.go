package client

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// globalIAM is the endpoint of IAM that belongs to no region (openapi/iam.yaml, servers).
const globalIAM = "https://iam.myhuaweicloud.com"

// region has the endpoints of the two services in one region. The lists below repeat the servers of the documents, so that a
// program that imports this package need not contain the documents. A test compares both.
type region struct{ iam, ims string }

var regions = []string{
	"ae-ad-1", "af-north-1", "af-south-1", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4",
	"ap-southeast-5", "cn-east-2", "cn-east-3", "cn-east-4", "cn-east-5", "cn-north-1", "cn-north-11", "cn-north-12",
	"cn-north-2", "cn-north-4", "cn-north-9", "cn-south-1", "cn-south-2", "cn-south-4", "cn-southwest-2", "cn-southwest-3",
	"eu-west-0", "eu-west-101", "la-north-2", "la-south-2", "me-east-1", "my-kualalumpur-1", "na-mexico-1", "ru-moscow-1",
	"sa-brazil-1", "tr-west-1",
}

// withoutIAM lists the regions without an endpoint of IAM. They use the global one.
var withoutIAM = []string{"af-north-1", "ap-southeast-5", "cn-north-11", "cn-south-4", "cn-southwest-3"}

// Regions returns the values for the field Region of [Client], sorted. They are the regions of openapi/ims.yaml.
func Regions() []string { return slices.Clone(regions) }

// findRegion returns the endpoints of a region. Without an id there is only the global endpoint of IAM.
func findRegion(id string) (region, error) {
	if id == "" {
		return region{iam: globalIAM}, nil
	}
	if !slices.Contains(regions, id) {
		near := slices.SortedStableFunc(slices.Values(regions), func(a, b string) int {
			return cmp.Compare(distance(id, a), distance(id, b))
		})
		return region{}, fmt.Errorf("unknown region %.40q: the nearest are %s", id, strings.Join(near[:3], ", "))
	}
	r := region{"https://iam." + id + ".myhuaweicloud.com", "https://ims." + id + ".myhuaweicloud.com"}
	switch {
	case id == "eu-west-101": // IAM has another domain name there, IMS has not
		r.iam = "https://iam.eu-west-101.myhuaweicloud.eu"
	case slices.Contains(withoutIAM, id):
		r.iam = globalIAM
	}
	return r, nil
}

// distance is the number of bytes to insert, delete or replace to turn a into b (Levenshtein). It reads 40 bytes of a at most.
func distance(a, b string) int {
	a = strings.ToLower(a[:min(len(a), 40)])
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			substitute := diagonal
			if a[i] != b[j] {
				substitute++
			}
			diagonal = row[j+1]
			row[j+1] = min(substitute, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
