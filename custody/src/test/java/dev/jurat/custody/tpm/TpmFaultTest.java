package dev.jurat.custody.tpm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A TPM that is not there, goes away, hangs, or answers anything. */
class TpmFaultTest {
    private static final byte[] PASSWORD = "right".getBytes(StandardCharsets.UTF_8);
    private static final byte[] MESSAGE = "a record".getBytes(StandardCharsets.UTF_8);
    /** Where in the answer that brings a key its handle is, and its attributes: behind header, handle, two lengths, type and name algorithm. */
    private static final int HANDLE = 10;

    private static final int ATTRIBUTES = HANDLE + 4 + 4 + 2 + 4;
    private static final Duration USUAL = Duration.ofSeconds(10);

    private Swtpm swtpm;

    @TempDir
    Path folder;

    @BeforeEach
    void start() throws Exception {
        swtpm = new Swtpm(Swtpm.Way.UNIX);
    }

    @AfterEach
    void stop() {
        if (swtpm != null) {
            swtpm.close();
        }
    }

    private Tpm tpm(Duration timeout) {
        return Tpm.open(swtpm.address(), timeout);
    }

    private static TpmException refused(TpmCode code, Runnable step) {
        TpmException e = assertThrows(TpmException.class, step::run);
        assertEquals(code, e.code(), e.getMessage());
        return e;
    }

    private static boolean signs(Tpm tpm, KeyBlob key, byte[] message) {
        return key.key().verifies(message, tpm.sign(key, PASSWORD, message));
    }

    private Link.Opening between(UnaryOperator<byte[]> onTheWay) {
        return between(command -> {}, onTheWay);
    }

    private Link.Opening between(Consumer<byte[]> seen, UnaryOperator<byte[]> onTheWay) {
        return () -> {
            try {
                return new TpmDevice(new Between(swtpm.connect(), seen, onTheWay), true);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    @Test
    void aDeviceIsWrittenToInPartsOrReadInParts() {
        Tpm tpm = Tpm.open(between(answer -> answer), USUAL);
        KeyBlob key = tpm.make(PASSWORD);
        assertTrue(signs(tpm, key, MESSAGE));
        assertTrue(tpm.certify(key, PASSWORD, new byte[32]).bytes().length > 0);
        assertTrue(signs(tpm(USUAL), key, MESSAGE), "it is the same TPM behind both");
    }

    @Test
    void signersAtOnceGetEachOthersSignaturesOrNone() throws Exception {
        Tpm one = tpm(USUAL);
        Tpm two = tpm(USUAL);
        KeyBlob key = one.make(PASSWORD);
        KeyBlob other = two.make(PASSWORD);
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Callable<Boolean>> work = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                byte[] message = ("message " + i).getBytes(StandardCharsets.UTF_8);
                Tpm tpm = i % 2 == 0 ? one : two;
                KeyBlob of = i % 3 == 0 ? key : other;
                work.add(() -> signs(tpm, of, message));
            }
            for (Future<Boolean> done : threads.invokeAll(work)) {
                assertTrue(done.get());
            }
        }
    }

    /** Flipped, cut, lengthened, exchanged for the answer before: what comes of it is refused by a code, or a signature that verifies. */
    @Test
    void anAnswerThatWasChangedIsBelievedOrEscapesAsABug() {
        KeyBlob key = tpm(USUAL).make(PASSWORD);
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        AtomicReference<byte[]> before = new AtomicReference<>(new byte[10]);
        int wrong = 0;
        for (int i = 0; i < 400; i++) {
            int at = random.nextInt(9);
            int how = random.nextInt(5);
            int[] count = {0};
            UnaryOperator<byte[]> liar = answer -> {
                byte[] told = count[0]++ == at ? changed(answer, before.get(), how, random) : answer;
                before.set(answer);
                return told;
            };
            try {
                Tpm tpm = Tpm.open(between(liar), USUAL);
                byte[] signature = tpm.sign(key, PASSWORD, MESSAGE);
                assertTrue(key.key().verifies(MESSAGE, signature), "seed " + seed + " round " + i);
            } catch (TpmException e) {
                wrong++;
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + " round " + i, e);
            }
        }
        assertTrue(wrong > 100, wrong + " refused of 400, seed " + seed);
        assertTrue(signs(tpm(USUAL), key, MESSAGE), "seed " + seed);
    }

    private static byte[] changed(byte[] answer, byte[] before, int how, Random random) {
        byte[] out = answer.clone();
        return switch (how) {
            case 0 -> {
                out[random.nextInt(out.length)] ^= (byte) (1 << random.nextInt(8));
                yield out;
            }
            case 1 -> Arrays.copyOf(out, random.nextInt(out.length));
            case 2 -> withLength(Arrays.copyOf(out, out.length + 1 + random.nextInt(40)));
            case 3 -> withLength(Arrays.copyOf(out, 10 + random.nextInt(Math.max(1, out.length - 10))));
            default -> before.clone();
        };
    }

    private static byte[] withLength(byte[] answer) {
        answer[4] = (byte) (answer.length >>> 8);
        answer[5] = (byte) answer.length;
        return answer;
    }

    /** Who reads the bus sees every command. */
    @Test
    void aPasswordIsOnTheBus() {
        byte[] password = "a password of some length".getBytes(StandardCharsets.US_ASCII);
        List<String> bus = new ArrayList<>();
        Tpm tpm = Tpm.open(
                between(command -> bus.add(new String(command, StandardCharsets.ISO_8859_1)), answer -> {
                    bus.add(new String(answer, StandardCharsets.ISO_8859_1));
                    return answer;
                }),
                USUAL);
        KeyBlob key = tpm.make(password);
        tpm.sign(key, password, MESSAGE);
        tpm.certify(key, password, new byte[32]);
        assertTrue(bus.size() > 30, bus.size() + " commands and answers");
        String words = new String(password, StandardCharsets.ISO_8859_1);
        assertTrue(bus.stream().noneMatch(bytes -> bytes.contains(words)));
    }

