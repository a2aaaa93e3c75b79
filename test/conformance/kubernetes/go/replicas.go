package main

import (
	"berth.example/conformance/admission"
	"context"
	"encoding/json"
	"fmt"
	"time"

	autoscalingv2 "k8s.io/api/autoscaling/v2"
	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	corelisters "k8s.io/client-go/listers/core/v1"
	"k8s.io/client-go/tools/cache"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	_ "k8s.io/kubernetes/pkg/apis/autoscaling/install"
	"k8s.io/kubernetes/pkg/controller/podautoscaler"
	"k8s.io/kubernetes/pkg/controller/podautoscaler/metrics"
)

const (
	cpuInitializationPeriod  = 5 * time.Minute
	initialReadinessDelay    = 30 * time.Second
	downscaleStabilization   = 5 * time.Minute
	theOnlyNamespace         = "default"
	halfASecondOfUncertainty = 500 * time.Millisecond
)

// A replicasCase asks the replica calculator for a proposal, then what the limits leave of it.
type replicasCase struct {
	Now     metav1.Time
	Hpa     *autoscalingv2.HorizontalPodAutoscaler
	Metric  string // utilization, averageValue, pods, object, objectPerPod, external, externalPerPod
	Current int32
	Target  int64
	Down    float64 // tolerances
	Up      float64

	Resource  v1.ResourceName
	Container string
	Pods      []*v1.Pod
	Samples   map[string]sample
	Object    int64
	External  []int64

	Recommendations []pastNumber
	Ups             []pastNumber
	Downs           []pastNumber
}

type sample struct {
	Value         int64
	At            metav1.Time
	WindowSeconds int64
}

type pastNumber struct {
	Replicas int32
	At       metav1.Time
}

type replicasAnswer struct {
	Replicas    int32  `json:"replicas"`
	Utilization int32  `json:"utilization,omitempty"`
	Usage       int64  `json:"usage,omitempty"`
	Error       bool   `json:"error,omitempty"`
	Normalized  *int32 `json:"normalized,omitempty"` // absent after an error
}

// The real code reads the wall clock. All times of the case are moved by one distance, so that its now is half a second
// ahead of ours: ages in whole seconds then never fall on a limit, however long the question takes.
func answerReplicas(line []byte) (any, error) {
	var read replicasCase
	if err := json.Unmarshal(line, &read); err != nil {
		return nil, err
	}
	shift := time.Since(read.Now.Time) + halfASecondOfUncertainty
	pods, err := podsMovedBy(read.Pods, shift)
	if err != nil {
		return nil, err
	}
	calculator := podautoscaler.NewReplicaCalculator(&toldMetrics{read: &read, shift: shift}, pods, cpuInitializationPeriod, initialReadinessDelay)
	answer := &replicasAnswer{}
	if err := propose(calculator, &read, answer); err != nil {
		answer.Error = true
		return answer, nil
	}
	normalized := normalize(&read, answer.Replicas, shift)
	answer.Normalized = &normalized
	return answer, nil
}

