package main

import (
	"context"
	"fmt"

	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes/fake"
	"k8s.io/client-go/tools/events"
	"k8s.io/dynamic-resource-allocation/resourceslice/tracker"
	"k8s.io/klog/v2"
	fwk "k8s.io/kube-scheduler/framework"
	schedulerapi "k8s.io/kubernetes/pkg/scheduler/apis/config"
	internalcache "k8s.io/kubernetes/pkg/scheduler/backend/cache"
	"k8s.io/kubernetes/pkg/scheduler/framework"
	frameworkplugins "k8s.io/kubernetes/pkg/scheduler/framework/plugins"
	"k8s.io/kubernetes/pkg/scheduler/framework/plugins/dynamicresources"
	"k8s.io/kubernetes/pkg/scheduler/framework/plugins/nodevolumelimits"
	frameworkruntime "k8s.io/kubernetes/pkg/scheduler/framework/runtime"
	"k8s.io/kubernetes/pkg/scheduler/util/assumecache"
)

// A cluster is the case as the scheduler sees it: the framework of the profile over a snapshot of the real cache.
type cluster struct {
	ctx       context.Context
	cancel    context.CancelFunc
	framework framework.Framework
	plugins   map[string]fwk.Plugin
	nodes     []fwk.NodeInfo // in the order of the snapshot, which interleaves zones
	position  map[string]int // of a node in the case
	informers informers.SharedInformerFactory
}

func openCluster(c *schedulingCase) (*cluster, error) {
	ctx, cancel := context.WithCancel(klog.NewContext(context.Background(), klog.Logger{}))
	client := fake.NewSimpleClientset()
	factory := fillListers(c, client)
	snapshot, err := takeSnapshot(ctx, c)
	if err != nil {
		cancel()
		return nil, err
	}
	profile, err := c.profile()
	if err != nil {
		cancel()
		return nil, err
	}
	opened := &cluster{ctx: ctx, cancel: cancel, plugins: map[string]fwk.Plugin{}, informers: factory, position: positions(c.Nodes)}
	options, err := frameworkOptions(ctx, client, factory, snapshot, c.Pods)
	if err != nil {
		cancel()
		return nil, err
	}
	opened.framework, err = frameworkruntime.NewFramework(ctx, opened.keepPlugins(), profile, options...)
	if err != nil {
		cancel()
		return nil, err
	}
	opened.nodes, err = snapshot.NodeInfos().List()
	return opened, err
}

func positions(nodes []*v1.Node) map[string]int {
	position := make(map[string]int, len(nodes))
	for i, node := range nodes {
		position[node.Name] = i
	}
	return position
}

func takeSnapshot(ctx context.Context, c *schedulingCase) (*internalcache.Snapshot, error) {
	logger := klog.FromContext(ctx)
	nodesAndPods := internalcache.New(ctx, nil, false)
	for _, node := range c.Nodes {
		nodesAndPods.AddNode(logger, node)
	}
	for _, pod := range c.Pods {
		if pod.Spec.NodeName == "" {
			continue
		}
		if err := nodesAndPods.AddPod(logger, pod); err != nil {
			return nil, err
		}
	}
	snapshot := internalcache.NewEmptySnapshot()
	return snapshot, nodesAndPods.UpdateSnapshot(logger, snapshot)
}

func frameworkOptions(
	ctx context.Context,
	client *fake.Clientset,
	factory informers.SharedInformerFactory,
	snapshot *internalcache.Snapshot,
	pods []*v1.Pod,
) ([]frameworkruntime.Option, error) {
	claims := assumecache.NewAssumeCache(klog.FromContext(ctx), factory.Resource().V1().ResourceClaims().Informer(), "ResourceClaim", "", nil)
	slices, err := tracker.StartTracker(ctx, tracker.Options{
		SliceInformer: factory.Resource().V1().ResourceSlices(),
		KubeClient:    client,
	})
	if err != nil {
		return nil, err
	}
	nominated, err := nominate(pods)
	if err != nil {
		return nil, err
	}
	return []frameworkruntime.Option{
		frameworkruntime.WithClientSet(client),
		frameworkruntime.WithInformerFactory(factory),
		frameworkruntime.WithSnapshotSharedLister(snapshot),
		frameworkruntime.WithParallelism(1),
		frameworkruntime.WithEventRecorder(&events.FakeRecorder{}),
		frameworkruntime.WithPodNominator(nominated),
		frameworkruntime.WithSharedDRAManager(dynamicresources.NewDRAManager(ctx, claims, slices, factory)),
		frameworkruntime.WithSharedCSIManager(nodevolumelimits.NewCSIManager(factory.Storage().V1().CSINodes().Lister())),
		frameworkruntime.WithWaitingPods(frameworkruntime.NewWaitingPodsMap()),
		frameworkruntime.WithPodsInPreBind(frameworkruntime.NewPodsInPreBindMap()),
	}, nil
}

// The registry of the release, which also keeps what it makes: the framework hides its plugins.
func (c *cluster) keepPlugins() frameworkruntime.Registry {
	registry := frameworkruntime.Registry{}
	for name, factory := range frameworkplugins.NewInTreeRegistry() {
		registry[name] = func(ctx context.Context, arguments runtime.Object, handle fwk.Handle) (fwk.Plugin, error) {
			plugin, err := factory(ctx, arguments, handle)
			c.plugins[name] = plugin
			return plugin, err
		}
	}
	return registry
}

// Plugins of one point in the order in which the framework runs them.
func pluginsAt[T fwk.Plugin](c *cluster, enabled func(*schedulerapi.Plugins) schedulerapi.PluginSet) ([]T, error) {
	var found []T
	for _, entry := range enabled(c.framework.ListPlugins()).Enabled {
		plugin, ok := c.plugins[entry.Name].(T)
		if !ok {
			return nil, fmt.Errorf("expected the plugin %s at its point; found %T", entry.Name, c.plugins[entry.Name])
		}
		found = append(found, plugin)
	}
	return found, nil
}
