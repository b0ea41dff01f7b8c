package server

import (
	"time"

	"github.com/quotaspec/quotaspec/gen/iam"
	"github.com/quotaspec/quotaspec/gen/ims"
)

// What others may rely on in the sample data: it never changes.
const (
	SampleDomainID  = "d78cbac186b744899480f25bd022f468" // the quotas of seed 003
	SampleProjectID = "fd73a4a14a4a4dfb9771a8475e5198ea"

	StrangerDomainID  = "a1b2c3d4e5f60718293a4b5c6d7e8f90" // another account, with other numbers
	StrangerProjectID = "0f9e8d7c6b5a49382716050f4e3d2c1b"

	ReaderToken   = "reader-token"   // may do both
	LimitedToken  = "limited-token"  // the same account; may not ask for image quotas
	StrangerToken = "stranger-token" // another account; may do both there
	ExpiredToken  = "expired-token"  // was the reader's

	ReaderKeyID   = "QSREADER000000000001"
	LimitedKeyID  = "QSLIMITED00000000001"
	ReaderSecret  = "reader-secret"
	LimitedSecret = "limited-secret"
)

// Sample returns the data that is served where no other is given. Each call makes a new copy.
func Sample() Data {
	readImages := []Grant{{Action: "ims:*:get", Effect: Allow, Scope: IAMProject}} // as in the vendor's read-only policy of IMS
	return Data{
		Accounts: []Account{sampleAccount(), strangerAccount()},
		Principals: []Principal{
			{
				Name: "reader", DomainID: SampleDomainID, ProjectID: SampleProjectID,
				Tokens:     []Token{{Value: ReaderToken}},
				AccessKeys: []AccessKey{{ReaderKeyID, ReaderSecret}},
				Grants:     readImages,
			},
			{
				Name: "limited", DomainID: SampleDomainID, ProjectID: SampleProjectID,
				Tokens:     []Token{{Value: LimitedToken}},
				AccessKeys: []AccessKey{{LimitedKeyID, LimitedSecret}},
			},
			{
				Name: "stranger", DomainID: StrangerDomainID, ProjectID: StrangerProjectID,
				Tokens: []Token{{Value: StrangerToken}},
				Grants: readImages,
			},
			{
				Name: "expired", DomainID: SampleDomainID, ProjectID: SampleProjectID,
				Tokens: []Token{{Value: ExpiredToken, Expires: time.Date(2024, 2, 28, 12, 0, 0, 0, time.UTC)}},
				Grants: readImages,
			},
		},
	}
}

// sampleAccount has the numbers of the documented examples: all-types of showDomainQuota, image of showImageQuota.
func sampleAccount() Account {
	return Account{
		DomainID: SampleDomainID,
		Quotas: []iam.DomainQuota{
			{Type: iam.QuotaTypeUser, Min: 50, Quota: 50, Max: 1000, Used: new(int32(10))},
			{Type: iam.QuotaTypeGroup, Min: 10, Quota: 20, Max: 300, Used: new(int32(8))},
			{Type: iam.QuotaTypeIDP, Min: 10, Quota: 10, Max: 20, Used: new(int32(9))},
			{Type: iam.QuotaTypeAgency, Min: 10, Quota: 50, Max: 300, Used: new(int32(12))},
			{Type: iam.QuotaTypePolicy, Min: 128, Quota: 200, Max: 300, Used: new(int32(8))},
			{Type: iam.QuotaTypeAssigmentGroupMP, Min: 50, Quota: 200, Max: 500, Used: new(int32(8))},
			{Type: iam.QuotaTypeAssigmentAgencyMP, Min: 50, Quota: 200, Max: 500, Used: new(int32(8))},
			{Type: iam.QuotaTypeAssigmentGroupEP, Min: 50, Quota: 500, Max: 5000, Used: new(int32(8))},
			{Type: iam.QuotaTypeAssigmentUserEP, Min: 50, Quota: 500, Max: 5000, Used: new(int32(8))},
			{Type: iam.QuotaTypeMapping, Min: 10, Quota: 10, Max: 100},
		},
		Projects: []Project{{
			ID:     SampleProjectID,
			Quotas: []ims.ImageQuota{{Type: ims.ImageQuotaTypeImage, Used: 0, Quota: 20, Min: 1, Max: 1000}},
		}},
	}
}

func strangerAccount() Account {
	return Account{
		DomainID: StrangerDomainID,
		Quotas: []iam.DomainQuota{
			{Type: iam.QuotaTypeUser, Min: 50, Quota: 75, Max: 2000, Used: new(int32(61))},
			{Type: iam.QuotaTypeGroup, Min: 10, Quota: 25, Max: 200, Used: new(int32(6))},
			{Type: iam.QuotaTypeIDP, Min: 10, Quota: 12, Max: 30, Used: new(int32(1))},
			{Type: iam.QuotaTypeAgency, Min: 10, Quota: 55, Max: 500, Used: new(int32(33))},
			{Type: iam.QuotaTypePolicy, Min: 128, Quota: 210, Max: 500, Used: new(int32(17))},
			{Type: iam.QuotaTypeAssigmentGroupMP, Min: 50, Quota: 220, Max: 600, Used: new(int32(4))},
			{Type: iam.QuotaTypeAssigmentAgencyMP, Min: 50, Quota: 230, Max: 700, Used: new(int32(5))},
			{Type: iam.QuotaTypeAssigmentGroupEP, Min: 50, Quota: 510, Max: 6000, Used: new(int32(2))},
			{Type: iam.QuotaTypeAssigmentUserEP, Min: 50, Quota: 520, Max: 7000, Used: new(int32(3))},
			{Type: iam.QuotaTypeMapping, Min: 10, Quota: 15, Max: 150},
		},
		Projects: []Project{{
			ID:     StrangerProjectID,
			Quotas: []ims.ImageQuota{{Type: ims.ImageQuotaTypeImage, Used: 3, Quota: 30, Min: 1, Max: 1500}},
		}},
	}
}
