"""Papers from the network: one polite client, the sites it asks, and the links and ids that name papers there."""
