package main

import (
	"context"
	"encoding/json"
	"fmt"
	"sort"
	"strings"
	"time"
	_ "unsafe"

	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/klog/v2"
	fwk "k8s.io/kube-scheduler/framework"
	internalqueue "k8s.io/kubernetes/pkg/scheduler/backend/queue"
	"k8s.io/kubernetes/pkg/scheduler/framework"
	"k8s.io/kubernetes/pkg/scheduler/framework/plugins/queuesort"
	testingclock "k8s.io/utils/clock/testing"
)

// Doors into the queue: its loops are private.

//go:linkname flushBackoff k8s.io/kubernetes/pkg/scheduler/backend/queue.(*PriorityQueue).flushBackoffQCompleted
func flushBackoff(*internalqueue.PriorityQueue, klog.Logger)

//go:linkname flushLeftovers k8s.io/kubernetes/pkg/scheduler/backend/queue.(*PriorityQueue).flushUnschedulablePodsLeftover
func flushLeftovers(*internalqueue.PriorityQueue, klog.Logger)

// A queueCase is a history of the scheduling queue.
type queueCase struct {
	InitialSeconds, MaxSeconds int
	Steps                      []queueStep
}

type queueStep struct {
	PassMs  int
	Op      string
	Number  int
	Plugins []string
}

// A queueMoment is the pod that a step took out, and where all pods stand after it.
type queueMoment struct {
	Popped        string `json:"popped"`
	Active        string `json:"active"`
	Backoff       string `json:"backoff"`
	Unschedulable string `json:"unschedulable"`
}

const (
	profileName = "default-scheduler"
	fit         = "NodeResourcesFit"
	taint       = "TaintToleration"
	spread      = "PodTopologySpread"
)

type queueHistory struct {
	queue  *internalqueue.PriorityQueue
	logger klog.Logger
	pods   []*v1.Pod
	flying []*framework.QueuedPodInfo
}

func answerQueue(line []byte) (any, error) {
	var read queueCase
	if err := json.Unmarshal(line, &read); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	clock := testingclock.NewFakeClock(time.Unix(0, 0))
	queue := internalqueue.NewTestQueue(ctx, (&queuesort.PrioritySort{}).Less,
		internalqueue.WithClock(clock),
		internalqueue.WithPodInitialBackoffDuration(time.Duration(read.InitialSeconds)*time.Second),
		internalqueue.WithPodMaxBackoffDuration(time.Duration(read.MaxSeconds)*time.Second),
		internalqueue.WithQueueingHintMapPerProfile(hintsOfCases()))
	history := &queueHistory{queue: queue, logger: klog.FromContext(ctx)}
	moments := []queueMoment{}
	for _, step := range read.Steps {
		clock.Step(time.Duration(step.PassMs) * time.Millisecond)
		flushBackoff(queue, history.logger)
		popped, err := history.take(ctx, step)
		if err != nil {
			return nil, err
		}
		moments = append(moments, queueMoment{
			Popped:        popped,
			Active:        namesOf(queue.PodsInActiveQ()),
			Backoff:       namesOf(queue.PodsInBackoffQ()),
			Unschedulable: namesOf(queue.UnschedulablePods()),
		})
	}
	return moments, nil
}

