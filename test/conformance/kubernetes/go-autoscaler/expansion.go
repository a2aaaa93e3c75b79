package main

import (
	"encoding/json"
	"fmt"
	"sort"

	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/autoscaler/cluster-autoscaler/expander"
	"k8s.io/autoscaler/cluster-autoscaler/expander/leastnodes"
	"k8s.io/autoscaler/cluster-autoscaler/expander/mostpods"
	"k8s.io/autoscaler/cluster-autoscaler/expander/priority"
	"k8s.io/autoscaler/cluster-autoscaler/expander/waste"
	"k8s.io/autoscaler/cluster-autoscaler/simulator/framework"
	corelisters "k8s.io/client-go/listers/core/v1"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/record"
)

// An expansionCase asks which of several node groups to grow.
type expansionCase struct {
	Options    []option
	Priorities *string // YAML, as in the autoscaler's ConfigMap; nil: there is none
}

type option struct {
	ID    string
	Node  *v1.Node
	Count int
	Group podGroup
}

// Positions of the options that each expander finds best; the release draws one of them by chance.
type expansionAnswer map[string][]int

func answerExpansion(line []byte) (any, error) {
	var read expansionCase
	if err := json.Unmarshal(line, &read); err != nil {
		return nil, err
	}
	position := map[string]int{}
	nodes := map[string]*framework.NodeInfo{}
	var options []expander.Option
	for i, told := range read.Options {
		pods, err := told.Group.pods()
		if err != nil {
			return nil, err
		}
		position[told.ID] = i
		nodes[told.ID] = framework.NewNodeInfo(told.Node, nil)
		options = append(options, expander.Option{NodeGroup: &group{id: told.ID}, NodeCount: told.Count, Pods: pods})
	}
	priorities, err := priorityFilter(read.Priorities)
	if err != nil {
		return nil, err
	}
	filters := map[string]expander.Filter{
		expander.LeastWasteExpanderName:    waste.NewFilter(),
		expander.MostPodsExpanderName:      mostpods.NewFilter(),
		expander.LeastNodesExpanderName:    leastnodes.NewFilter(),
		expander.PriorityBasedExpanderName: priorities,
	}
	answer := expansionAnswer{}
	for name, filter := range filters {
		answer[name] = []int{}
		for _, best := range filter.BestOptions(options, nodes) {
			answer[name] = append(answer[name], position[best.NodeGroup.Id()])
		}
		sort.Ints(answer[name])
	}
	return answer, nil
}

func priorityFilter(told *string) (expander.Filter, error) {
	indexer := cache.NewIndexer(cache.MetaNamespaceKeyFunc, cache.Indexers{cache.NamespaceIndex: cache.MetaNamespaceIndexFunc})
	if told != nil {
		configuration := &v1.ConfigMap{
			ObjectMeta: metav1.ObjectMeta{Namespace: "kube-system", Name: priority.PriorityConfigMapName},
			Data:       map[string]string{priority.ConfigMapKey: *told},
		}
		if err := indexer.Add(configuration); err != nil {
			return nil, fmt.Errorf("priorities: %w", err)
		}
	}
	lister := corelisters.NewConfigMapLister(indexer).ConfigMaps("kube-system")
	return priority.NewFilter(lister, record.NewFakeRecorder(100)), nil
}
