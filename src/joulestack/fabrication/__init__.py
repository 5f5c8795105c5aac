"""From a recipe to a medium: how a layer or a contact was made fixes its laws.

Here: pressed electrolytes, contacts, `composite` electrodes, media of given properties. Not here:
case files (`case`), equations (`laws`), weak forms (`physics`).
"""
