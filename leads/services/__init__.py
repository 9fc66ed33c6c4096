"""The one door for writing. Each module holds one group of verbs.

Locks are always taken in this order: the quota days of the people concerned, by ascending id; customers (the roots), by
ascending id, whose stamp counts every change of who owns them or waits; identity keys, sorted; leads, by ascending id;
their assignments; requests; the day's serial counter; last of all the form's one-time key.
"""
