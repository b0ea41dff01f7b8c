package sarif

import "regexp"

// The part of SARIF 2.1.0 that is written: docs.oasis-open.org/sarif/sarif/v2.1.0. Some objects with one member are maps.
type (
	// Log is a whole file.
	Log struct {
		Schema  string `json:"$schema"`
		Version string `json:"version"`
		Runs    []Run  `json:"runs"`
	}
	// Run is one run of a tool. Its properties are those of the tool: SARIF has no other place for them.
	Run struct {
		Tool        map[string]Driver `json:"tool"`
		Invocations []Invocation      `json:"invocations"`
		Artifacts   []map[string]File `json:"artifacts"`
		Results     []Result          `json:"results"`
		ColumnKind  string            `json:"columnKind"`
		Properties  any               `json:"properties"`
	}
	// Driver is the tool.
	Driver struct {
		Name            string `json:"name"`
		Version         string `json:"version,omitempty"`
		SemanticVersion string `json:"semanticVersion,omitempty"`
		InformationURI  string `json:"informationUri"`
		Rules           []Rule `json:"rules"`
	}
	// Rule describes the results of one id.
	Rule struct {
		ID         string              `json:"id"`
		Short      Text                `json:"shortDescription"`
		Full       Text                `json:"fullDescription"`
		HelpURI    string              `json:"helpUri,omitempty"`
		Properties map[string][]string `json:"properties"`
	}
	// Text is a message in plain text.
	Text struct {
		Text string `json:"text"`
	}
	// Invocation says when the tool ran and what it could not do.
	Invocation struct {
		Start               string         `json:"startTimeUtc,omitempty"`
		End                 string         `json:"endTimeUtc,omitempty"`
		ExecutionSuccessful bool           `json:"executionSuccessful"`
		Notifications       []Notification `json:"toolExecutionNotifications"`
	}
	// Notification is a message about the run.
	Notification struct {
		Level   string `json:"level"`
		Message Text   `json:"message"`
	}
	// Result is one result of a rule at a place.
	Result struct {
		RuleID       string            `json:"ruleId"`
		RuleIndex    int               `json:"ruleIndex"`
		Level        string            `json:"level"`
		Message      Text              `json:"message"`
		Occurrences  int               `json:"occurrenceCount"`
		Locations    []Location        `json:"locations"`
		Fingerprints map[string]string `json:"partialFingerprints"`
		Suppressions []Suppression     `json:"suppressions"`
		Properties   map[string]string `json:"properties"`
	}
	// Location is a place in a file, and the name of what is there.
	Location struct {
		Physical Physical            `json:"physicalLocation"`
		Logical  []map[string]string `json:"logicalLocations"`
	}
	// Physical is a place in a file.
	Physical struct {
		File   File           `json:"artifactLocation"`
		Region map[string]int `json:"region"`
	}
	// File is the location of a file: see [NewFile].
	File struct {
		URI  string `json:"uri"`
		Base string `json:"uriBaseId,omitempty"`
	}
	// Suppression says why a result is tolerated.
	Suppression struct {
		Kind          string `json:"kind"`
		Justification string `json:"justification"`
	}
)

// NewDriver returns quotaspec as a tool. The version may be "": unknown.
func NewDriver(version string, rules []Rule) map[string]Driver {
	return map[string]Driver{"driver": {
		Name: "quotaspec", Version: version, SemanticVersion: release.FindString(version),
		InformationURI: "https://github.com/quotaspec/quotaspec", Rules: rules,
	}}
}

// release matches the version of a release.
var release = regexp.MustCompile(`[0-9]+\.[0-9]+\.[0-9]+\S*`)

// NewLog returns the file of a run.
func NewLog(run Run) Log {
	return Log{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []Run{run}}
}

// Notify adds a notification of a level: error, warning or note.
func (i *Invocation) Notify(level, text string) {
	i.Notifications = append(i.Notifications, Notification{level, Text{text}})
}
