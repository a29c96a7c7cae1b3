package main

import (
	"fmt"
	"net"
	"os"
	"time"

	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"
)

// The contexts that a test may choose from.
const (
	admin    = "slipway-test"          // may do everything
	reader   = "slipway-test-reader"   // of the group slipway:readers, who may look at everything but Secrets
	nobody   = "slipway-test-nobody"   // known, without any right
	expired  = "slipway-test-expired"  // its certificate is over
	early    = "slipway-test-early"    // its certificate has not begun
	stranger = "slipway-test-stranger" // trusts another authority than the server's
	gone     = "slipway-test-gone"     // nothing listens there
)

func contextNames() []string {
	return []string{admin, reader, nobody, expired, early, stranger, gone}
}

// Writes one kubeconfig with all contexts. The current one leads nowhere, so that a test fails that uses
// it without having been told to.
func writeKubeconfig(path, server string, ours *authority) error {
	theirs, err := newAuthority("another-authority")
	if err != nil {
		return err
	}
	config := api.NewConfig()
	config.Clusters[admin] = &api.Cluster{Server: server, CertificateAuthorityData: ours.pem}
	config.Clusters[stranger] = &api.Cluster{Server: server, CertificateAuthorityData: theirs.pem}
	config.Clusters[gone] = &api.Cluster{Server: "https://127.0.0.1:1", CertificateAuthorityData: ours.pem}
	users := []struct {
		context, cluster string
		groups           []string
		life             time.Duration
	}{
		{admin, admin, []string{"system:masters"}, 0},
		{reader, admin, []string{"slipway:readers"}, 0},
		{nobody, admin, nil, 0},
		{expired, admin, []string{"system:masters"}, -time.Hour},
		{early, admin, []string{"system:masters"}, time.Hour},
		{stranger, stranger, []string{"system:masters"}, 0},
		{gone, gone, []string{"system:masters"}, 0},
	}
	for _, user := range users {
		signed, err := ours.sign(user.context, user.groups, user.life)
		if err != nil {
			return err
		}
		config.AuthInfos[user.context] = &api.AuthInfo{
			ClientCertificateData: signed.certificate,
			ClientKeyData:         signed.key,
		}
		config.Contexts[user.context] = &api.Context{Cluster: user.cluster, AuthInfo: user.context}
	}
	config.CurrentContext = gone
	return write(config, path)
}

// The name that a real node goes by; kubelet/ registers it.
const realNode = "slipway-test-node"

// What a real node needs: who it is, how it serves, and whom it trusts. The folder is the test's own.
func writeNode(s settings, server string, ours *authority) error {
	address := net.ParseIP(s.nodeAddress)
	if address == nil {
		return fmt.Errorf("--node-address %s is no address", s.nodeAddress)
	}
	signed, err := ours.sign("system:node:"+realNode, []string{"system:nodes"}, 0, address)
	if err != nil {
		return err
	}
	store := &files{folder: s.nodeFiles}
	store.put("ca.crt", ours.pem)
	store.put("node.crt", signed.certificate)
	store.put("node.key", signed.key)
	if store.err != nil {
		return store.err
	}
	config := api.NewConfig()
	config.Clusters[realNode] = &api.Cluster{Server: server, CertificateAuthorityData: ours.pem}
	config.AuthInfos[realNode] = &api.AuthInfo{
		ClientCertificateData: signed.certificate,
		ClientKeyData:         signed.key,
	}
	config.Contexts[realNode] = &api.Context{Cluster: realNode, AuthInfo: realNode}
	config.CurrentContext = realNode
	return write(config, store.path("kubeconfig"))
}

// The folder must be there: one that is made here would be left behind.
func write(config *api.Config, path string) error {
	text, err := clientcmd.Write(*config)
	if err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o600)
}
