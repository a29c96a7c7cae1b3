package main

import (
	"testing"
	"time"
)

func at(clock string) time.Time {
	moment, err := time.Parse("15:04", clock)
	if err != nil {
		panic(err)
	}
	return moment
}

func TestNextSkipsWhatHasLeft(t *testing.T) {
	next := Next(at("09:30"), 2)
	if len(next) != 2 || next[0].Departure != "11:10" {
		t.Fatalf("after 09:30 the 11:10 comes first, got %v", next)
	}
}

func TestNextStartsAgainAfterTheLastSailing(t *testing.T) {
	next := Next(at("23:00"), 1)
	if len(next) != 1 || next[0].Departure != "06:15" {
		t.Fatalf("at night the first sailing of tomorrow comes next, got %v", next)
	}
}

func TestNextIsBounded(t *testing.T) {
	if got := len(Next(at("00:00"), 100)); got != len(timetable) {
		t.Fatalf("no more sailings than the timetable has, got %d", got)
	}
}

func TestHeadlineNamesTheRoute(t *testing.T) {
	if got := Headline("Good morning", at("06:00")); got != "Good morning. Next sailing: Northern Quay at 06:15" {
		t.Fatalf("unexpected headline %q", got)
	}
}
