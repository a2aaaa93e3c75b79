/** The key `prices`: what the account has agreed with AWS. */

import { z } from 'zod';
import { catalogueWord, instanceType } from './schema-instance-types.ts';
import { count, money } from './schema-quantity.ts';

const percent = z.int().min(0).max(99);

const reserved = z
  .strictObject({
    instanceType: instanceType.describe('Type that is reserved, in any zone of the region.'),
    count: count.describe('How many.'),
    pricePerHour: money.describe('What each costs an hour in USD, upfront payments spread.'),
  })
  .transform(({ instanceType: type, count: instances, pricePerHour }) => ({
    instanceType: type,
    count: instances,
    nanoUsdPerHour: pricePerHour,
  }));

const savingsPlan = z
  .strictObject({
    family: z
      .exactOptional(catalogueWord('family'))
      .describe('An EC2 instance savings plan of this family; left out, a plan of all families.'),
    commitment: money.describe('USD an hour that are paid in any case.'),
    discount: percent.describe('Per cent off on-demand for what the commitment covers.'),
  })
  .transform(({ family, commitment, discount }) => ({
    family,
    commitmentNanoUsdPerHour: commitment,
    discountPercent: discount,
  }));

export const prices = z
  .strictObject({
    reservedInstances: z
      .array(reserved)
      .prefault([])
      .describe('Paid every hour; cover on-demand use of their type first.'),
    savingsPlans: z
      .array(savingsPlan)
      .prefault([])
      .describe('Paid every hour; cover on-demand EC2 use at a discount, plans of a family first.'),
    discount: percent.prefault(0).describe('Per cent off all that AWS charges (negotiated).'),
  })
  .transform(({ reservedInstances, savingsPlans, discount }) => ({
    reserved: reservedInstances,
    plans: savingsPlans,
    discountPercent: discount,
  }))
  .meta({ id: 'prices' });
