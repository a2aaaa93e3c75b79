package main

import (
	"encoding/json"
	"sort"

	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/kubernetes/pkg/controller"
)

// A rankingCase asks in which order a ReplicaSet would delete its pods.
type rankingCase struct {
	Now  metav1.Time
	Pods []*v1.Pod
	Rank []int // pods of the same owner on the same node, one number a pod
}

type rankingAnswer struct {
	Order []string `json:"order"` // first to be deleted first
}

func answerRanking(line []byte) (any, error) {
	var read rankingCase
	if err := json.Unmarshal(line, &read); err != nil {
		return nil, err
	}
	sort.Sort(controller.ActivePodsWithRanks{Pods: read.Pods, Rank: read.Rank, Now: read.Now})
	answer := &rankingAnswer{Order: []string{}}
	for _, pod := range read.Pods {
		answer.Order = append(answer.Order, pod.Name)
	}
	return answer, nil
}