func propose(calculator *podautoscaler.ReplicaCalculator, read *replicasCase, answer *replicasAnswer) (err error) {
	allowed := tolerances(read.Down, read.Up)
	all, namespace := labels.Everything(), theOnlyNamespace
	switch read.Metric {
	case "utilization":
		answer.Replicas, answer.Utilization, answer.Usage, _, err = calculator.GetResourceReplicas(context.Background(), read.Current, int32(read.Target), read.Resource, allowed, namespace, all, read.Container)
	case "averageValue":
		answer.Replicas, answer.Usage, _, err = calculator.GetRawResourceReplicas(context.Background(), read.Current, read.Target, read.Resource, allowed, namespace, all, read.Container)
	case "pods":
		answer.Replicas, answer.Usage, _, err = calculator.GetMetricReplicas(read.Current, read.Target, "told", allowed, namespace, all, all)
	case "object":
		answer.Replicas, answer.Usage, _, err = calculator.GetObjectMetricReplicas(read.Current, read.Target, "told", allowed, namespace, &autoscalingv2.CrossVersionObjectReference{}, all, all)
	case "objectPerPod":
		answer.Replicas, answer.Usage, _, err = calculator.GetObjectPerPodMetricReplicas(read.Current, read.Target, "told", allowed, namespace, &autoscalingv2.CrossVersionObjectReference{}, all)
	case "external":
		answer.Replicas, answer.Usage, _, err = calculator.GetExternalMetricReplicas(read.Current, read.Target, "told", allowed, namespace, &metav1.LabelSelector{}, all)
	case "externalPerPod":
		answer.Replicas, answer.Usage, _, err = calculator.GetExternalPerPodMetricReplicas(read.Current, read.Target, "told", allowed, namespace, &metav1.LabelSelector{})
	default:
		return fmt.Errorf("expected a known metric; found %q", read.Metric)
	}
	return err
}

func normalize(read *replicasCase, proposal int32, shift time.Duration) int32 {
	hpa := read.Hpa.DeepCopy()
	legacyscheme.Scheme.Default(hpa)
	controller := controllerWith(downscaleStabilization, read.Recommendations, read.Ups, read.Downs, shift)
	if hpa.Spec.Behavior == nil {
		return normalizeDesiredReplicas(controller, hpa, theOnlyKey, read.Current, proposal, *hpa.Spec.MinReplicas)
	}
	return normalizeDesiredReplicasWithBehaviors(controller, hpa, theOnlyKey, read.Current, proposal, *hpa.Spec.MinReplicas)
}

func podsMovedBy(pods []*v1.Pod, shift time.Duration) (corelisters.PodLister, error) {
	store := cache.NewIndexer(cache.MetaNamespaceKeyFunc, cache.Indexers{cache.NamespaceIndex: cache.MetaNamespaceIndexFunc})
	for _, told := range pods {
		pod, err := admission.Pod(told)
		if err != nil {
			return nil, err
		}
		if pod.Status.StartTime != nil {
			moved := metav1.NewTime(pod.Status.StartTime.Add(shift))
			pod.Status.StartTime = &moved
		}
		for i := range pod.Status.Conditions {
			condition := &pod.Status.Conditions[i]
			condition.LastTransitionTime = metav1.NewTime(condition.LastTransitionTime.Add(shift))
		}
		if err := store.Add(pod); err != nil {
			return nil, err
		}
	}
	return corelisters.NewPodLister(store), nil
}

// Metrics as the case tells them.
type toldMetrics struct {
	read  *replicasCase
	shift time.Duration
}

func (t *toldMetrics) samples() (metrics.PodMetricsInfo, time.Time, error) {
	info := metrics.PodMetricsInfo{}
	for pod, sample := range t.read.Samples {
		info[pod] = metrics.PodMetric{
			Timestamp: sample.At.Add(t.shift),
			Window:    time.Duration(sample.WindowSeconds) * time.Second,
			Value:     sample.Value,
		}
	}
	return info, time.Now(), nil
}

func (t *toldMetrics) GetResourceMetric(context.Context, v1.ResourceName, string, labels.Selector, string) (metrics.PodMetricsInfo, time.Time, error) {
	return t.samples()
}

func (t *toldMetrics) GetRawMetric(string, string, labels.Selector, labels.Selector) (metrics.PodMetricsInfo, time.Time, error) {
	return t.samples()
}

func (t *toldMetrics) GetObjectMetric(string, string, *autoscalingv2.CrossVersionObjectReference, labels.Selector) (int64, time.Time, error) {
	return t.read.Object, time.Now(), nil
}

func (t *toldMetrics) GetExternalMetric(string, string, labels.Selector) ([]int64, time.Time, error) {
	return t.read.External, time.Now(), nil
}
