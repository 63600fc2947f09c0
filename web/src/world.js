// world.js: land and borders, from Natural Earth; a file of its own, which is fetched behind the pages.
import { feature, mesh } from 'topojson-client';
import world from 'world-atlas/countries-50m.json';

export const land = feature(world, world.objects.land);
export const borders = mesh(world, world.objects.countries, (a, b) => a !== b);
