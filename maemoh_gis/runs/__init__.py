"""One scenario from files to a run folder: lists the features and puts their parts together."""
