package main

import (
	"slices"

	fwk "k8s.io/kube-scheduler/framework"

	"k8s.io/autoscaler/cluster-autoscaler/simulator/clustersnapshot"
	"k8s.io/autoscaler/cluster-autoscaler/simulator/framework"
)

// The store of the release keeps nodes in a Go map, so its lists are in a new order each time. This one lists them in the
// order in which they came; everything else is the release's.
type orderedStore struct {
	clustersnapshot.ClusterSnapshotStore
	arrival map[string]int
}

func inOrderOfArrival(store clustersnapshot.ClusterSnapshotStore) *orderedStore {
	return &orderedStore{ClusterSnapshotStore: store, arrival: map[string]int{}}
}

func (s *orderedStore) StoreNodeInfo(node *framework.NodeInfo) error {
	s.arrival[node.Node().Name] = len(s.arrival)
	return s.ClusterSnapshotStore.StoreNodeInfo(node)
}

func (s *orderedStore) NodeInfos() fwk.NodeInfoLister {
	return &orderedLister{NodeInfoLister: s.ClusterSnapshotStore.NodeInfos(), arrival: s.arrival}
}

type orderedLister struct {
	fwk.NodeInfoLister
	arrival map[string]int
}

func (l *orderedLister) List() ([]fwk.NodeInfo, error) {
	listed, err := l.NodeInfoLister.List()
	ordered := slices.Clone(listed)
	slices.SortFunc(ordered, func(a, b fwk.NodeInfo) int { return l.arrival[a.Node().Name] - l.arrival[b.Node().Name] })
	return ordered, err
}
