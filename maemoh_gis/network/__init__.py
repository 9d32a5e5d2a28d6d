"""Roads and rail as one network: graphs, places on them, ways through them."""
