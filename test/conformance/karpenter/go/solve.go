package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"sort"
	"strconv"
	"time"

	aws "github.com/aws/karpenter-provider-aws/pkg/apis/v1"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/tools/record"
	clock "k8s.io/utils/clock/testing"
	"sigs.k8s.io/controller-runtime/pkg/client"
	fakeclient "sigs.k8s.io/controller-runtime/pkg/client/fake"
	v1 "sigs.k8s.io/karpenter/pkg/apis/v1"
	"sigs.k8s.io/karpenter/pkg/cloudprovider"
	"sigs.k8s.io/karpenter/pkg/cloudprovider/fake"
	provisioning "sigs.k8s.io/karpenter/pkg/controllers/provisioning/scheduling"
	"sigs.k8s.io/karpenter/pkg/controllers/state"
	"sigs.k8s.io/karpenter/pkg/events"
	"sigs.k8s.io/karpenter/pkg/operator/injection"
	"sigs.k8s.io/karpenter/pkg/operator/options"
	"sigs.k8s.io/karpenter/pkg/scheduling"
	"sigs.k8s.io/karpenter/pkg/utils/nodepool"
)

type solveCase struct {
	NodePools     []*v1.NodePool
	InstanceTypes []instanceType
	// Names of the types that a NodePool may launch; absent for all.
	TypesOf map[string][]string
	Nodes   []struct {
		Node  *corev1.Node
		Claim *v1.NodeClaim
	}
	// Bound to nodes, and waiting.
	Bound, Pending []*corev1.Pod
	Daemons        []*corev1.Pod
	Namespaces     []*corev1.Namespace
	// By name of a pod: where its volumes may be.
	VolumesOf map[string][]conditions

	IgnorePreferences, BestEffort, DeferForReserved bool
	MaxTypes                                        int
}

type claimAnswer struct {
	NodePool     string              `json:"nodePool"`
	Pods         []string            `json:"pods"`
	Types        []string            `json:"types"`
	Requirements map[string][]string `json:"requirements"`
	MinPrice     float64             `json:"minPrice"`
}

type solveAnswer struct {
	Claims   []claimAnswer       `json:"claims"`
	Existing map[string][]string `json:"existing"`
	Failed   map[string]string   `json:"failed"`
}

func answerSolve(line []byte) (any, error) {
	var asked solveCase
	if err := json.Unmarshal(line, &asked); err != nil {
		return nil, err
	}
	minValues := options.MinValuesPolicyStrict
	if asked.BestEffort {
		minValues = options.MinValuesPolicyBestEffort
	}
	ctx := options.ToContext(injection.WithControllerName(context.Background(), "provisioner"), &options.Options{
		MinValuesPolicy:   minValues,
		IgnoreDRARequests: true,
		FeatureGates:      options.FeatureGates{ReservedCapacity: true},
	})
	at := clock.NewFakeClock(time.Unix(1_768_478_400, 0))
	kube := clientOf(asked)
	cluster := state.NewCluster(at, kube, fake.NewCloudProvider())
	for _, one := range asked.Nodes {
		if one.Claim != nil {
			cluster.UpdateNodeClaim(one.Claim)
		}
		if one.Node != nil {
			if err := cluster.UpdateNode(ctx, one.Node); err != nil {
				return nil, err
			}
		}
	}
	for _, pod := range asked.Bound {
		if err := cluster.UpdatePod(ctx, pod); err != nil {
			return nil, err
		}
	}
	wishes := []provisioning.Options{provisioning.NumConcurrentReconciles(1), provisioning.MinValuesPolicy(minValues)}
	if asked.DeferForReserved {
		wishes = append(wishes, provisioning.DisableReservedCapacityFallback)
	}
	if asked.IgnorePreferences {
		wishes = append(wishes, provisioning.IgnorePreferences)
	}
	nodepool.OrderByWeight(asked.NodePools)
	offered := offeredBy(asked)
	nodes := cluster.DeepCopyNodes().Active()
	topology, err := provisioning.NewTopology(ctx, kube, cluster, nodes, asked.NodePools, offered, asked.Pending, wishes...)
	if err != nil {
		return nil, fmt.Errorf("topology: %w", err)
	}
	solver := provisioning.NewScheduler(ctx, kube, asked.NodePools, cluster, nodes, topology, offered, asked.Daemons,
		events.NewRecorder(&record.FakeRecorder{}), at, volumesOf(asked), nil, wishes...)
	results, err := solver.Solve(ctx, asked.Pending)
	if err != nil {
		return nil, err
	}
	return tellResults(results.TruncateInstanceTypes(ctx, asked.MaxTypes)), nil
}

func clientOf(asked solveCase) client.Client {
	var objects []client.Object
	for _, one := range asked.Nodes {
		if one.Node != nil {
			objects = append(objects, one.Node)
		}
	}
	for _, pod := range slices.Concat(asked.Bound, asked.Pending) {
		objects = append(objects, pod)
	}
	for _, namespace := range asked.Namespaces {
		objects = append(objects, namespace)
	}
	return fakeclient.NewClientBuilder().WithScheme(scheme.Scheme).WithObjects(objects...).
		WithIndex(&corev1.Pod{}, "spec.nodeName", func(o client.Object) []string {
			return []string{o.(*corev1.Pod).Spec.NodeName}
		}).Build()
}

