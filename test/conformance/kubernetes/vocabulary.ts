/** Names that the generated clusters use. Few of each, so that constraints meet what they ask for often enough. */

export const HOSTNAME = 'kubernetes.io/hostname';
export const ZONE = 'topology.kubernetes.io/zone';
export const REGION = 'topology.kubernetes.io/region';

export const TOPOLOGY_KEYS = [ZONE, ZONE, HOSTNAME, HOSTNAME, REGION, 'pool'] as const;

export const ZONES = ['eu-1a', 'eu-1b', 'eu-1c', 'us-1a'] as const;

export const POOLS = ['web', 'batch', 'gpu'] as const;

export const APPS = ['shop', 'cart', 'db'] as const;

export const TIERS = ['front', 'back'] as const;

export const NAMESPACES = ['default', 'team-a', 'team-b'] as const;

export const NAMESPACE_OBJECTS = [
  { metadata: { name: 'default', labels: { 'kubernetes.io/metadata.name': 'default' } } },
  { metadata: { name: 'team-a', labels: { team: 'a', env: 'prod' } } },
  { metadata: { name: 'team-b', labels: { team: 'b', env: 'test' } } },
];

/** With a tag, without one, with a port in the name, by digest. */
export const IMAGES = [
  'registry.example/shop:1',
  'registry.example/shop',
  'registry.example:5000/db',
  'registry.example:5000/db:2',
  `registry.example/tool@sha256:${'a'.repeat(64)}`,
] as const;

export const GPU = 'example.com/gpu';
export const HUGE_PAGES = 'hugepages-2Mi';

/** The instant every case takes for now. Times in a case are whole seconds around it. */
export const NOW_SECONDS = 1_768_478_400; // 2026-01-15T12:00:00Z

/** RFC 3339 in whole seconds, as the API writes times. Only for instants of January 2026. */
export function instant(seconds: number): string {
  const sinceMonth = seconds - 1_767_225_600; // 2026-01-01T00:00:00Z
  const two = (value: number): string => `${value}`.padStart(2, '0');
  const day = 1 + Math.floor(sinceMonth / 86_400);
  const hour = Math.floor(sinceMonth / 3600) % 24;
  const minute = Math.floor(sinceMonth / 60) % 60;
  return `2026-01-${two(day)}T${two(hour)}:${two(minute)}:${two(sinceMonth % 60)}Z`;
}
