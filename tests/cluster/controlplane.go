package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"github.com/spf13/pflag"
	"go.etcd.io/etcd/api/v3/etcdserverpb"
	"go.etcd.io/etcd/server/v3/embed"
	rbac "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	utilerrors "k8s.io/apimachinery/pkg/util/errors"
	"k8s.io/apiserver/pkg/util/compatibility"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	cliflag "k8s.io/component-base/cli/flag"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	apioptions "k8s.io/kubernetes/cmd/kube-apiserver/app/options"
	manager "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	manageroptions "k8s.io/kubernetes/cmd/kube-controller-manager/app/options"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
	scheduleroptions "k8s.io/kubernetes/cmd/kube-scheduler/app/options"
)

// The kind that has no watch cache.
const uncached = "horizontalpodautoscalers.autoscaling"

// A component that ended although nobody asked it to.
type componentError struct {
	name string
	err  error
}

func (e *componentError) Error() string { return fmt.Sprintf("%s ended: %v", e.name, e.err) }
func (e *componentError) Unwrap() error { return e.err }

// The running cluster.
type controlPlane struct {
	server  string
	version string
	client  *kubernetes.Clientset
	etcd    *embed.Etcd
	fail    context.CancelCauseFunc
	// The API server must outlive those that talk to it.
	clients, api *group
}

// What runs until it is told to end.
type group struct {
	context.Context
	cancel  context.CancelFunc
	running sync.WaitGroup
}

func newGroup() *group {
	ctx, cancel := context.WithCancel(context.Background())
	return &group{Context: ctx, cancel: cancel}
}

func (g *group) run(name string, fail context.CancelCauseFunc, work func(context.Context) error) {
	g.running.Go(func() {
		err := work(g)
		if g.Err() == nil {
			fail(&componentError{name, err})
		}
	})
}

// Ends it, and waits as long as is reasonable: the process ends anyway.
func (g *group) stop() {
	g.cancel()
	ended := make(chan struct{})
	go func() { g.running.Wait(); close(ended) }()
	select {
	case <-ended:
	case <-time.After(farewell):
	}
}

func start(ctx context.Context, folder string, s settings, fail context.CancelCauseFunc) (*controlPlane, error) {
	p := &controlPlane{fail: fail, clients: newGroup(), api: newGroup()}
	if err := p.start(ctx, folder, s); err != nil {
		p.stop()
		return nil, err
	}
	return p, nil
}

func (p *controlPlane) start(ctx context.Context, folder string, s settings) error {
	// Bound here, so that no other process can take the port in between.
	listener, err := listen(folder)
	if err != nil {
		return err
	}
	p.server = "https://" + listener.Addr().String()
	args := pathsIn(folder)
	if _, err := os.Stat(args.kubeconfig); errors.Is(err, os.ErrNotExist) {
		if err := p.writeFirst(args, s); err != nil {
			return err
		}
	}
	socket, err := p.startEtcd(folder)
	if err != nil {
		return fmt.Errorf("etcd: %w", err)
	}
	config, err := clientcmd.BuildConfigFromFlags("", args.kubeconfig)
	if err != nil {
		return err
	}
	config.QPS, config.Burst = 2000, 4000
	if p.client, err = kubernetes.NewForConfig(config); err != nil {
		return err
	}
	if err := p.startComponents(ctx, args, listener, socket); err != nil {
		return err
	}
	if err := p.waitUntilReadyz(ctx); err != nil {
		return err
	}
	if s.nodes == 0 {
		return nil
	}
	kubelet, err := startKubelet(p.clients, p.client, args)
	if err != nil {
		return err
	}
	nodes := &nodes{client: p.client, kubelet: kubelet, count: s.nodes}
	p.clients.run("the simulated nodes", p.fail, nodes.run)
	return nil
}

// The port of an earlier start on this folder, or any.
func listen(folder string) (net.Listener, error) {
	noted := filepath.Join(folder, "address")
	address, err := os.ReadFile(noted)
	if errors.Is(err, os.ErrNotExist) {
		address = []byte("127.0.0.1:0")
	} else if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", string(address))
	if err != nil {
		return nil, err
	}
	return listener, os.WriteFile(noted, []byte(listener.Addr().String()), 0o600)
}

func pathsIn(folder string) paths {
	return paths{
		authority:   filepath.Join(folder, "ca.crt"),
		certificate: filepath.Join(folder, "server.crt"),
		key:         filepath.Join(folder, "server.key"),
		token:       filepath.Join(folder, "token.key"),
		kubeconfig:  filepath.Join(folder, "admin.kubeconfig"),
	}
}

