package dev.jurat.testkit;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.SignatureChecker;
import dev.jurat.proof.crypto.SigningKey;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.lifecycle.Lifecycle;
import dev.jurat.proof.record.Facts;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.Statement;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A genesis with keys of suites that they cannot have. */
class GenesisSuitesTest {
    private static final SignedRecord SOUND = World.onP256().log().leaves().getFirst();

    /** The genesis with a text in its facts changed, signed again by the keys that it then names. */
    private static SignedRecord changed(String text, String other, SigningKey ledger) throws FormatException {
        Json.Obj facts = SOUND.statement().facts().toJson();
        String changed = new String(CanonicalJson.write(facts), StandardCharsets.UTF_8).replace(text, other);
        LedgerFacts.Genesis read = (LedgerFacts.Genesis) Facts.read(
                Kind.GENESIS, Fields.of(CanonicalJson.readObject(changed.getBytes(StandardCharsets.UTF_8)), "facts"));
        List<SigningKey> signers = new ArrayList<>(List.of(ledger, World.p256Key("administrator")));
        return SignedRecord.sign(new Statement(SOUND.header(), read, Hash.ZERO), signers.toArray(SigningKey[]::new));
    }

    private static void begin(SignedRecord genesis) throws FormatException {
        new Lifecycle(SignatureChecker.standard()).begin(genesis);
    }

    private static String refusal(String text, String other, SigningKey ledger) throws FormatException {
        SignedRecord genesis = changed(text, other, ledger);
        return assertThrows(FormatException.class, () -> begin(genesis)).code();
    }

    private static String text(SigningKey key) {
        return key.verifyKey().text();
    }

    @Test
    void aKeyOfASuiteThatTheGenesisDoesNotNameIsTaken() throws FormatException {
        assertDoesNotThrow(() -> begin(changed("nothing", "nothing", World.key("ledger"))));
        assertEquals("genesis-invalid", refusal(",\"p256-2026\"", "", World.key("ledger")));
    }

    @Test
    void theLedgerOrTheBrokerHasAKeyThatTheyCannotUse() throws FormatException {
        String ledger = text(World.key("ledger"));
        assertEquals("genesis-invalid", refusal(ledger, text(World.p256Key("ledger")), World.p256Key("ledger")));
        String broker = text(World.key("broker"));
        assertEquals("genesis-invalid", refusal(broker, text(World.p256Key("broker")), World.key("ledger")));
        String governor = text(World.key("governor"));
        assertDoesNotThrow(() -> begin(changed(governor, text(World.p256Key("governor")), World.key("ledger"))));
    }

    @Test
    void checkpointsAreSignedOnP256() throws FormatException {
        String checkpoint = text(World.key("checkpoint"));
        assertEquals("key-length", refusal(checkpoint, text(World.p256Key("checkpoint")), World.key("ledger")));
    }
}
