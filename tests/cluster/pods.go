package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"hash/fnv"
	"strings"
	"time"

	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/cache"
)

// How a pod behaves is written in its annotations:
//
//	sim.slipway.dev/behaviour   never-ready | crash | image-pull | config-error | mount; else it becomes
//	                            ready, and a pod that does not restart always comes to its end
//	sim.slipway.dev/message     what the kubelet says of a configuration or a volume that is missing
//	sim.slipway.dev/container   the one container that behaves so, else all of them
//	sim.slipway.dev/delay       how long it takes to start ("1500ms")
//	sim.slipway.dev/log         what its containers have written
//	sim.slipway.dev/exit-code   of a crash, 1 if not said
//	sim.slipway.dev/digest      the digest that it reports instead of the one it was asked for
const annotation = "sim.slipway.dev/"

func say(pod *v1.Pod, what string) string { return pod.Annotations[annotation+what] }

// How one container behaves: "" is well.
func behaviour(pod *v1.Pod, container string) string {
	if only := say(pod, "container"); only != "" && only != container {
		return ""
	}
	return say(pod, "behaviour")
}

// Does what a kubelet would do for a pod now, and says when to look again.
func (n *nodes) look(ctx context.Context, name cache.ObjectName) (time.Duration, error) {
	pod, err := n.pods.Pods(name.Namespace).Get(name.Name)
	if err != nil {
		return 0, err
	}
	pods := n.client.CoreV1().Pods(name.Namespace)
	if pod.DeletionTimestamp != nil {
		options := metav1.NewPreconditionDeleteOptions(string(pod.UID))
		options.GracePeriodSeconds = new(int64)
		return 0, pods.Delete(ctx, name.Name, *options)
	}
	if pod.Status.Phase == v1.PodSucceeded || pod.Status.Phase == v1.PodFailed {
		return 0, nil
	}
	seen, _ := n.born.LoadOrStore(pod.UID, time.Now())
	delay, _ := time.ParseDuration(say(pod, "delay"))
	left := delay - time.Since(seen.(time.Time))
	wanted := n.status(pod, left <= 0)
	if !equality.Semantic.DeepEqual(wanted, pod.Status) {
		changed := pod.DeepCopy()
		changed.Status = wanted
		if _, err := pods.UpdateStatus(ctx, changed, metav1.UpdateOptions{}); err != nil {
			return 0, err
		}
	}
	if left > 0 {
		return left, nil
	}
	return 0, n.voice(ctx, pod)
}

func (n *nodes) status(pod *v1.Pod, isStarted bool) v1.PodStatus {
	status := *pod.Status.DeepCopy()
	if status.StartTime == nil {
		now := metav1.Now()
		status.StartTime = &now
	}
	hash := fnv.New32a()
	hash.Write([]byte(pod.UID))
	number := hash.Sum32()
	status.HostIP = "127.0.0.1"
	status.HostIPs = []v1.HostIP{{IP: status.HostIP}}
	status.PodIP = fmt.Sprintf("10.%d.%d.%d", 100+number>>16&15, number>>8&255, 1+number&127)
	status.PodIPs = []v1.PodIP{{IP: status.PodIP}}
	status.Phase = v1.PodRunning
	status.InitContainerStatuses = nil
	isInitialized := isStarted || len(pod.Spec.InitContainers) == 0
	for _, container := range pod.Spec.InitContainers {
		one := containerStatus(pod, container, *status.StartTime, isStarted)
		if isStarted && behaviour(pod, container.Name) == "" {
			one.Ready, one.Started = true, new(bool)
			one.State = v1.ContainerState{Terminated: ended(0, *status.StartTime)}
		} else {
			isInitialized = false
			status.Phase = v1.PodPending
		}
		status.InitContainerStatuses = append(status.InitContainerStatuses, one)
	}
	status.ContainerStatuses = nil
	var unready []string
	for _, container := range pod.Spec.Containers {
		one := containerStatus(pod, container, *status.StartTime, isStarted && isInitialized)
		if isStarted && !isInitialized {
			one.State.Waiting.Reason = "PodInitializing"
		}
		status.ContainerStatuses = append(status.ContainerStatuses, one)
		if !one.Ready {
			unready = append(unready, container.Name)
		}
		if one.State.Waiting != nil && one.RestartCount == 0 {
			status.Phase = v1.PodPending
		}
	}
	for _, one := range status.ContainerStatuses {
		if end := one.State.Terminated; end != nil && end.ExitCode != 0 {
			status.Phase = v1.PodFailed
		}
	}
	if isStarted && len(unready) == 0 && pod.Spec.RestartPolicy != v1.RestartPolicyAlways {
		complete(&status)
	}
	reason, message := "", ""
	if len(unready) > 0 {
		reason = "ContainersNotReady"
		message = fmt.Sprintf("containers with unready status: [%s]", strings.Join(unready, " "))
	}
	if status.Phase == v1.PodSucceeded {
		reason = "PodCompleted"
	}
	isReady := reason == ""
	setCondition(&status, v1.PodReadyToStartContainers, true, "", "")
	setCondition(&status, v1.PodInitialized, isInitialized, "", "")
	setCondition(&status, v1.ContainersReady, isReady, reason, message)
	setCondition(&status, v1.PodReady, isReady, reason, message)
	return status
}

