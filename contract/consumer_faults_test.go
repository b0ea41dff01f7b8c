package contract_test

// The faults of TestRequestFaults, by the part of the request that is wrong. The document is testdata/bookings.yaml.

var rightRequests = []requestFault{
	{name: "a query", request: asks("GET", trips+"&limit=50&pageSize=7&sort=time&stops[via]=Bern&id=1")},
	{name: "a header and a cookie", request: asks("GET", trips, "Rail-Currency: CHF", "Cookie: theme=dark; cart=full")},
	{
		name: "headers of a browser",
		request: asks("GET", trips, "Accept: */*", "User-Agent: a", "Save-Data: on", "X-Requested-With: XMLHttpRequest",
			"Baggage: a=b", "Sentry-Trace: 1-2-1", "X-Client-Ip: 192.0.2.1", "Sec-Ch-Ua-Arch: x86", "Sec-Fetch-Mode: cors", "Dnt: 1",
			"Traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "Referer: https://rail.example/"),
	},
	{name: "a body", request: books(booking)},
	{
		name:    "a body with all members",
		request: books(`{"passenger":{"firstName":"J","lastName":"D","birthDate":"1990-01-01"},"seats":1,"address":{"town":"Bern"}}`),
	},
	{name: "a form without credentials", request: without(logsIn(login), "Authorization")},
	{name: "another method of the path", request: asks("DELETE", bookings)},
}

var lineFaults = []requestFault{
	{
		name: "path in another case", request: asks("GET", "/v2/Trips?from=2026-05-01"), isUnknown: true,
		want: []string{"path/near-miss /request/path: the path /v2/trips"},
	},
	{
		name: "path with a slash at the end", request: asks("GET", "/v2/trips/?from=2026-05-01"), isUnknown: true,
		want: []string{"path/near-miss /request/path: the path /v2/trips"},
	},
	{
		name: "path of another version", request: asks("GET", "/v1/trips?from=2026-05-01"), isUnknown: true,
		want: []string{"path/near-miss /request/path: the path /v2/trips"},
	},
	{
		name: "path with a letter less", request: asks("DELETE", "/v2/trips/7/booking"), isUnknown: true,
		want: []string{"path/near-miss /request/path: the path /v2/trips/{tripId}/bookings"},
	},
	{
		name: "path with letters swapped", request: asks("DELETE", "/v2/trips/7/bookigns"), isUnknown: true,
		want: []string{"path/near-miss /request/path: the path /v2/trips/{tripId}/bookings"},
	},
	{
		name: "path parameter of another type", request: asks("DELETE", "/v2/trips/seven/bookings"),
		want: []string{"parameter/type /request/path/tripId: type integer"},
	},
	{
		name: "method", request: asks("GET", bookings),
		want: []string{"method/undocumented /request/method: DELETE or POST"},
	},
	{
		name: "method of a path with one", request: asks("PUT", trips),
		want: []string{"method/undocumented /request/method: GET"},
	},
	{
		name: "content length", request: books(booking, "Content-Length: 7"),
		want: []string{"framing/content-length /request/headers/content-length: 42, the bytes of the body"},
	},
}

var queryFaults = []requestFault{
	{name: "type", request: asks("GET", trips+"&limit=ten"), want: []string{"parameter/type /request/query/limit: type integer"}},
	{name: "range", request: asks("GET", trips+"&limit=51"), want: []string{"parameter/maximum /request/query/limit: at most 50"}},
	{name: "enum", request: asks("GET", trips+"&sort=name"), want: []string{"parameter/enum /request/query/sort: one of price, time"}},
	{
		name: "format", request: asks("GET", "/v2/trips?from=tomorrow"),
		want: []string{"parameter/format /request/query/from: format date"},
	},
	{name: "required", request: asks("GET", "/v2/trips"), want: []string{"parameter/required /request/query/from: the parameter"}},
	{name: "empty", request: asks("GET", trips+"&id="), want: []string{"parameter/empty /request/query/id: a value"}},
	{
		name: "doubled", request: asks("GET", trips+"&limit=1&limit=2"),
		want: []string{"parameter/doubled /request/query/limit: the parameter once"},
	},
	{
		name: "malformed", request: asks("GET", trips+"&id=%zz"),
		want: []string{"query/malformed /request/query: a query that every server reads alike"},
	},
	{
		name: "undocumented", request: asks("GET", trips+"&colour=red"),
		want: []string{"parameter/undocumented /request/query/colour: no such parameter"},
	},
	{
		name: "misspelt by separators", request: asks("GET", trips+"&page_size=7"),
		want: []string{`parameter/undocumented /request/query/page_size: no such parameter; did you mean "pageSize"?`},
	},
	{
		name: "misspelt by case", request: asks("GET", trips+"&ID=7"),
		want: []string{`parameter/undocumented /request/query/ID: no such parameter; did you mean "id"?`},
	},
	{
		name: "misspelt by an edit", request: asks("GET", trips+"&limits=7"),
		want: []string{`parameter/undocumented /request/query/limits: no such parameter; did you mean "limit"?`},
	},
	{
		name: "misspelt by letters swapped", request: asks("GET", trips+"&limti=7"),
		want: []string{`parameter/undocumented /request/query/limti: no such parameter; did you mean "limit"?`},
	},
	{
		name: "misspelt object", request: asks("GET", trips+"&stop[via]=Bern"),
		want: []string{`parameter/undocumented /request/query/stop[via]: no such parameter; did you mean "stops"?`},
	},
	{
		name: "member of an object", request: asks("GET", trips+"&stops[colour]=red"),
		want: []string{"member/undocumented /request/query/stops/colour: no such member"},
	},
	{
		name: "misspelt member of an object", request: asks("GET", trips+"&stops[Via]=Bern"),
		want: []string{`member/undocumented /request/query/stops/Via: no such member; did you mean "via"?`},
	},
	{
		name: "brackets of a list", request: asks("GET", trips+"&sort[]=time"),
		want: []string{`parameter/undocumented /request/query/sort[]: no such parameter; did you mean "sort"?`},
	},
	{
		name: "misspelt credential", request: asks("GET", trips+"&agent_kee=secret-of-the-agent"),
		want: []string{`parameter/undocumented /request/query/agent_kee: no such parameter; did you mean "agentKey"?`},
	},
	{
		name: "near a short name", request: asks("GET", trips+"&idx=7"),
		want: []string{"parameter/undocumented /request/query/idx: no such parameter"},
	},
	{
		name: "near a name that was sent", request: asks("GET", trips+"&limit=7&limits=8"),
		want: []string{"parameter/undocumented /request/query/limits: no such parameter"},
	},
	{
		name: "far from all names", request: asks("GET", trips+"&lmits=7"),
		want: []string{"parameter/undocumented /request/query/lmits: no such parameter"},
	},
}

var headerFaults = []requestFault{
	{
		name: "pattern", request: asks("GET", trips, "Rail-Currency: francs"),
		want: []string{`parameter/pattern /request/headers/rail-currency: a match of ^[A-Z]{3}$`},
	},
	{
		name: "required", request: without(books(booking), "Booking-Key"),
		want: []string{"parameter/required /request/headers/booking-key: the parameter"},
	},
	{
		name: "doubled", request: books(booking, "Booking-Key: "+parcelID),
		want: []string{"parameter/doubled /request/headers/booking-key: the parameter once"},
	},
	{
		name: "doubled and registered", request: asks("GET", trips, "User-Agent: a", "User-Agent: b"),
		want: []string{"header/doubled /request/headers/user-agent: the header once"},
	},
	{
		name: "misspelt", request: asks("GET", trips, "Rail-Curency: CHF"),
		want: []string{`header/near-miss /request/headers/rail-curency: no such header; did you mean "Rail-Currency"?`},
	},
	{
		name: "misspelt, of a weak grade", request: asks("GET", trips, "Rail-Chanel: web"),
		want: []string{`header/near-miss /request/headers/rail-chanel: no such header; did you mean "Rail-Channel"?`},
	},
	{
		name: "misspelt by separators", request: asks("GET", trips, "RailCurrency: CHF"),
		want: []string{`header/near-miss /request/headers/railcurrency: no such header; did you mean "Rail-Currency"?`},
	},
	{
		name: "misspelt and required", request: sends("POST", bookings, booking, "Bookings-Key: "+parcelID),
		want: []string{
			"parameter/required /request/headers/booking-key: the parameter",
			`header/near-miss /request/headers/bookings-key: no such header; did you mean "Booking-Key"?`,
		},
	},
	{
		name: "misspelt credential", request: without(asks("GET", trips, "Authorisation: Bearer secret-of-the-reader"), "Authorization"),
		want: []string{
			`header/near-miss /request/headers/authorisation: no such header; did you mean "Authorization"?`,
			"credentials/missing /request/headers: Session",
		},
	},
	{
		name: "misspelt key", request: asks("GET", trips, "Rail-Staf: secret-of-the-staff"),
		want: []string{`header/near-miss /request/headers/rail-staf: no such header; did you mean "Rail-Staff"?`},
	},
	{
		name: "cookie", request: asks("GET", trips, "Cookie: cart=no"),
		want: []string{"parameter/minLength /request/headers/cookie: at least 4 characters"},
	},
	{
		name: "no credentials", request: without(asks("GET", trips), "Authorization"),
		want: []string{"credentials/missing /request/headers: Session"},
	},
	{
		name: "another scheme", request: asks("GET", trips, "Authorization: Basic ZG9lOmRvZQ=="),
		want: []string{"credentials/missing /request/headers: Session"},
	},
}
