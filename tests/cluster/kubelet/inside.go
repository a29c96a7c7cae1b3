package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"k8s.io/component-base/cli"
	"k8s.io/kubernetes/cmd/kubelet/app"
)

// Everything that is written lies below, in memory.
const home = "/run/node"

// What the kubelet wants the kernel to be set to. It sees these files in the place of the kernel's, so that
// the machine stays as it is.
var tunables = map[string]string{
	"/proc/sys/vm/overcommit_memory":      "1",
	"/proc/sys/vm/panic_on_oom":           "0",
	"/proc/sys/kernel/panic":              "10",
	"/proc/sys/kernel/panic_on_oops":      "1",
	"/proc/sys/kernel/keys/root_maxkeys":  "1000000",
	"/proc/sys/kernel/keys/root_maxbytes": "25000000",
	"/proc/sys/net/ipv4/ip_forward":       "1",
}

// The first process of the namespaces: containerd, the image that holds a pod together, and the kubelet.
func runInside(s settings) error {
	// Read before the folder may be hidden by what is mounted.
	files := map[string][]byte{}
	for _, name := range []string{"kubeconfig", "ca.crt", "node.crt", "node.key"} {
		text, err := os.ReadFile(filepath.Join(s.files, name))
		if err != nil {
			return err
		}
		files[name] = text
	}
	if err := mount(); err != nil {
		return err
	}
	for _, folder := range []string{"cni", "kubelet", "plugins"} {
		if err := os.MkdirAll(filepath.Join(home, folder), 0o700); err != nil {
			return err
		}
	}
	files["containerd.toml"] = []byte(containerdConfig(s))
	files["cni/10-bridge.conf"] = []byte(networkConfig())
	files["kubelet.yaml"] = []byte(kubeletConfig(s))
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(home, name), text, 0o600); err != nil {
			return err
		}
	}
	if err := startContainerd(); err != nil {
		return err
	}
	command := app.NewKubeletCommand(context.Background())
	command.SetArgs([]string{
		"--config=" + home + "/kubelet.yaml",
		"--kubeconfig=" + home + "/kubeconfig",
		"--root-dir=" + home + "/kubelet",
		"--hostname-override=" + nodeName,
		"--node-ip=" + s.address,
	})
	if code := cli.Run(command); code != 0 {
		return fmt.Errorf("the kubelet ended with code %d", code)
	}
	return nil
}

func mount() error {
	if err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("the mounts cannot be made our own: %w", err)
	}
	if err := syscall.Mount("proc", "/proc", "proc", 0, ""); err != nil {
		return fmt.Errorf("/proc: %w", err)
	}
	for _, folder := range []string{"/run", "/var/lib", "/var/log"} {
		if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, "mode=0755"); err != nil {
			return fmt.Errorf("%s: %w", folder, err)
		}
	}
	kernel := filepath.Join(home, "kernel")
	if err := os.MkdirAll(kernel, 0o700); err != nil {
		return err
	}
	for path, value := range tunables {
		if _, err := os.Stat(path); err != nil {
			continue
		}
		file := filepath.Join(kernel, filepath.Base(filepath.Dir(path))+"-"+filepath.Base(path))
		if err := os.WriteFile(file, []byte(value+"\n"), 0o600); err != nil {
			return err
		}
		if err := syscall.Mount(file, path, "", syscall.MS_BIND, ""); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	return nil
}

func startContainerd() error {
	containerd := exec.Command("containerd", "--config", home+"/containerd.toml")
	containerd.Stdout, containerd.Stderr = os.Stdout, os.Stderr
	if err := containerd.Start(); err != nil {
		return err
	}
	until := time.Now().Add(patience)
	for {
		line, err := net.Dial("unix", socket)
		if err == nil {
			line.Close()
			break
		}
		if time.Now().After(until) {
			return fmt.Errorf("containerd does not answer: %w", err)
		}
		time.Sleep(50 * time.Millisecond)
	}
	image := filepath.Join(home, "pause.tar")
	if err := writePause(image); err != nil {
		return err
	}
	ctr := exec.Command("ctr", "--address", socket, "--namespace", "k8s.io", "images", "import", image)
	if text, err := ctr.CombinedOutput(); err != nil {
		return fmt.Errorf("the image that holds pods together: %w: %s", err, text)
	}
	return os.Remove(image)
}
