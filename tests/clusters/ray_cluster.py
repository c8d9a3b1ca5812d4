"""A Ray cluster of two nodes on this machine. Prints its address; a line on standard input kills the second node, the next ends all."""

import sys

from ray.cluster_utils import Cluster

small = {"object_store_memory": 100 * 1024 * 1024, "num_cpus": 1}
cluster = Cluster(initialize_head=True, head_node_args={**small, "include_dashboard": False})
second = cluster.add_node(**small)
cluster.wait_for_nodes()
print(cluster.address, flush=True)
sys.stdin.readline()
cluster.remove_node(second, allow_graceful=False)
print("killed", flush=True)
sys.stdin.readline()
cluster.shutdown()
