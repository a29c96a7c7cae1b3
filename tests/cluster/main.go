// A real Kubernetes control plane in one process, for tests: etcd, API server, controller manager and
// scheduler, and nodes that are simulated. Pods do not run; they say that they do (pods.go). With `--nodes 0`
// and `--node-files` a real node may join instead (kubelet/).
//
// It prints one line of JSON when it is ready, lets watches expire on SIGUSR1, ends on SIGTERM or when its standard input closes, and
// removes what it wrote, unless it is told to keep it for another start. `cargo xtask test cluster` builds it; nothing of the product
// depends on it.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"time"

	"k8s.io/klog/v2"
)

// The longest wait for a cluster that can be used, and for one that ends.
const (
	patience = 120 * time.Second
	farewell = 15 * time.Second
)

type settings struct {
	data       string
	keep       string
	kubeconfig string
	nodes      int
	// For a node that is real (kubelet/): its address, and the folder that gets what it needs.
	nodeAddress, nodeFiles string
}

// What the one line says.
type ready struct {
	Kubeconfig string   `json:"kubeconfig"`
	Server     string   `json:"server"`
	Version    string   `json:"version"`
	Contexts   []string `json:"contexts"`
	Pid        int      `json:"pid"`
	ReadyMs    int64    `json:"readyMs"`
}

func main() {
	var s settings
	flag.StringVar(&s.data, "data", os.TempDir(), "folder that a folder for this cluster is made in")
	flag.StringVar(&s.keep, "keep", "", "folder of this cluster, kept: a start with the same one goes on with its data, on its port")
	flag.StringVar(&s.kubeconfig, "kubeconfig", "", "file to write; removed at the end")
	flag.IntVar(&s.nodes, "nodes", 2, "simulated nodes")
	flag.StringVar(&s.nodeAddress, "node-address", "", "address of a real node")
	flag.StringVar(&s.nodeFiles, "node-files", "", "folder for the real node's kubeconfig and certificate")
	flag.Parse()
	if s.kubeconfig == "" || flag.NArg() > 0 || (s.nodeAddress == "") != (s.nodeFiles == "") {
		fmt.Fprintln(os.Stderr, "usage: cluster --kubeconfig FILE [--data FOLDER | --keep FOLDER] [--nodes N] [--node-address IP --node-files FOLDER]")
		os.Exit(2)
	}
	if err := run(s); err != nil {
		fmt.Fprintln(os.Stderr, "cluster:", err)
		os.Exit(1)
	}
}

func run(s settings) (err error) {
	began := time.Now()
	folder := s.keep
	if folder == "" {
		folder, err = os.MkdirTemp(s.data, "cluster-")
	}
	if err != nil {
		return err
	}
	remove := func() {
		if s.keep != "" {
			return
		}
		// What still runs may write meanwhile.
		for tries := 0; os.RemoveAll(folder) != nil && tries < 100; tries++ {
			time.Sleep(10 * time.Millisecond)
		}
		os.Remove(s.kubeconfig)
	}
	defer remove()
	// A component that fails while it starts ends the process through klog.
	klog.OsExit = func(code int) {
		remove()
		os.Exit(code)
	}
	logFile, err := logTo(filepath.Join(folder, "log"))
	if err != nil {
		return err
	}
	defer logFile.Close()
	defer func() {
		if err != nil {
			err = fmt.Errorf("%w\nThe last lines of its log:\n%s", err, tail(logFile.Name()))
		}
	}()

	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	// Whoever started this may die without a word; its end of the pipe closes then.
	go func() {
		io.Copy(io.Discard, os.Stdin)
		cancel(errors.New("standard input is closed"))
	}()

	// Components do not like to end while they start; there is nothing yet that they should finish.
	var isStarted atomic.Bool
	go func() {
		<-ctx.Done()
		var died *componentError
		if !isStarted.Load() && !errors.As(context.Cause(ctx), &died) {
			remove()
			os.Exit(0)
		}
	}()

	plane, err := start(ctx, folder, s, cancel)
	if err != nil {
		return err
	}
	defer plane.stop()
	if err := plane.waitUntilUsable(ctx, s.nodes); err != nil {
		return err
	}
	isStarted.Store(true)
	line, err := json.Marshal(ready{
		Kubeconfig: s.kubeconfig,
		Server:     plane.server,
		Version:    plane.version,
		Contexts:   contextNames(),
		Pid:        os.Getpid(),
		ReadyMs:    time.Since(began).Milliseconds(),
	})
	if err != nil {
		return err
	}
	fmt.Println(string(line))
	compactWhenTold(ctx, plane)
	<-ctx.Done()
	var died *componentError
	if errors.As(context.Cause(ctx), &died) {
		return died
	}
	return nil
}

// SIGUSR1 lets watches expire.
func compactWhenTold(ctx context.Context, plane *controlPlane) {
	told := make(chan os.Signal, 1)
	signal.Notify(told, syscall.SIGUSR1)
	go func() {
		for range told {
			if err := plane.compact(ctx); err != nil {
				klog.ErrorS(err, "etcd is not compacted")
			}
		}
	}()
}

// Every component logs through klog; a file keeps our own output readable.
func logTo(path string) (*os.File, error) {
	file, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	flags := flag.NewFlagSet("klog", flag.ContinueOnError)
	klog.InitFlags(flags)
	if err := flags.Parse([]string{"-logtostderr=false", "-alsologtostderr=false", "-stderrthreshold=FATAL"}); err != nil {
		return nil, err
	}
	klog.SetOutput(file)
	return file, nil
}

func tail(path string) string {
	klog.Flush()
	text, _ := os.ReadFile(path)
	lines := bytes.Split(bytes.TrimSpace(text), []byte("\n"))
	return string(bytes.Join(lines[max(0, len(lines)-15):], []byte("\n")))
}
