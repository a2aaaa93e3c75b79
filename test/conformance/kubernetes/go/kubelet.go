package main

import (
	"encoding/json"
	"time"

	v1 "k8s.io/api/core/v1"
	"k8s.io/client-go/util/flowcontrol"
	qosclass "k8s.io/kubernetes/pkg/apis/core/v1/helper/qos"
	"k8s.io/kubernetes/pkg/kubelet/qos"
	clocktesting "k8s.io/utils/clock/testing"
)

// A kubeletCase asks how a kubelet classes a pod, and when it starts a container again.
type kubeletCase struct {
	Pod      *v1.Pod
	Capacity int64   // memory of the node, bytes
	Runs     []int64 // seconds from each start of the container to its exit
}

type kubeletAnswer struct {
	Qos     string  `json:"qos"`
	Adjusts []int   `json:"adjusts"` // oom_score_adj of each container
	Waits   []int64 `json:"waits"`   // seconds from each exit to the next start
}

// The kubelet's own, from pkg/kubelet/kubelet.go.
const (
	firstBackOff   = 10 * time.Second
	longestBackOff = 300 * time.Second
)

func answerKubelet(line []byte) (any, error) {
	var read kubeletCase
	if err := json.Unmarshal(line, &read); err != nil {
		return nil, err
	}
	answer := &kubeletAnswer{Qos: string(qosclass.ComputePodQOS(read.Pod))}
	for i := range read.Pod.Spec.Containers {
		adjust := qos.GetContainerOOMScoreAdjust(read.Pod, &read.Pod.Spec.Containers[i], read.Capacity)
		answer.Adjusts = append(answer.Adjusts, adjust)
	}
	clock := clocktesting.NewFakeClock(time.Unix(1_000_000, 0))
	backOff := flowcontrol.NewFakeBackOff(firstBackOff, longestBackOff, clock)
	for _, run := range read.Runs {
		clock.Step(time.Duration(run) * time.Second)
		exited := clock.Now()
		waited := int64(0)
		for backOff.IsInBackOffSince("container", exited) {
			clock.Step(time.Second)
			waited++
		}
		backOff.Next("container", exited)
		answer.Waits = append(answer.Waits, waited)
	}
	return answer, nil
}
