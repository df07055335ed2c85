"""For whom a limit was published, asked of cases: device, disease, intent, condition. The answer may be: unknown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from dosimetry.arrays import BoolArray
from dosimetry.clauses import Clause, clauses
from dosimetry.columns import Columns, level_of_input
from dosimetry.comparison import compare, on_bound
from dosimetry.evaluation import Results
from dosimetry.liver_state import BY_VALUES
from dosimetry.quantities import is_quantity, level_of
from dosimetry.reference_rows import ANY, Limit


@dataclass(frozen=True, slots=True)
class Answer:
    """Where something holds, and where that cannot be told; it fails in all other rows."""

    holds: BoolArray
    unknown: BoolArray

    def both(self, other: "Answer") -> "Answer":
        """Where this and another answer hold; unknown where neither fails and not both hold."""
        holds = self.holds & other.holds
        possible = (self.holds | self.unknown) & (other.holds | other.unknown)
        return Answer(holds, possible & ~holds)

    @property
    def fails(self) -> BoolArray:
        """Where it surely does not hold."""
        return ~(self.holds | self.unknown)


class LimitScope:
    """The cases as limits ask about them. Most limits ask the same, so each answer is kept."""

    def __init__(self, columns: Columns, results: Results) -> None:
        self._columns = columns
        self._results = results
        self._kept: dict[tuple[str, str, str], Answer] = {}
        self._rows: dict[tuple[str, str], BoolArray] = {}

    def device(self, limit: Limit, level: str) -> BoolArray:
        """Rows whose case is treated with the limit's device."""
        return self._answer("device", limit.device, level).holds

    def disease(self, limit: Limit, level: str) -> Answer:
        """Rows whose case has the limit's disease."""
        return self._answer("disease", limit.disease, level)

    def intent(self, limit: Limit, level: str) -> Answer:
        """Rows of the limit's intent: a territory's own before that of the case; a case has those of all of them."""
        return self._answer("intent", limit.intent, level)

    def intent_is(self, word: str) -> BoolArray:
        """Territories of one intent, stated by themselves or by their case."""
        return self._answer("intent", word, "territory").holds

    def intent_is_known(self) -> BoolArray:
        """Territories whose intent is stated, by themselves or by their case."""
        of_case, of_territory = self._columns.case.word("intent"), self._columns.territory.word("territory_intent")
        return of_territory.given | of_case.given[self._columns.territory_case]

    def delineated(self, level: str) -> BoolArray:
        """Rows whose territory has a lesion, so that its normal liver is told from tumor; all cases."""
        return self._once("delineated", level, self._delineated)

    def _delineated(self, level: str) -> BoolArray:
        if level == "case":
            return np.ones(self._columns.case.rows, dtype=np.bool_)
        lesions = np.bincount(self._columns.lesion_territory, minlength=self._columns.territory.rows)
        has_lesion = lesions > 0
        return has_lesion if level == "territory" else has_lesion[self._columns.lesion_territory]

    def without_untreated_volume(self, level: str) -> BoolArray:
        """Rows whose case does not state how much tumor lies outside its territories."""
        return self._once("no rest", level, self._without_untreated_volume)

    def _once(self, asked: str, level: str, ask: Callable[[str], BoolArray]) -> BoolArray:
        if (asked, level) not in self._rows:
            self._rows[asked, level] = ask(level)
        return self._rows[asked, level]

    def _without_untreated_volume(self, level: str) -> BoolArray:
        missing = np.isnan(self._columns.case.number("untreated_tumor_volume_ml"))
        return np.asarray(self._columns.spread(missing, level))

    def condition(self, limit: Limit, level: str, *, of_inputs_only: bool = False) -> Answer:
        """Rows in which the limit's condition holds; without clauses on computed doses where asked."""
        asked = [each for each in clauses(limit.condition) if not (of_inputs_only and is_dose(each.name))]
        answer = self._answer("anything", ANY, level)
        for clause in asked:
            answer = answer.both(self.clause(clause, level))
        return answer

    def clause(self, clause: Clause, level: str) -> Answer:
        """Rows in which one clause holds."""
        key = ("clause", str(clause), level)
        if key not in self._kept:
            self._kept[key] = self._judged(clause, level)
        return self._kept[key]

    def on_bound(self, clause: Clause, level: str) -> BoolArray:
        """Rows in which what a clause asks about lies exactly on its bound."""
        return self.clause(Clause(clause.name, "=", bound=clause.bound), level).holds

    def _answer(self, name: str, words: str, level: str) -> Answer:
        key = (name, words, level)
        if key not in self._kept:
            self._kept[key] = self._everywhere(level) if words == ANY else self._words(name, words.split("|"), level)
        return self._kept[key]

    def _everywhere(self, level: str) -> Answer:
        always = np.ones(self._columns.level(level).rows, dtype=np.bool_)
        return Answer(always, ~always)

    def _words(self, name: str, words: Sequence[str], level: str) -> Answer:
        if name == "intent":
            return self._intents(words, level)
        column = self._columns.case.word(name)
        return self._spread(Answer(column.any_of(words), ~column.given), "case", level)

    def _intents(self, words: Sequence[str], level: str) -> Answer:
        holds = self._columns.of_intent(words)
        unknown = ~self.intent_is_known()
        if level != "case":
            return self._spread(Answer(holds, unknown), "territory", level)
        in_case = self._columns.case.word("intent").any_of(words)
        any_holds = in_case | (self._columns.per_case(holds.astype(np.float64)) > 0)
        return Answer(any_holds, ~any_holds & (self._columns.per_case(unknown.astype(np.float64)) > 0))

    def _judged(self, clause: Clause, level: str) -> Answer:
        own_level = level_of(clause.name) if is_quantity(clause.name) else level_of_input(clause.name)
        if clause.word is not None:
            return self._spread(self._word(clause.name, clause.word, own_level), own_level, level)
        of_results = is_quantity(clause.name)
        values = (
            self._results.level(own_level)[clause.name]
            if of_results
            else self._columns.level(own_level).number(clause.name)
        )
        missing = np.isnan(values)
        if clause.comparison == "missing" or clause.bound is None:
            return self._spread(Answer(missing, np.zeros_like(missing)), own_level, level)
        same = clause.comparison == "="
        holds = on_bound(values, clause.bound) if same else compare(values, clause.comparison, clause.bound)
        return self._spread(Answer(holds, missing), own_level, level)

    def _word(self, name: str, word: str, level: str) -> Answer:
        if name in BY_VALUES:
            return Answer(*BY_VALUES[name](self._columns, word))
        column = self._columns.level(level).word(name)
        return Answer(column.equal(word), ~column.given)

    def _spread(self, answer: Answer, of: str, to: str) -> Answer:
        if of == to:
            return answer
        if of == "case":
            return Answer(self._columns.spread(answer.holds, to), self._columns.spread(answer.unknown, to))
        owner = self._columns.lesion_territory
        return Answer(answer.holds[owner], answer.unknown[owner])


def is_dose(name: str) -> bool:
    """Whether a clause asks about an absorbed dose, which changes with the activity."""
    return is_quantity(name) and name.endswith("_dose_gy")
