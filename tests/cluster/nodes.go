package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	coordination "k8s.io/api/coordination/v1"
	v1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	listers "k8s.io/client-go/listers/core/v1"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/util/workqueue"
)

const (
	leaseSeconds = 40
	renewEvery   = 10 * time.Second
	workers      = 8
)

// Machines that are not there: each is a Node object and a lease, and all pods of all of them are
// looked after here.
type nodes struct {
	client  kubernetes.Interface
	kubelet *kubelet
	count   int

	queue  workqueue.TypedRateLimitingInterface[cache.ObjectName]
	pods   listers.PodLister
	born   sync.Map // uid of a pod → when it was first seen
	voiced sync.Map // uid and reason → an event was written
}

func (n *nodes) run(ctx context.Context) error {
	n.queue = workqueue.NewTypedRateLimitingQueue(
		workqueue.DefaultTypedControllerRateLimiter[cache.ObjectName]())
	assigned := informers.WithTweakListOptions(func(options *metav1.ListOptions) {
		options.FieldSelector = fields.OneTermNotEqualSelector("spec.nodeName", "").String()
	})
	factory := informers.NewSharedInformerFactoryWithOptions(n.client, 0, assigned)
	pods := factory.Core().V1().Pods()
	n.pods = pods.Lister()
	n.kubelet.pods = n.pods
	_, err := pods.Informer().AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc:    n.enqueue,
		UpdateFunc: func(_, now any) { n.enqueue(now) },
		DeleteFunc: n.forget,
	})
	if err != nil {
		return err
	}
	factory.Start(ctx.Done())
	factory.WaitForCacheSync(ctx.Done())
	var working sync.WaitGroup
	for range workers {
		working.Go(func() { n.work(ctx) })
	}
	for i := range n.count {
		if err := n.register(ctx, i); err != nil && ctx.Err() == nil {
			return fmt.Errorf("node %d: %w", i, err)
		}
	}
	n.renew(ctx)
	n.queue.ShutDown()
	working.Wait()
	factory.Shutdown()
	return nil
}

func nodeName(number int) string { return fmt.Sprintf("node-%d", number) }

func (n *nodes) register(ctx context.Context, number int) error {
	name := nodeName(number)
	room := v1.ResourceList{
		v1.ResourceCPU:              resource.MustParse("32"),
		v1.ResourceMemory:           resource.MustParse("64Gi"),
		v1.ResourceEphemeralStorage: resource.MustParse("100Gi"),
		v1.ResourcePods:             resource.MustParse("500"),
	}
	node := &v1.Node{
		ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{
			v1.LabelHostname: name, v1.LabelOSStable: "linux", v1.LabelArchStable: "amd64",
		}},
		Spec: v1.NodeSpec{PodCIDR: fmt.Sprintf("10.%d.%d.0/24", 128+number/256, number%256)},
		Status: v1.NodeStatus{
			Capacity:        room,
			Allocatable:     room,
			Addresses:       []v1.NodeAddress{{Type: v1.NodeInternalIP, Address: "127.0.0.1"}},
			DaemonEndpoints: v1.NodeDaemonEndpoints{KubeletEndpoint: v1.DaemonEndpoint{Port: n.kubelet.port}},
			NodeInfo: v1.NodeSystemInfo{
				OperatingSystem: "linux", Architecture: "amd64", OSImage: "simulated",
				ContainerRuntimeVersion: "simulated://1", KubeletVersion: "v1.36.2",
			},
			Conditions: []v1.NodeCondition{
				nodeCondition(v1.NodeReady, v1.ConditionTrue),
				nodeCondition(v1.NodeMemoryPressure, v1.ConditionFalse),
				nodeCondition(v1.NodeDiskPressure, v1.ConditionFalse),
				nodeCondition(v1.NodePIDPressure, v1.ConditionFalse),
			},
		},
	}
	// The API server drops a status that comes with a new node of an unprivileged kubelet, not with ours.
	_, err := n.client.CoreV1().Nodes().Create(ctx, node, metav1.CreateOptions{})
	if apierrors.IsAlreadyExists(err) {
		// Of an earlier start, whose kubelet listened elsewhere.
		_, err = n.client.CoreV1().Nodes().UpdateStatus(ctx, node, metav1.UpdateOptions{})
	}
	if err != nil {
		return err
	}
	seconds, now := int32(leaseSeconds), metav1.NowMicro()
	lease := &coordination.Lease{
		ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: v1.NamespaceNodeLease},
		Spec: coordination.LeaseSpec{
			HolderIdentity: &name, LeaseDurationSeconds: &seconds, RenewTime: &now,
		},
	}
	_, err = n.client.CoordinationV1().Leases(lease.Namespace).Create(ctx, lease, metav1.CreateOptions{})
	if apierrors.IsAlreadyExists(err) {
		return nil
	}
	return err
}

func nodeCondition(kind v1.NodeConditionType, status v1.ConditionStatus) v1.NodeCondition {
	now := metav1.Now()
	return v1.NodeCondition{
		Type: kind, Status: status, Reason: "Simulated",
		LastHeartbeatTime: now, LastTransitionTime: now,
	}
}

func (n *nodes) renew(ctx context.Context) {
	tick := time.NewTicker(renewEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		leases := n.client.CoordinationV1().Leases(v1.NamespaceNodeLease)
		for i := range n.count {
			now := metav1.NowMicro().UTC().Format(metav1.RFC3339Micro)
			patch := fmt.Sprintf(`{"spec":{"renewTime":%q}}`, now)
			// The next round tries again; the node's grace period is long.
			leases.Patch(ctx, nodeName(i), "application/merge-patch+json", []byte(patch), metav1.PatchOptions{})
		}
	}
}

func (n *nodes) enqueue(object any) {
	if name, err := cache.ObjectToName(object); err == nil {
		n.queue.Add(name)
	}
}

func (n *nodes) forget(object any) {
	if last, ok := object.(cache.DeletedFinalStateUnknown); ok {
		object = last.Obj
	}
	if pod, ok := object.(*v1.Pod); ok {
		n.born.Delete(pod.UID)
	}
}

func (n *nodes) work(ctx context.Context) {
	for {
		name, isOver := n.queue.Get()
		if isOver {
			return
		}
		again, err := n.look(ctx, name)
		switch {
		case err != nil && !apierrors.IsNotFound(err):
			n.queue.AddRateLimited(name)
		case again > 0:
			n.queue.Forget(name)
			n.queue.AddAfter(name, again)
		default:
			n.queue.Forget(name)
		}
		n.queue.Done(name)
	}
}
