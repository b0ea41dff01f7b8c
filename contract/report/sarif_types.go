package report

import "github.com/quotaspec/quotaspec/contract"

// The part of SARIF 2.1.0 that is written: docs.oasis-open.org/sarif/sarif/v2.1.0. Some objects with one member are maps.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool        map[string]sarifDriver `json:"tool"`
		Invocations []sarifInvocation      `json:"invocations"`
		Artifacts   []map[string]sarifFile `json:"artifacts"`
		Results     []sarifResult          `json:"results"`
		ColumnKind  string                 `json:"columnKind"`
		Properties  sarifRunProperties     `json:"properties"`
	}
	sarifDriver struct {
		Name            string      `json:"name"`
		Version         string      `json:"version,omitempty"`
		SemanticVersion string      `json:"semanticVersion,omitempty"`
		InformationURI  string      `json:"informationUri"`
		Rules           []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID         string              `json:"id"`
		Short      sarifText           `json:"shortDescription"`
		Full       sarifText           `json:"fullDescription"`
		HelpURI    string              `json:"helpUri,omitempty"`
		Properties map[string][]string `json:"properties"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifInvocation struct {
		Start               string              `json:"startTimeUtc,omitempty"`
		End                 string              `json:"endTimeUtc,omitempty"`
		ExecutionSuccessful bool                `json:"executionSuccessful"`
		Notifications       []sarifNotification `json:"toolExecutionNotifications"`
	}
	sarifNotification struct {
		Level   string    `json:"level"`
		Message sarifText `json:"message"`
	}
	sarifResult struct {
		RuleID       string                   `json:"ruleId"`
		RuleIndex    int                      `json:"ruleIndex"`
		Level        string                   `json:"level"`
		Message      sarifText                `json:"message"`
		Occurrences  int                      `json:"occurrenceCount"`
		Locations    []sarifLocation          `json:"locations"`
		Fingerprints map[string]string        `json:"partialFingerprints"`
		Suppressions []sarifSuppression       `json:"suppressions"`
		Properties   map[string]contract.Side `json:"properties"`
	}
	sarifLocation struct {
		Physical sarifPhysical       `json:"physicalLocation"`
		Logical  []map[string]string `json:"logicalLocations"`
	}
	sarifPhysical struct {
		File   sarifFile      `json:"artifactLocation"`
		Region map[string]int `json:"region"`
	}
	sarifFile struct {
		URI  string `json:"uri"`
		Base string `json:"uriBaseId,omitempty"`
	}
	sarifSuppression struct {
		Kind          string `json:"kind"`
		Justification string `json:"justification"`
	}
	// The properties are our own: SARIF has no other place for them.
	sarifRunProperties struct {
		Subject    string        `json:"subject"`
		Side       contract.Side `json:"side"`
		Conclusion string        `json:"conclusion"`
		Checks     []sarifCheck  `json:"checks"`
		Coverage   []jsonPart    `json:"coverage"`
	}
	sarifCheck struct {
		ID     string `json:"id"`
		Source Suite  `json:"source"`
		Status Status `json:"status"`
	}
)
