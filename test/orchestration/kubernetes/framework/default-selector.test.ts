import { describe, expect, it } from 'vitest';
import { defaultSelectorOf } from '../../../../src/orchestration/kubernetes/framework/default-selector.ts';
import { selector } from './pods-and-nodes.ts';
import { selectorMatches } from '../../../../src/orchestration/kubernetes/framework/label-selector.ts';

const WEB = { namespace: 'default', labels: { app: 'web', tier: 'front' } };

describe('the selector of default spreading', () => {
  it('is absent where nothing selects the pod', () => {
    const services = [
      { namespace: 'default', selector: { app: 'db' } },
      { namespace: 'other', selector: { app: 'web' } },
      { namespace: 'default' },
    ];
    expect(defaultSelectorOf(WEB, { services, controllers: [] })).toBeUndefined();
  });

  it('merges the selectors of all Services that select the pod', () => {
    const services = [
      { namespace: 'default', selector: { app: 'web' } },
      { namespace: 'default', selector: { tier: 'front' } },
    ];
    expect(defaultSelectorOf(WEB, { services, controllers: [] })).toEqual(
      selector({ app: 'web', tier: 'front' }),
    );
  });

  it('adds the selector of the controller, even one that contradicts a Service: then it matches no pod', () => {
    const services = [{ namespace: 'default', selector: { app: 'web' } }];
    const controllers = [
      {
        kind: 'ReplicaSet' as const,
        namespace: 'default',
        name: 'rs',
        selector: selector({ app: 'db' }),
      },
    ];
    const owner = { kind: 'ReplicaSet', name: 'rs' };
    const found = defaultSelectorOf({ ...WEB, owner }, { services, controllers });
    expect(selectorMatches(found, { app: 'web' })).toBe(false);
    expect(selectorMatches(found, { app: 'db' })).toBe(false);
  });

  it("lets a ReplicationController's labels override those of Services", () => {
    const services = [{ namespace: 'default', selector: { app: 'web' } }];
    const controllers = [
      {
        kind: 'ReplicationController' as const,
        namespace: 'default',
        name: 'rc',
        selector: selector({ app: 'db' }),
      },
    ];
    const owner = { kind: 'ReplicationController', name: 'rc' };
    expect(defaultSelectorOf({ ...WEB, owner }, { services, controllers })).toEqual(
      selector({ app: 'db' }),
    );
  });

  it('passes over a controller that is gone or of another kind', () => {
    const owner = { kind: 'Job', name: 'job' };
    expect(defaultSelectorOf({ ...WEB, owner }, { services: [], controllers: [] })).toBeUndefined();
  });
});
