"""Blinatumomab planned and given: days, dose, interruptions, reductions, vials, cost."""
