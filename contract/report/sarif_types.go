package report

// The part of SARIF 2.1.0 that is written: docs.oasis-open.org/sarif/sarif/v2.1.0.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool        sarifTool          `json:"tool"`
		Invocations []sarifInvocation  `json:"invocations"`
		Artifacts   []sarifArtifact    `json:"artifacts"`
		Results     []sarifResult      `json:"results"`
		ColumnKind  string             `json:"columnKind"`
		Properties  sarifRunProperties `json:"properties"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name           string      `json:"name"`
		InformationURI string      `json:"informationUri"`
		Rules          []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID         string              `json:"id"`
		Short      sarifText           `json:"shortDescription"`
		Full       sarifText           `json:"fullDescription"`
		HelpURI    string              `json:"helpUri,omitempty"`
		Properties sarifRuleProperties `json:"properties"`
	}
	sarifRuleProperties struct {
		Tags []string `json:"tags"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifInvocation struct {
		ExecutionSuccessful bool                `json:"executionSuccessful"`
		Notifications       []sarifNotification `json:"toolExecutionNotifications"`
	}
	sarifNotification struct {
		Level   string    `json:"level"`
		Message sarifText `json:"message"`
	}
	sarifArtifact struct {
		Location sarifFile `json:"location"`
	}
	sarifResult struct {
		RuleID       string             `json:"ruleId"`
		RuleIndex    int                `json:"ruleIndex"`
		Level        string             `json:"level"`
		Message      sarifText          `json:"message"`
		Locations    []sarifLocation    `json:"locations"`
		Fingerprints sarifFingerprints  `json:"partialFingerprints"`
		Suppressions []sarifSuppression `json:"suppressions"`
	}
	sarifLocation struct {
		Physical sarifPhysical  `json:"physicalLocation"`
		Logical  []sarifLogical `json:"logicalLocations"`
	}
	sarifPhysical struct {
		File   sarifFile   `json:"artifactLocation"`
		Region sarifRegion `json:"region"`
	}
	sarifFile struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine int `json:"startLine"`
	}
	sarifLogical struct {
		Name string `json:"fullyQualifiedName"`
	}
	sarifFingerprints struct {
		V1 string `json:"quotaspec/v1"`
	}
	sarifSuppression struct {
		Kind          string `json:"kind"`
		Justification string `json:"justification"`
	}
	// The properties are ours: what the format has no place for.
	sarifRunProperties struct {
		Subject    string       `json:"subject"`
		Conclusion string       `json:"conclusion"`
		Checks     []sarifCheck `json:"checks"`
		Coverage   []sarifPart  `json:"coverage"`
	}
	sarifCheck struct {
		ID     string `json:"id"`
		Source Source `json:"source"`
		Status Status `json:"status"`
	}
	sarifPart struct {
		Kind      Kind   `json:"kind"`
		Document  string `json:"document"`
		Operation string `json:"operation"`
		Label     string `json:"label"`
		State     State  `json:"state"`
		Place     string `json:"place"`
	}
)
