"""The policies that judged at a moment, and with another version in place of one."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from policies.choosing import Frame, PolicyInForce, frame_of, in_force, in_order
from policies.models import PolicyVersion
from policies.terms import Terms
from policies.versions import FrameChange

PoliciesAt = Callable[[datetime], Sequence[PolicyInForce]]


def policies_of(versions: Sequence[PolicyVersion], changes: Sequence[FrameChange] = ()) -> PoliciesAt:
    """Which policies judged at a moment; found out once for each span between two changes."""
    moments = sorted({*(version.starts_at for version in versions if version.starts_at), *(one.at for one in changes)})
    found: dict[int, Sequence[PolicyInForce]] = {}

    def policies_at(at: datetime) -> Sequence[PolicyInForce]:
        span = bisect_right(moments, at)
        if span not in found:
            found[span] = in_force(versions, at, _frames(versions, changes, at))
        return found[span]

    return policies_at


def _frames(versions: Iterable[PolicyVersion], changes: Sequence[FrameChange], at: datetime) -> dict[int, Frame]:
    """Place and switch of each policy at a moment: those of today without what changed later."""
    frames = {version.policy_id: frame_of(version.policy) for version in versions}
    for change in reversed(changes):
        if change.at > at and change.policy_id in frames:
            frames[change.policy_id] = change.undone(frames[change.policy_id])
    return frames


def instead(policies_at: PoliciesAt, version: PolicyVersion, since: datetime) -> PoliciesAt:
    """The same from a moment on with this version in its policy's place of the time; of today, if it had none."""
    policy = version.policy
    tried = PolicyInForce(version.pk, policy.pk, policy.name, policy.position, Terms.from_json(version.body))
    found: dict[tuple[tuple[int, int], ...], Sequence[PolicyInForce]] = {}

    def tried_at(at: datetime) -> Sequence[PolicyInForce]:
        usual = policies_at(at)
        if at < since:
            return usual
        place = tuple((each.version_id, each.position) for each in usual)
        if place not in found:
            position = next((each.position for each in usual if each.policy_id == policy.pk), policy.position)
            others = (each for each in usual if each.policy_id != policy.pk)
            found[place] = in_order((replace(tried, position=position), *others))
        return found[place]

    return tried_at
