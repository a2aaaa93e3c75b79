package main

import (
	"context"
	"encoding/json"
	"fmt"
	"sort"
	"sync"
	"time"

	apps "k8s.io/api/apps/v1"
	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes/fake"
	"k8s.io/client-go/tools/record"
	"k8s.io/kubernetes/pkg/controller/history"
	"k8s.io/kubernetes/pkg/controller/statefulset"
)

// A statefulCase asks which pods a StatefulSet makes and deletes in one sync.
type statefulCase struct {
	Replicas     int32
	FirstOrdinal int32
	Management   apps.PodManagementPolicyType
	Update       apps.StatefulSetUpdateStrategyType
	Partition    int32
	Pods         []statefulPod
}

type statefulPod struct {
	Ordinal     int
	Terminating bool
	Ready       bool
	Current     bool // of the newest revision
}

type statefulAnswer struct {
	Created []string `json:"created"`
	Deleted []string `json:"deleted"`
}

func answerStateful(line []byte) (any, error) {
	var read statefulCase
	if err := json.Unmarshal(line, &read); err != nil {
		return nil, err
	}
	manager := &notedPods{}
	factory := informers.NewSharedInformerFactory(fake.NewSimpleClientset(), 0)
	noted := &notedStatus{}
	control := statefulset.NewDefaultStatefulSetControl(
		statefulset.NewStatefulPodControlFromManager(manager, &record.FakeRecorder{}),
		noted,
		history.NewFakeHistory(factory.Apps().V1().ControllerRevisions()),
	)
	set := read.set()
	// Two revisions: a sync without replicas writes down each.
	names := []string{}
	for _, image := range []string{"registry.example/old:1", "registry.example/new:1"} {
		empty := set.DeepCopy()
		empty.Spec.Replicas = new(int32)
		empty.Spec.Template.Spec.Containers[0].Image = image
		if _, err := control.UpdateStatefulSet(context.Background(), empty, nil, time.Now()); err != nil {
			return nil, err
		}
		names = append(names, noted.last.UpdateRevision)
	}
	set.Spec.Template.Spec.Containers[0].Image = "registry.example/new:1"
	set.Status.CurrentRevision = names[0]
	pods := []*v1.Pod{}
	for _, pod := range read.Pods {
		pods = append(pods, pod.object(set, names))
	}
	manager.created, manager.deleted = []string{}, []string{}
	if _, err := control.UpdateStatefulSet(context.Background(), set, pods, time.Now()); err != nil {
		return nil, err
	}
	sort.Strings(manager.created)
	sort.Strings(manager.deleted)
	return &statefulAnswer{manager.created, manager.deleted}, nil
}

func (read *statefulCase) set() *apps.StatefulSet {
	limit := int32(10)
	labels := map[string]string{"app": "store"}
	return &apps.StatefulSet{
		ObjectMeta: metav1.ObjectMeta{Name: "store", Namespace: theOnlyNamespace, UID: types.UID("store")},
		Spec: apps.StatefulSetSpec{
			Replicas:             &read.Replicas,
			Selector:             &metav1.LabelSelector{MatchLabels: labels},
			Ordinals:             &apps.StatefulSetOrdinals{Start: read.FirstOrdinal},
			PodManagementPolicy:  read.Management,
			RevisionHistoryLimit: &limit,
			UpdateStrategy: apps.StatefulSetUpdateStrategy{
				Type:          read.Update,
				RollingUpdate: &apps.RollingUpdateStatefulSetStrategy{Partition: &read.Partition},
			},
			Template: v1.PodTemplateSpec{
				ObjectMeta: metav1.ObjectMeta{Labels: labels},
				Spec:       v1.PodSpec{Containers: []v1.Container{{Name: "main", Image: "registry.example/old:1"}}},
			},
		},
	}
}

func (pod statefulPod) object(set *apps.StatefulSet, revisions []string) *v1.Pod {
	name := fmt.Sprintf("store-%d", pod.Ordinal)
	revision := revisions[0]
	if pod.Current {
		revision = revisions[1]
	}
	made := &v1.Pod{
		ObjectMeta: metav1.ObjectMeta{
			Name:      name,
			Namespace: theOnlyNamespace,
			Labels: map[string]string{
				"app":                               "store",
				apps.StatefulSetPodNameLabel:        name,
				apps.PodIndexLabel:                  fmt.Sprint(pod.Ordinal),
				apps.ControllerRevisionHashLabelKey: revision,
			},
			OwnerReferences: []metav1.OwnerReference{*metav1.NewControllerRef(set, apps.SchemeGroupVersion.WithKind("StatefulSet"))},
		},
		Spec: v1.PodSpec{Containers: []v1.Container{{Name: "main"}}, Hostname: name},
	}
	made.Status.Phase = v1.PodRunning
	status := v1.ConditionFalse
	if pod.Ready {
		status = v1.ConditionTrue
	}
	long := metav1.NewTime(time.Now().Add(-time.Hour))
	made.Status.Conditions = []v1.PodCondition{{Type: v1.PodReady, Status: status, LastTransitionTime: long}}
	if pod.Terminating {
		made.DeletionTimestamp = &long
	}
	return made
}

type notedStatus struct{ last apps.StatefulSetStatus }

func (noted *notedStatus) UpdateStatefulSetStatus(_ context.Context, _ *apps.StatefulSet, status *apps.StatefulSetStatus) error {
	noted.last = *status
	return nil
}

// Pods that were made and deleted; several may be at the same time.
type notedPods struct {
	sync.Mutex
	created, deleted []string
}

func (noted *notedPods) CreatePod(_ context.Context, pod *v1.Pod, _ *apps.StatefulSet) error {
	noted.Lock()
	defer noted.Unlock()
	noted.created = append(noted.created, pod.Name)
	return nil
}

func (noted *notedPods) DeletePod(pod *v1.Pod) error {
	noted.Lock()
	defer noted.Unlock()
	noted.deleted = append(noted.deleted, pod.Name)
	return nil
}

func (noted *notedPods) GetPod(string, string) (*v1.Pod, error) { return &v1.Pod{}, nil }

func (noted *notedPods) UpdatePod(*v1.Pod, *apps.StatefulSet) error { return nil }

func (noted *notedPods) CreateClaim(*v1.PersistentVolumeClaim, *apps.StatefulSet) error { return nil }

func (noted *notedPods) UpdateClaim(*v1.PersistentVolumeClaim, *apps.StatefulSet) error { return nil }

func (noted *notedPods) GetClaim(string, string) (*v1.PersistentVolumeClaim, error) {
	return &v1.PersistentVolumeClaim{}, nil
}
