// Command karpenter answers generated cases with the real Karpenter: one case a line on standard input, one answer a line
// on standard output, in the same order.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/go-logr/logr"
	"sigs.k8s.io/controller-runtime/pkg/log"

	aws "github.com/aws/karpenter-provider-aws/pkg/apis/v1"
	"sigs.k8s.io/karpenter/pkg/cloudprovider"
)

// Longest line of a case, in bytes.
const longestLine = 64 << 20

var answerers = map[string]func(line []byte) (any, error){
	"solve":         answerSolve,
	"requirements":  answerRequirements,
	"eviction-cost": answerEvictionCost,
	"budgets":       answerBudgets,
	"launch":        answerLaunch,
}

func main() {
	log.SetLogger(logr.Discard())
	// What the AWS provider does when it starts: offerings of reservations are told apart by this label.
	cloudprovider.ReservationIDLabel = aws.LabelCapacityReservationID
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
