"""How far an issue has got, for a terminal: a line, or a table that is drawn in place."""

import datetime as dt
from dataclasses import dataclass

from newsletter.deliver import pausing, progress
from newsletter.deliver.progress import Progress, Trouble
from newsletter.models import DeliveryState, Issue, Pause

BAR = 40  # characters


@dataclass(frozen=True)
class Standing:
    """All that is said of one moment; times are printed in UTC."""

    issue: Issue
    progress: Progress
    pause: Pause | None
    trouble: Trouble | None

    @classmethod
    def of(cls, issue: Issue, now: dt.datetime) -> "Standing":
        """As it is at `now`."""
        return cls(
            issue,
            progress.count(issue, now),
            Pause.objects.filter(issue=issue).select_related("by").first(),
            progress.trouble(issue, now),
        )

    def line(self) -> str:
        """One line, for a log."""
        counts = self.progress.counts
        states = [f"{state} {counts[state]}" for state in DeliveryState.values if counts.get(state)]
        return "; ".join([f"{self.issue} is {self.issue.state}", *states, *self._pace(), *self._stops()])

    def table(self) -> list[str]:
        """A bar, a line for each state, and what holds it up."""
        now = self.progress
        filled = BAR * now.done // (now.all or 1)
        lines = [
            f"{self.issue} is {self.issue.state}",
            f"[{'#' * filled}{'.' * (BAR - filled)}] {now.done:,} of {now.all:,}",
        ]
        names = {**_NAMES, DeliveryState.QUEUED: f"queued: {now.queued_due:,} due, the others at their hour"}
        lines += [f"{now.counts.get(state, 0):>10,}  {names[state]}" for state in names if now.counts.get(state)]
        lines += ["; ".join(self._pace())] if self._pace() else []
        lines += [
            f"{each.mails:>10,}  {each.domain}, from {each.first:%H:%M} UTC: {each.words}"
            for each in progress.put_off(self.issue, now.at)
        ]
        lines += [
            f"{each.mails:>10,}  {', '.join(each.domains) or 'warm-up'}: {each.count:,} are used up until "
            f"{each.again:%H:%M} UTC"
            for each in progress.slow_lanes(self.issue, now.at)
        ]
        return [*lines, *self._stops()]

    def _pace(self) -> list[str]:
        now, said = self.progress, list[str]()
        moves = bool(now.due) and not self.pause
        if now.rate and moves:
            said.append(f"{now.rate:.0f} a second" if now.rate >= 1 else f"{now.rate * 60:.0f} a minute")
        if now.due:
            left = now.seconds_left if moves else None
            said.append(
                f"{dt.timedelta(seconds=left)} left for the {now.due} due now" if left else f"{now.due} due now"
            )
        if now.later and now.last_due:
            said.append(f"{now.later} later, the last at {now.last_due:%Y-%m-%d %H:%M} UTC")
        return said

    def _stops(self) -> list[str]:
        if self.pause:
            who = f" by {self.pause.by.get_username()}" if self.pause.by else ""
            told = pausing.told(self.pause.reason, self.pause.because)
            return [f"paused since {self.pause.since:%H:%M:%S} UTC{who}: {told}"]
        if self.trouble:
            return [f"nothing leaves since {self.trouble.since:%H:%M} UTC, tried every minute: {self.trouble.error}"]
        return []


_NAMES: dict[str, str] = {
    DeliveryState.ACCEPTED: "taken by the next mail server",
    DeliveryState.CLAIMED: "being handed over",
    DeliveryState.QUEUED: "queued",
    DeliveryState.DEFERRED: "put off by the reader's server, to be tried again",
    DeliveryState.REFUSED: "refused, or given up",
    DeliveryState.UNCERTAIN: "may or may not have arrived: --uncertain",
    DeliveryState.WITHDRAWN: "withdrawn before they left",
}
