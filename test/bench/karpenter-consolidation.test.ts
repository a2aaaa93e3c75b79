import { expect, it } from 'vitest';
import { passBoth, passFigures } from '../../bench/autoscaling/karpenter-consolidation.ts';

it('a pass over a packed cluster finds for every node what plain loops find', () => {
  const round = passBoth(20);
  const [figure] = passFigures([[round]]);
  expect(figure).toMatchObject({ name: 'consolidation pass', size: '20 nodes', agree: true });
  // Some may give way to a cheaper node; none can simply go.
  expect(round.plain.filter((answer) => typeof answer === 'number').length).toBeGreaterThan(0);
  expect(round.plain).not.toContain('delete');
});
