package format

import (
	"slices"
	"strings"
	"time"
)

// The grammars of this file are those of RFC 3339, section 5.6, with the days of a month and the leap seconds of section 5.7.

func date(text string) bool {
	_, err := time.Parse(time.DateOnly, text)
	return err == nil
}

func timeOfDay(text string) bool {
	_, _, ok := instant("2000-01-01T" + text)
	return ok
}

// dateTime takes second 60 only where a leap second was: what a clock says at another time is an error.
func dateTime(text string) bool {
	t, isLeap, ok := instant(text)
	return ok && (!isLeap || slices.Contains(leapDays, t.Format(time.DateOnly)))
}

// leapDays are the days that ended with a leap second, at 23:59:60 UTC, as the IERS announced them. It has decided on none since.
var leapDays = []string{
	"1972-06-30", "1972-12-31", "1973-12-31", "1974-12-31", "1975-12-31", "1976-12-31", "1977-12-31", "1978-12-31", "1979-12-31",
	"1981-06-30", "1982-06-30", "1983-06-30", "1985-06-30", "1987-12-31", "1989-12-31", "1990-12-31", "1992-06-30", "1993-06-30",
	"1994-06-30", "1995-12-31", "1997-06-30", "1998-12-31", "2005-12-31", "2008-12-31", "2012-06-30", "2015-06-30", "2016-12-31",
}

// instant reads a date-time and returns it in UTC. Of a leap second, which has to be 23:59:60 there, it returns the second before.
//
// Package time is more lenient than the grammar, so the shape and the zone are checked here, and dates and clocks there.
func instant(text string) (t time.Time, isLeap, ok bool) {
	const shape = "dddd-dd-ddTdd:dd:dd"
	text = strings.ToUpper(text)
	if len(text) < len(shape) || !hasShape(text[:len(shape)], shape) {
		return t, false, false
	}
	zone := text[len(shape):]
	if strings.HasPrefix(zone, ".") {
		zone = strings.TrimLeft(zone[1:], "0123456789")
		if text[len(text)-len(zone)-1] == '.' {
			return t, false, false
		}
	}
	isOffset := (hasShape(zone, "+dd:dd") || hasShape(zone, "-dd:dd")) && zone[1:3] < "24" && zone[4:] < "60"
	if zone != "Z" && !isOffset {
		return t, false, false
	}
	if text[17:19] == "60" {
		isLeap, text = true, text[:17]+"59"+text[19:]
	}
	t, err := time.Parse(time.RFC3339, text)
	t = t.UTC()
	return t, isLeap, err == nil && (!isLeap || t.Hour() == 23 && t.Minute() == 59 && t.Second() == 59)
}
