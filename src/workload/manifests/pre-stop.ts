/**
 * How long the preStop hooks of a pod take, which run at the same time: that of the longest. Only sleeping takes a known time, by
 * `sleep` or by a command that says `sleep N`; other hooks
 * are taken to be over at once.
 */

import type { PodTemplate } from '../../cluster/pod-template.ts';
import type { YamlCursor } from './yaml-cursor.ts';

export function preStopOf(podSpec: YamlCursor): Pick<PodTemplate, 'preStopS'> {
  let preStopS = 0;
  for (const container of podSpec.get('containers').items()) {
    const lifecycle = container.get('lifecycle');
    if (lifecycle.isAbsent) continue;
    const hook = lifecycle.get('preStop');
    preStopS = Math.max(preStopS, hook.get('sleep').get('seconds').whole(0), commandS(hook));
  }
  return preStopS === 0 ? {} : { preStopS };
}

function commandS(hook: YamlCursor): number {
  const words = hook.get('exec').get('command').items();
  const text = words.map((word) => String(word.textOrNumber())).join(' ');
  return Number(/(?:^|[\s;&/])sleep (\d+)/.exec(text)?.[1] ?? 0);
}
