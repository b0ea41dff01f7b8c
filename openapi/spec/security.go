package spec

import "cmp"

// Requirement is one way to authenticate: with all of its schemes together. An empty Requirement needs no credentials.
type Requirement []RequiredScheme

// RequiredScheme is one scheme of a requirement.
type RequiredScheme struct {
	Name   string
	Scopes []string
	Scheme *SecurityScheme // nil: not defined, which is a finding
}

// SecurityScheme is one entry of components.securitySchemes.
type SecurityScheme struct {
	Name           string // the key in the document
	Type           string // apiKey, http, oauth2, openIdConnect or mutualTLS
	In             string // for apiKey: header, query or cookie
	ParameterName  string // for apiKey: the name of the header, query parameter or cookie
	HTTPScheme     string // for http: such as basic or bearer
	BearerFormat   string
	OpenIDURL      string
	SigningHeaders []*SigningHeader // x-signing-headers, in the order of the file
	Node           *Node
}

// readSchemes reads the security schemes.
func (d *Document) readSchemes() {
	for _, m := range d.object(d.Root.Member("components"), "securitySchemes") {
		n, f := d.follow(m.Value)
		if f != nil {
			continue
		}
		s := &SecurityScheme{
			Name: m.Name, Type: d.text(n, "type"), In: d.text(n, "in"), ParameterName: d.text(n, "name"),
			HTTPScheme: d.text(n, "scheme"), BearerFormat: d.text(n, "bearerFormat"),
			OpenIDURL: d.text(n, "openIdConnectUrl"), Node: n,
		}
		switch s.Type {
		case "apiKey", "http", "oauth2", "openIdConnect", "mutualTLS":
		default:
			d.find("security/type", cmp.Or(n.Member("type"), n),
				"security scheme %s: unknown type %q", shortened(m.Name), shortened(s.Type))
		}
		d.Schemes = append(d.Schemes, s)
		d.schemeOf[s.Name] = s
	}
}

// security reads the requirements of the document or an operation. They are nil if it has none of its own.
func (d *Document) security(n *Node) []Requirement {
	list := d.member(n, "security", Array)
	if list == nil {
		return nil
	}
	requirements := []Requirement{}
	for _, item := range list.Items {
		r := Requirement{}
		for _, m := range item.Members {
			required := RequiredScheme{m.Name, d.texts(item, m.Name), d.schemeOf[m.Name]}
			if required.Scheme == nil {
				d.find("security/unknown", m.Value, "security scheme %q is not defined", shortened(m.Name))
			}
			r = append(r, required)
		}
		requirements = append(requirements, r)
	}
	return requirements
}
