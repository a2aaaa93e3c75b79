package main

import (
	v1 "k8s.io/api/core/v1"
	"k8s.io/klog/v2"
	fwk "k8s.io/kube-scheduler/framework"
	"k8s.io/kubernetes/pkg/scheduler/framework"
)

// Pods that wait for a node they were nominated to, by node. The framework counts them as if they ran there.
type nominated map[string][]fwk.PodInfo

func nominate(pods []*v1.Pod) (nominated, error) {
	byNode := nominated{}
	for _, pod := range pods {
		node := pod.Status.NominatedNodeName
		if pod.Spec.NodeName != "" || node == "" {
			continue
		}
		info, err := framework.NewPodInfo(pod)
		if err != nil {
			return nil, err
		}
		byNode[node] = append(byNode[node], info)
	}
	return byNode, nil
}

func (n nominated) AddNominatedPod(klog.Logger, fwk.PodInfo, *fwk.NominatingInfo) {}
func (n nominated) DeleteNominatedPodIfExists(*v1.Pod)                            {}
func (n nominated) UpdateNominatedPod(klog.Logger, *v1.Pod, fwk.PodInfo)          {}
func (n nominated) NominatedPodsForNode(node string) []fwk.PodInfo                { return n[node] }
