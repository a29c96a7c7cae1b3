package main

import (
	"fmt"
	"sort"
	"time"
)

// Sailing is one departure of a ferry.
type Sailing struct {
	Route     string `json:"route"`
	Vessel    string `json:"vessel"`
	Departure string `json:"departure"` // HH:MM, harbour time
}

// timetable is the whole day; a real harbour would read it from somewhere.
var timetable = []Sailing{
	{"Northern Quay", "Aurora", "06:15"},
	{"Gull Island", "Kittiwake", "07:00"},
	{"Northern Quay", "Aurora", "09:30"},
	{"Lighthouse Point", "Fulmar", "11:10"},
	{"Gull Island", "Kittiwake", "13:45"},
	{"Northern Quay", "Aurora", "16:20"},
	{"Lighthouse Point", "Fulmar", "18:05"},
	{"Gull Island", "Kittiwake", "21:40"},
}

// Next returns the sailings after a time of day, soonest first, at most limit of them.
// After the last sailing it starts again with tomorrow's first.
func Next(now time.Time, limit int) []Sailing {
	clock := now.Format("15:04")
	later := make([]Sailing, 0, len(timetable))
	earlier := make([]Sailing, 0, len(timetable))
	for _, sailing := range timetable {
		if sailing.Departure > clock {
			later = append(later, sailing)
		} else {
			earlier = append(earlier, sailing)
		}
	}
	byTime := func(list []Sailing) {
		sort.Slice(list, func(a, b int) bool { return list[a].Departure < list[b].Departure })
	}
	byTime(later)
	byTime(earlier)
	all := append(later, earlier...)
	if len(all) > limit {
		all = all[:limit]
	}
	return all
}

// Headline is the line on top of the board.
func Headline(greeting string, now time.Time) string {
	next := Next(now, 1)
	if len(next) == 0 {
		return greeting
	}
	return fmt.Sprintf("%s. Next sailing: %s at %s", greeting, next[0].Route, next[0].Departure)
}
