package dev.jurat.app.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.app.http.ApiException;
import dev.jurat.governance.PushedBackException;
import dev.jurat.ledger.GroupAnswer;
import dev.jurat.ledger.Quorum;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswersTest {
    private static String next(String code) {
        ApiException e = assertThrows(
                ApiException.class,
                () -> Answers.group(new GroupAnswer.PushedBack(code, Optional.empty(), "why"), Quorum.NOBODY));
        assertEquals(409, e.status());
        assertEquals(
                e.toJson(), Answers.of(new PushedBackException(code, "why")).toJson());
        return e.toJson().members().get("next").toString();
    }

    @Test
    void aConflictIsToldAsIfNothingWereWritten() {
        assertFalse(next("conflict").contains("nothing was taken"));
        assertFalse(next("conflict").contains("sign again"));
        assertTrue(next("conflict").contains("suspended"));
    }

    @ParameterizedTest
    @CsvSource({
        "sequence-gap, sign again after",
        "signature-invalid, with the key",
        "signature-count, one signature",
        "group-shape, in a group of its own",
        "group-size, less in one group",
        "policy-missing, what the code names"
    })
    void aRecordThatWasPushedBackIsToBeSignedAgainWhateverTheCause(String code, String words) {
        assertTrue(next(code).contains("nothing was taken"));
        assertTrue(next(code).contains(words), next(code));
        assertEquals(code.equals("sequence-gap"), next(code).contains("sign again"));
    }

    @ParameterizedTest
    @CsvSource({"queue-full, 50, 1", "sealing-behind, 1000, 1", "disk-full, 5000, 5", "queue-full, 1001, 2"})
    void whoIsPushedBackIsNotToldWhenToComeAgain(String code, long millis, String seconds) {
        ApiException e = assertThrows(
                ApiException.class, () -> Answers.group(new GroupAnswer.Busy(code, millis), Quorum.NOBODY));
        assertEquals(503, e.status());
        assertEquals(code, e.code());
        assertEquals(seconds, e.answer().headers().get("Retry-After"));
    }
}
