/** Every decision of a run, in order, for `decisions.csv`. Kept only when asked for. */

import type { Actor, Decision } from '../base/reasons.ts';
import type { DecisionRow } from './rows.ts';
import type { Observer } from '../simulation/observer.ts';

export class DecisionLog implements Observer {
  private rows: Omit<DecisionRow, 'variant' | 'seed'>[] = [];

  decided(timeUs: number, actor: Actor, subject: string, decision: Decision, reason: string): void {
    this.rows.push({ timeUs, actor, subject, decision, reason });
  }

  all(): readonly Omit<DecisionRow, 'variant' | 'seed'>[] {
    return this.rows;
  }

  save(): unknown {
    return [...this.rows];
  }

  restore(state: Omit<DecisionRow, 'variant' | 'seed'>[]): void {
    this.rows = [...state];
  }
}
