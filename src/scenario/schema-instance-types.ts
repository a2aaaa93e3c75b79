/** Words of the instance catalogue, and how instances are bought. */

import { z } from 'zod';
import { didYouMean } from './did-you-mean.ts';
import { findInstanceType, instanceTypes, suggestInstanceType } from '../cloud/catalogue.ts';

export const instanceType = z
  .string()
  .superRefine((type, context) => {
    if (findInstanceType(type) !== undefined) return;
    const near = suggestInstanceType(type);
    const hint = near === undefined ? '' : ` (did you mean "${near}"?)`;
    const message = `expected an EC2 instance type, found ${JSON.stringify(type)}${hint}`;
    context.addIssue({ code: 'custom', message });
  })
  .meta({ title: 'instance type' });

/** A word of the catalogue: a family such as m6i or a category such as m. */
export function catalogueWord(column: 'family' | 'category') {
  return z
    .string()
    .superRefine((word, context) => {
      const known = [...new Set(instanceTypes().map((type) => type[column]))];
      if (known.includes(word)) return;
      const found = `${JSON.stringify(word)}${didYouMean(word, known)}`;
      const message = `expected a ${column} of EC2 instance types, found ${found}`;
      context.addIssue({ code: 'custom', message });
    })
    .meta({ title: `instance ${column}` });
}

export const capacityType = z.enum(['on-demand', 'spot']);
