/** A small register for the tests of the loader. */
export const KNOWN_POLICIES = {
  kubernetes: ['least-allocated-balanced', 'first-fit', 'best-fit', 'random'],
  batch: ['first-fit', 'best-fit', 'random'],
  queue: ['fcfs', 'sjf'],
};
