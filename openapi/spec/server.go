package spec

// Server is a base URL of the API.
type Server struct {
	URL       string // a template, such as https://{region}.example.com/v1 or /v1
	Variables []Variable
	Node      *Node
}

// Variable is a variable in the URL of a server.
type Variable struct {
	Name, Default string
	Enum          []string // empty: any value
}

// servers reads the servers of the document, a path or an operation. They are nil if it has none of its own.
func (d *Document) servers(n *Node) []*Server {
	var servers []*Server
	for _, item := range d.list(n, "servers") {
		s := &Server{URL: d.text(item, "url"), Node: item}
		if s.URL == "" {
			d.find("server/url", item, "server: url is missing; it is ignored")
			continue
		}
		for _, m := range d.object(item, "variables") {
			v := Variable{m.Name, d.text(m.Value, "default"), d.texts(m.Value, "enum")}
			if m.Value.Member("default") == nil {
				d.find("server/variable", m.Value, "variable %s of a server: default is missing", shortened(m.Name))
			}
			s.Variables = append(s.Variables, v)
		}
		servers = append(servers, s)
	}
	return servers
}
