"""A wish to join, by form or by mail: within the limits it becomes one mail to the address, else nothing."""

from subscribers import joining, limits
from subscribers.addresses import Address
from subscribers.joining import Proof


def ask(address: Address, language: str, proof: Proof, *, zone: str = "") -> bool:
    """Ask the address's owner to confirm. False: it has had its mails for today, and whoever asks isn't told."""
    if not limits.allow([(limits.PER_ADDRESS, address.key)], proof.at):
        return False
    joining.join(address.email, language, proof, zone=zone)
    return True