// Certificates, keys and kubeconfigs, of which the last says that all are there.
func (p *controlPlane) writeFirst(at paths, s settings) error {
	ours, err := newAuthority("slipway-test-authority")
	if err != nil {
		return err
	}
	serving, err := ours.sign("kube-apiserver", []string{"system:masters"}, 0)
	if err != nil {
		return err
	}
	token, err := newTokenKey()
	if err != nil {
		return err
	}
	for path, text := range map[string][]byte{
		at.authority: ours.pem, at.certificate: serving.certificate, at.key: serving.key, at.token: token,
	} {
		if err := os.WriteFile(path, text, 0o600); err != nil {
			return err
		}
	}
	if err := writeKubeconfig(s.kubeconfig, p.server, ours); err != nil {
		return err
	}
	if s.nodeFiles != "" {
		if err := writeNode(s, p.server, ours); err != nil {
			return err
		}
	}
	// Components read the current context, which leads nowhere in the file that is for tests.
	return writeAdmin(s.kubeconfig, at.kubeconfig)
}

func writeAdmin(from, to string) error {
	config, err := clientcmd.LoadFromFile(from)
	if err != nil {
		return err
	}
	config.CurrentContext = admin
	return write(config, to)
}

// On unix sockets: no port, and none but this user reaches it.
func (p *controlPlane) startEtcd(folder string) (string, error) {
	socket := filepath.Join(folder, "etcd")
	if len(socket) > 100 {
		return "", fmt.Errorf("the path %s is too long for a unix socket; choose a shorter --data", socket)
	}
	config := embed.NewConfig()
	config.Dir = filepath.Join(folder, "etcd-data")
	config.ListenClientUrls = []url.URL{{Scheme: "unix", Path: socket}}
	config.ListenPeerUrls = []url.URL{{Scheme: "unix", Path: filepath.Join(folder, "peer")}}
	// Nobody dials these; etcd only insists that they look like host and port.
	config.AdvertiseClientUrls = []url.URL{{Scheme: "http", Host: "127.0.0.1:2379"}}
	config.AdvertisePeerUrls = []url.URL{{Scheme: "http", Host: "127.0.0.1:2380"}}
	config.InitialCluster = config.InitialClusterFromName(config.Name)
	// Data of a test need not survive the machine.
	config.UnsafeNoFsync = true
	config.LogLevel = "error"
	config.LogOutputs = []string{filepath.Join(folder, "etcd.log")}
	var err error
	if p.etcd, err = embed.StartEtcd(config); err != nil {
		return "", err
	}
	select {
	case <-p.etcd.Server.ReadyNotify():
		return socket, nil
	case err := <-p.etcd.Err():
		return "", err
	case <-time.After(patience):
		return "", errors.New("it is not ready in time")
	}
}

// Files that components are told of.
type paths struct {
	authority, certificate, key, token, kubeconfig string
}

// Options and Run, not the commands: each command would handle signals for itself, and a second one
// panics. All flags are read before the feature gates are set, which is possible once in a process.
func (p *controlPlane) startComponents(ctx context.Context, at paths, listener net.Listener, socket string) error {
	api := apioptions.NewServerRunOptions()
	err := parse(api.Flags(), []string{
		"--etcd-servers=unix://" + socket,
		"--secure-port=" + strconv.Itoa(listener.Addr().(*net.TCPAddr).Port),
		"--tls-cert-file=" + at.certificate,
		"--tls-private-key-file=" + at.key,
		"--client-ca-file=" + at.authority,
		"--kubelet-certificate-authority=" + at.authority,
		"--kubelet-client-certificate=" + at.certificate,
		"--kubelet-client-key=" + at.key,
		"--kubelet-preferred-address-types=InternalIP",
		"--service-account-issuer=https://kubernetes.default.svc",
		"--service-account-key-file=" + at.token,
		"--service-account-signing-key-file=" + at.token,
		"--authorization-mode=Node,RBAC",
		"--service-cluster-ip-range=10.96.0.0/16",
		// Of the documentation's network: an endpoint on loopback would be refused.
		"--advertise-address=192.0.2.1",
		"--endpoint-reconciler-type=none",
		"--enable-priority-and-fairness=false",
		"--profiling=false",
		// Watches of this one kind come from etcd, so that they expire when it is compacted.
		"--watch-cache-sizes=" + uncached + "#0",
	})
	if err != nil {
		return err
	}
	api.SecureServing.Listener = listener
	controllers, err := manageroptions.NewKubeControllerManagerOptions()
	if err != nil {
		return err
	}
	known, off, aliases := manager.KnownControllers(), manager.ControllersDisabledByDefault(), manager.ControllerAliases()
	err = parse(controllers.Flags(known, off, aliases), []string{
		"--kubeconfig=" + at.kubeconfig,
		"--secure-port=0",
		"--leader-elect=false",
		"--root-ca-file=" + at.authority,
		"--service-account-private-key-file=" + at.token,
		"--kube-api-qps=2000", "--kube-api-burst=4000",
		// A busy machine must not make nodes look dead.
		"--node-monitor-grace-period=1h",
		"--profiling=false",
	})
	if err != nil {
		return err
	}
	scheduling := scheduleroptions.NewOptions()
	err = parse(*scheduling.Flags, []string{
		"--kubeconfig=" + at.kubeconfig,
		"--secure-port=0",
		"--leader-elect=false",
		"--kube-api-qps=2000", "--kube-api-burst=4000",
		"--profiling=false",
	})
	if err != nil {
		return err
	}
	if err := compatibility.DefaultComponentGlobalsRegistry.Set(); err != nil {
		return err
	}
	rest.SetDefaultWarningHandler(rest.NoWarnings{})

	completed, err := api.Complete(ctx)
	if err != nil {
		return err
	}
	if errs := completed.Validate(); len(errs) > 0 {
		return utilerrors.NewAggregate(errs)
	}
	p.api.run("kube-apiserver", p.fail, func(ctx context.Context) error {
		return apiserver.Run(ctx, completed)
	})
	if err := p.waitUntilReadyz(ctx); err != nil {
		return err
	}
	config, err := controllers.Config(p.clients, known, off, aliases)
	if err != nil {
		return err
	}
	p.clients.run("kube-controller-manager", p.fail, func(ctx context.Context) error {
		return manager.Run(ctx, config.Complete())
	})
	complete, sched, err := scheduler.Setup(p.clients, scheduling)
	if err != nil {
		return err
	}
	p.clients.run("kube-scheduler", p.fail, func(ctx context.Context) error {
		return scheduler.Run(ctx, complete, sched)
	})
	return nil
}

