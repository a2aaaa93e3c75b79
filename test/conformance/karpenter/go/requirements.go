package main

import (
	"encoding/json"
	"slices"

	v1 "sigs.k8s.io/karpenter/pkg/apis/v1"
	"sigs.k8s.io/karpenter/pkg/scheduling"
)

type conditions []v1.NodeSelectorRequirementWithMinValues

func (c conditions) requirements() scheduling.Requirements {
	return scheduling.NewNodeSelectorRequirementsWithMinValues(c...)
}

type requirementsCase struct {
	A, B   conditions
	Values []string
}

// What one requirement says of itself and of some values.
type told struct {
	Operator  string   `json:"operator"`
	Values    []string `json:"values"`
	Has       []bool   `json:"has"`
	MinValues *int     `json:"minValues,omitempty"`
	Written   []string `json:"written"`
}

type algebra struct {
	A              map[string]told `json:"a"`
	B              map[string]told `json:"b"`
	Both           map[string]told `json:"both"`
	Intersects     bool            `json:"intersects"`
	Meets          map[string]bool `json:"meets"`
	Compatible     bool            `json:"compatible"`
	CompatibleOpen bool            `json:"compatibleOpen"`
}

func answerRequirements(line []byte) (any, error) {
	var asked requirementsCase
	if err := json.Unmarshal(line, &asked); err != nil {
		return nil, err
	}
	a, b := asked.A.requirements(), asked.B.requirements()
	both := scheduling.NewRequirements(a.Values()...)
	both.Add(b.Values()...)
	meets := map[string]bool{}
	for key := range a {
		if b.Has(key) {
			meets[key] = a.Get(key).HasIntersection(b.Get(key))
		}
	}
	return algebra{
		A:              tell(a, asked.Values),
		B:              tell(b, asked.Values),
		Both:           tell(both, asked.Values),
		Intersects:     a.Intersects(b) == nil,
		Meets:          meets,
		Compatible:     a.IsCompatible(b),
		CompatibleOpen: a.IsCompatible(b, scheduling.AllowUndefinedWellKnownLabels),
	}, nil
}

func tell(requirements scheduling.Requirements, values []string) map[string]told {
	all := map[string]told{}
	for key, requirement := range requirements {
		has := make([]bool, len(values))
		for i, value := range values {
			has[i] = requirement.Has(value)
		}
		all[key] = told{
			Operator:  string(requirement.Operator()),
			Values:    sorted(requirement.Values()),
			Has:       has,
			MinValues: requirement.MinValues,
			Written:   written(requirement),
		}
	}
	return all
}

// The operators with which a requirement stands in a NodeClaim: bounds among them.
func written(requirement *scheduling.Requirement) []string {
	one := scheduling.Requirements{requirement.Key: requirement}
	var all []string
	for _, part := range one.NodeSelectorRequirements() {
		text := string(part.Operator)
		if len(part.Values) > 0 && (part.Operator == v1.NodeSelectorOpGte || part.Operator == v1.NodeSelectorOpLte) {
			text += " " + part.Values[0]
		}
		all = append(all, text)
	}
	return all
}

func sorted(values []string) []string {
	copied := append([]string{}, values...)
	slices.Sort(copied)
	return copied
}
