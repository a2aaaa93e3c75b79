/** Where a value stands inside a document: keys of maps and positions in lists, from the root. */
export type Path = readonly (string | number)[];

/** `variants.ecs.pools.base.asg.instanceTypes[0]` */
export function pathToText(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else text += text === '' ? step : `.${step}`;
  }
  return text;
}
