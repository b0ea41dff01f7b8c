package text

import "testing"

func TestEdits(t *testing.T) {
	for _, test := range []struct {
		sent, documented string
		want             int
	}{
		{sent: "page_size", documented: "pageSize", want: 0},
		{sent: "PAGE-SIZE", documented: "page_size", want: 0},
		{sent: "pageSiz", documented: "pageSize", want: 1},
		{sent: "pageSizes", documented: "pageSize", want: 1},
		{sent: "pageSixe", documented: "pageSize", want: 1},
		{sent: "pageSzie", documented: "pageSize", want: 1},
		{sent: "pgeSiz", documented: "pageSize", want: Far},
		{sent: "size", documented: "pageSize", want: Far},
		{sent: "kid", documented: "id", want: Far},
		{sent: "ID", documented: "id", want: 0},
		{sent: "größer", documented: "grösser", want: Far},
		{sent: "größr", documented: "größer", want: 1},
		{sent: "", documented: "limit", want: Far},
	} {
		if got := Edits(test.sent, test.documented); got != test.want {
			t.Errorf("%s for %s: got %d, want %d", test.sent, test.documented, got, test.want)
		}
	}
}
