package format

import (
	"slices"
	"strings"
	"time"
)

// This file follows the grammars of RFC 3339, section 5.6, with the restrictions of section 5.7: the days of each month,
// and leap seconds.

func date(text string) bool {
	_, err := time.Parse(time.DateOnly, text)
	return err == nil
}

func timeOfDay(text string) bool {
	_, _, ok := instant("2000-01-01T" + text)
	return ok
}

// dateTime accepts second 60 only at a real leap second.
func dateTime(text string) bool {
	t, isLeap, ok := instant(text)
	isKnown := !isLeap || slices.Contains(leapDays, t.Format(time.DateOnly))
	return ok && isKnown
}

// leapDays lists the days that ended with a leap second at 23:59:60 UTC, as announced by the IERS. There has been none since.
var leapDays = []string{
	"1972-06-30", "1972-12-31", "1973-12-31", "1974-12-31", "1975-12-31", "1976-12-31", "1977-12-31", "1978-12-31", "1979-12-31",
	"1981-06-30", "1982-06-30", "1983-06-30", "1985-06-30", "1987-12-31", "1989-12-31", "1990-12-31", "1992-06-30", "1993-06-30",
	"1994-06-30", "1995-12-31", "1997-06-30", "1998-12-31", "2005-12-31", "2008-12-31", "2012-06-30", "2015-06-30", "2016-12-31",
}

// instant parses a date-time and returns it in UTC. For a leap second, which must be 23:59:60 in UTC, it returns the
// second before.
//
// Package time is more lenient than the grammar. So this function checks the shape and the zone, and package time the ranges.
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
	isLastSecond := t.Hour() == 23 && t.Minute() == 59 && t.Second() == 59
	if isLeap && !isLastSecond {
		return t, isLeap, false
	}
	return t, isLeap, err == nil
}
