package main

import (
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes/fake"
	"k8s.io/client-go/tools/cache"
)

// The informers never run: what they would have listed is put straight into their stores, so nothing waits for anything.
func fillListers(c *schedulingCase, client *fake.Clientset) informers.SharedInformerFactory {
	factory := informers.NewSharedInformerFactory(client, 0)
	core, apps, storage := factory.Core().V1(), factory.Apps().V1(), factory.Storage().V1()
	fill(core.Nodes().Informer(), c.Nodes)
	fill(core.Pods().Informer(), c.Pods)
	fill(core.Namespaces().Informer(), c.Others.Namespaces)
	fill(core.Services().Informer(), c.Others.Services)
	fill(core.ReplicationControllers().Informer(), c.Others.ReplicationControllers)
	fill(core.PersistentVolumes().Informer(), c.Others.PersistentVolumes)
	fill(core.PersistentVolumeClaims().Informer(), c.Others.PersistentVolumeClaims)
	fill(apps.ReplicaSets().Informer(), c.Others.ReplicaSets)
	fill(apps.StatefulSets().Informer(), c.Others.StatefulSets)
	fill(storage.StorageClasses().Informer(), c.Others.StorageClasses)
	fill(storage.CSINodes().Informer(), c.Others.CSINodes)
	fill(storage.VolumeAttachments().Informer(), c.Others.VolumeAttachments)
	fill(factory.Policy().V1().PodDisruptionBudgets().Informer(), c.Others.PodDisruptionBudgets)
	return factory
}

func fill[T runtime.Object](informer cache.SharedIndexInformer, objects []T) {
	for _, object := range objects {
		if err := informer.GetIndexer().Add(object); err != nil {
			panic(err)
		}
	}
}
