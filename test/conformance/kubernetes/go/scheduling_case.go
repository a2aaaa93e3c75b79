package main

import (
	"berth.example/conformance/admission"
	"encoding/json"

	appsv1 "k8s.io/api/apps/v1"
	v1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	storagev1 "k8s.io/api/storage/v1"
	kubeschedulerv1 "k8s.io/kube-scheduler/config/v1"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	schedulerapi "k8s.io/kubernetes/pkg/scheduler/apis/config"
	"k8s.io/kubernetes/pkg/scheduler/apis/config/scheme"
)

// A schedulingCase is a cluster and what to do in it, in the API's own JSON.
type schedulingCase struct {
	ID     string
	Nodes  []*v1.Node
	Pods   []*v1.Pod // on nodes already, or nominated to one
	Others struct {
		Namespaces             []*v1.Namespace
		Services               []*v1.Service
		ReplicationControllers []*v1.ReplicationController
		ReplicaSets            []*appsv1.ReplicaSet
		StatefulSets           []*appsv1.StatefulSet
		PersistentVolumes      []*v1.PersistentVolume
		PersistentVolumeClaims []*v1.PersistentVolumeClaim
		StorageClasses         []*storagev1.StorageClass
		CSINodes               []*storagev1.CSINode
		VolumeAttachments      []*storagev1.VolumeAttachment
		PodDisruptionBudgets   []*policyv1.PodDisruptionBudget
	}
	PluginConfig             []kubeschedulerv1.PluginConfig
	PercentageOfNodesToScore *int32
	Incoming                 *v1.Pod // plugins, preemption
	Steps                    []step  // whole
}

// A step of a whole run is one of: a pod arrives and is scheduled; a pod or a node goes; a node comes.
type step struct {
	Schedule   *v1.Pod
	RemovePod  string
	RemoveNode string
	AddNode    *v1.Node
}

func readCase(line []byte) (*schedulingCase, error) {
	var read schedulingCase
	if err := json.Unmarshal(line, &read); err != nil {
		return nil, err
	}
	var err error
	for i, node := range read.Nodes {
		legacyscheme.Scheme.Default(node)
		read.Nodes[i] = node
	}
	for i, pod := range read.Pods {
		if read.Pods[i], err = admission.Pod(pod); err != nil {
			return nil, err
		}
	}
	if read.Incoming != nil {
		if read.Incoming, err = admission.Pod(read.Incoming); err != nil {
			return nil, err
		}
	}
	for i := range read.Steps {
		if pod := read.Steps[i].Schedule; pod != nil {
			if read.Steps[i].Schedule, err = admission.Pod(pod); err != nil {
				return nil, err
			}
		}
	}
	defaultOthers(&read)
	return &read, nil
}

func defaultOthers(read *schedulingCase) {
	for _, claim := range read.Others.PersistentVolumeClaims {
		legacyscheme.Scheme.Default(claim)
	}
	for _, volume := range read.Others.PersistentVolumes {
		legacyscheme.Scheme.Default(volume)
	}
}

// The default profile, with the case's arguments of plugins over the defaults.
func (c *schedulingCase) profile() (*schedulerapi.KubeSchedulerProfile, error) {
	name := "default-scheduler"
	versioned := kubeschedulerv1.KubeSchedulerConfiguration{
		Profiles: []kubeschedulerv1.KubeSchedulerProfile{{SchedulerName: &name, PluginConfig: c.PluginConfig}},
	}
	if err := versioned.DecodeNestedObjects(scheme.Codecs.UniversalDecoder()); err != nil {
		return nil, err
	}
	scheme.Scheme.Default(&versioned)
	var configuration schedulerapi.KubeSchedulerConfiguration
	if err := scheme.Scheme.Convert(&versioned, &configuration, nil); err != nil {
		return nil, err
	}
	profile := &configuration.Profiles[0]
	profile.PercentageOfNodesToScore = c.PercentageOfNodesToScore
	return profile, nil
}
