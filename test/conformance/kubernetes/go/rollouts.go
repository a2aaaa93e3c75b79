package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
	_ "unsafe"

	apps "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/client-go/kubernetes/fake"
	"k8s.io/client-go/tools/record"
	"k8s.io/kubernetes/pkg/controller"
	"k8s.io/kubernetes/pkg/controller/deployment"
	deploymentutil "k8s.io/kubernetes/pkg/controller/deployment/util"
)

// Doors into the Deployment controller: the steps of a sync are private there.

//go:linkname scaleDeployment k8s.io/kubernetes/pkg/controller/deployment.(*DeploymentController).scale
func scaleDeployment(*deployment.DeploymentController, context.Context, *apps.Deployment, *apps.ReplicaSet, []*apps.ReplicaSet) error

//go:linkname reconcileNewReplicaSet k8s.io/kubernetes/pkg/controller/deployment.(*DeploymentController).reconcileNewReplicaSet
func reconcileNewReplicaSet(*deployment.DeploymentController, context.Context, []*apps.ReplicaSet, *apps.ReplicaSet, *apps.Deployment) (bool, error)

//go:linkname reconcileOldReplicaSets k8s.io/kubernetes/pkg/controller/deployment.(*DeploymentController).reconcileOldReplicaSets
func reconcileOldReplicaSets(*deployment.DeploymentController, context.Context, []*apps.ReplicaSet, []*apps.ReplicaSet, *apps.ReplicaSet, *apps.Deployment) (bool, error)

// A rolloutCase asks how large the ReplicaSets of a Deployment are to be after one step, oldest first.
type rolloutCase struct {
	Replicas       int32
	MaxSurge       intstr.IntOrString
	MaxUnavailable intstr.IntOrString
	Sets           []replicaSet
	Newest         int
}

type replicaSet struct {
	Replicas  int32
	Available int32
	Desired   int32 // the two annotations
	Maximum   int32
}

type rolloutAnswer struct {
	Surge       int32   `json:"surge"`
	Unavailable int32   `json:"unavailable"`
	Scaled      []int32 `json:"scaled"` // after a change of replicas
	Rolled      []int32 `json:"rolled"` // after a step of the update
}

func answerRollout(line []byte) (any, error) {
	var read rolloutCase
	if err := json.Unmarshal(line, &read); err != nil {
		return nil, err
	}
	answer := &rolloutAnswer{
		Surge:       deploymentutil.MaxSurge(*read.deployment()),
		Unavailable: deploymentutil.MaxUnavailable(*read.deployment()),
	}
	var err error
	if answer.Scaled, err = read.after(scaleOnce); err != nil {
		return nil, err
	}
	answer.Rolled, err = read.after(rollOnce)
	return answer, err
}

type rolloutStep func(*deployment.DeploymentController, *apps.Deployment, []*apps.ReplicaSet, int) error

func scaleOnce(dc *deployment.DeploymentController, d *apps.Deployment, sets []*apps.ReplicaSet, newest int) error {
	return scaleDeployment(dc, context.Background(), d, sets[newest], others(sets, newest))
}

func rollOnce(dc *deployment.DeploymentController, d *apps.Deployment, sets []*apps.ReplicaSet, newest int) error {
	ctx := context.Background()
	raised, err := reconcileNewReplicaSet(dc, ctx, sets, sets[newest], d)
	if err != nil || raised {
		return err
	}
	old := controller.FilterActiveReplicaSets(others(sets, newest))
	_, err = reconcileOldReplicaSets(dc, ctx, sets, old, sets[newest], d)
	return err
}

func others(sets []*apps.ReplicaSet, newest int) []*apps.ReplicaSet {
	var old []*apps.ReplicaSet
	for i, set := range sets {
		if i != newest {
			old = append(old, set)
		}
	}
	return old
}

func (read *rolloutCase) after(take rolloutStep) ([]int32, error) {
	var objects []runtime.Object
	var sets []*apps.ReplicaSet
	for i, set := range read.Sets {
		made := set.object(i)
		sets = append(sets, made)
		objects = append(objects, made.DeepCopy())
	}
	client := fake.NewSimpleClientset(objects...)
	dc := &deployment.DeploymentController{}
	setHidden(dc, "client", client)
	setHidden(dc, "eventRecorder", &record.FakeRecorder{})
	if err := take(dc, read.deployment(), sets, read.Newest); err != nil {
		return nil, err
	}
	sizes := []int32{}
	for _, set := range sets {
		now, err := client.AppsV1().ReplicaSets(theOnlyNamespace).Get(context.Background(), set.Name, metav1.GetOptions{})
		if err != nil {
			return nil, err
		}
		sizes = append(sizes, *now.Spec.Replicas)
	}
	return sizes, nil
}

func (read *rolloutCase) deployment() *apps.Deployment {
	return &apps.Deployment{
		ObjectMeta: metav1.ObjectMeta{Name: "web", Namespace: theOnlyNamespace},
		Spec: apps.DeploymentSpec{
			Replicas: &read.Replicas,
			Strategy: apps.DeploymentStrategy{
				Type: apps.RollingUpdateDeploymentStrategyType,
				RollingUpdate: &apps.RollingUpdateDeployment{
					MaxSurge:       &read.MaxSurge,
					MaxUnavailable: &read.MaxUnavailable,
				},
			},
		},
	}
}

func (set replicaSet) object(i int) *apps.ReplicaSet {
	replicas := set.Replicas
	return &apps.ReplicaSet{
		ObjectMeta: metav1.ObjectMeta{
			Name:              fmt.Sprintf("web-%d", i),
			Namespace:         theOnlyNamespace,
			CreationTimestamp: metav1.NewTime(time.Unix(int64(i)*60, 0)),
			Annotations: map[string]string{
				deploymentutil.DesiredReplicasAnnotation: fmt.Sprint(set.Desired),
				deploymentutil.MaxReplicasAnnotation:     fmt.Sprint(set.Maximum),
			},
		},
		Spec:   apps.ReplicaSetSpec{Replicas: &replicas},
		Status: apps.ReplicaSetStatus{Replicas: set.Replicas, AvailableReplicas: set.Available},
	}
}
