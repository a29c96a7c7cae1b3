package main

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
)

// The static busybox of Debian.
const busybox = "/bin/busybox"

// Writes the image that holds a pod's namespaces: nothing but a program that waits.
func writePause(path string) error {
	program, err := os.ReadFile(busybox)
	if err != nil {
		return err
	}
	layer, err := archive(entry{"busybox", 0o755, program})
	if err != nil {
		return err
	}
	config, err := json.Marshal(map[string]any{
		"architecture": runtime.GOARCH,
		"os":           "linux",
		"config":       map[string]any{"Entrypoint": []string{"/busybox", "tail", "-f", "/dev/null"}},
		"rootfs": map[string]any{
			"type":     "layers",
			"diff_ids": []string{fmt.Sprintf("sha256:%x", sha256.Sum256(layer))},
		},
	})
	if err != nil {
		return err
	}
	list, err := json.Marshal([]map[string]any{{
		"Config": "config.json", "RepoTags": []string{pause}, "Layers": []string{"layer.tar"},
	}})
	if err != nil {
		return err
	}
	image, err := archive(
		entry{"manifest.json", 0o644, list},
		entry{"config.json", 0o644, config},
		entry{"layer.tar", 0o644, layer},
	)
	if err != nil {
		return err
	}
	return os.WriteFile(path, image, 0o600)
}

type entry struct {
	name    string
	mode    int64
	content []byte
}

func archive(entries ...entry) ([]byte, error) {
	var out bytes.Buffer
	writer := tar.NewWriter(&out)
	for _, one := range entries {
		header := &tar.Header{Name: one.name, Mode: one.mode, Size: int64(len(one.content))}
		if err := writer.WriteHeader(header); err != nil {
			return nil, err
		}
		if _, err := writer.Write(one.content); err != nil {
			return nil, err
		}
	}
	return out.Bytes(), writer.Close()
}
