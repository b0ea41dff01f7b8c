package server

import (
	"time"

	"github.com/quotaspec/quotaspec/gen/iam"
	"github.com/quotaspec/quotaspec/gen/ims"
)

// Data is what the provider knows: accounts with their quotas and projects, and who may ask for them.
type Data struct {
	Accounts   []Account
	Principals []Principal
}

// Account is a customer of the cloud; IAM calls it a domain.
type Account struct {
	DomainID string            // 32 hexadecimal digits
	Quotas   []iam.DomainQuota // one for each type, in the order in which they are answered
	Projects []Project
}

// Project is a part of an account; IMS counts by project.
type Project struct {
	ID     string // 32 hexadecimal digits
	Quotas []ims.ImageQuota
}

// Principal is somebody who can ask.
type Principal struct {
	Name       string // for people; never answered
	DomainID   string // the account that it belongs to
	ProjectID  string // the project of that account for which its tokens are made out and its keys sign
	Tokens     []Token
	AccessKeys []AccessKey
	Grants     []Grant
}

// Token is what X-Auth-Token carries.
type Token struct {
	Value   string    // printable ASCII
	Expires time.Time // zero: never
}

// AccessKey signs requests.
type AccessKey struct {
	ID     string // AK: printable ASCII without spaces and commas
	Secret string // SK
}

// Grant is one statement of a policy that the principal has.
type Grant struct {
	Action string // such as ims:images:get; * stands for any run of characters, and case does not count
	Effect Effect
	Scope  Scope
}

// Effect says what a grant does.
type Effect string

// The effects, in the words of the vendor's policies.
const (
	Allow Effect = "Allow"
	Deny  Effect = "Deny"
)

// Scope says where a policy was attached, and so for which operations it counts (x-authorization).
type Scope string

// The scopes. What was granted for all resources counts for every operation; IAM, a global service, knows no other.
const (
	AllResources      Scope = "all-resources"
	IAMProject        Scope = "iam-project"
	EnterpriseProject Scope = "enterprise-project"
)
