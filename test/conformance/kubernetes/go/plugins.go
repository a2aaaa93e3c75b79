package main

import (
	"fmt"
	"sort"

	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/sets"
	fwk "k8s.io/kube-scheduler/framework"
	schedulerapi "k8s.io/kubernetes/pkg/scheduler/apis/config"
	"k8s.io/kubernetes/pkg/scheduler/framework"
)

// Nodes are told by their position in the case.
type pluginAnswer struct {
	// Positions in the order of the snapshot: zones take turns.
	Order []int `json:"order"`
	// What each PreFilter said, where it did not simply succeed for all nodes.
	PreFilter map[string]preFilterAnswer `json:"preFilter,omitempty"`
	// Rejections by each Filter plugin, also those which the framework never gets to: [position, code, reasons...].
	Filter map[string][][]any `json:"filter,omitempty"`
	// The framework's own verdict: [position, code, plugin] of every node that is not feasible.
	Rejected [][]any `json:"rejected,omitempty"`
	// Feasible nodes in the order of the snapshot; the scores are in this order.
	Feasible []int                  `json:"feasible"`
	Scores   map[string]scoreAnswer `json:"scores,omitempty"`
	Total    []int64                `json:"total,omitempty"`
}

type preFilterAnswer struct {
	Code    string   `json:"code"`
	Reasons []string `json:"reasons,omitempty"`
	Nodes   []int    `json:"nodes,omitempty"` // the only nodes that remain
}

type scoreAnswer struct {
	Raw        []int64 `json:"raw"`
	Normalized []int64 `json:"normalized,omitempty"` // absent where the plugin does not normalize
	Weighted   []int64 `json:"weighted"`
}

func answerPlugins(line []byte) (any, error) {
	read, err := readCase(line)
	if err != nil {
		return nil, err
	}
	c, err := openCluster(read)
	if err != nil {
		return nil, err
	}
	defer c.cancel()
	answer := &pluginAnswer{PreFilter: map[string]preFilterAnswer{}, Filter: map[string][][]any{}, Scores: map[string]scoreAnswer{}, Feasible: []int{}}
	for _, node := range c.nodes {
		answer.Order = append(answer.Order, c.positionOf(node))
	}
	if err := c.askFilters(read.Incoming, answer); err != nil {
		return nil, err
	}
	state := framework.NewCycleState()
	feasible, err := c.decideFeasible(state, read.Incoming, answer)
	if err != nil || len(feasible) == 0 {
		return answer, err
	}
	return answer, c.askScores(state, read.Incoming, feasible, answer)
}

func (c *cluster) positionOf(node fwk.NodeInfo) int { return c.position[node.Node().Name] }

// Asks every plugin about every node, so that a rejection by an early plugin hides no later one.
func (c *cluster) askFilters(pod *v1.Pod, answer *pluginAnswer) error {
	preFilters, err := pluginsAt[fwk.PreFilterPlugin](c, func(p *schedulerapi.Plugins) schedulerapi.PluginSet { return p.PreFilter })
	if err != nil {
		return err
	}
	filters, err := pluginsAt[fwk.FilterPlugin](c, func(p *schedulerapi.Plugins) schedulerapi.PluginSet { return p.Filter })
	if err != nil {
		return err
	}
	state := framework.NewCycleState()
	silent := sets.New[string]()
	for _, plugin := range preFilters {
		result, status := plugin.PreFilter(c.ctx, state, pod, c.nodes)
		if status.Code() == fwk.Error {
			return fmt.Errorf("PreFilter of %s: %w", plugin.Name(), status.AsError())
		}
		if !status.IsSuccess() || !result.AllNodes() {
			answer.PreFilter[plugin.Name()] = c.preFilterAnswer(result, status)
		}
		if !status.IsSuccess() {
			silent.Insert(plugin.Name())
		}
	}
	for _, plugin := range filters {
		if silent.Has(plugin.Name()) {
			continue
		}
		for _, node := range c.nodes {
			status := plugin.Filter(c.ctx, state, pod, node)
			if status.Code() == fwk.Error {
				return fmt.Errorf("Filter of %s on %s: %w", plugin.Name(), node.Node().Name, status.AsError())
			}
			if !status.IsSuccess() {
				rejection := []any{c.positionOf(node), status.Code().String()}
				for _, reason := range sortedReasons(status) {
					rejection = append(rejection, reason)
				}
				answer.Filter[plugin.Name()] = append(answer.Filter[plugin.Name()], rejection)
			}
		}
	}
	return nil
}

