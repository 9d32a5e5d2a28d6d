"""What lies within reach over a network: minutes, accessibility, closures, gaps of the layer."""