    /** Nothing signs for the answer that brings the parent: at least it is what was asked for. */
    @ParameterizedTest
    @ValueSource(ints = {HANDLE, ATTRIBUTES + 2})
    void aParentThatIsOtherwiseThanItWasAskedForIsTrusted(int at) {
        UnaryOperator<byte[]> liar = answer -> {
            byte[] told = answer.clone();
            if (told.length > 200) {
                told[at] ^= 4;
            }
            return told;
        };
        Tpm tpm = Tpm.open(between(liar), USUAL);
        TpmException e = refused(TpmCode.GARBLED, () -> tpm.make(PASSWORD));
        assertTrue(String.valueOf(e.getMessage()).contains("CREATE_PRIMARY"), e.getMessage());
    }

    @Test
    void aTpmThatHangsIsWaitedForWithoutEnd() throws Exception {
        Tpm tpm = tpm(Duration.ofMillis(500));
        KeyBlob key = tpm.make(PASSWORD);
        signal("-STOP");
        try {
            refused(TpmCode.TIMEOUT, () -> tpm.sign(key, PASSWORD, MESSAGE));
            refused(TpmCode.TIMEOUT, () -> tpm.sign(key, PASSWORD, MESSAGE));
        } finally {
            signal("-CONT");
        }
        assertTrue(signs(tpm, key, MESSAGE));
    }

    private void signal(String name) throws Exception {
        assertEquals(
                0,
                new ProcessBuilder("kill", name, String.valueOf(swtpm.pid()))
                        .start()
                        .waitFor());
    }

    /**
     * swtpm ends at once while it is asked: a power cut in the middle of a command. A TPM counts one that finds a key with a counted password in use
     * like a wrong password, since it could have been to forget one.
     */
    @Test
    void aTpmThatIsCutOffInACommandIsLostForGoodOrNeverLocks() throws Exception {
        Tpm tpm = tpm(USUAL);
        KeyBlob key = tpm.make(PASSWORD);
        assertTrue(cutAndSign(tpm, key, 20));
        assertTrue(cutAndSign(tpm, key, 33));
        boolean locked = false;
        for (int i = 0; i < 40 && !locked; i++) {
            locked = !cutAndSign(tpm, key, 15);
        }
        assertTrue(locked);
        refused(TpmCode.LOCKED_OUT, () -> tpm.sign(key, PASSWORD, MESSAGE));
    }

    /** Whether it signs after it came back, and is not locked. */
    private boolean cutAndSign(Tpm tpm, KeyBlob key, long afterMillis) throws Exception {
        try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
            Future<?> asking = threads.submit(() -> {
                while (signs(tpm, key, MESSAGE)) {
                    Thread.onSpinWait();
                }
            });
            Thread.sleep(afterMillis);
            swtpm.kill();
            TpmException e = (TpmException)
                    assertThrows(ExecutionException.class, asking::get).getCause();
            assertEquals(TpmCode.MISSING, e.code(), e.getMessage());
            refused(TpmCode.MISSING, () -> tpm.sign(key, PASSWORD, MESSAGE));
        }
        swtpm.startAgain();
        try {
            return signs(tpm, key, MESSAGE);
        } catch (TpmException e) {
            assertEquals(TpmCode.LOCKED_OUT, e.code(), e.getMessage());
            return false;
        }
    }

    @Test
    void aDeviceThatIsNotThereOrIsNoneIsTakenForAnotherTrouble() throws IOException {
        Duration soon = Duration.ofSeconds(1);
        refused(TpmCode.MISSING, () -> Tpm.open(new TpmAddress.Device(Path.of("/dev/no-tpm")), soon));
        refused(TpmCode.MISSING, () -> Tpm.open(new TpmAddress.Unix(folder.resolve("s")), soon));
        refused(TpmCode.MISSING, () -> Tpm.open(new TpmAddress.Tcp("127.0.0.1", 1), soon));
        refused(TpmCode.MISSING, () -> Tpm.open(new TpmAddress.Tcp("no-host.invalid", 1), Duration.ofSeconds(10)));
        Path file = Files.writeString(folder.resolve("file"), "no device");
        refused(TpmCode.MISSING, () -> Tpm.open(new TpmAddress.Device(file), soon));
        refused(TpmCode.GARBLED, () -> Tpm.open(new TpmAddress.Device(Path.of("/dev/null")), soon));
        refused(TpmCode.GARBLED, () -> Tpm.open(new TpmAddress.Device(Path.of("/dev/zero")), soon));
    }

    @Test
    void aDeviceThatMayNotBeOpenedIsTakenForAMissingOne() {
        TpmAddress address = new TpmAddress.Device(Path.of("/dev/tpm0"));
        assertEquals(
                List.of(TpmCode.DENIED, TpmCode.DENIED, TpmCode.MISSING, TpmCode.BUSY, TpmCode.MISSING),
                List.of(
                                new AccessDeniedException("/dev/tpm0"),
                                new java.net.SocketException("Permission denied"),
                                new NoSuchFileException("/dev/tpm0"),
                                new FileSystemException("/dev/tpm0", null, "Device or resource busy"),
                                new IOException("No such device"))
                        .stream()
                        .map(e -> TpmDevice.unreachable(address, e).code())
                        .toList());
    }
}
