"""Past filings judged again by other policies (RULE-3): a pure simulation that reads nothing and asks no clock.

It judges by the functions that judge real filings (`matching.judge`, `rules`, `spans`), over what was recorded of each
try: the digests of the keys that it would hold, the names of the fields that were filled in, its dates. So it knows
these limits:

- Likely and possible matches can't be judged from digests. What was recorded as unclear stays unclear, unless something
  firmer comes out; merges are not replayed.
- What no policy settles stays as recorded: the quota, a faulty number, a filing kind that was switched off.
- A field that nobody was asked for counts as empty, a decision that nobody had to take as not taken.
- What happened to a filing afterwards happens again as far as it could: nothing befalls one that was refused.
- Versions, and the place and the switch of a policy as far as the log has their changes, are those of the time. What is
  not dated is that of today: settings, kinds and fields, matching rules, choice lists, calendar, shared numbers.
- Whether an edit filled in hidden digits is read from the time of arrival that its filing has today.
- Whoever left before their turn came is passed over wherever it comes; whoever left later took it.
- Whoever was turned away where nobody could wait is taken to queue where the other policies have room.
"""

from leads.replay.comparing import Comparison, compare
from leads.replay.running import replay
from leads.replay.values import Attempt, Change, Happened, Happening, Setting, Told, Verdict

__all__ = [
    "Attempt",
    "Change",
    "Comparison",
    "Happened",
    "Happening",
    "Setting",
    "Told",
    "Verdict",
    "compare",
    "replay",
]
