package main

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Names on this machine, all ours alone.
const (
	bridge = "slipway-node"
	groups = "slipway-test-node"
)

// What must be there before the node starts: its address, and control groups to make those of pods in.
func prepare(s settings) error {
	if err := ip("address", "add", s.address+"/32", "dev", "lo"); err != nil {
		return err
	}
	hierarchies, err := hierarchies()
	if err != nil {
		return err
	}
	// The kubelet makes the rest of them, but not the first.
	for _, hierarchy := range hierarchies {
		if err := os.MkdirAll(filepath.Join(hierarchy, groups), 0o755); err != nil {
			return err
		}
	}
	return nil
}

// Removes what a node leaves outside of its namespaces; nothing of it need be there.
func sweep(s settings) error {
	if hasAddress(s.address) {
		if err := ip("address", "delete", s.address+"/32", "dev", "lo"); err != nil {
			return err
		}
	}
	if _, err := os.Stat(filepath.Join("/sys/class/net", bridge)); err == nil {
		if err := ip("link", "delete", bridge); err != nil {
			return err
		}
	}
	hierarchies, err := hierarchies()
	if err != nil {
		return err
	}
	for _, hierarchy := range hierarchies {
		if err := removeGroups(filepath.Join(hierarchy, groups)); err != nil {
			return err
		}
	}
	return nil
}

// A control group can be removed once it has no members; those that were killed end a moment later.
func removeGroups(root string) error {
	until := time.Now().Add(farewell)
	for {
		var folders []string
		filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			if err == nil && entry.IsDir() {
				folders = append(folders, path)
			}
			return nil
		})
		slices.Reverse(folders)
		var last error
		for _, folder := range folders {
			if err := os.Remove(folder); err != nil && !os.IsNotExist(err) {
				last = err
			}
		}
		if last == nil {
			return nil
		}
		if time.Now().After(until) {
			return fmt.Errorf("a control group is left behind: %w", last)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// Where control groups are made: each controller's own hierarchy, and the unified one.
func hierarchies() ([]string, error) {
	text, err := os.ReadFile("/proc/self/mounts")
	if err != nil {
		return nil, err
	}
	var found []string
	for line := range strings.Lines(string(text)) {
		if fields := strings.Fields(line); strings.HasPrefix(fields[2], "cgroup") {
			found = append(found, fields[1])
		}
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("no control groups are mounted")
	}
	return found, nil
}

func hasAddress(address string) bool {
	text, err := exec.Command("ip", "-oneline", "address", "show", "dev", "lo").Output()
	return err == nil && strings.Contains(string(text), " "+address+"/")
}

func ip(words ...string) error {
	text, err := exec.Command("ip", words...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("ip %s: %w: %s", strings.Join(words, " "), err, strings.TrimSpace(string(text)))
	}
	return nil
}
