"""From a recipe to a medium: how a layer or a contact was made fixes its laws.

Pressed electrolytes, composite electrodes, contacts. No case files, no weak forms.
"""
