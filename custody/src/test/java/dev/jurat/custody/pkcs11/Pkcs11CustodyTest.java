package dev.jurat.custody.pkcs11;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.custody.Custody;
import dev.jurat.custody.CustodyClass;
import dev.jurat.custody.CustodyCode;
import dev.jurat.custody.CustodyContract;
import dev.jurat.custody.CustodyException;
import dev.jurat.custody.KeptKey;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.Suite;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Pkcs11CustodyTest extends CustodyContract {
    private static final Suite ED25519 = Suite.ED25519_2026;

    private String label = "";

    @TempDir
    Path folder;

    @Override
    protected Custody open() {
        if (label.isEmpty()) {
            label = SoftHsm.token();
        }
        return Pkcs11Custody.open(SoftHsm.config(label), SoftHsm.PIN::toCharArray, RandomSource.secure());
    }

    @Override
    protected CustodyClass kind() {
        return CustodyClass.PKCS11;
    }

    /** With calls that go through the test's hands. */
    private static Custody through(Functions functions, Pkcs11Config config, String pin) {
        return Pkcs11Custody.open(functions, config, pin::toCharArray, RandomSource.secure());
    }

    private static Functions module(Pkcs11Config config) {
        return Module.load(config.module());
    }

    @Test
    void bothSuitesAreThere() {
        try (Custody custody = open()) {
            assertTrue(custody.suites().contains(ED25519), custody.suites().toString());
        }
    }

    @Test
    void aKeyCouldLeaveTheToken() {
        try (Custody custody = open()) {
            custody.make("a", ED25519);
            var facts = custody.evidence("a").facts();
            assertEquals("false", facts.get("extractable"));
            assertEquals("true", facts.get("sensitive"));
            assertEquals("true", facts.get("always-sensitive"));
            assertEquals("true", facts.get("never-extractable"));
            assertEquals("true", facts.get("local"));
            assertEquals(label, facts.get("token-label"));
        }
    }

    @Test
    void anExtractableKeyIsUsed() {
        Pkcs11Config config = SoftHsm.config(SoftHsm.token());
        Functions real = module(config);
        // Turns the attribute CKA_EXTRACTABLE that is asked for from false to true.
        Functions loose = (function, arguments) -> {
            if (function == Function.GENERATE_KEY_PAIR) {
                MemorySegment template = (MemorySegment) arguments[4];
                for (long i = 0; i < (long) arguments[5]; i++) {
                    if (template.get(ValueLayout.JAVA_LONG, i * 24) == Attribute.EXTRACTABLE) {
                        template.get(ValueLayout.ADDRESS, i * 24 + 8)
                                .reinterpret(1)
                                .set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
                    }
                }
            }
            return real.call(function, arguments);
        };
        try (Custody custody = through(loose, config, SoftHsm.PIN)) {
            refused(CustodyCode.UNSAFE, () -> custody.make("a", ED25519));
            refused(CustodyCode.UNSAFE, () -> custody.open("a"));
            assertEquals(List.of("a"), custody.list());
        }
    }

    @Test
    void aModuleThatIsNotThereOrIsNoneIsLoaded() throws IOException {
        Path none = folder.resolve("none.so");
        Pkcs11Config missing = Pkcs11Config.of(none, "any", Optional.empty());
        refused(
                CustodyCode.MISSING,
                () -> Pkcs11Custody.open(missing, SoftHsm.PIN::toCharArray, RandomSource.secure()));
        Files.writeString(none, "no library");
        refused(
                CustodyCode.MISSING,
                () -> Pkcs11Custody.open(missing, SoftHsm.PIN::toCharArray, RandomSource.secure()));
    }

    @Test
    void aLibraryThatIsNoModuleIsLoaded() {
        Path other = List.of("/lib/x86_64-linux-gnu/libz.so.1", "/usr/lib/x86_64-linux-gnu/libc.so.6").stream()
                .map(Path::of)
                .filter(Files::isRegularFile)
                .findFirst()
                .orElse(folder);
        refused(
                CustodyCode.MISSING,
                () -> Pkcs11Custody.open(
                        Pkcs11Config.of(other, "any", Optional.empty()),
                        SoftHsm.PIN::toCharArray,
                        RandomSource.secure()));
    }

    @Test
    void aTokenThatIsNotThereIsTakenForAnother() {
        Pkcs11Config config = SoftHsm.config("nobody's token");
        refused(CustodyCode.MISSING, () -> Pkcs11Custody.open(config, SoftHsm.PIN::toCharArray, RandomSource.secure()));
        Pkcs11Config serial = Pkcs11Config.of(config.module(), label, Optional.of("0000"));
        refused(CustodyCode.MISSING, () -> Pkcs11Custody.open(serial, SoftHsm.PIN::toCharArray, RandomSource.secure()));
    }

    @Test
    void aWrongPinIsTriedUntilTheTokenLocks() {
        Pkcs11Config config = SoftHsm.config(SoftHsm.token());
        AtomicInteger logins = new AtomicInteger();
        Functions counting = counting(module(config), logins);
        for (String wrong : List.of("4711-wrong", "", "x".repeat(300))) {
            refused(CustodyCode.LOCKED, () -> through(counting, config, wrong));
        }
        assertEquals(3, logins.get());
        try (Custody right = through(counting, config, SoftHsm.PIN)) {
            assertEquals(List.of(), right.list());
        }
    }

    private static Functions counting(Functions real, AtomicInteger logins) {
        return (function, arguments) -> {
            if (function == Function.LOGIN) {
                logins.incrementAndGet();
            }
            return real.call(function, arguments);
        };
    }

    /** The PIN was changed while the token was out. */
    @Test
    void aPinThatIsRefusedLaterIsTriedAgainAndAgain() {
        Pkcs11Config config = SoftHsm.config(SoftHsm.token());
        AtomicInteger logins = new AtomicInteger();
        AtomicLong fault = new AtomicLong();
        Functions real = counting(module(config), logins);
        Functions changed = (function, arguments) -> {
            if (fault.get() != 0 && function == Function.SIGN_INIT) {
                return Answer.DEVICE_REMOVED.value();
            }
            if (fault.get() != 0 && function == Function.LOGIN) {
                logins.incrementAndGet();
                return fault.get();
            }
            return real.call(function, arguments);
        };
        try (Custody custody = through(changed, config, SoftHsm.PIN);
                KeptKey key = custody.make("a", ED25519)) {
            assertEquals(1, logins.get());
            fault.set(Answer.PIN_INCORRECT.value());
            for (int i = 0; i < 5; i++) {
                refused(CustodyCode.LOCKED, () -> key.sign(MESSAGE));
            }
            assertEquals(2, logins.get());
            fault.set(0);
            refused(CustodyCode.LOCKED, () -> key.sign(MESSAGE));
        }
    }

    @Test
    void aTokenThatWasPutBackStaysLost() {
        Pkcs11Config config = SoftHsm.config(SoftHsm.token());
        AtomicInteger logins = new AtomicInteger();
        AtomicInteger removed = new AtomicInteger();
        Functions real = counting(module(config), logins);
        Functions loose = (function, arguments) ->
                function == Function.SIGN_INIT && removed.getAndUpdate(n -> Math.max(0, n - 1)) > 0
                        ? Answer.DEVICE_REMOVED.value()
                        : real.call(function, arguments);
        try (Custody custody = through(loose, config, SoftHsm.PIN);
                KeptKey key = custody.make("a", ED25519)) {
            removed.set(1);
            assertTrue(key.verifyKey().verifies(MESSAGE, key.sign(MESSAGE)));
            assertEquals(2, logins.get());
            removed.set(2);
            refused(CustodyCode.MISSING, () -> key.sign(MESSAGE));
            assertTrue(key.verifyKey().verifies(MESSAGE, key.sign(MESSAGE)), "once it is back it signs");
        }
    }

    /** SoftHSM itself, its files taken away under it and put back. */
    @Test
    void aTokenThatWasTakenOutSigns() throws IOException {
        String own = SoftHsm.token();
        try (Custody custody =
                        Pkcs11Custody.open(SoftHsm.config(own), SoftHsm.PIN::toCharArray, RandomSource.secure());
                KeptKey key = custody.make("a", ED25519)) {
            assertTrue(key.verifyKey().verifies(MESSAGE, key.sign(MESSAGE)));
            SoftHsm.delete(SoftHsm.files(own));
            refused(CustodyCode.MISSING, () -> custody.open("a"));
            refused(CustodyCode.MISSING, () -> key.sign(MESSAGE));
            refused(CustodyCode.MISSING, () -> custody.make("b", ED25519));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "LOGIN,0xA4,custody-pin-locked",
        "LOGIN,0xA0,custody-locked",
        "LOGIN,0xA3,custody-pin-locked",
        "LOGIN,0x102,custody-locked",
        "OPEN_SESSION,0xB1,custody-full",
        "OPEN_SESSION,0xE0,custody-missing",
        "GENERATE_KEY_PAIR,0x31,custody-full",
        "GENERATE_KEY_PAIR,0x140,custody-suite",
        "GENERATE_KEY_PAIR,0xE2,custody-denied",
        "SIGN,0x30,custody-failed",
        "SIGN,0x6,custody-failed",
        "SIGN,0x80000123,custody-failed",
        "FIND_OBJECTS,0x32,custody-missing",
    })
    void anAnswerOfATokenHasAnotherCode(Function failing, String answer, String code) {
        Pkcs11Config config = SoftHsm.config(sharedToken());
        Functions real = module(config);
        AtomicInteger calls = new AtomicInteger();
        Functions faulty = (function, arguments) -> {
            if (function == failing) {
                calls.incrementAndGet();
                return Long.decode(answer);
            }
            return real.call(function, arguments);
        };
        CustodyException e = assertThrows(CustodyException.class, () -> {
            try (Custody custody = through(faulty, config, SoftHsm.PIN)) {
                custody.make("k" + System.nanoTime(), ED25519).sign(MESSAGE);
            }
        });
        assertEquals(code, e.code().text(), () -> String.valueOf(e.getMessage()));
        assertTrue(String.valueOf(e.getMessage()).contains("CKR 0x"), e.getMessage());
        assertTrue(calls.get() <= 2);
    }

    private static final AtomicInteger SHARED = new AtomicInteger();
    private static String shared = "";

    /** One token for the cases of a table, which log in anew: no other custody has it open. */
    private static synchronized String sharedToken() {
        if (SHARED.getAndIncrement() == 0) {
            shared = SoftHsm.token();
        }
        return shared;
    }

    @ParameterizedTest
    @CsvSource({"0x40000,custody-pin-locked", "0x20000,custody-locked", "0,custody-locked"})
    void aTokenThatALoginWouldLockIsAsked(String flags, String code) {
        Pkcs11Config config = SoftHsm.config(SoftHsm.token());
        AtomicInteger logins = new AtomicInteger();
        Functions real = counting(module(config), logins);
        Functions warning = (function, arguments) -> {
            long answer = real.call(function, arguments);
            if (function == Function.GET_TOKEN_INFO) {
                MemorySegment info = (MemorySegment) arguments[1];
                long bits = Long.decode(flags);
                info.set(ValueLayout.JAVA_LONG, 96, bits == 0 ? 0 : info.get(ValueLayout.JAVA_LONG, 96) | bits);
            }
            return answer;
        };
        CustodyException e = assertThrows(CustodyException.class, () -> through(warning, config, SoftHsm.PIN));
        assertEquals(code, e.code().text());
        assertEquals(0, logins.get());
    }

    @Test
    void aSignatureOfAnotherMessageIsHandedOn() {
        Pkcs11Config config = SoftHsm.config(SoftHsm.token());
        Functions real = module(config);
        Functions lying = (function, arguments) -> {
            if (function == Function.SIGN && (long) arguments[2] > 0) {
                ((MemorySegment) arguments[1]).set(ValueLayout.JAVA_BYTE, 0, (byte) 'x');
            }
            return real.call(function, arguments);
        };
        try (Custody custody = through(lying, config, SoftHsm.PIN);
                KeptKey key = custody.make("a", ED25519)) {
            refused(CustodyCode.FAILED, () -> key.sign(MESSAGE));
        }
    }

    @Test
    void aSignatureThatATokenGotWrongIsHandedOn() {
        Pkcs11Config config = SoftHsm.config(SoftHsm.token());
        AtomicInteger bit = new AtomicInteger(-1);
        Functions real = module(config);
        Functions failing = (function, arguments) -> {
            long answer = real.call(function, arguments);
            if (function == Function.SIGN && bit.get() >= 0) {
                MemorySegment signature = (MemorySegment) arguments[3];
                int at = bit.get() / 8;
                signature.set(ValueLayout.JAVA_BYTE, at, (byte)
                        (signature.get(ValueLayout.JAVA_BYTE, at) ^ 1 << bit.get() % 8));
            }
            return answer;
        };
        try (Custody custody = through(failing, config, SoftHsm.PIN);
                KeptKey key = custody.make("a", ED25519)) {
            for (int i = 0; i < 512; i += 37) {
                bit.set(i);
                refused(CustodyCode.FAILED, () -> key.sign(MESSAGE));
            }
            bit.set(-1);
            assertTrue(key.verifyKey().verifies(MESSAGE, key.sign(MESSAGE)), "it was the bits");
        }
    }

    @Test
    void aSignatureAsksTheTokenMoreThanOnce() {
        Pkcs11Config config = SoftHsm.config(SoftHsm.token());
        AtomicInteger asked = new AtomicInteger();
        Functions real = module(config);
        Functions counting = (function, arguments) -> {
            if (function == Function.SIGN) {
                asked.incrementAndGet();
            }
            return real.call(function, arguments);
        };
        try (Custody custody = through(counting, config, SoftHsm.PIN);
                KeptKey key = custody.make("a", ED25519)) {
            assertEquals(0, asked.get());
            key.sign(MESSAGE);
            assertEquals(1, asked.get());
        }
    }

    @Test
    void aTokenThatHangsIsWaitedForWithoutEndOrTakesAllThreads() {
        Pkcs11Config usual = SoftHsm.config(SoftHsm.token());
        Pkcs11Config config =
                new Pkcs11Config(usual.module(), usual.label(), Optional.empty(), Duration.ofMillis(400), 2);
        CountDownLatch hanging = new CountDownLatch(1);
        AtomicInteger stuck = new AtomicInteger();
        Functions real = module(config);
        Functions slow = (function, arguments) -> {
            if (function == Function.SIGN && hanging.getCount() > 0) {
                stuck.incrementAndGet();
                try {
                    hanging.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return real.call(function, arguments);
        };
        try (Custody custody = through(slow, config, SoftHsm.PIN);
                KeptKey key = custody.make("a", ED25519)) {
            for (int i = 0; i < 4; i++) {
                refused(CustodyCode.TIMEOUT, () -> key.sign(MESSAGE));
            }
            assertEquals(2, stuck.get());
            hanging.countDown();
            byte[] signature = eventually(key);
            assertTrue(key.verifyKey().verifies(MESSAGE, signature));
        }
    }

    private static byte[] eventually(KeptKey key) {
        for (int i = 0; i < 20; i++) {
            try {
                return key.sign(MESSAGE);
            } catch (CustodyException e) {
                assertEquals(CustodyCode.TIMEOUT, e.code());
            }
        }
        throw new AssertionError("it never comes back");
    }

    @Test
    void aPinStandsInAMessageOrAName() {
        Pkcs11Config config = SoftHsm.config(SoftHsm.token());
        CustodyException e = assertThrows(
                CustodyException.class,
                () -> Pkcs11Custody.open(config, "4711-wrong"::toCharArray, RandomSource.secure()));
        assertFalse((e + e.next() + config).contains("4711"));
    }
}