// Reasons come from maps in places; their order means nothing.
func sortedReasons(status *fwk.Status) []string {
	if status.IsSuccess() {
		return nil // a success has no status at all
	}
	reasons := append([]string{}, status.Reasons()...)
	sort.Strings(reasons)
	return reasons
}

func (c *cluster) preFilterAnswer(result *fwk.PreFilterResult, status *fwk.Status) preFilterAnswer {
	answer := preFilterAnswer{Code: status.Code().String(), Reasons: sortedReasons(status)}
	if !result.AllNodes() {
		answer.Nodes = []int{}
		for name := range result.NodeNames {
			if position, known := c.position[name]; known {
				answer.Nodes = append(answer.Nodes, position)
			}
		}
		sort.Ints(answer.Nodes)
	}
	return answer
}

// The framework's own run: PreFilter for all, then Filter node by node until the first rejection.
func (c *cluster) decideFeasible(state fwk.CycleState, pod *v1.Pod, answer *pluginAnswer) ([]fwk.NodeInfo, error) {
	result, status, _ := c.framework.RunPreFilterPlugins(c.ctx, state, pod)
	if status.Code() == fwk.Error {
		return nil, status.AsError()
	}
	if !status.IsSuccess() {
		for _, node := range c.nodes {
			answer.Rejected = append(answer.Rejected, []any{c.positionOf(node), status.Code().String(), status.Plugin()})
		}
		return nil, nil
	}
	var feasible []fwk.NodeInfo
	for _, node := range c.nodes {
		if !result.AllNodes() && !result.NodeNames.Has(node.Node().Name) {
			answer.Rejected = append(answer.Rejected, []any{c.positionOf(node), fwk.UnschedulableAndUnresolvable.String(), ""})
			continue
		}
		verdict := c.framework.RunFilterPluginsWithNominatedPods(c.ctx, state, pod, node)
		if verdict.Code() == fwk.Error {
			return nil, verdict.AsError()
		}
		if verdict.IsSuccess() {
			feasible = append(feasible, node)
			answer.Feasible = append(answer.Feasible, c.positionOf(node))
		} else {
			answer.Rejected = append(answer.Rejected, []any{c.positionOf(node), verdict.Code().String(), verdict.Plugin()})
		}
	}
	return feasible, nil
}

// Raw and normalized scores plugin by plugin, then the framework's own weighted ones and their sum.
func (c *cluster) askScores(state fwk.CycleState, pod *v1.Pod, feasible []fwk.NodeInfo, answer *pluginAnswer) error {
	if status := c.framework.RunPreScorePlugins(c.ctx, state, pod, feasible); !status.IsSuccess() {
		return status.AsError()
	}
	plugins, err := pluginsAt[fwk.ScorePlugin](c, func(p *schedulerapi.Plugins) schedulerapi.PluginSet { return p.Score })
	if err != nil {
		return err
	}
	for _, plugin := range plugins {
		if state.GetSkipScorePlugins().Has(plugin.Name()) {
			continue
		}
		score, err := c.askScore(state, pod, feasible, plugin)
		if err != nil {
			return err
		}
		answer.Scores[plugin.Name()] = score
	}
	weighted, status := c.framework.RunScorePlugins(c.ctx, state, pod, feasible)
	if !status.IsSuccess() {
		return status.AsError()
	}
	for _, node := range weighted {
		for _, score := range node.Scores {
			entry := answer.Scores[score.Name]
			entry.Weighted = append(entry.Weighted, score.Score)
			answer.Scores[score.Name] = entry
		}
		answer.Total = append(answer.Total, node.TotalScore)
	}
	return nil
}

func (c *cluster) askScore(state fwk.CycleState, pod *v1.Pod, feasible []fwk.NodeInfo, plugin fwk.ScorePlugin) (scoreAnswer, error) {
	var answer scoreAnswer
	scores := make(fwk.NodeScoreList, len(feasible))
	for i, node := range feasible {
		raw, status := plugin.Score(c.ctx, state, pod, node)
		if !status.IsSuccess() {
			return answer, fmt.Errorf("Score of %s: %w", plugin.Name(), status.AsError())
		}
		answer.Raw = append(answer.Raw, raw)
		scores[i] = fwk.NodeScore{Name: node.Node().Name, Score: raw}
	}
	if plugin.ScoreExtensions() == nil {
		return answer, nil
	}
	if status := plugin.ScoreExtensions().NormalizeScore(c.ctx, state, pod, scores); !status.IsSuccess() {
		return answer, fmt.Errorf("NormalizeScore of %s: %w", plugin.Name(), status.AsError())
	}
	for _, score := range scores {
		answer.Normalized = append(answer.Normalized, score.Score)
	}
	return answer, nil
}
