"""Sign-ups under gunicorn against an empty view of the same project."""

import argparse

from tests.benchmarks import readers_posts
from tests.benchmarks.readers_common import ROUNDS, say, timed


def measure_signup(options: argparse.Namespace) -> None:
    from django.db import connection

    from subscribers import signup
    from subscribers.models import Notice, Subscriber, Wish

    with readers_posts.served() as port:
        best = {"empty view": 0.0, "sign-up": 0.0}
        for _ in range(ROUNDS):
            best["empty view"] = max(best["empty view"], readers_posts.empty(port, options.posts))
            best["sign-up"] = max(best["sign-up"], readers_posts.sign_ups(port, options.posts))
        assert Wish.objects.count() == ROUNDS * options.posts
        say(f"\n{connection.vendor}: sign-up under gunicorn with two workers, {options.posts} POSTs")
        say(f"  empty view {best['empty view']:6.0f}/s    sign-up {best['sign-up']:6.0f}/s")
        say(f"  ratio {best['sign-up'] / best['empty view']:.2f} (aim 0.5)")
        wishes = Wish.objects.count()
        say(
            f"  afterwards, on the queue: {wishes / timed(signup.take_up):.0f} wishes/s become a reader and a mail due"
        )
        assert Subscriber.objects.count() == Notice.objects.count() == wishes
        say("  how long the answer takes, by whose address it is: " + readers_posts.by_state(port))