// take does one step and tells which pod it popped.
func (h *queueHistory) take(ctx context.Context, step queueStep) (string, error) {
	switch step.Op {
	case "add":
		pod := h.newPod(step.Number)
		h.queue.Add(ctx, pod)
	case "pop":
		if !h.canPop() {
			return "", nil
		}
		info, err := h.queue.Pop(h.logger)
		if err != nil {
			return "", err
		}
		h.flying = append(h.flying, info)
		return info.Pod.Name, nil
	case "take":
		if len(h.pods) == 0 {
			return "", nil
		}
		info := h.queue.PopSpecificPod(h.logger, h.pods[step.Number%len(h.pods)])
		if info == nil {
			return "", nil
		}
		h.flying = append(h.flying, info)
		return info.Pod.Name, nil
	case "fail", "done":
		if len(h.flying) == 0 {
			return "", nil
		}
		at := step.Number % len(h.flying)
		info := h.flying[at]
		h.flying = append(h.flying[:at:at], h.flying[at+1:]...)
		if step.Op == "done" {
			h.queue.Done(info.Pod.UID)
			return "", nil
		}
		info.UnschedulablePlugins = sets.New(step.Plugins...)
		return "", h.queue.AddUnschedulableIfNotPresent(h.logger, info, h.queue.SchedulingCycle())
	case "node-added":
		node := &v1.Node{ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprint(step.Number)}}
		event := fwk.ClusterEvent{Resource: fwk.Node, ActionType: fwk.Add}
		h.queue.MoveAllToActiveOrBackoffQueue(h.logger, event, nil, node, nil)
	case "pod-deleted":
		pod := &v1.Pod{ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprint(step.Number)}}
		mayMove := func(waiting *v1.Pod) bool { return step.Number%2 == 0 || *waiting.Spec.Priority == 0 }
		h.queue.MoveAllToActiveOrBackoffQueue(h.logger, framework.EventAssignedPodDelete, pod, nil, mayMove)
	case "pod-added":
		pod := &v1.Pod{ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprint(step.Number)}}
		h.queue.MoveAllToActiveOrBackoffQueue(h.logger, framework.EventAssignedPodAdd, nil, pod, nil)
	case "leftovers":
		flushLeftovers(h.queue, h.logger)
	default:
		return "", fmt.Errorf("expected a known step; found %q", step.Op)
	}
	return "", nil
}

func (h *queueHistory) newPod(number int) *v1.Pod {
	name := fmt.Sprint(len(h.pods))
	priority := int32(number % 3)
	pod := &v1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: "default", UID: types.UID(name), Labels: map[string]string{"spec": fmt.Sprint(number % 5)}},
		Spec:       v1.PodSpec{Priority: &priority, SchedulerName: profileName},
	}
	h.pods = append(h.pods, pod)
	return pod
}

// Pop would wait for ever: pods that failed by an error are not popped from their backoff.
func (h *queueHistory) canPop() bool {
	if len(h.queue.PodsInActiveQ()) > 0 {
		return true
	}
	backoff := hidden(h.queue, "backoffQ").Interface()
	refused := hidden(backoff, "podBackoffQ").Interface()
	return refused.(interface{ Len() int }).Len() > 0
}

func namesOf(pods []*v1.Pod) string {
	names := []string{}
	for _, pod := range pods {
		names = append(names, pod.Name)
	}
	sort.Strings(names)
	return strings.Join(names, " ")
}

// What the plugins of the cases hear of and say: simple sums of numbers, the same in both programs.
func hintsOfCases() internalqueue.QueueingHintMapPerProfile {
	hint := func(plugin string, says func(spec, number int) bool) []*internalqueue.QueueingHintFunction {
		return []*internalqueue.QueueingHintFunction{{
			PluginName: plugin,
			QueueingHintFn: func(_ klog.Logger, pod *v1.Pod, before, after any) (fwk.QueueingHint, error) {
				var spec, number int
				fmt.Sscan(pod.Labels["spec"], &spec)
				object := after
				if object == nil {
					object = before
				}
				fmt.Sscan(object.(metav1.Object).GetName(), &number)
				if says(spec, number) {
					return fwk.Queue, nil
				}
				return fwk.QueueSkip, nil
			},
		}}
	}
	nodeAdded := fwk.ClusterEvent{Resource: fwk.Node, ActionType: fwk.Add}
	podDeleted := fwk.ClusterEvent{Resource: fwk.Pod, ActionType: fwk.Delete}
	podAdded := fwk.ClusterEvent{Resource: fwk.Pod, ActionType: fwk.Add}
	return internalqueue.QueueingHintMapPerProfile{profileName: {
		nodeAdded: append(
			hint(fit, func(spec, number int) bool { return (spec+number)%3 != 0 }),
			hint(taint, func(spec, number int) bool { return (spec+number)%2 == 0 })...),
		podDeleted: hint(fit, func(spec, number int) bool { return true }),
		podAdded:   hint(spread, func(spec, number int) bool { return spec%2 == number%2 }),
	}}
}
