// Command conformance answers generated cases with the real Kubernetes code: one case a line on standard input, one answer
// a line on standard output, in the same order. A case names its kind, and each kind has one file here.
//
// What is real: the scheduler's plugins, framework, cache, scheduling cycle and preemption, the controllers' ranking and
// replica calculator, the recommender. What is ours: reading the case, filling the listers, and writing numbers down.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"

	"k8s.io/klog/v2"
	"k8s.io/kubernetes/pkg/scheduler/metrics"
)

// Longest line of a case, in bytes.
const longestLine = 64 << 20

type answerer func(line []byte) (any, error)

var answerers = map[string]answerer{
	"plugins":    answerPlugins,
	"whole":      answerWhole,
	"preemption": answerPreemption,
	"queue":      answerQueue,
	"hpa":        answerReplicas,
	"ranking":    answerRanking,
	"rollout":    answerRollout,
	"stateful":   answerStateful,
	"cron":       answerCron,
	"daemons":    answerDaemons,
	"jobs":       answerJobs,
	"kubelet":    answerKubelet,
	"vpa":        answerRecommendation,
}

func main() {
	silenceLogs()
	metrics.Register()
	setFeatureGates()
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(in io.Reader, out io.Writer) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 1<<20), longestLine)
	answers := bufio.NewWriter(out)
	defer answers.Flush()
	for lines.Scan() {
		var head struct{ ID, Kind string }
		if err := json.Unmarshal(lines.Bytes(), &head); err != nil {
			return fmt.Errorf("expected a case as JSON; found a line that is none: %w", err)
		}
		answer := answerers[head.Kind]
		if answer == nil {
			return fmt.Errorf("case %s: expected a known kind; found %q", head.ID, head.Kind)
		}
		output, err := answer(lines.Bytes())
		if err != nil {
			return fmt.Errorf("case %s: %w", head.ID, err)
		}
		text, err := json.Marshal(map[string]any{"id": head.ID, "output": output})
		if err != nil {
			return err
		}
		answers.Write(text)
		answers.WriteByte('\n')
	}
	return lines.Err()
}

func silenceLogs() {
	flags := flag.NewFlagSet("klog", flag.ContinueOnError)
	klog.InitFlags(flags)
	flags.Set("logtostderr", "false")
	flags.Set("alsologtostderr", "false")
	flags.Set("stderrthreshold", "FATAL")
	klog.SetOutput(io.Discard)
}
