"""The screens' own code: gate, routes, read models, pages without a browser."""