// A flag set of its own: packages of Kubernetes put flags into the one of the process.
func parse(named cliflag.NamedFlagSets, args []string) error {
	all := pflag.NewFlagSet("", pflag.ContinueOnError)
	for _, set := range named.FlagSets {
		all.AddFlagSet(set)
	}
	return all.Parse(args)
}

// Forgets all that is not the newest, as etcd does every few minutes: a watch that wants to go on from
// before is told that it has expired (410).
func (p *controlPlane) compact(ctx context.Context) error {
	at := p.etcd.Server.KV().Rev()
	_, err := p.etcd.Server.Compact(ctx, &etcdserverpb.CompactionRequest{Revision: at, Physical: true})
	return err
}

func (p *controlPlane) stop() {
	p.clients.stop()
	p.api.stop()
	if p.etcd != nil {
		p.etcd.Close()
	}
	os.Stdout.Sync()
}

func (p *controlPlane) waitUntilReadyz(ctx context.Context) error {
	return until(ctx, "the API server is ready", func() error {
		return p.client.RESTClient().Get().AbsPath("/readyz").Do(ctx).Error()
	})
}

// Usable: nodes are ready, and a pod may be made in a namespace, which needs its service account.
func (p *controlPlane) waitUntilUsable(ctx context.Context, nodes int) error {
	if err := p.allowReaders(ctx); err != nil {
		return err
	}
	about, err := p.client.Discovery().ServerVersion()
	if err != nil {
		return err
	}
	p.version = about.GitVersion
	return until(ctx, "the cluster can be used", func() error {
		if _, err := p.client.CoreV1().ServiceAccounts("default").Get(ctx, "default", metav1.GetOptions{}); err != nil {
			return err
		}
		found, err := p.client.CoreV1().Nodes().List(ctx, metav1.ListOptions{})
		if err != nil {
			return err
		}
		for _, node := range found.Items {
			if len(node.Spec.Taints) > 0 {
				return fmt.Errorf("node %s has taints still", node.Name)
			}
		}
		if len(found.Items) < nodes {
			return fmt.Errorf("%d of %d nodes are there", len(found.Items), nodes)
		}
		return nil
	})
}

func (p *controlPlane) allowReaders(ctx context.Context) error {
	binding := &rbac.ClusterRoleBinding{
		ObjectMeta: metav1.ObjectMeta{Name: "slipway-readers"},
		RoleRef:    rbac.RoleRef{APIGroup: rbac.GroupName, Kind: "ClusterRole", Name: "view"},
		Subjects:   []rbac.Subject{{APIGroup: rbac.GroupName, Kind: "Group", Name: "slipway:readers"}},
	}
	_, err := p.client.RbacV1().ClusterRoleBindings().Create(ctx, binding, metav1.CreateOptions{})
	if apierrors.IsAlreadyExists(err) {
		return nil
	}
	return err
}

func until(ctx context.Context, what string, holds func() error) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		err := holds()
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waited in vain until %s: %w (%w)", what, err, context.Cause(ctx))
		case <-time.After(50 * time.Millisecond):
		}
	}
}
