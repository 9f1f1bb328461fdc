"""Steps from each version of the catalog to the next."""
