package main

import (
	"context"
	"errors"
	"fmt"
	"sort"
	"sync"
	"time"

	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes/fake"
	clienttesting "k8s.io/client-go/testing"
	"k8s.io/client-go/tools/events"
	"k8s.io/klog/v2"
	fwk "k8s.io/kube-scheduler/framework"
	"k8s.io/kubernetes/pkg/scheduler"
	schedulerapi "k8s.io/kubernetes/pkg/scheduler/apis/config"
	"k8s.io/kubernetes/pkg/scheduler/framework"
)

// A pod that evicts others is tried again at once, with its nomination; more rounds than this mean a mistake of ours.
const roundsMax = 3

// Pods that start in a run start a second apart: preemption then never ties on the start time.
var firstStart = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

type wholeAnswer struct {
	// One entry for each scheduled pod, in order.
	Cycles []cycleAnswer `json:"cycles"`
}

type cycleAnswer struct {
	Node      string `json:"node"`                // "" where the pod stays pending
	Evaluated int    `json:"evaluated,omitempty"` // nodes that were filtered: moves the start of the next search
	Feasible  int    `json:"feasible,omitempty"`
	// How many nodes each plugin rejected first: [plugin, code, nodes], sorted.
	Rejected [][]any  `json:"rejected,omitempty"`
	Victims  []string `json:"victims,omitempty"` // evicted in the rounds before, sorted
}

// The real scheduler, driven pod by pod through ScheduleOne. Its cache is told directly what informers would tell it.
type wholeRun struct {
	ctx       context.Context
	client    *fake.Clientset
	informers informers.SharedInformerFactory
	scheduler *scheduler.Scheduler
	pods      map[string]*v1.Pod // on nodes, by name
	nodes     map[string]*v1.Node
	started   int

	next    *framework.QueuedPodInfo
	result  scheduler.ScheduleResult
	failure error
	nominee string
	evicted []string
	bound   sync.WaitGroup
}

func answerWhole(line []byte) (any, error) {
	read, err := readCase(line)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(klog.NewContext(context.Background(), klog.Logger{}))
	defer cancel()
	run, err := openRun(ctx, read)
	if err != nil {
		return nil, err
	}
	answer := &wholeAnswer{}
	for _, step := range read.Steps {
		if err := run.take(step, answer); err != nil {
			return nil, err
		}
	}
	run.bound.Wait()
	return answer, nil
}

func openRun(ctx context.Context, read *schedulingCase) (*wholeRun, error) {
	profile, err := read.profile()
	if err != nil {
		return nil, err
	}
	client := fake.NewSimpleClientset()
	run := &wholeRun{ctx: ctx, client: client, informers: fillListers(read, client), pods: map[string]*v1.Pod{}, nodes: map[string]*v1.Node{}}
	run.scheduler, err = scheduler.New(ctx, client, run.informers, nil,
		func(string) events.EventRecorderLogger { return &events.FakeRecorder{} },
		scheduler.WithParallelism(1),
		scheduler.WithProfiles([]schedulerapi.KubeSchedulerProfile{*profile}...),
	)
	if err != nil {
		return nil, err
	}
	run.hook()
	for _, node := range read.Nodes {
		run.scheduler.Cache.AddNode(klog.FromContext(ctx), node)
		run.nodes[node.Name] = node
	}
	for _, pod := range read.Pods {
		if err := run.scheduler.Cache.AddPod(klog.FromContext(ctx), pod); err != nil {
			return nil, err
		}
		run.pods[pod.Name] = pod
	}
	return run, nil
}

// Puts our ears on the scheduler's own hooks and on its calls to the API server.
func (r *wholeRun) hook() {
	r.scheduler.NextPod = func(klog.Logger) (*framework.QueuedPodInfo, error) { return r.next, nil }
	decide := r.scheduler.SchedulePod
	r.scheduler.SchedulePod = func(ctx context.Context, profile framework.Framework, state fwk.CycleState, pod *framework.QueuedPodInfo) (scheduler.ScheduleResult, error) {
		result, err := decide(ctx, profile, state, pod)
		r.result, r.failure = result, err
		return result, err
	}
	r.scheduler.FailureHandler = func(_ context.Context, _ framework.Framework, _ *framework.QueuedPodInfo, status *fwk.Status, nominating *fwk.NominatingInfo, _ time.Time) {
		if r.failure == nil {
			r.failure = status.AsError()
		}
		if nominating != nil {
			r.nominee = nominating.NominatedNodeName
		}
	}
	r.client.PrependReactor("*", "*", func(action clienttesting.Action) (bool, runtime.Object, error) {
		switch call := action.(type) {
		case clienttesting.DeleteAction:
			r.evicted = append(r.evicted, call.GetName())
			return true, nil, nil
		case clienttesting.CreateAction:
			if call.GetSubresource() == "binding" {
				r.bound.Done()
			}
			return true, call.GetObject(), nil
		default:
			return true, &v1.Pod{}, nil
		}
	})
}