func offeredBy(asked solveCase) map[string][]*cloudprovider.InstanceType {
	all := map[string]*cloudprovider.InstanceType{}
	var names []string
	for _, one := range asked.InstanceTypes {
		all[one.Name] = one.real()
		names = append(names, one.Name)
	}
	offered := map[string][]*cloudprovider.InstanceType{}
	for _, pool := range asked.NodePools {
		chosen, isGiven := asked.TypesOf[pool.Name]
		if !isGiven {
			chosen = names
		}
		for _, name := range chosen {
			offered[pool.Name] = append(offered[pool.Name], all[name])
		}
	}
	return offered
}

func volumesOf(asked solveCase) map[types.UID][]scheduling.Requirements {
	volumes := map[types.UID][]scheduling.Requirements{}
	for _, pod := range asked.Pending {
		for _, alternative := range asked.VolumesOf[pod.Name] {
			volumes[pod.UID] = append(volumes[pod.UID], alternative.requirements())
		}
	}
	return volumes
}

func tellResults(results provisioning.Results) solveAnswer {
	answer := solveAnswer{Claims: []claimAnswer{}, Existing: map[string][]string{}, Failed: map[string]string{}}
	for _, claim := range results.NewNodeClaims {
		answer.Claims = append(answer.Claims, tellClaim(claim))
	}
	sort.Slice(answer.Claims, func(i, j int) bool { return answer.Claims[i].Pods[0] < answer.Claims[j].Pods[0] })
	for _, node := range results.ExistingNodes {
		if len(node.Pods) > 0 {
			answer.Existing[node.Name()] = namesOf(node.Pods)
		}
	}
	for pod, err := range results.PodErrors {
		answer.Failed[pod.Name] = "unplaced"
		if provisioning.IsReservedOfferingError(err) {
			answer.Failed[pod.Name] = "deferred"
		}
	}
	return answer
}

func tellClaim(claim *provisioning.NodeClaim) claimAnswer {
	told := claimAnswer{
		NodePool:     claim.NodePoolName,
		Pods:         namesOf(claim.Pods),
		Requirements: map[string][]string{},
		MinPrice:     math.MaxFloat64,
	}
	for _, one := range claim.InstanceTypeOptions {
		told.Types = append(told.Types, one.Name)
		if sold := one.Offerings.Available().Compatible(claim.Requirements); len(sold) > 0 {
			told.MinPrice = min(told.MinPrice, sold.Cheapest().Price)
		}
	}
	slices.Sort(told.Types)
	for key, requirement := range claim.Requirements {
		told.Requirements[key] = tellRequirement(requirement)
	}
	return told
}

func tellRequirement(requirement *scheduling.Requirement) []string {
	told := append(written(requirement), sorted(requirement.Values())...)
	if requirement.MinValues != nil {
		told = append(told, fmt.Sprintf("minValues %d", *requirement.MinValues))
	}
	return told
}

func namesOf(pods []*corev1.Pod) []string {
	names := make([]string, len(pods))
	for i, pod := range pods {
		names[i] = pod.Name
	}
	slices.Sort(names)
	return names
}

type instanceType struct {
	Name               string
	Requirements       conditions
	Capacity, Overhead corev1.ResourceList
	Offerings          []struct {
		Zone, CapacityType string
		Price              float64
		Unavailable        bool
		Reservation        string
		Left               int
		// Of a reservation: default or capacity-block, and whether EC2 may take it back.
		Kind          string
		Interruptible bool
	}
}

func (t instanceType) real() *cloudprovider.InstanceType {
	made := &cloudprovider.InstanceType{
		Name:         t.Name,
		Requirements: t.Requirements.requirements(),
		Capacity:     maps.Clone(t.Capacity),
		Overhead:     &cloudprovider.InstanceTypeOverhead{KubeReserved: t.Overhead},
	}
	for _, one := range t.Offerings {
		wanted := scheduling.NewRequirements(
			scheduling.NewRequirement(corev1.LabelTopologyZone, corev1.NodeSelectorOpIn, one.Zone),
			scheduling.NewRequirement(v1.CapacityTypeLabelKey, corev1.NodeSelectorOpIn, one.CapacityType),
		)
		for label, value := range map[string]string{
			cloudprovider.ReservationIDLabel:          one.Reservation,
			aws.LabelCapacityReservationType:          one.Kind,
			aws.LabelCapacityReservationInterruptible: strconv.FormatBool(one.Interruptible),
		} {
			if one.Reservation == "" {
				wanted.Add(scheduling.NewRequirement(label, corev1.NodeSelectorOpDoesNotExist))
			} else if value != "" {
				wanted.Add(scheduling.NewRequirement(label, corev1.NodeSelectorOpIn, value))
			}
		}
		made.Offerings = append(made.Offerings, &cloudprovider.Offering{
			Requirements:        wanted,
			Price:               one.Price,
			Available:           !one.Unavailable,
			ReservationCapacity: one.Left,
		})
	}
	return made
}
