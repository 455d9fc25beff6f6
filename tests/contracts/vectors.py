"""What every `SentenceVectors` must do; subclassed with a `vectors` fixture."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from appliance.engines.ports import SentenceVectors

QUESTION = "what time do you open"
SAME_QUESTION = "when do you open"
OFF_TOPIC = "my dog ate the homework"


class SentenceVectorsContract:
    """The suite."""

    def test_it_has_a_name_for_the_record(self, vectors: SentenceVectors) -> None:
        assert vectors.name

    def test_one_vector_of_unit_length_for_each_sentence(self, vectors: SentenceVectors) -> None:
        found = np.array(vectors.vectors([QUESTION, SAME_QUESTION, OFF_TOPIC, ""]))
        assert found.shape[0] == 4
        np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1.0, atol=1e-5)

    def test_no_sentences_no_vectors(self, vectors: SentenceVectors) -> None:
        assert vectors.vectors([]) == []

    def test_company_does_not_change_a_vector(self, vectors: SentenceVectors) -> None:
        together = vectors.vectors([QUESTION, OFF_TOPIC * 5])
        assert together == [vectors.vectors([QUESTION])[0], vectors.vectors([OFF_TOPIC * 5])[0]]

    def test_near_in_meaning_is_near_in_angle(self, vectors: SentenceVectors) -> None:
        asked, again, other = np.array(vectors.vectors([QUESTION, SAME_QUESTION, OFF_TOPIC]))
        assert asked @ again > asked @ other + 0.2

    def test_several_threads_may_ask_at_once(self, vectors: SentenceVectors) -> None:
        sentences = [QUESTION, SAME_QUESTION, OFF_TOPIC, "hello"]
        with ThreadPoolExecutor(4) as threads:
            together = list(threads.map(lambda sentence: vectors.vectors([sentence])[0], sentences))
        assert together == vectors.vectors(sentences)