func (r *wholeRun) take(step step, answer *wholeAnswer) error {
	logger := klog.FromContext(r.ctx)
	switch {
	case step.Schedule != nil:
		cycle, err := r.schedule(step.Schedule)
		answer.Cycles = append(answer.Cycles, cycle)
		return err
	case step.RemovePod != "":
		return r.remove(step.RemovePod)
	case step.AddNode != nil:
		r.scheduler.Cache.AddNode(logger, step.AddNode)
		r.nodes[step.AddNode.Name] = step.AddNode
		return nil
	case step.RemoveNode != "":
		return r.removeNode(step.RemoveNode)
	}
	return errors.New("expected a step that does something; found an empty one")
}

// A pod that was never placed, or was evicted, is not there to be removed.
func (r *wholeRun) remove(name string) error {
	pod, placed := r.pods[name]
	if !placed {
		return nil
	}
	delete(r.pods, name)
	if err := r.informers.Core().V1().Pods().Informer().GetIndexer().Delete(pod); err != nil {
		return err
	}
	return r.scheduler.Cache.RemovePod(klog.FromContext(r.ctx), pod)
}

// Pods on a node go before it, as they do when a node is deleted. A node goes only once.
func (r *wholeRun) removeNode(name string) error {
	node, there := r.nodes[name]
	if !there {
		return nil
	}
	var pods []string
	for _, pod := range r.pods {
		if pod.Spec.NodeName == name {
			pods = append(pods, pod.Name)
		}
	}
	sort.Strings(pods)
	for _, pod := range pods {
		if err := r.remove(pod); err != nil {
			return err
		}
	}
	delete(r.nodes, name)
	return r.scheduler.Cache.RemoveNode(klog.FromContext(r.ctx), node)
}

func (r *wholeRun) schedule(pod *v1.Pod) (cycleAnswer, error) {
	var victims []string
	for range roundsMax {
		r.result, r.failure, r.nominee, r.evicted = scheduler.ScheduleResult{}, nil, "", nil
		if err := r.offer(pod); err != nil {
			return cycleAnswer{}, err
		}
		if r.failure == nil {
			cycle := cycleAnswer{Node: r.result.SuggestedHost, Evaluated: r.result.EvaluatedNodes, Feasible: r.result.FeasibleNodes, Victims: victims}
			return cycle, r.confirm(pod, r.result.SuggestedHost)
		}
		var unfit *framework.FitError
		if !errors.As(r.failure, &unfit) && !errors.Is(r.failure, scheduler.ErrNoNodesAvailable) {
			return cycleAnswer{}, r.failure
		}
		if r.nominee == "" {
			return r.pending(unfit, victims), nil
		}
		for _, name := range r.evicted {
			victims = append(victims, name)
			if err := r.remove(name); err != nil {
				return cycleAnswer{}, err
			}
		}
		sort.Strings(victims)
		pod = pod.DeepCopy()
		pod.Status.NominatedNodeName = r.nominee
	}
	return cycleAnswer{}, fmt.Errorf("pod %s: expected a place after preemption; found none in %d rounds", pod.Name, roundsMax)
}

// One scheduling cycle for the pod, up to the end of its binding.
func (r *wholeRun) offer(pod *v1.Pod) error {
	if err := r.informers.Core().V1().Pods().Informer().GetIndexer().Add(pod); err != nil {
		return err
	}
	info, err := framework.NewPodInfo(pod)
	if err != nil {
		return err
	}
	if node := pod.Status.NominatedNodeName; node != "" {
		r.scheduler.SchedulingQueue.AddNominatedPod(klog.FromContext(r.ctx), info, &fwk.NominatingInfo{NominatedNodeName: node, NominatingMode: fwk.ModeOverride})
	}
	now := firstStart.Add(time.Duration(r.started) * time.Second)
	r.next = &framework.QueuedPodInfo{PodInfo: info, Timestamp: now, InitialAttemptTimestamp: &now}
	r.bound.Add(1)
	r.scheduler.ScheduleOne(r.ctx)
	if r.failure != nil {
		r.bound.Done()
	}
	r.bound.Wait()
	return nil
}

// What the informer tells when the bound pod comes back from the API server.
func (r *wholeRun) confirm(pod *v1.Pod, node string) error {
	placed := pod.DeepCopy()
	placed.Spec.NodeName = node
	start := metav1.NewTime(firstStart.Add(time.Duration(r.started) * time.Second))
	placed.Status.StartTime = &start
	r.started++
	r.pods[placed.Name] = placed
	if err := r.informers.Core().V1().Pods().Informer().GetIndexer().Add(placed); err != nil {
		return err
	}
	r.scheduler.SchedulingQueue.DeleteNominatedPodIfExists(placed)
	return r.scheduler.Cache.AddPod(klog.FromContext(r.ctx), placed)
}

func (r *wholeRun) pending(unfit *framework.FitError, victims []string) cycleAnswer {
	answer := cycleAnswer{Victims: victims}
	if unfit == nil {
		return answer
	}
	counts := map[[2]string]int{}
	unfit.Diagnosis.NodeToStatus.ForEachExplicitNode(func(_ string, status *fwk.Status) {
		counts[[2]string{status.Plugin(), status.Code().String()}]++
	})
	for key, nodes := range counts {
		answer.Rejected = append(answer.Rejected, []any{key[0], key[1], nodes})
		answer.Evaluated += nodes
	}
	sort.Slice(answer.Rejected, func(i, j int) bool {
		return fmt.Sprint(answer.Rejected[i]...) < fmt.Sprint(answer.Rejected[j]...)
	})
	return answer
}
