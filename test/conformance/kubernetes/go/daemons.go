package main

import (
	"context"
	"encoding/json"
	"fmt"
	"sort"
	"time"
	_ "unsafe"

	apps "k8s.io/api/apps/v1"
	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes/fake"
	"k8s.io/client-go/util/flowcontrol"
	"k8s.io/kubernetes/pkg/controller"
	"k8s.io/kubernetes/pkg/controller/daemon"
)

// Doors into the DaemonSet controller: the two halves of a sync are private there.

//go:linkname manageDaemons k8s.io/kubernetes/pkg/controller/daemon.(*DaemonSetsController).manage
func manageDaemons(*daemon.DaemonSetsController, context.Context, *apps.DaemonSet, []*v1.Node, string) error

//go:linkname updateDaemons k8s.io/kubernetes/pkg/controller/daemon.(*DaemonSetsController).rollingUpdate
func updateDaemons(*daemon.DaemonSetsController, context.Context, *apps.DaemonSet, []*v1.Node, string) error

// A daemonCase asks what a DaemonSet makes and deletes, on nodes that it should run on.
type daemonCase struct {
	MaxUnavailable intstr.IntOrString
	MaxSurge       intstr.IntOrString
	Nodes          [][]daemonPod // older pods first
}

type daemonPod struct {
	Terminating bool
	Ready       bool
	Current     bool
}

type daemonAnswer struct {
	Kept    daemonChange `json:"kept"`    // one pod on every node
	Updated daemonChange `json:"updated"` // the rolling update, asked alone
}

type daemonChange struct {
	Created []string `json:"created"` // nodes
	Deleted []string `json:"deleted"` // pods
}

const currentHash = "new"

func answerDaemons(line []byte) (any, error) {
	var read daemonCase
	if err := json.Unmarshal(line, &read); err != nil {
		return nil, err
	}
	answer := &daemonAnswer{}
	var err error
	if answer.Kept, err = read.after(manageDaemons); err != nil {
		return nil, err
	}
	answer.Updated, err = read.after(updateDaemons)
	return answer, err
}

type daemonStep func(*daemon.DaemonSetsController, context.Context, *apps.DaemonSet, []*v1.Node, string) error

func (read *daemonCase) after(take daemonStep) (daemonChange, error) {
	ctx := context.Background()
	client := fake.NewSimpleClientset()
	factory := informers.NewSharedInformerFactory(client, 0)
	pods, nodes := factory.Core().V1().Pods(), factory.Core().V1().Nodes()
	dsc, err := daemon.NewDaemonSetsController(ctx, factory.Apps().V1().DaemonSets(), factory.Apps().V1().ControllerRevisions(),
		pods, nodes, client, flowcontrol.NewBackOff(time.Second, time.Minute))
	if err != nil {
		return daemonChange{}, err
	}
	noted := &controller.FakePodControl{}
	setHidden(dsc, "podControl", noted)
	set := read.set()
	list := []*v1.Node{}
	for i, onNode := range read.Nodes {
		node := &v1.Node{ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("node-%d", i)}}
		list = append(list, node)
		if err := nodes.Informer().GetIndexer().Add(node); err != nil {
			return daemonChange{}, err
		}
		for k, pod := range onNode {
			if err := pods.Informer().GetIndexer().Add(pod.object(set, i, k)); err != nil {
				return daemonChange{}, err
			}
		}
	}
	if err := take(dsc, ctx, set, list, currentHash); err != nil {
		return daemonChange{}, err
	}
	change := daemonChange{Created: []string{}, Deleted: append([]string{}, noted.DeletePodName...)}
	for _, template := range noted.Templates {
		terms := template.Spec.Affinity.NodeAffinity.RequiredDuringSchedulingIgnoredDuringExecution.NodeSelectorTerms
		change.Created = append(change.Created, terms[0].MatchFields[0].Values[0])
	}
	sort.Strings(change.Created)
	sort.Strings(change.Deleted)
	return change, nil
}

func (read *daemonCase) set() *apps.DaemonSet {
	labels := map[string]string{"app": "agent"}
	return &apps.DaemonSet{
		ObjectMeta: metav1.ObjectMeta{Name: "agent", Namespace: theOnlyNamespace, UID: types.UID("agent")},
		Spec: apps.DaemonSetSpec{
			Selector: &metav1.LabelSelector{MatchLabels: labels},
			Template: v1.PodTemplateSpec{
				ObjectMeta: metav1.ObjectMeta{Labels: labels},
				Spec:       v1.PodSpec{Containers: []v1.Container{{Name: "main"}}},
			},
			UpdateStrategy: apps.DaemonSetUpdateStrategy{
				Type: apps.RollingUpdateDaemonSetStrategyType,
				RollingUpdate: &apps.RollingUpdateDaemonSet{
					MaxUnavailable: &read.MaxUnavailable,
					MaxSurge:       &read.MaxSurge,
				},
			},
		},
	}
}

func (pod daemonPod) object(set *apps.DaemonSet, node, number int) *v1.Pod {
	hash := "old"
	if pod.Current {
		hash = currentHash
	}
	status := v1.ConditionFalse
	if pod.Ready {
		status = v1.ConditionTrue
	}
	long := metav1.NewTime(time.Now().Add(-time.Hour))
	made := &v1.Pod{
		ObjectMeta: metav1.ObjectMeta{
			Name:              fmt.Sprintf("agent-%d-%d", node, number),
			Namespace:         theOnlyNamespace,
			Labels:            map[string]string{"app": "agent", apps.ControllerRevisionHashLabelKey: hash},
			CreationTimestamp: metav1.NewTime(long.Add(time.Duration(number) * time.Minute)),
			OwnerReferences:   []metav1.OwnerReference{*metav1.NewControllerRef(set, apps.SchemeGroupVersion.WithKind("DaemonSet"))},
		},
		Spec: v1.PodSpec{NodeName: fmt.Sprintf("node-%d", node)},
		Status: v1.PodStatus{
			Phase:      v1.PodRunning,
			Conditions: []v1.PodCondition{{Type: v1.PodReady, Status: status, LastTransitionTime: long}},
		},
	}
	if pod.Terminating {
		made.DeletionTimestamp = &long
	}
	return made
}
