import { HeapCalendar } from '../support/heap-calendar.ts';
import { describeCalendar } from './calendar-contract.ts';

describeCalendar('the plain heap that the ladder is compared with', () => new HeapCalendar());
