// Package admission does to objects what the API server does when they are created.
package admission

import (
	"context"
	"fmt"

	v1 "k8s.io/api/core/v1"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	api "k8s.io/kubernetes/pkg/apis/core"
	_ "k8s.io/kubernetes/pkg/apis/core/install" // defaults and conversions
	podregistry "k8s.io/kubernetes/pkg/registry/core/pod"
)

// Pod returns the pod with defaults and with matchLabelKeys merged into selectors, or why the API server refuses it.
// Creation wipes a pod's status; what the case says of it is put back.
func Pod(told *v1.Pod) (*v1.Pod, error) {
	pod := told.DeepCopy()
	legacyscheme.Scheme.Default(pod)
	var internal api.Pod
	if err := legacyscheme.Scheme.Convert(pod, &internal, nil); err != nil {
		return nil, fmt.Errorf("pod %s: %w", pod.Name, err)
	}
	podregistry.Strategy.PrepareForCreate(context.Background(), &internal)
	if faults := podregistry.Strategy.Validate(context.Background(), &internal); len(faults) > 0 {
		return nil, fmt.Errorf("pod %s: the API server would refuse it: %w", pod.Name, faults.ToAggregate())
	}
	var created v1.Pod
	if err := legacyscheme.Scheme.Convert(&internal, &created, nil); err != nil {
		return nil, fmt.Errorf("pod %s: %w", pod.Name, err)
	}
	created.Status = pod.Status
	created.Status.QOSClass = v1.PodQOSClass(internal.Status.QOSClass)
	if created.Status.Phase == "" {
		created.Status.Phase = v1.PodPending
	}
	return &created, nil
}
