package main

import (
	"encoding/json"
	"fmt"
	"time"

	"k8s.io/autoscaler/vertical-pod-autoscaler/pkg/recommender/logic"
	"k8s.io/autoscaler/vertical-pod-autoscaler/pkg/recommender/model"
)

// The flags' defaults, spelled out: the recommender keeps them in its main program.
var recommenderDefaults = logic.RecommendationConfig{
	SafetyMarginFraction:       0.15,
	PodMinCPUMillicores:        25,
	PodMinMemoryMb:             250,
	TargetCPUPercentile:        0.9,
	LowerBoundCPUPercentile:    0.5,
	UpperBoundCPUPercentile:    0.95,
	ConfidenceIntervalCPU:      24 * time.Hour,
	TargetMemoryPercentile:     0.9,
	LowerBoundMemoryPercentile: 0.5,
	UpperBoundMemoryPercentile: 0.95,
	ConfidenceIntervalMemory:   24 * time.Hour,
}

// Usage is told in seconds after this instant.
var usageStart = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

type recommendationCase struct {
	Containers []usageCase
}

type usageCase struct {
	Name          string
	RequestCPU    int64 // milli-cores
	RequestMemory int64 // bytes
	Usage         []usage
}

// One sample: of CPU, of memory, or a kill for want of memory.
type usage struct {
	AtSeconds   int64
	CPUMilli    *int64
	MemoryBytes *int64
	OutOfMemory bool
}

type recommendationAnswer struct {
	// For each container in order: milli-cores and bytes.
	Target [][2]int64 `json:"target"`
	Lower  [][2]int64 `json:"lower"`
	Upper  [][2]int64 `json:"upper"`
}

func answerRecommendation(line []byte) (any, error) {
	var read recommendationCase
	if err := json.Unmarshal(line, &read); err != nil {
		return nil, err
	}
	states := model.ContainerNameToAggregateStateMap{}
	for _, container := range read.Containers {
		state := model.NewAggregateContainerState()
		states[container.Name] = state
		if err := observe(container, state); err != nil {
			return nil, err
		}
	}
	recommended := logic.CreatePodResourceRecommender(recommenderDefaults).GetRecommendedPodResources(states)
	answer := &recommendationAnswer{}
	for _, container := range read.Containers {
		resources := recommended[container.Name]
		answer.Target = append(answer.Target, amounts(resources.Target))
		answer.Lower = append(answer.Lower, amounts(resources.LowerBound))
		answer.Upper = append(answer.Upper, amounts(resources.UpperBound))
	}
	return answer, nil
}

func amounts(resources model.Resources) [2]int64 {
	return [2]int64{int64(resources[model.ResourceCPU]), int64(resources[model.ResourceMemory])}
}

func observe(told usageCase, state *model.AggregateContainerState) error {
	request := model.Resources{
		model.ResourceCPU:    model.ResourceAmount(told.RequestCPU),
		model.ResourceMemory: model.ResourceAmount(told.RequestMemory),
	}
	container := model.NewContainerState(request, &quietAggregator{state})
	for _, sample := range told.Usage {
		at := usageStart.Add(time.Duration(sample.AtSeconds) * time.Second)
		switch {
		case sample.OutOfMemory:
			// Too old a kill is an error, and ignored, as the recommender's own loop does.
			_ = container.RecordOOM(at, request[model.ResourceMemory])
		case sample.CPUMilli != nil:
			container.AddSample(&model.ContainerUsageSample{MeasureStart: at, Usage: model.ResourceAmount(*sample.CPUMilli), Resource: model.ResourceCPU})
		case sample.MemoryBytes != nil:
			container.AddSample(&model.ContainerUsageSample{MeasureStart: at, Usage: model.ResourceAmount(*sample.MemoryBytes), Resource: model.ResourceMemory})
		default:
			return fmt.Errorf("container %s: expected a sample of something; found none at %d s", told.Name, sample.AtSeconds)
		}
	}
	return nil
}

// The state without its metrics of quality, which have no place in a test.
type quietAggregator struct {
	*model.AggregateContainerState
}

func (q *quietAggregator) NeedsRecommendation() bool { return false }
