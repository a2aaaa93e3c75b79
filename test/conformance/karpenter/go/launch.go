package main

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/aws/karpenter-provider-aws/pkg/providers/instance/filter"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/karpenter/pkg/cloudprovider"
	"sigs.k8s.io/karpenter/pkg/operator/options"
)

type launchCase struct {
	Requirements  conditions
	Requests      corev1.ResourceList
	InstanceTypes []instanceType
	MaxTypes      int
}

// What is left after each filter, in the order in which the provider applies them, and after the cut.
type launchStep struct {
	Filter    string              `json:"filter"`
	Offerings map[string][]string `json:"offerings"`
}

func answerLaunch(line []byte) (any, error) {
	var asked launchCase
	if err := json.Unmarshal(line, &asked); err != nil {
		return nil, err
	}
	requirements := asked.Requirements.requirements()
	left := make([]*cloudprovider.InstanceType, len(asked.InstanceTypes))
	for i, one := range asked.InstanceTypes {
		left[i] = one.real()
	}
	steps := []launchStep{}
	for _, one := range []filter.Filter{
		filter.CompatibleAvailableFilter(requirements, asked.Requests),
		filter.CapacityReservationTypeFilter(requirements),
		filter.CapacityBlockFilter(requirements),
		filter.ReservedOfferingFilter(requirements),
		filter.ExoticInstanceTypeFilter(requirements),
		filter.SpotOfferingFilter(requirements),
	} {
		left, _ = one.FilterReject(left)
		steps = append(steps, launchStep{Filter: one.Name(), Offerings: tellOfferings(left)})
		if len(left) == 0 {
			return steps, nil
		}
	}
	ctx := options.ToContext(context.Background(), &options.Options{MinValuesPolicy: options.MinValuesPolicyStrict})
	cut, err := cloudprovider.InstanceTypes(left).Truncate(ctx, requirements, asked.MaxTypes)
	if err != nil {
		cut = nil
	}
	return append(steps, launchStep{Filter: "cut", Offerings: tellOfferings(cut)}), nil
}

func tellOfferings(left []*cloudprovider.InstanceType) map[string][]string {
	told := map[string][]string{}
	for _, one := range left {
		offerings := []string{}
		for _, offering := range one.Offerings {
			offerings = append(offerings, offering.Zone()+" "+offering.CapacityType()+" "+offering.ReservationID())
		}
		slices.Sort(offerings)
		told[one.Name] = offerings
	}
	return told
}
