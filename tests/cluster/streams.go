package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	v1 "k8s.io/api/core/v1"
	"k8s.io/cri-streaming/pkg/streaming/portforward"
	"k8s.io/cri-streaming/pkg/streaming/remotecommand"
	utilexec "k8s.io/utils/exec"
)

// Commands and forwarded ports of simulated pods, in the kubelet's own protocol: the API server passes on
// whoever asks. What a pod knows to run:
//
//	cat        writes what is typed
//	false      ends with 1
//	sh         writes "$ " and reads lines: "exit N" ends it, "size" tells how large the terminal is, and
//	           anything else is answered with "ran: …"
//
// A container that declares a port answers HTTP there with the pod's name.
const (
	idle     = time.Hour
	creation = 30 * time.Second
)

func (k *kubelet) streamRoutes(routes *http.ServeMux) {
	for _, method := range []string{"GET", "POST"} {
		routes.HandleFunc(method+" /exec/{namespace}/{pod}/{container}", k.exec)
		routes.HandleFunc(method+" /portForward/{namespace}/{pod}", k.portForward)
	}
}

func (k *kubelet) running(answer http.ResponseWriter, request *http.Request) *v1.Pod {
	name := request.PathValue("pod")
	pod, err := k.pods.Pods(request.PathValue("namespace")).Get(name)
	if err != nil {
		http.Error(answer, fmt.Sprintf("pod %q does not exist", name), http.StatusNotFound)
		return nil
	}
	return pod
}

func (k *kubelet) exec(answer http.ResponseWriter, request *http.Request) {
	pod := k.running(answer, request)
	if pod == nil {
		return
	}
	container := request.PathValue("container")
	if !isRunning(pod, container) {
		http.Error(answer, fmt.Sprintf("container not found (%q)", container), http.StatusInternalServerError)
		return
	}
	options, err := remotecommand.NewOptions(request)
	if err != nil {
		http.Error(answer, err.Error(), http.StatusBadRequest)
		return
	}
	command := request.URL.Query()["command"]
	remotecommand.ServeExec(answer, request, programs{}, pod.Name, string(pod.UID), container, command,
		options, idle, creation, remotecommand.SupportedStreamingProtocols)
}

func isRunning(pod *v1.Pod, container string) bool {
	for _, one := range pod.Status.ContainerStatuses {
		if one.Name == container {
			return one.State.Running != nil
		}
	}
	return false
}

type programs struct{}

func (programs) ExecInContainer(_ context.Context, _, _, container string, command []string, in io.Reader,
	out, _ io.WriteCloser, isTerminal bool, resize <-chan remotecommand.TerminalSize, _ time.Duration) error {
	switch command[0] {
	case "cat":
		_, err := io.Copy(out, in)
		return err
	case "false":
		return exitWith(1)
	case "sh":
		return shell(in, out, resize)
	}
	return fmt.Errorf("exec: %q: executable file not found in container %s", command[0], container)
}

func exitWith(code int) error {
	if code == 0 {
		return nil
	}
	return utilexec.CodeExitError{Err: fmt.Errorf("exit status %d", code), Code: code}
}

func shell(in io.Reader, out io.Writer, resize <-chan remotecommand.TerminalSize) error {
	var lock sync.Mutex
	var size remotecommand.TerminalSize
	go func() {
		for now := range resize {
			lock.Lock()
			size = now
			lock.Unlock()
		}
	}()
	lines := bufio.NewScanner(in)
	for fmt.Fprint(out, "$ "); lines.Scan(); fmt.Fprint(out, "$ ") {
		word, rest, _ := strings.Cut(strings.TrimSpace(lines.Text()), " ")
		switch word {
		case "exit":
			code, _ := strconv.Atoi(rest)
			return exitWith(code)
		case "size":
			lock.Lock()
			fmt.Fprintf(out, "%d×%d\r\n", size.Width, size.Height)
			lock.Unlock()
		default:
			fmt.Fprintf(out, "ran: %s\r\n", strings.TrimSpace(word+" "+rest))
		}
	}
	return lines.Err()
}

func (k *kubelet) portForward(answer http.ResponseWriter, request *http.Request) {
	pod := k.running(answer, request)
	if pod == nil {
		return
	}
	options, err := portforward.NewV4Options(request)
	if err != nil {
		http.Error(answer, err.Error(), http.StatusBadRequest)
		return
	}
	portforward.ServePortForward(answer, request, ports{pod}, pod.Name, string(pod.UID), options,
		idle, creation, portforward.SupportedProtocols)
}

type ports struct{ pod *v1.Pod }

func (p ports) PortForward(_ context.Context, name, _ string, port int32, stream io.ReadWriteCloser) error {
	defer stream.Close()
	if !listens(p.pod, port) {
		return fmt.Errorf("failed to connect to localhost:%d inside of pod %s: connection refused", port, name)
	}
	reader := bufio.NewReader(stream)
	for {
		request, err := http.ReadRequest(reader)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		text := fmt.Sprintf("pod %s, port %d, %s\n", name, port, request.URL.Path)
		_, err = fmt.Fprintf(stream, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(text), text)
		if err != nil || request.Close {
			return err
		}
	}
}

func listens(pod *v1.Pod, port int32) bool {
	for _, container := range pod.Spec.Containers {
		for _, one := range container.Ports {
			if one.ContainerPort == port {
				return true
			}
		}
	}
	return false
}
