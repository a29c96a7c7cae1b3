package main

import "fmt"

const (
	nodeName = "slipway-test-node"
	socket   = home + "/containerd.sock"
	pause    = "slipway.invalid/pause:1"
)

// `restrict_oom_score_adj`: a machine may not let even root lower a process's score.
func containerdConfig(s settings) string {
	return fmt.Sprintf(`version = 2
root = "%[1]s/containerd"
state = "%[1]s/state"
[grpc]
  address = %[2]q
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = %[3]q
  restrict_oom_score_adj = true
  stream_server_address = "127.0.0.1"
[plugins."io.containerd.grpc.v1.cri".cni]
  bin_dir = %[4]q
  conf_dir = "%[1]s/cni"
`, home, socket, pause, s.plugins)
}

// Pods reach this machine over the bridge, and nothing else: no masquerading, so no rule of a firewall.
func networkConfig() string {
	return fmt.Sprintf(`{
  "cniVersion": "0.4.0", "name": "slipway", "type": "bridge", "bridge": %q, "isGateway": true,
  "ipam": {"type": "host-local", "dataDir": "%s/addresses",
           "ranges": [[{"subnet": "10.213.1.0/24"}]], "routes": [{"dst": "0.0.0.0/0"}]}
}
`, bridge, home)
}

// Of the machine's disk and memory nothing is kept back or watched: the node lives for one test.
func kubeletConfig(s settings) string {
	return fmt.Sprintf(`apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: %[2]s
healthzPort: 0
authentication:
  anonymous: {enabled: false}
  webhook: {enabled: false}
  x509: {clientCAFile: %[1]s/ca.crt}
authorization: {mode: AlwaysAllow}
tlsCertFile: %[1]s/node.crt
tlsPrivateKeyFile: %[1]s/node.key
containerRuntimeEndpoint: unix://%[3]s
cgroupDriver: cgroupfs
cgroupRoot: /%[4]s
failCgroupV1: false
failSwapOn: false
makeIPTablesUtilChains: false
localStorageCapacityIsolation: false
oomScoreAdj: 0
evictionHard: {memory.available: 0%%, nodefs.available: 0%%, nodefs.inodesFree: 0%%, imagefs.available: 0%%}
imageGCHighThresholdPercent: 100
podLogsDir: %[1]s/logs
volumePluginDir: %[1]s/plugins
`, home, s.address, socket, groups)
}
