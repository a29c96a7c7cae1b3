// Command junit reads `go test -json` and writes JUnit XML, the format that
// PublishTestResults@2 takes. It exits with 1 when a test failed.
package main

import (
	"bufio"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"os"
	"sort"
)

type event struct {
	Action, Package, Test, Output string
	Elapsed                       float64
}

type failure struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

type testCase struct {
	Class   string    `xml:"classname,attr"`
	Name    string    `xml:"name,attr"`
	Time    string    `xml:"time,attr"`
	Failure *failure  `xml:"failure,omitempty"`
	Skipped *struct{} `xml:"skipped,omitempty"`
}

type suite struct {
	XMLName  xml.Name   `xml:"testsuite"`
	Name     string     `xml:"name,attr"`
	Tests    int        `xml:"tests,attr"`
	Failures int        `xml:"failures,attr"`
	Cases    []testCase `xml:"testcase"`
}

func main() {
	output := map[string]string{}
	suites := map[string]*suite{}
	failed := false
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 0, 1<<20), 1<<24)
	for lines.Scan() {
		var e event
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			fmt.Fprintln(os.Stderr, lines.Text()) // A compiler message, not an event.
			continue
		}
		key := e.Package + "/" + e.Test
		switch e.Action {
		case "output":
			fmt.Fprint(os.Stderr, e.Output)
			output[key] += e.Output
		case "pass", "fail", "skip":
			failed = failed || e.Action == "fail"
			if e.Test == "" {
				continue
			}
			s := suites[e.Package]
			if s == nil {
				s = &suite{Name: e.Package}
				suites[e.Package] = s
			}
			c := testCase{Class: e.Package, Name: e.Test, Time: fmt.Sprintf("%.3f", e.Elapsed)}
			if e.Action == "fail" {
				c.Failure = &failure{Message: "test failed", Text: output[key]}
				s.Failures++
			}
			if e.Action == "skip" {
				c.Skipped = &struct{}{}
			}
			s.Tests++
			s.Cases = append(s.Cases, c)
		}
	}
	report := struct {
		XMLName xml.Name `xml:"testsuites"`
		Suites  []*suite
	}{}
	names := make([]string, 0, len(suites))
	for name := range suites {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		report.Suites = append(report.Suites, suites[name])
	}
	encoder := xml.NewEncoder(os.Stdout)
	encoder.Indent("", "  ")
	if err := encoder.Encode(report); err != nil || failed {
		os.Exit(1)
	}
}
