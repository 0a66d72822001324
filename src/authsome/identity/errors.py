"""How identities and their signatures refuse."""

from __future__ import annotations

from authsome.kit.errors import (
    ConflictError,
    DeniedError,
    InvalidError,
    MissingError,
    UnauthenticatedError,
    UnavailableError,
)


class DidInvalid(InvalidError):
    """The did is not a did:key of an Ed25519 key."""

    code = "did_invalid"
    hint = "let `authsome onboard` make the key"


class LabelInvalid(InvalidError):
    """A label has 1 to 64 printable characters on one line."""

    code = "label_invalid"
    hint = "choose a shorter, plain label"


class IdentityRequired(DeniedError):
    """Only an agent may do this: the request must be signed with an identity's key."""

    code = "identity_required"
    hint = "run `authsome onboard` first"


class SignatureMissing(UnauthenticatedError):
    """The request carries no signature."""

    code = "signature_missing"
    hint = "run `authsome onboard` first; the command line signs every request"


class SignatureInvalid(UnauthenticatedError):
    """The request's signature does not verify."""

    code = "signature_invalid"
    hint = "sign @method, @authority, @path, @query and the content digest with the key of the did"


class SignatureStale(UnauthenticatedError):
    """The signature was made too long ago, or in the future."""

    code = "signature_stale"
    hint = "set this machine's clock; signatures are good for 60 seconds"


class SignatureReplayed(UnauthenticatedError):
    """This signature was used before."""

    code = "signature_replayed"
    hint = "sign each request anew, with a new nonce"


class IdentityMissing(MissingError):
    """There is no such identity."""

    code = "identity_missing"
    hint = "list them with `authsome identities`"


class IdentityUnknown(UnauthenticatedError):
    """Nobody has registered the key that signed this."""

    code = "identity_unknown"
    hint = "run `authsome onboard` or `authsome sign-in`"


class IdentityUnclaimed(DeniedError):
    """Nobody has claimed this identity, or it was released, so it can do nothing."""

    code = "identity_unclaimed"
    hint = "run `authsome onboard` and open the link it prints"


class IdentityEnded(DeniedError):
    """This identity was rejected or revoked."""

    code = "identity_ended"
    hint = "run `authsome onboard --new` to make another one"


class KeyRetired(DeniedError):
    """This key was replaced by another one, so it works no more."""

    code = "key_retired"
    hint = "run `authsome rotate-key` again where the new key was made; elsewhere `authsome onboard --new`"


class RotationUnproven(InvalidError):
    """The proof of the new key does not verify."""

    code = "rotation_unproven"
    hint = "let `authsome rotate-key` make the new key and its proof"


class DidTaken(ConflictError):
    """This key is registered already."""

    code = "did_taken"
    hint = "run `authsome whoami`"


class TooManyPending(UnavailableError):
    """Too many registrations are waiting to be claimed."""

    code = "too_many_pending"
    hint = "claim or reject the waiting ones, or try again in an hour"
