"""The schedule of one context: who is evaluated when, and who waits for cells."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from appliance.engines.llama_batch import (
    CHUNK_ALONE,
    CHUNK_SHARED,
    SEQUENCES,
    Answer,
    Forget,
    Lend,
    Prefix,
    Schedule,
    Share,
    is_looping,
)

SYSTEM = tuple(range(100))


def answer(
    name: str,
    words: int = 10,
    system: tuple[int, ...] = SYSTEM,
    most: int = 5,
    conversation: str = "",
) -> Answer:
    tokens = system + tuple(range(1000, 1000 + words))
    return Answer(name, f"system of {len(system)}", tokens, len(system), most, conversation)


def advance(schedule: Schedule) -> list[Share]:
    """One step as the engine makes it; every answer that may say something says token 7."""
    schedule.admit()
    shares = schedule.plan()
    schedule.advance(shares)
    for share in shares:
        if share.yields and isinstance(share.owner, Answer):
            share.owner.composed.append(7)
            if len(share.owner.composed) == share.owner.max_tokens:
                schedule.end(share.owner)
    return shares


def test_the_system_prompt_is_evaluated_once_and_lent() -> None:
    schedule = Schedule(1000, 1000)
    schedule.add(answer("a"))
    assert schedule.admit() == []
    first, second = advance(schedule), advance(schedule)
    assert [(type(s.owner), len(s.tokens)) for s in first + second] == [(Prefix, CHUNK_ALONE), (Prefix, 36)]
    assert [type(order) for order in schedule.admit()] == [Lend]
    assert [(type(s.owner), len(s.tokens), s.position, s.yields) for s in schedule.plan()] == [
        (Answer, 10, 100, True)
    ]


def test_a_prompt_beside_an_answer_takes_small_bites() -> None:
    schedule = Schedule(2000, 2000)
    schedule.add(answer("a", most=50))
    while not any(share.yields for share in advance(schedule)):
        pass
    schedule.add(answer("b", words=200))
    assert [len(share.tokens) for share in advance(schedule)] == [1, CHUNK_SHARED]


def test_preparing_waits_while_anybody_is_answered() -> None:
    schedule = Schedule(2000, 2000)
    schedule.add(answer("a", most=3))
    schedule.admit()
    schedule.hold("another", range(500, 600))
    owners = []
    while schedule.find("a"):
        owners += [share.owner for share in advance(schedule)]
    assert not [one for one in owners if isinstance(one, Prefix) and one.system == "another"]
    assert schedule.has_work
    assert [one.owner.system for one in schedule.plan() if isinstance(one.owner, Prefix)] == ["another"]


def test_the_system_prompt_unused_the_longest_makes_room() -> None:
    schedule = Schedule(1000, 1000)
    for name in ("one", "two", "three"):
        schedule.hold(name, [1, 2, 3])
    schedule.prefix("one")
    assert [type(order) for order in schedule.hold("four", [1, 2])] == [Forget]
    assert schedule.prefix("two") is None
    assert schedule.prefix("one") is not None


def test_an_answer_waits_for_cells_that_are_promised_to_others() -> None:
    schedule = Schedule(150, 1000)
    schedule.add(answer("a", words=20))
    schedule.add(answer("b", words=30))
    while schedule.find("a"):
        assert all(getattr(share.owner, "name", "a") == "a" for share in advance(schedule))
    names = []
    while schedule.find("b"):
        names += [getattr(share.owner, "name", "") for share in advance(schedule)]
    assert "b" in names


def test_what_never_fits_is_known_beforehand() -> None:
    assert not Schedule(100, 1000).fits(answer("a"))
    assert not Schedule(1000, 100).fits(answer("a"))
    assert Schedule(115, 115).fits(answer("a"))


@given(
    st.lists(
        st.tuples(st.integers(1, 90), st.integers(0, 4), st.integers(1, 12), st.integers(0, 3)),
        min_size=1,
        max_size=20,
    ),
    st.integers(220, 600),
)
def test_everybody_is_answered_and_every_sequence_is_filled_in_order(
    wishes: list[tuple[int, int, int, int]], cells: int
) -> None:
    schedule = Schedule(cells, cells)
    waiting = [
        answer(f"caller {number}", words, tuple(range(system * 30)), most, f"call {call}" if call else "")
        for number, (words, system, most, call) in enumerate(wishes)
    ]
    for one in waiting:
        assert schedule.fits(one)
        schedule.add(one)
    held: dict[int, int] = {}
    for _ in range(2000):
        if not any(schedule.find(one.name) for one in waiting):
            break
        orders = schedule.admit()
        _carry_out(orders, held)
        shares = schedule.plan()
        assert shares
        assert sum(len(share.tokens) for share in shares) <= CHUNK_ALONE + SEQUENCES
        for share in shares:
            assert held.get(share.sequence, 0) == share.position
            held[share.sequence] = share.position + len(share.tokens)
        schedule.advance(shares)
        for share in shares:
            if share.yields and isinstance(share.owner, Answer):
                share.owner.composed.append(7)
                if len(share.owner.composed) == share.owner.max_tokens:
                    _carry_out(schedule.end(share.owner), held)
    assert [len(one.composed) for one in waiting] == [one.max_tokens for one in waiting]


def _carry_out(orders: list[Lend | Forget], held: dict[int, int]) -> None:
    for order in orders:
        match order:
            case Lend(of, to):
                assert held.get(to, 0) == 0
                held[to] = held[of]
            case Forget(of, start):
                held[of] = min(held.get(of, 0), start)


def finish(schedule: Schedule) -> None:
    while schedule.has_work:
        advance(schedule)


def test_a_conversation_goes_on_where_its_words_differ() -> None:
    schedule = Schedule(1000, 1000)
    schedule.add(answer("a", words=10, conversation="call"))
    finish(schedule)
    schedule.add(answer("b", words=14, conversation="call"))
    (order,) = schedule.admit()
    (share,) = schedule.plan()
    assert order == Forget(share.sequence, 110)
    assert (share.position, len(share.tokens), share.yields) == (110, 4, True)


def test_the_same_words_again_cost_one_token() -> None:
    schedule = Schedule(1000, 1000)
    for name in "ab":
        schedule.add(answer(name, words=10, conversation="call"))
        shares = advance(schedule)
        finish(schedule)
    assert [len(share.tokens) for share in shares] == [1]


def test_words_that_share_nothing_begin_at_the_system_prompt() -> None:
    schedule = Schedule(1000, 1000)
    schedule.add(answer("a", conversation="call"))
    finish(schedule)
    other = answer("b", conversation="call")
    other.tokens = (*SYSTEM, 1, 2, 3)
    schedule.add(other)
    assert [type(order) for order in schedule.admit()] == [Lend]
    assert [share.position for share in schedule.plan()] == [100]


def test_a_broken_off_prompt_keeps_what_was_evaluated() -> None:
    schedule = Schedule(1000, 1000)
    long = answer("a", words=100, conversation="call")
    schedule.add(long)
    while long.evaluated < 164:
        advance(schedule)
    assert schedule.end(long) == [Forget(long.sequence, 164)]
    schedule.add(answer("b", words=101, conversation="call"))
    schedule.admit()
    assert [share.position for share in schedule.plan()] == [164]


def test_the_oldest_conversation_makes_room_and_the_system_prompt_stays() -> None:
    schedule = Schedule(140, 1000)
    for name in ("one", "two"):
        schedule.add(answer(name, words=20, conversation=name))
        finish(schedule)
    assert schedule.prefix("system of 100")
    schedule.add(answer("again", words=20, conversation="one"))
    schedule.admit()
    assert [share.position for share in schedule.plan()] == [100]


def test_a_model_that_cannot_take_back_a_part_begins_anew() -> None:
    schedule = Schedule(1000, 1000)
    schedule.add(answer("a", conversation="call"))
    finish(schedule)
    schedule.add(answer("b", words=14, conversation="call"))
    (order,) = schedule.admit()
    assert [type(one) for one in schedule.lost(order.of)] == [Forget, Lend]
    assert [share.position for share in schedule.plan()] == [100]


def test_a_loop_is_seen_and_a_phone_number_is_none() -> None:
    assert is_looping([9, *[1, 2, 3, 4] * 3])
    assert is_looping([5] * 12)
    assert not is_looping([5] * 6)
    assert not is_looping(list(range(40)))
    assert not is_looping([1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 5])
