package client

// Quota is one limit. All numbers are counts. T is the type of the service's words for what is counted; see [DomainQuota] and
// [ImageQuota].
type Quota[T ~string] struct {
	// Type is what is counted.
	Type T `json:"type"`

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
func (q Quota[T]) PerUnit() string { return perUnit[string(q.Type)] }

// Available is how many more there can be: Quota less Used, below zero if there are too many. It is not told where Used is not,
// and where the limit is one per unit.
func (q Quota[T]) Available() (count int64, told bool) {
	if q.Used == nil || q.PerUnit() != "" {
		return 0, false
	}
	return int64(q.Quota) - int64(*q.Used), true
}

// Ratio is Used as a share of Quota: 1 means that nothing is left. It is not told where Available is not, and where Quota is
// not above 0.
func (q Quota[T]) Ratio() (share float64, told bool) {
	if _, told := q.Available(); !told || q.Quota <= 0 {
		return 0, false
	}
	return float64(*q.Used) / float64(q.Quota), true
}
