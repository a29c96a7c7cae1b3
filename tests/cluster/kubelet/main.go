// A real node for the control plane of tests/cluster: the genuine kubelet over Debian's containerd and CNI
// plugins, for tests that want a container to run. Needs root.
//
// All of it lives in process and mount namespaces of its own: containers, their mounts and what is written
// go with the first process in there, however that ends. What lies outside (an address, a bridge, control
// groups) is removed here, and by the next start if this is killed. It prints one line of JSON when the node
// is ready and ends on SIGTERM or when its standard input closes. Nothing of the product depends on it.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
)

const (
	// The longest wait for a node that is ready, and for what was ended to be gone.
	patience = 120 * time.Second
	farewell = 15 * time.Second

	// The word that this program calls itself again with.
	inside = "inside"
	// A name on this machine that one process can hold at a time.
	place = "@slipway-test-node"
)

type settings struct {
	// What the control plane wrote for this node: kubeconfig, authority, certificate and key.
	files string
	// The node's address, on the loopback interface: one that begins with 127 is refused by Kubernetes.
	address string
	// Where the CNI plugins are.
	plugins string
	log     string
}

// What the one line says.
type ready struct {
	Node    string `json:"node"`
	ReadyMs int64  `json:"readyMs"`
}

// The kernel ends a child when the thread that made it ends: the main thread lives as long as we do.
func init() { runtime.LockOSThread() }

func main() {
	var s settings
	flags := flag.NewFlagSet("node", flag.ExitOnError)
	flags.StringVar(&s.files, "files", "", "folder that the control plane wrote with --node-files")
	flags.StringVar(&s.address, "address", "10.213.0.1", "the node's address")
	flags.StringVar(&s.plugins, "plugins", "/usr/lib/cni", "folder of the CNI plugins")
	flags.StringVar(&s.log, "log", "", "file for what kubelet and containerd say; removed at the end")
	words, isInside := os.Args[1:], false
	if len(words) > 0 && words[0] == inside {
		words, isInside = words[1:], true
	}
	flags.Parse(words)
	if s.files == "" || s.log == "" || flags.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "usage: node --files FOLDER --log FILE [--address IP] [--plugins FOLDER]")
		os.Exit(2)
	}
	work := run
	if isInside {
		work = runInside
	}
	if err := work(s); err != nil {
		fmt.Fprintln(os.Stderr, "node:", err)
		os.Exit(1)
	}
}

func run(s settings) (err error) {
	began := time.Now()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	// Whoever started this may die without a word; its end of the pipe closes then.
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go func() {
		io.Copy(io.Discard, os.Stdin)
		cancel(errors.New("standard input is closed"))
	}()

	held, err := hold(ctx)
	if err != nil {
		return err
	}
	defer held.Close()
	// One that was killed could not do this itself.
	if err := sweep(s); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, sweep(s)) }()
	if err := prepare(s); err != nil {
		return err
	}
	log, err := os.Create(s.log)
	if err != nil {
		return err
	}
	defer os.Remove(s.log)
	defer log.Close()

	node := exec.Command("/proc/self/exe", append([]string{inside}, os.Args[1:]...)...)
	node.Stdout, node.Stderr = log, log
	node.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags: syscall.CLONE_NEWPID | syscall.CLONE_NEWNS,
		Pdeathsig:  syscall.SIGKILL,
	}
	if err := node.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- node.Wait() }()
	isOver := false
	defer func() {
		if !isOver {
			// The first process of its namespace: all others end with it.
			node.Process.Kill()
			<-ended
		}
	}()
	isReady := make(chan error, 1)
	go func() { isReady <- waitUntilReady(ctx, s) }()
	for {
		select {
		case err := <-ended:
			isOver = true
			return fmt.Errorf("the node ended: %v\nThe last lines of its log:\n%s", err, tail(s.log))
		case err := <-isReady:
			if ctx.Err() != nil {
				return nil
			}
			if err != nil {
				return fmt.Errorf("%w\nThe last lines of its log:\n%s", err, tail(s.log))
			}
			line, err := json.Marshal(ready{Node: nodeName, ReadyMs: time.Since(began).Milliseconds()})
			if err != nil {
				return err
			}
			fmt.Println(string(line))
			isReady = nil
		case <-ctx.Done():
			return nil
		}
	}
}

// One node at a time: bridge, address and control groups have fixed names, so that they can be found again.
func hold(ctx context.Context) (net.Listener, error) {
	until := time.Now().Add(patience)
	for {
		held, err := net.Listen("unix", place)
		if err == nil {
			return held, nil
		}
		if time.Now().After(until) {
			return nil, fmt.Errorf("another test's node runs on this machine: %w", err)
		}
		select {
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-time.After(200 * time.Millisecond):
		}
	}
}

func waitUntilReady(ctx context.Context, s settings) error {
	config, err := clientcmd.BuildConfigFromFlags("", filepath.Join(s.files, "kubeconfig"))
	if err != nil {
		return err
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for said := "it has not registered"; ; {
		node, err := client.CoreV1().Nodes().Get(ctx, nodeName, metav1.GetOptions{})
		if err == nil {
			for _, condition := range node.Status.Conditions {
				if condition.Type == v1.NodeReady && condition.Status == v1.ConditionTrue {
					return nil
				}
				if condition.Type == v1.NodeReady {
					said = condition.Message
				}
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waited in vain for the node to be ready: %s", said)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func tail(path string) string {
	text, _ := os.ReadFile(path)
	lines := bytes.Split(bytes.TrimSpace(text), []byte("\n"))
	return string(bytes.Join(lines[max(0, len(lines)-25):], []byte("\n")))
}
