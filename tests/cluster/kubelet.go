package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	v1 "k8s.io/api/core/v1"
	"k8s.io/client-go/kubernetes"
	listers "k8s.io/client-go/listers/core/v1"
)

// The one endpoint of all simulated nodes: it gives logs to the API server, which gives them to whoever
// asks. Commands and forwarded ports: streams.go.
type kubelet struct {
	port int32
	pods listers.PodLister
}

func startKubelet(clients *group, client kubernetes.Interface, at paths) (*kubelet, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	serving, err := tls.LoadX509KeyPair(at.certificate, at.key)
	if err != nil {
		return nil, err
	}
	trusted, err := os.ReadFile(at.authority)
	if err != nil {
		return nil, err
	}
	callers := x509.NewCertPool()
	callers.AppendCertsFromPEM(trusted)
	k := &kubelet{port: int32(listener.Addr().(*net.TCPAddr).Port)}
	routes := http.NewServeMux()
	routes.HandleFunc("GET /containerLogs/{namespace}/{pod}/{container}", k.log)
	k.streamRoutes(routes)
	server := &http.Server{
		Handler: routes,
		TLSConfig: &tls.Config{
			Certificates: []tls.Certificate{serving},
			ClientAuth:   tls.RequireAndVerifyClientCert,
			ClientCAs:    callers,
		},
		BaseContext: func(net.Listener) context.Context { return clients },
	}
	clients.running.Go(func() {
		<-clients.Done()
		server.Close()
	})
	go server.ServeTLS(listener, "", "")
	return k, nil
}

func (k *kubelet) log(answer http.ResponseWriter, request *http.Request) {
	name := request.PathValue("pod")
	pod, err := k.pods.Pods(request.PathValue("namespace")).Get(name)
	if err != nil {
		http.Error(answer, fmt.Sprintf("pod %q does not exist", name), http.StatusNotFound)
		return
	}
	container := request.PathValue("container")
	query := request.URL.Query()
	if refusal := noLog(pod, container, query.Get("previous") == "true"); refusal != "" {
		http.Error(answer, refusal, http.StatusBadRequest)
		return
	}
	lines := written(pod, container)
	if most, err := strconv.Atoi(query.Get("tailLines")); err == nil && most < len(lines) {
		lines = lines[len(lines)-most:]
	}
	for _, line := range lines {
		if query.Get("timestamps") == "true" {
			line = pod.Status.StartTime.UTC().Format(time.RFC3339Nano) + " " + line
		}
		fmt.Fprintln(answer, line)
	}
	if query.Get("follow") != "true" {
		return
	}
	if flusher, ok := answer.(http.Flusher); ok {
		flusher.Flush()
	}
	k.follow(request.Context(), answer, pod)
}

// A followed log ends when its pod is gone.
func (k *kubelet) follow(ctx context.Context, answer http.ResponseWriter, pod *v1.Pod) {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	said := say(pod, "log")
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now, err := k.pods.Pods(pod.Namespace).Get(pod.Name)
		if err != nil || now.UID != pod.UID {
			return
		}
		// What is added to the annotation is what the container writes from now on.
		text := say(now, "log")
		if more, isLonger := strings.CutPrefix(text, said); isLonger && more != "" {
			fmt.Fprintln(answer, strings.Trim(more, "\n"))
			if flusher, ok := answer.(http.Flusher); ok {
				flusher.Flush()
			}
		}
		said = text
	}
}

// Why there is no log, in the kubelet's words; empty if there is one.
func noLog(pod *v1.Pod, container string, isPrevious bool) string {
	for _, one := range append(pod.Status.InitContainerStatuses, pod.Status.ContainerStatuses...) {
		if one.Name != container {
			continue
		}
		if isPrevious {
			if one.LastTerminationState.Terminated == nil {
				return fmt.Sprintf("previous terminated container %q in pod %q not found", container, pod.Name)
			}
			return ""
		}
		if one.State.Waiting == nil || one.LastTerminationState.Terminated != nil {
			return ""
		}
		why := one.State.Waiting.Reason
		if why == "ImagePullBackOff" {
			why = "trying and failing to pull image"
		}
		return fmt.Sprintf("container %q in pod %q is waiting to start: %s", container, pod.Name, why)
	}
	return fmt.Sprintf("container %q in pod %q is not available", container, pod.Name)
}

func written(pod *v1.Pod, container string) []string {
	if text := say(pod, "log"); text != "" {
		return strings.Split(strings.TrimRight(text, "\n"), "\n")
	}
	for _, one := range pod.Spec.Containers {
		if one.Name == container {
			return []string{fmt.Sprintf("%s started from %s", container, one.Image), container + " listens"}
		}
	}
	return nil
}
