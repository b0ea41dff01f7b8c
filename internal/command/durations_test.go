package command

import (
	"testing"
	"time"

	"github.com/spf13/pflag"
)

// TestDurations tests which durations flags understand.
func TestDurations(t *testing.T) {
	for _, test := range []struct {
		text string
		want time.Duration // 0: an error
	}{
		{text: "3", want: 3 * time.Second}, {text: "0.5", want: 500 * time.Millisecond}, {text: "300", want: 5 * time.Minute},
		{text: "3s", want: 3 * time.Second}, {text: "1m30s", want: 90 * time.Second}, {text: "5m", want: 5 * time.Minute},
		{text: ""}, {text: "."}, {text: "1.2.3"}, {text: "3 "}, {text: "3n"}, {text: "1m30"}, {text: "s"}, {text: "soon"},
		{text: "1e3"}, {text: "NaN"}, {text: "99999999999"},
	} {
		t.Run(test.text, func(t *testing.T) {
			var got time.Duration
			flags := pflag.NewFlagSet("", pflag.ContinueOnError)
			DurationVar(flags, &got, "timeout", time.Hour, "")
			err := flags.Parse([]string{"--timeout", test.text})
			want := test.want
			if want == 0 {
				want = time.Hour // the default stays
			}
			if got != want || (err == nil) != (test.want > 0) {
				t.Errorf("got %s, %v; want %s", got, err, want)
			}
		})
	}
}