func containerStatus(pod *v1.Pod, container v1.Container, start metav1.Time, isStarted bool) v1.ContainerStatus {
	one := v1.ContainerStatus{Name: container.Name, Image: container.Image, Started: new(bool)}
	how := behaviour(pod, container.Name)
	if !isStarted || how == "mount" {
		one.State.Waiting = &v1.ContainerStateWaiting{Reason: "ContainerCreating"}
		return one
	}
	if how == "image-pull" {
		one.State.Waiting = &v1.ContainerStateWaiting{
			Reason:  "ImagePullBackOff",
			Message: fmt.Sprintf("Back-off pulling image %q: %s", container.Image, pullError(container.Image)),
		}
		return one
	}
	if how == "config-error" {
		one.State.Waiting = &v1.ContainerStateWaiting{
			Reason: "CreateContainerConfigError", Message: say(pod, "message"),
		}
		return one
	}
	one.ImageID = imageID(pod, container.Image)
	one.ContainerID = fmt.Sprintf("simulated://%x", sha256.Sum256([]byte(string(pod.UID)+container.Name)))
	if how == "crash" {
		code := int32(1)
		fmt.Sscan(say(pod, "exit-code"), &code)
		if pod.Spec.RestartPolicy == v1.RestartPolicyNever {
			one.State.Terminated = ended(code, start)
			return one
		}
		one.RestartCount = 3
		one.LastTerminationState.Terminated = ended(code, start)
		one.State.Waiting = &v1.ContainerStateWaiting{
			Reason: "CrashLoopBackOff",
			Message: fmt.Sprintf("back-off 40s restarting failed container=%s pod=%s_%s(%s)",
				container.Name, pod.Name, pod.Namespace, pod.UID),
		}
		return one
	}
	*one.Started = true
	one.Ready = how != "never-ready"
	one.State.Running = &v1.ContainerStateRunning{StartedAt: start}
	return one
}

func pullError(image string) string {
	return fmt.Sprintf("ErrImagePull: rpc error: code = NotFound desc = failed to pull and unpack image "+
		"%q: %s: not found", image, image)
}

// As containerd reports it: the repository, and the digest that the image was pulled by.
func imageID(pod *v1.Pod, image string) string {
	repository, digest, isPinned := strings.Cut(image, "@")
	if !isPinned {
		digest = fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(image)))
	}
	if colon := strings.LastIndex(repository, ":"); colon > strings.LastIndex(repository, "/") {
		repository = repository[:colon]
	}
	if other := say(pod, "digest"); other != "" {
		digest = other
	}
	return repository + "@" + digest
}

func ended(code int32, start metav1.Time) *v1.ContainerStateTerminated {
	reason := "Completed"
	if code != 0 {
		reason = "Error"
	}
	return &v1.ContainerStateTerminated{ExitCode: code, Reason: reason, StartedAt: start, FinishedAt: start}
}

func complete(status *v1.PodStatus) {
	status.Phase = v1.PodSucceeded
	for i := range status.ContainerStatuses {
		one := &status.ContainerStatuses[i]
		one.Ready, one.Started = false, new(bool)
		one.State = v1.ContainerState{Terminated: ended(0, *status.StartTime)}
	}
}

// Keeps the time of the last change, which Deployments count minReadySeconds from.
func setCondition(status *v1.PodStatus, kind v1.PodConditionType, isTrue bool, reason, message string) {
	value := v1.ConditionFalse
	if isTrue {
		value = v1.ConditionTrue
	}
	for i := range status.Conditions {
		known := &status.Conditions[i]
		if known.Type != kind {
			continue
		}
		if known.Status != value {
			known.LastTransitionTime = metav1.Now()
		}
		known.Status, known.Reason, known.Message = value, reason, message
		return
	}
	status.Conditions = append(status.Conditions, v1.PodCondition{
		Type: kind, Status: value, Reason: reason, Message: message, LastTransitionTime: metav1.Now(),
	})
}

// Writes the event that a kubelet would write of what ails the pod, once.
func (n *nodes) voice(ctx context.Context, pod *v1.Pod) error {
	how := say(pod, "behaviour")
	texts := map[string][2]string{
		"never-ready": {"Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503"},
		"crash":       {"BackOff", "Back-off restarting failed container"},
		"image-pull":  {"Failed", "Failed to pull image: " + pullError(pod.Spec.Containers[0].Image)},
		"mount":       {"FailedMount", say(pod, "message")},
	}
	text, isKnown := texts[how]
	if !isKnown {
		return nil
	}
	if _, isSaid := n.voiced.LoadOrStore(string(pod.UID)+how, true); isSaid {
		return nil
	}
	now := metav1.Now()
	event := &v1.Event{
		ObjectMeta: metav1.ObjectMeta{GenerateName: pod.Name + ".", Namespace: pod.Namespace},
		InvolvedObject: v1.ObjectReference{
			APIVersion: "v1", Kind: "Pod", Namespace: pod.Namespace, Name: pod.Name, UID: pod.UID,
		},
		Type: v1.EventTypeWarning, Reason: text[0], Message: text[1], Count: 1,
		FirstTimestamp: now, LastTimestamp: now,
		Source: v1.EventSource{Component: "kubelet", Host: pod.Spec.NodeName},
	}
	_, err := n.client.CoreV1().Events(pod.Namespace).Create(ctx, event, metav1.CreateOptions{})
	return err
}
