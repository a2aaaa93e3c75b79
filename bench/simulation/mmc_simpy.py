"""M/M/c with SimPy, on the draws of a file: what mmc-draws.ts describes. Prints processor time and mean wait as JSON.

Run        python3 mmc_simpy.py DRAWS SERVERS
"""

import array
import json
import os
import sys
import time

import simpy


class Queue:
    def __init__(self, gaps, services, servers):
        self.gaps = gaps
        self.services = services
        self.wait_sum = 0.0
        self.environment = simpy.Environment()
        self.servers = simpy.Resource(self.environment, capacity=servers)
        self.environment.process(self.source())

    def source(self):
        for gap, service in zip(self.gaps, self.services):
            yield self.environment.timeout(gap)
            self.environment.process(self.customer(service))

    def customer(self, service):
        arrived = self.environment.now
        with self.servers.request() as request:
            yield request
            self.wait_sum += self.environment.now - arrived
            yield self.environment.timeout(service)


def main(file, servers):
    draws = array.array("d")
    with open(file, "rb") as source:
        draws.fromfile(source, os.path.getsize(file) // draws.itemsize)
    customers = len(draws) // 2
    queue = Queue(draws[:customers], draws[customers:], servers)
    start = time.process_time()
    queue.environment.run()
    us = (time.process_time() - start) * 1e6
    print(json.dumps({"us": us, "waitMeanUs": queue.wait_sum / customers}))


main(sys.argv[1], int(sys.argv[2]))
