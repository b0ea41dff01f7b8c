package format

import (
	"slices"
	"strings"
)

// The grammars of this file are those of RFC 3339: section 5.6 and, for durations, appendix A.

func date(text string) bool {
	_, ok := readDate(text)
	return ok
}

func timeOfDay(text string) bool {
	_, ok := readTime(text)
	return ok
}

// dateTime takes second 60 only where a leap second was: what a clock says at another time is an error.
func dateTime(text string) bool {
	if len(text) < len("2006-01-02T") || text[10]|0x20 != 't' {
		return false
	}
	d, ok := readDate(text[:10])
	if !ok {
		return false
	}
	t, ok := readTime(text[11:])
	if !ok {
		return false
	}
	return !t.leap || slices.Contains(leapDays[:], d.plus(t.dayOffset))
}

// leapDays are the days that ended with a leap second, at 23:59:60 UTC, as the IERS announced them. It has decided on none since.
var leapDays = [...]day{
	{1972, 6, 30}, {1972, 12, 31}, {1973, 12, 31}, {1974, 12, 31}, {1975, 12, 31}, {1976, 12, 31}, {1977, 12, 31},
	{1978, 12, 31}, {1979, 12, 31}, {1981, 6, 30}, {1982, 6, 30}, {1983, 6, 30}, {1985, 6, 30}, {1987, 12, 31},
	{1989, 12, 31}, {1990, 12, 31}, {1992, 6, 30}, {1993, 6, 30}, {1994, 6, 30}, {1995, 12, 31}, {1997, 6, 30},
	{1998, 12, 31}, {2005, 12, 31}, {2008, 12, 31}, {2012, 6, 30}, {2015, 6, 30}, {2016, 12, 31},
}

type day struct{ year, month, day int }

// plus gives the day before (-1), the same day (0) or the day after (1).
func (d day) plus(days int) day {
	d.day += days
	switch {
	case d.day == 0:
		if d.month--; d.month == 0 {
			d.year, d.month = d.year-1, 12
		}
		d.day = d.length()
	case d.day > d.length():
		d.day = 1
		if d.month++; d.month == 13 {
			d.year, d.month = d.year+1, 1
		}
	}
	return d
}

// length gives the number of days of the month.
func (d day) length() int {
	switch d.month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if d.year%4 == 0 && (d.year%100 != 0 || d.year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

func readDate(text string) (d day, ok bool) {
	if len(text) != 10 || text[4] != '-' || text[7] != '-' || !allDigits(text[:4]) || !allDigits(text[5:7]) || !allDigits(text[8:]) {
		return d, false
	}
	d = day{100*twoDigits(text) + twoDigits(text[2:]), twoDigits(text[5:]), twoDigits(text[8:])}
	return d, 1 <= d.month && d.month <= 12 && 1 <= d.day && d.day <= d.length()
}

func twoDigits(text string) int { return 10*int(text[0]-'0') + int(text[1]-'0') }

// clock is what a time says about leap seconds.
type clock struct {
	leap      bool // the second is 60
	dayOffset int  // of the day in UTC: 1 if it is the day after
}

const minutesOfDay = 24 * 60

// readTime takes second 60 if it is 23:59:60 in UTC.
func readTime(text string) (c clock, ok bool) {
	hour, minute, rest, ok := hourMinute(text)
	if !ok || len(rest) < 3 || rest[0] != ':' || !allDigits(rest[1:3]) {
		return c, false
	}
	second := twoDigits(rest[1:])
	rest = rest[3:]
	if strings.HasPrefix(rest, ".") {
		digits := leadingDigits(rest[1:])
		if digits == 0 {
			return c, false
		}
		rest = rest[1+digits:]
	}
	offset, ok := readOffset(rest)
	if !ok || second > 60 {
		return c, false
	}
	if second < 60 {
		return c, true
	}
	utc := 60*hour + minute - offset
	switch {
	case utc < 0:
		c.dayOffset, utc = -1, utc+minutesOfDay
	case utc >= minutesOfDay:
		c.dayOffset, utc = 1, utc-minutesOfDay
	}
	c.leap = true
	return c, utc == minutesOfDay-1
}

// readOffset gives the minutes by which a zone is ahead of UTC.
func readOffset(text string) (minutes int, ok bool) {
	if text == "Z" || text == "z" {
		return 0, true
	}
	if text == "" || text[0] != '+' && text[0] != '-' {
		return 0, false
	}
	hour, minute, rest, ok := hourMinute(text[1:])
	minutes = 60*hour + minute
	if text[0] == '-' {
		minutes = -minutes
	}
	return minutes, ok && rest == ""
}

func hourMinute(text string) (hour, minute int, rest string, ok bool) {
	if len(text) < 5 || text[2] != ':' || !allDigits(text[:2]) || !allDigits(text[3:5]) {
		return 0, 0, "", false
	}
	hour, minute = twoDigits(text), twoDigits(text[3:])
	return hour, minute, text[5:], hour < 24 && minute < 60
}

// duration takes weeks alone, or years to seconds without a unit left out between two: P1Y2D lacks the months.
func duration(text string) bool {
	text, ok := strings.CutPrefix(text, "P")
	if !ok {
		return false
	}
	if n := leadingDigits(text); n > 0 && text[n:] == "W" {
		return true
	}
	days, clock, hasClock := strings.Cut(text, "T")
	if hasClock && !units(clock, "HMS") {
		return false
	}
	return hasClock && days == "" || units(days, "YMD")
}

// units takes one or more numbers with units that follow each other in the list.
func units(text, list string) bool {
	next := -1
	for text != "" {
		n := leadingDigits(text)
		if n == 0 || n == len(text) {
			return false
		}
		unit := strings.IndexByte(list, text[n])
		if unit < 0 || next >= 0 && unit != next {
			return false
		}
		next = unit + 1
		text = text[n+1:]
	}
	return next >= 0
}
