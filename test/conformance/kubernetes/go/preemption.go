package main

import (
	"fmt"
	"sort"

	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
	fwk "k8s.io/kube-scheduler/framework"
	"k8s.io/kubernetes/pkg/scheduler/framework"
	"k8s.io/kubernetes/pkg/scheduler/framework/plugins/defaultpreemption"
	"k8s.io/kubernetes/pkg/scheduler/framework/plugins/names"
	"k8s.io/kubernetes/pkg/scheduler/framework/preemption"
)

// How often the choice among candidates is repeated: the last tie falls to the order of a Go map, a fair coin for two.
const choiceRepeats = 40

type preemptionAnswer struct {
	Rejected   [][]any           `json:"rejected"` // [position, code, plugin]
	Feasible   []int             `json:"feasible,omitempty"`
	Eligible   bool              `json:"eligible"`
	Ineligible string            `json:"ineligible,omitempty"`
	Candidates []candidateAnswer `json:"candidates,omitempty"`
	// Nodes that the real code may choose: one, or all that tie to the end.
	Chosen []int `json:"chosen,omitempty"`
}

type candidateAnswer struct {
	Node       int      `json:"node"`
	Victims    []string `json:"victims"` // in the order of importance, from high to low
	Violations int64    `json:"violations"`
}

func answerPreemption(line []byte) (any, error) {
	read, err := readCase(line)
	if err != nil {
		return nil, err
	}
	c, err := openCluster(read)
	if err != nil {
		return nil, err
	}
	defer c.cancel()
	state := framework.NewCycleState()
	filtered := &pluginAnswer{}
	statuses, err := c.statuses(state, read.Incoming, filtered)
	if err != nil {
		return nil, err
	}
	answer := &preemptionAnswer{Rejected: filtered.Rejected, Feasible: filtered.Feasible}
	if len(filtered.Feasible) > 0 {
		return answer, nil
	}
	plugin, ok := c.plugins[names.DefaultPreemption].(*defaultpreemption.DefaultPreemption)
	if !ok {
		return nil, fmt.Errorf("expected the plugin DefaultPreemption; found %T", c.plugins[names.DefaultPreemption])
	}
	nomination := statuses.Get(read.Incoming.Status.NominatedNodeName)
	answer.Eligible, answer.Ineligible = plugin.PodEligibleToPreemptOthers(c.ctx, read.Incoming, nomination)
	if !answer.Eligible {
		return answer, nil
	}
	return answer, c.dryRun(state, read.Incoming, plugin, statuses, answer)
}

// The statuses as the scheduling cycle hands them to preemption.
func (c *cluster) statuses(state fwk.CycleState, pod *v1.Pod, answer *pluginAnswer) (*framework.NodeToStatus, error) {
	statuses := framework.NewDefaultNodeToStatus()
	result, status, _ := c.framework.RunPreFilterPlugins(c.ctx, state, pod)
	if status.Code() == fwk.Error {
		return nil, status.AsError()
	}
	if !status.IsSuccess() {
		statuses.SetAbsentNodesStatus(status)
		for _, node := range c.nodes {
			answer.Rejected = append(answer.Rejected, []any{c.positionOf(node), status.Code().String(), status.Plugin()})
		}
		return statuses, nil
	}
	for _, node := range c.nodes {
		if !result.AllNodes() && !result.NodeNames.Has(node.Node().Name) {
			continue
		}
		verdict := c.framework.RunFilterPluginsWithNominatedPods(c.ctx, state, pod, node)
		if verdict.IsSuccess() {
			answer.Feasible = append(answer.Feasible, c.positionOf(node))
			continue
		}
		if verdict.Code() == fwk.Error {
			return nil, verdict.AsError()
		}
		statuses.Set(node.Node().Name, verdict)
		answer.Rejected = append(answer.Rejected, []any{c.positionOf(node), verdict.Code().String(), verdict.Plugin()})
	}
	return statuses, nil
}

func (c *cluster) dryRun(
	state fwk.CycleState,
	pod *v1.Pod,
	plugin *defaultpreemption.DefaultPreemption,
	statuses *framework.NodeToStatus,
	answer *preemptionAnswer,
) error {
	potential, err := statuses.NodesForStatusCode(c.framework.SnapshotSharedLister().NodeInfos(), fwk.Unschedulable)
	if err != nil || len(potential) == 0 {
		return err
	}
	budgets, err := c.informers.Policy().V1().PodDisruptionBudgets().Lister().List(labels.Everything())
	if err != nil {
		return err
	}
	// Offset 0 instead of a random one: with at most 100 potential nodes all of them are simulated anyway.
	_, wanted := plugin.GetOffsetAndNumCandidates(int32(len(potential)))
	candidates, _, err := plugin.Evaluator.DryRunPreemption(c.ctx, state, pod, potential, budgets, 0, wanted)
	if err != nil {
		return err
	}
	for _, candidate := range candidates {
		entry := candidateAnswer{Node: c.position[candidate.Name()], Victims: []string{}, Violations: candidate.Victims().NumPDBViolations}
		for _, victim := range candidate.Victims().Pods {
			entry.Victims = append(entry.Victims, victim.Name)
		}
		answer.Candidates = append(answer.Candidates, entry)
	}
	sort.Slice(answer.Candidates, func(i, j int) bool { return answer.Candidates[i].Node < answer.Candidates[j].Node })
	answer.Chosen = c.choices(plugin, candidates)
	return nil
}

// A candidate may be chosen if it is chosen in a duel with one that was: the criteria rank all pairs alike.
func (c *cluster) choices(plugin *defaultpreemption.DefaultPreemption, candidates []preemption.Candidate) []int {
	best := plugin.Evaluator.SelectCandidate(c.ctx, candidates)
	if best == nil {
		return nil
	}
	chosen := []int{c.position[best.Name()]}
	for _, other := range candidates {
		if other.Name() == best.Name() {
			continue
		}
		for range choiceRepeats {
			winner := plugin.Evaluator.SelectCandidate(c.ctx, []preemption.Candidate{best, other})
			if winner.Name() == other.Name() {
				chosen = append(chosen, c.position[other.Name()])
				break
			}
		}
	}
	sort.Ints(chosen)
	return chosen
}
