"""The one door for writing. Each module holds one group of verbs.

Locks are always taken in this order: the form's one-time key; the quota days of the people concerned, by ascending id;
identity keys, sorted; the customer; leads, by ascending id; their assignments; the day's serial counter.
"""
