// Areas and neighbours of countries, measured on the outlines of Natural Earth (package `world-atlas`).

import { z } from 'zod';
import { readPackage } from './package-file.ts';

// An arc is a row of steps from point to point; a ring is a row of arc numbers, of which ~n is arc n
// backwards.
const Ring = z.array(z.int());
const Geometry = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('Polygon'),
    id: z.string().optional(),
    arcs: z.array(Ring),
    properties: named(),
  }),
  z.object({
    type: z.literal('MultiPolygon'),
    id: z.string().optional(),
    arcs: z.array(z.array(Ring)),
    properties: named(),
  }),
]);
const Topology = z.object({
  transform: z.object({ scale: z.array(z.number()), translate: z.array(z.number()) }),
  // Some 100,000 points: checking each would take longer than all the rest.
  arcs: z.array(z.custom<readonly (readonly number[])[]>(Array.isArray)),
  objects: z.object({ countries: z.object({ geometries: z.array(Geometry) }) }),
});
type Topology = z.infer<typeof Topology>;

// 1 : 50 million: a fifth of the finest file, and every land border is in it.
const FILE = 'world-atlas/countries-50m.json';
// Radius of the sphere with the surface of the Earth, in km.
const EARTH_KM = 6371.0072;

/** By ISO digits, else by name: what the outlines enclose, and who shares an arc with whom. */
export async function measuredOutlines(): Promise<
  Record<string, { areaKm2: number; touching: readonly string[] }>
> {
  const topology = await readPackage(FILE, Topology);
  const owners = new Map<number, Set<string>>();
  const areas = new Map<string, number>();
  const measure = ringArea(topology);
  for (const geometry of topology.objects.countries.geometries) {
    const id = geometry.id ?? geometry.properties.name;
    const polygons = geometry.type === 'Polygon' ? [geometry.arcs] : geometry.arcs;
    for (const arc of polygons.flat(2)) {
      const key = arc < 0 ? ~arc : arc;
      owners.set(key, (owners.get(key) ?? new Set()).add(id));
    }
    const area = polygons.reduce((sum, rings) => sum + polygonArea(rings, measure), 0);
    areas.set(id, (areas.get(id) ?? 0) + area);
  }
  const touching = sharing(owners.values());
  return Object.fromEntries(
    [...areas].map(([id, areaKm2]) => [id, { areaKm2, touching: [...(touching.get(id) ?? [])].sort() }]),
  );
}

/** Who shares an arc with whom. */
function sharing(owners: Iterable<ReadonlySet<string>>): Map<string, Set<string>> {
  const touching = new Map<string, Set<string>>();
  for (const shared of owners) {
    for (const one of shared) {
      const others = touching.get(one) ?? new Set<string>();
      for (const other of shared) if (other !== one) others.add(other);
      touching.set(one, others);
    }
  }
  return touching;
}

function named() {
  return z.object({ name: z.string() });
}

/** The first ring is the outline, the others are holes. */
function polygonArea(rings: readonly number[][], measure: (ring: readonly number[]) => number): number {
  return rings.reduce((sum, ring, index) => sum + (index === 0 ? measure(ring) : -measure(ring)), 0);
}

/** Area of a ring on the sphere, from the longitudes and latitudes of its corners. */
function ringArea(topology: Topology): (ring: readonly number[]) => number {
  const [scaleX = 1, scaleY = 1] = topology.transform.scale;
  const [originX = 0, originY = 0] = topology.transform.translate;
  const radians = Math.PI / 180;
  const arcs = topology.arcs.map((steps) => {
    let [x, y] = [0, 0];
    return steps.map(([stepX = 0, stepY = 0]) => {
      x += stepX;
      y += stepY;
      return [(x * scaleX + originX) * radians, (y * scaleY + originY) * radians] as const;
    });
  });
  return (ring) => {
    const corners = ring.flatMap((arc) => (arc < 0 ? (arcs[~arc] ?? []).toReversed() : (arcs[arc] ?? [])));
    let sum = 0;
    corners.forEach(([longitude, latitude], index) => {
      const [nextLongitude, nextLatitude] = corners[(index + 1) % corners.length] ?? [longitude, latitude];
      sum += (nextLongitude - longitude) * (2 + Math.sin(latitude) + Math.sin(nextLatitude));
    });
    return Math.abs((sum * EARTH_KM * EARTH_KM) / 2);
  };
}
