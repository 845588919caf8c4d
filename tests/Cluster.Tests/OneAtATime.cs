// Each test has brokers, clients and, some of them, nodes and a database of its own, and patience that is counted in seconds: side by side they would wait for each other's processors.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
