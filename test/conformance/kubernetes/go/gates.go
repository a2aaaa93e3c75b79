package main

import (
	"fmt"

	utilfeature "k8s.io/apiserver/pkg/util/feature"
	"k8s.io/kubernetes/pkg/features"
)

// The gates of the release stay as they are, but for one: victims are deleted before the cycle ends instead of in the
// background. Which victims and which node are chosen does not depend on it, and the next cycle then sees one truth.
func setFeatureGates() {
	setting := fmt.Sprintf("%s=false", features.SchedulerAsyncPreemption)
	if err := utilfeature.DefaultMutableFeatureGate.Set(setting); err != nil {
		panic(err)
	}
}
