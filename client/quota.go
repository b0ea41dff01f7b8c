package client

// Quota is one limit: of one type of resource of an account, or of one type of image of a project in one region. All numbers
// are counts.
type Quota struct {
	// Type is the service's name of what is counted: for an account one of [iam.QuotaType], for images "image",
	// "image_shared" or "image_member". A service may add types at any time; quotas of unknown types are returned like others.
	Type string `json:"type"`

	// Quota is the current limit.
	Quota int32 `json:"quota"`

	// Used is the current usage. It is nil if the service does not report it, as for "mapping".
	Used *int32 `json:"used"`

	// Min and Max are the bounds within which Quota may be set.
	Min int32 `json:"min"`
	Max int32 `json:"max"`
}

// perUnit maps types whose limit is not the total of an account to the unit that it applies to (QuotaType in openapi/iam.yaml).
var perUnit = map[string]string{
	"assigment_group_mp":  "group",
	"assigment_agency_mp": "agency",
	"assigment_group_ep":  "group",
	"assigment_user_ep":   "user",
}

// PerUnit returns "group", "agency" or "user" if Quota limits each of these separately. That is so for the four types
// assigment_… (the vendor's spelling), which limit the permissions of one group, agency or user. It is "" for a total.
func (q Quota) PerUnit() string { return perUnit[q.Type] }

// Available returns how many more resources can be created: Quota minus Used, which is negative if more exist than Quota
// allows. It is unknown if Used is nil and if the limit is per unit.
func (q Quota) Available() (count int64, known bool) {
	if q.Used == nil || q.PerUnit() != "" {
		return 0, false
	}
	return int64(q.Quota) - int64(*q.Used), true
}

// Ratio returns Used divided by Quota: 1 means that nothing is available. It is unknown if Available is, and if Quota is 0 or
// less.
func (q Quota) Ratio() (ratio float64, known bool) {
	if _, known := q.Available(); !known || q.Quota <= 0 {
		return 0, false
	}
	return float64(*q.Used) / float64(q.Quota), true
}
