package main

import (
	"context"
	"encoding/json"
	"fmt"
	"sort"
	"strconv"
	"time"
	_ "unsafe"

	batch "k8s.io/api/batch/v1"
	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes/fake"
	"k8s.io/kubernetes/pkg/controller"
	"k8s.io/kubernetes/pkg/controller/job"
)

// A door into the Job controller: a sync of one Job is private there.

//go:linkname syncJob k8s.io/kubernetes/pkg/controller/job.(*Controller).syncJob
func syncJob(*job.Controller, context.Context, string) error

// A jobCase asks what one sync of a Job makes and deletes, and whether it ends the Job.
type jobCase struct {
	Parallelism   int32
	Completions   *int32
	Indexed       bool
	BackoffLimit  int32
	DeadlineS     *int64
	ActiveForS    int64
	Replacement   batch.PodReplacementPolicy
	RestartPolicy v1.RestartPolicy
	Pods          []jobPod
}

type jobPod struct {
	Phase       v1.PodPhase
	Terminating bool
	Ready       bool
	Index       int
	AgeS        float64
	ReadyS      float64
	EndedS      float64 // ago; of one that ended or is terminating
	Restarts    int32
}

type jobAnswer struct {
	Created int      `json:"created"`
	Indexes []int    `json:"indexes"`
	Deleted []string `json:"deleted"`
	Ended   string   `json:"ended"` // the reason, or nothing
}

func answerJobs(line []byte) (any, error) {
	var read jobCase
	if err := json.Unmarshal(line, &read); err != nil {
		return nil, err
	}
	ctx := context.Background()
	client := fake.NewSimpleClientset()
	factory := informers.NewSharedInformerFactory(client, 0)
	pods, jobs := factory.Core().V1().Pods(), factory.Batch().V1().Jobs()
	groups := factory.Scheduling().V1alpha2()
	jm, err := job.NewController(ctx, client, pods, jobs, groups.Workloads(), groups.PodGroups())
	if err != nil {
		return nil, err
	}
	noted := &controller.FakePodControl{}
	setHidden(jm, "podControl", noted)
	answer := &jobAnswer{Indexes: []int{}}
	update := func(_ context.Context, updated *batch.Job) (*batch.Job, error) {
		for _, condition := range updated.Status.Conditions {
			if condition.Status == v1.ConditionTrue {
				answer.Ended = condition.Reason
			}
		}
		return updated, nil
	}
	setHidden(jm, "updateStatusHandler", update)
	now := time.Now()
	made := read.job(now)
	if err := jobs.Informer().GetIndexer().Add(made); err != nil {
		return nil, err
	}
	for i, pod := range read.Pods {
		if err := pods.Informer().GetIndexer().Add(pod.object(made, i, read.Indexed, now)); err != nil {
			return nil, err
		}
	}
	if err := syncJob(jm, ctx, theOnlyNamespace+"/work"); err != nil {
		return nil, err
	}
	for _, template := range noted.Templates {
		answer.Created++
		if text, found := template.Annotations[batch.JobCompletionIndexAnnotation]; found {
			index, _ := strconv.Atoi(text)
			answer.Indexes = append(answer.Indexes, index)
		}
	}
	answer.Deleted = append([]string{}, noted.DeletePodName...)
	sort.Ints(answer.Indexes)
	sort.Strings(answer.Deleted)
	return answer, nil
}

func (read *jobCase) job(now time.Time) *batch.Job {
	mode := batch.NonIndexedCompletion
	if read.Indexed {
		mode = batch.IndexedCompletion
	}
	labels := map[string]string{"app": "work"}
	started := metav1.NewTime(now.Add(-time.Duration(read.ActiveForS) * time.Second))
	return &batch.Job{
		ObjectMeta: metav1.ObjectMeta{Name: "work", Namespace: theOnlyNamespace, UID: types.UID("work")},
		Spec: batch.JobSpec{
			Parallelism:           &read.Parallelism,
			Completions:           read.Completions,
			CompletionMode:        &mode,
			BackoffLimit:          &read.BackoffLimit,
			ActiveDeadlineSeconds: read.DeadlineS,
			PodReplacementPolicy:  &read.Replacement,
			Selector:              &metav1.LabelSelector{MatchLabels: labels},
			Template: v1.PodTemplateSpec{
				ObjectMeta: metav1.ObjectMeta{Labels: labels},
				Spec:       v1.PodSpec{RestartPolicy: read.RestartPolicy, Containers: []v1.Container{{Name: "main"}}},
			},
		},
		Status: batch.JobStatus{StartTime: &started},
	}
}

func (pod jobPod) object(owner *batch.Job, number int, indexed bool, now time.Time) *v1.Pod {
	ago := func(seconds float64) metav1.Time {
		return metav1.NewTime(now.Add(-time.Duration(seconds * float64(time.Second))))
	}
	name := fmt.Sprintf("work-%d", number)
	made := &v1.Pod{
		ObjectMeta: metav1.ObjectMeta{
			Name:              name,
			UID:               types.UID(name),
			Namespace:         theOnlyNamespace,
			Labels:            map[string]string{"app": "work"},
			CreationTimestamp: ago(pod.AgeS),
			Finalizers:        []string{batch.JobTrackingFinalizer},
			OwnerReferences:   []metav1.OwnerReference{*metav1.NewControllerRef(owner, batch.SchemeGroupVersion.WithKind("Job"))},
		},
		Spec:   v1.PodSpec{NodeName: "node-1", Containers: []v1.Container{{Name: "main"}}},
		Status: v1.PodStatus{Phase: pod.Phase},
	}
	if indexed {
		made.Annotations = map[string]string{batch.JobCompletionIndexAnnotation: fmt.Sprint(pod.Index)}
	}
	container := v1.ContainerStatus{Name: "main", RestartCount: pod.Restarts}
	if pod.Phase == v1.PodSucceeded || pod.Phase == v1.PodFailed {
		container.State.Terminated = &v1.ContainerStateTerminated{FinishedAt: ago(pod.EndedS)}
	}
	made.Status.ContainerStatuses = []v1.ContainerStatus{container}
	if pod.Ready {
		since := ago(pod.ReadyS)
		made.Status.Conditions = []v1.PodCondition{{Type: v1.PodReady, Status: v1.ConditionTrue, LastTransitionTime: since}}
	}
	if pod.Terminating {
		deleted := ago(pod.EndedS)
		none := int64(0)
		made.DeletionTimestamp, made.DeletionGracePeriodSeconds = &deleted, &none
	}
	return made
}
