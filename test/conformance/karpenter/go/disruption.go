package main

import (
	"context"
	"encoding/json"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	clock "k8s.io/utils/clock/testing"
	v1 "sigs.k8s.io/karpenter/pkg/apis/v1"
	"sigs.k8s.io/karpenter/pkg/utils/disruption"
)

type evictionCase struct {
	Pods []struct {
		DeletionCost *string
		Priority     *int32
	}
	ExpireAfterSeconds *int64
	AgeSeconds         int64
}

func answerEvictionCost(line []byte) (any, error) {
	var asked evictionCase
	if err := json.Unmarshal(line, &asked); err != nil {
		return nil, err
	}
	ctx := context.Background()
	pods := make([]*corev1.Pod, len(asked.Pods))
	costs := make([]float64, len(asked.Pods))
	for i, one := range asked.Pods {
		pods[i] = &corev1.Pod{Spec: corev1.PodSpec{Priority: one.Priority}}
		if one.DeletionCost != nil {
			pods[i].Annotations = map[string]string{corev1.PodDeletionCost: *one.DeletionCost}
		}
		costs[i] = disruption.EvictionCost(ctx, pods[i])
	}
	now := time.Unix(1_768_478_400, 0)
	claim := &v1.NodeClaim{ObjectMeta: metav1.ObjectMeta{
		CreationTimestamp: metav1.NewTime(now.Add(-time.Duration(asked.AgeSeconds) * time.Second)),
	}}
	if asked.ExpireAfterSeconds != nil {
		after := time.Duration(*asked.ExpireAfterSeconds) * time.Second
		claim.Spec.ExpireAfter = v1.NillableDuration{Duration: &after}
	}
	remaining := disruption.LifetimeRemaining(clock.NewFakeClock(now), nil, claim)
	return map[string]any{
		"costs":             costs,
		"rescheduling":      disruption.ReschedulingCost(ctx, pods),
		"lifetimeRemaining": remaining,
	}, nil
}

type budgetsCase struct {
	Budgets    []v1.Budget
	NowSeconds int64
	Nodes      []int
	Reasons    []string
}

func answerBudgets(line []byte) (any, error) {
	var asked budgetsCase
	if err := json.Unmarshal(line, &asked); err != nil {
		return nil, err
	}
	pool := &v1.NodePool{Spec: v1.NodePoolSpec{Disruption: v1.Disruption{Budgets: asked.Budgets}}}
	at := clock.NewFakeClock(time.Unix(asked.NowSeconds, 0))
	allowed := [][]int{}
	for _, nodes := range asked.Nodes {
		row := []int{}
		for _, reason := range asked.Reasons {
			row = append(row, pool.MustGetAllowedDisruptions(at, nodes, v1.DisruptionReason(reason)))
		}
		allowed = append(allowed, row)
	}
	return allowed, nil
}
