package main

import (
	"encoding/json"

	"berth.example/conformance/admission"
	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/autoscaler/cluster-autoscaler/cloudprovider"
	"k8s.io/autoscaler/cluster-autoscaler/estimator"
	"k8s.io/autoscaler/cluster-autoscaler/simulator/clustersnapshot"
	"k8s.io/autoscaler/cluster-autoscaler/simulator/clustersnapshot/store"
	"k8s.io/autoscaler/cluster-autoscaler/simulator/clustersnapshot/testsnapshot"
	"k8s.io/autoscaler/cluster-autoscaler/simulator/framework"
)

// An estimateCase asks how many nodes of a template some groups of equal pods need.
type estimateCase struct {
	Nodes       []*v1.Node // there already
	Pods        []*v1.Pod  // on them
	Template    *v1.Node
	DaemonPods  []*v1.Pod // on every new node
	Groups      []podGroup
	NodesMax    int // of one estimation
	ClusterMax  int // 0: no limit
	GroupMax    int
	GroupTarget int
	SimilarRoom int // nodes that a similar group has room for; 0: there is no such group
	FastPath    bool
}

type podGroup struct {
	Pod   *v1.Pod
	Names []string
}

type estimateAnswer struct {
	Nodes int      `json:"nodes"`
	Pods  []string `json:"pods"` // in the order in which they were placed
}

func answerEstimate(line []byte) (any, error) {
	var read estimateCase
	if err := json.Unmarshal(line, &read); err != nil {
		return nil, err
	}
	snapshot, err := openSnapshot(&read)
	if err != nil {
		return nil, err
	}
	groups, err := read.equivalenceGroups()
	if err != nil {
		return nil, err
	}
	template, err := nodeWithPods(read.Template, read.DaemonPods)
	if err != nil {
		return nil, err
	}
	var similar []cloudprovider.NodeGroup
	if read.SimilarRoom > 0 {
		similar = append(similar, &group{id: "similar", maximum: read.SimilarRoom})
	}
	// No time limit: an answer must not depend on the machine.
	limiter := estimator.NewThresholdBasedEstimationLimiter([]estimator.Threshold{
		estimator.NewStaticThreshold(read.NodesMax, 0),
		estimator.NewSngCapacityThreshold(),
		estimator.NewClusterCapacityThreshold(),
	})
	limits := estimator.NewEstimationContext(read.ClusterMax, similar, len(read.Nodes))
	binpacking := estimator.NewBinpackingNodeEstimator(snapshot, limiter, estimator.NewDecreasingPodOrderer(), limits, nil, read.FastPath)
	nodes, pods := binpacking.Estimate(groups, template, &group{id: "asked", maximum: read.GroupMax, target: read.GroupTarget})
	answer := &estimateAnswer{Nodes: nodes, Pods: []string{}}
	for _, pod := range pods {
		answer.Pods = append(answer.Pods, pod.Name)
	}
	return answer, nil
}

func openSnapshot(read *estimateCase) (clustersnapshot.ClusterSnapshot, error) {
	snapshot, _, err := testsnapshot.NewCustomTestSnapshotAndHandle(inOrderOfArrival(store.NewBasicSnapshotStore()))
	if err != nil {
		return nil, err
	}
	byNode := map[string][]*v1.Pod{}
	for _, pod := range read.Pods {
		byNode[pod.Spec.NodeName] = append(byNode[pod.Spec.NodeName], pod)
	}
	for _, node := range read.Nodes {
		info, err := nodeWithPods(node, byNode[node.Name])
		if err != nil {
			return nil, err
		}
		if err := snapshot.AddNodeInfo(info); err != nil {
			return nil, err
		}
	}
	return snapshot, nil
}

func nodeWithPods(node *v1.Node, pods []*v1.Pod) (*framework.NodeInfo, error) {
	info := framework.NewNodeInfo(node, nil)
	for _, told := range pods {
		pod, err := admission.Pod(told)
		if err != nil {
			return nil, err
		}
		info.AddPod(framework.NewPodInfo(pod, nil))
	}
	return info, nil
}

func (c *estimateCase) equivalenceGroups() ([]estimator.PodEquivalenceGroup, error) {
	var groups []estimator.PodEquivalenceGroup
	for _, told := range c.Groups {
		pods, err := told.pods()
		if err != nil {
			return nil, err
		}
		groups = append(groups, estimator.PodEquivalenceGroup{Pods: pods})
	}
	return groups, nil
}

func (g *podGroup) pods() ([]*v1.Pod, error) {
	admitted, err := admission.Pod(g.Pod)
	if err != nil {
		return nil, err
	}
	var pods []*v1.Pod
	for _, name := range g.Names {
		pod := admitted.DeepCopy()
		pod.Name, pod.UID = name, types.UID("uid-"+name)
		pods = append(pods, pod)
	}
	return pods, nil
}
