package main

import (
	"reflect"
	"time"
	"unsafe"

	autoscalingv2 "k8s.io/api/autoscaling/v2"
	"k8s.io/kubernetes/pkg/controller/podautoscaler"
)

// Doors into the horizontal autoscaler: what follows the calculation of replicas is private there.

//go:linkname normalizeDesiredReplicas k8s.io/kubernetes/pkg/controller/podautoscaler.(*HorizontalController).normalizeDesiredReplicas
func normalizeDesiredReplicas(*podautoscaler.HorizontalController, *autoscalingv2.HorizontalPodAutoscaler, string, int32, int32, int32) int32

//go:linkname normalizeDesiredReplicasWithBehaviors k8s.io/kubernetes/pkg/controller/podautoscaler.(*HorizontalController).normalizeDesiredReplicasWithBehaviors
func normalizeDesiredReplicasWithBehaviors(*podautoscaler.HorizontalController, *autoscalingv2.HorizontalPodAutoscaler, string, int32, int32, int32) int32

const theOnlyKey = "default/the-only-one"

// How far usage may be off its target before anything is done.
func tolerances(scaleDown, scaleUp float64) podautoscaler.Tolerances {
	var made podautoscaler.Tolerances
	setHidden(&made, "scaleDown", scaleDown)
	setHidden(&made, "scaleUp", scaleUp)
	return made
}

// A controller that remembers what was recommended and done.
func controllerWith(window time.Duration, recommendations, ups, downs []pastNumber, shift time.Duration) *podautoscaler.HorizontalController {
	controller := &podautoscaler.HorizontalController{}
	setHidden(controller, "downscaleStabilisationWindow", window)
	remember(controller, "recommendations", "recommendation", recommendations, shift)
	remember(controller, "scaleUpEvents", "replicaChange", ups, shift)
	remember(controller, "scaleDownEvents", "replicaChange", downs, shift)
	return controller
}

func remember(controller *podautoscaler.HorizontalController, field, number string, past []pastNumber, shift time.Duration) {
	byKey := reflect.MakeMap(hidden(controller, field).Type())
	entries := reflect.MakeSlice(byKey.Type().Elem(), len(past), len(past))
	for i, entry := range past {
		into := entries.Index(i).Addr().Interface()
		setHidden(into, number, entry.Replicas)
		setHidden(into, "timestamp", entry.At.Add(shift))
	}
	byKey.SetMapIndex(reflect.ValueOf(theOnlyKey), entries)
	hidden(controller, field).Set(byKey)
}

func setHidden(structure any, field string, value any) {
	hidden(structure, field).Set(reflect.ValueOf(value))
}

func hidden(structure any, field string) reflect.Value {
	found := reflect.ValueOf(structure).Elem().FieldByName(field)
	return reflect.NewAt(found.Type(), unsafe.Pointer(found.UnsafeAddr())).Elem()
}
