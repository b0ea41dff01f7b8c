package client

// Quota is one limit: of one type of resource of an account, or of one type of image of a project in one region. All numbers
// are counts.
type Quota struct {
	// Type is what is counted, in the service's words: for an account those of [iam.QuotaType] so far, for images "image",
	// "image_shared" and "image_member". A service may add types at any time; they are kept.
	Type string `json:"type"`

	// Quota is the limit that is in force now.
	Quota int32 `json:"quota"`

	// Used is how many there are now, nil if the service does not tell, as for mapping.
	Used *int32 `json:"used"`

	// Min and Max are the bounds within which Quota may be set.
	Min int32 `json:"min"`
	Max int32 `json:"max"`
}

// perUnit are the types that are no totals of an account (openapi/iam.yaml, QuotaType).
var perUnit = map[string]string{
	"assigment_group_mp":  "group",
	"assigment_agency_mp": "agency",
	"assigment_group_ep":  "group",
	"assigment_user_ep":   "user",
}

// PerUnit tells of what each may have Quota: "group", "agency" or "user" for the four types assigment_… (the vendor's
// spelling), which limit the permissions that one of these can be given. It is "" where Quota is a total.
func (q Quota) PerUnit() string { return perUnit[q.Type] }

// Available is how many more there can be: Quota less Used, below zero if there are too many. It is not told where Used is not,
// and where the limit is one per unit.
func (q Quota) Available() (count int64, told bool) {
	if q.Used == nil || q.PerUnit() != "" {
		return 0, false
	}
	return int64(q.Quota) - int64(*q.Used), true
}

// Ratio is Used as a share of Quota: 1 means that nothing is left. It is not told where Available is not, and where Quota is
// not above 0.
func (q Quota) Ratio() (share float64, told bool) {
	if _, told := q.Available(); !told || q.Quota <= 0 {
		return 0, false
	}
	return float64(*q.Used) / float64(q.Quota), true
}
