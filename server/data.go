package server

import (
	"time"

	"github.com/quotaspec/quotaspec/gen/iam"
	"github.com/quotaspec/quotaspec/gen/ims"
)

// Data is what the provider serves: accounts with their quotas and projects, and the principals that may request them.
// docs/data.schema.json describes it as a file.
type Data struct {
	Accounts   []Account   `yaml:"accounts"`
	Principals []Principal `yaml:"principals"`

	file *dataFile // nil: not read from a file
}

// Account is a customer of the cloud; IAM calls it a domain.
type Account struct {
	DomainID string            `yaml:"domain_id"` // 32 hexadecimal digits
	Quotas   []iam.DomainQuota `yaml:"quotas"`    // one for each type, in the order of the response
	Projects []Project         `yaml:"projects"`
}

// Project is a part of an account; IMS counts by project.
type Project struct {
	ID     string           `yaml:"id"` // 32 hexadecimal digits
	Quotas []ims.ImageQuota `yaml:"quotas"`
}

// Principal is a caller with credentials.
type Principal struct {
	Name       string      `yaml:"name"`       // for people, in the log; never in a response
	DomainID   string      `yaml:"domain_id"`  // the account that it belongs to
	ProjectID  string      `yaml:"project_id"` // the project of that account its tokens and keys are for
	Tokens     []Token     `yaml:"tokens,omitempty"`
	AccessKeys []AccessKey `yaml:"access_keys,omitempty"`
	Grants     []Grant     `yaml:"grants,omitempty"`
}

// Token is a value of X-Auth-Token.
type Token struct {
	Value   string    `yaml:"value"`             // printable ASCII
	Expires time.Time `yaml:"expires,omitempty"` // zero: never
}

// AccessKey signs requests.
type AccessKey struct {
	ID            string    `yaml:"id"`                       // AK: printable ASCII without spaces and commas
	Secret        string    `yaml:"secret"`                   // SK
	SecurityToken string    `yaml:"security_token,omitempty"` // value of X-Security-Token; "": the key is not temporary
	Expires       time.Time `yaml:"expires,omitempty"`        // zero: never
}

// Grant is one statement of a policy that the principal has.
type Grant struct {
	Action string `yaml:"action"` // such as ims:images:get; * matches any text, and case does not count
	Effect Effect `yaml:"effect"`
	Scope  Scope  `yaml:"scope"`
}

// Effect is whether a grant allows or denies.
type Effect string

// The effects, in the words of the vendor's policies.
const (
	Allow Effect = "Allow"
	Deny  Effect = "Deny"
)

// Scope is where a policy is attached; x-authorization says which scopes count for an operation.
type Scope string

// The scopes. A grant for all resources counts for every operation; IAM, a global service, has no other.
const (
	AllResources      Scope = "all-resources"
	IAMProject        Scope = "iam-project"
	EnterpriseProject Scope = "enterprise-project"
)
