package contract_test

// The faults of TestRequestFaults in bodies.

var bodyFaults = []requestFault{
	{name: "none", request: books(""), want: []string{"body/empty /request/body: a body"}},
	{
		name: "where there is none", request: sends("DELETE", bookings, "{}"),
		want: []string{"body/undocumented /request/body: no body"},
	},
	{
		name: "another media type", request: books(booking, "Content-Type: text/plain"),
		want: []string{"media-type/undocumented /request/headers/content-type: application/json"},
	},
	{
		name: "no media type", request: without(books(booking), "Content-Type"),
		want: []string{"media-type/missing /request/headers/content-type: a Content-Type"},
	},
	{
		name: "malformed", request: books(`{"seats":2,}`),
		want: []string{"body/not-json /request/body: a JSON value"},
	},
	{
		name: "duplicate member", request: books(`{"passenger":{"lastName":"Doe"},"seats":2,"seats":3}`),
		want: []string{"body/duplicate-member /request/body/seats: each member once"},
	},
	{
		name: "type", request: books(`{"passenger":{"lastName":"Doe"},"seats":"2"}`),
		want: []string{"schema/type /request/body/seats: type integer"},
	},
	{
		name: "range", request: books(`{"passenger":{"lastName":"Doe"},"seats":10}`),
		want: []string{"schema/maximum /request/body/seats: at most 9"},
	},
	{
		name: "enum", request: books(swap(booking, `"seats"`, `"class":"third","seats"`)),
		want: []string{"schema/enum /request/body/class: one of first, second"},
	},
	{
		name: "pattern", request: books(swap(booking, "Doe", " Doe")),
		want: []string{`schema/pattern /request/body/passenger/lastName: a match of ^\S`},
	},
	{
		name: "required", request: books(`{"passenger":{"lastName":"Doe"}}`),
		want: []string{"schema/required /request/body/seats: the member"},
	},
	{
		name: "read-only member", request: books(swap(booking, `"seats"`, `"number":"B7","seats"`)),
		want: []string{"schema/readOnly /request/body/number: no such member in a request"},
	},
	{
		name: "undocumented member", request: books(swap(booking, `"seats"`, `"colour":"red","seats"`)),
		want: []string{"member/undocumented /request/body/colour: no such member"},
	},
	{
		name: "form", request: logsIn("user=doe&passphrase=short"),
		want: []string{"schema/minLength /request/body/passphrase: at least 8 characters"},
	},
	{
		name: "undocumented member of a form", request: logsIn(login + "&colour=red"),
		want: []string{"member/undocumented /request/body/colour: no such member"},
	},
}

var misspeltMembers = []requestFault{
	{
		name: "by an edit", request: books(swap(booking, `"seats"`, `"notes":"hi","seats"`)),
		want: []string{`member/undocumented /request/body/notes: no such member; did you mean "note"?`},
	},
	{
		name: "by case", request: books(swap(booking, `"lastName"`, `"firstname":"Jo","lastName"`)),
		want: []string{`member/undocumented /request/body/passenger/firstname: no such member; did you mean "firstName"?`},
	},
	{
		name: "of another schema of the object", request: books(swap(booking, `"lastName"`, `"birth_date":"1990-01-01","lastName"`)),
		want: []string{`member/undocumented /request/body/passenger/birth_date: no such member; did you mean "birthDate"?`},
	},
	{
		name: "required", request: books(swap(booking, `"seats"`, `"Seats"`)),
		want: []string{
			"schema/required /request/body/seats: the member",
			`member/undocumented /request/body/Seats: no such member; did you mean "seats"?`,
		},
	},
	{
		name: "near one that was sent", request: books(swap(booking, `"seats"`, `"seat":1,"seats"`)),
		want: []string{"member/undocumented /request/body/seat: no such member"},
	},
	{
		name: "of an object without others", request: books(swap(booking, `"seats"`, `"address":{"sreet":"Main"},"seats"`)),
		want: []string{`schema/additionalProperties /request/body/address/sreet: no such member; did you mean "street"?`},
	},
	{
		name: "of a form", request: logsIn(login + "&remembr=true"),
		want: []string{`member/undocumented /request/body/remembr: no such member; did you mean "remember"?`},
	},
}
