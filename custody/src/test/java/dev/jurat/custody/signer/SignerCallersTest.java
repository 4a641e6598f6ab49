package dev.jurat.custody.signer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jurat.custody.Custody;
import dev.jurat.custody.CustodyCode;
import dev.jurat.custody.CustodyException;
import dev.jurat.custody.KeptKey;
import dev.jurat.custody.PassphraseSeal;
import dev.jurat.custody.software.SoftwareCustody;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.json.JsonBuilder;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.text.Normalizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Who may call a signer, as whom, from where, and how much of it one caller can take. */
class SignerCallersTest {
    private static final String AGENT = "local/" + "a".repeat(26);
    private static final String ME = System.getProperty("user.name");
    private static final Duration TIME = Duration.ofSeconds(5);

    @TempDir
    Path folder;

    private final ConcurrentLinkedQueue<SignerAnswer> told = new ConcurrentLinkedQueue<>();
    private final List<SignerServer> servers = new ArrayList<>();
    private Custody custody;
    private VerifyKey key;

    @BeforeEach
    void makeAKey() {
        custody = SoftwareCustody.in(
                folder.resolve("keys"), "correct horse"::toCharArray, PassphraseSeal.Cost.LIGHT, RandomSource.secure());
        try (KeptKey made = custody.make("agent", Suite.ED25519_2026)) {
            key = made.verifyKey();
        }
    }

    @AfterEach
    void stop() throws IOException {
        for (SignerServer server : servers) {
            server.close();
        }
        custody.close();
    }

    private void serve(Path socket, String... users) throws IOException {
        SignerRule rule = new SignerRule("agent", AGENT, Set.of(users), SignerRule.KINDS, 1000);
        servers.add(SignerServer.open(socket, Optional.empty(), custody, List.of(rule), told::add));
    }

    private Path socket() {
        return folder.resolve("s.sock");
    }

    private static void refused(CustodyCode code, Executable asked) {
        CustodyException e = assertThrows(CustodyException.class, asked);
        assertEquals(code, e.code(), () -> String.valueOf(e.getMessage()));
    }

    // ---- as whom

    /** What a user of another namespace is to the kernel, and so thousands at once. */
    @Test
    void aRuleNamesWhoeverHasNoIdHere() throws FormatException {
        SignerRule rule = new SignerRule("agent", AGENT, Set.of("ann"), SignerRule.KINDS, 7);
        assertEquals(rule, SignerRule.read(rule.bytes()));
        for (String name : List.of("nobody", "nfsnobody", "65534")) {
            String text =
                    new String(rule.bytes(), StandardCharsets.UTF_8).replace("\"ann\"", "\"ann\",\"" + name + "\"");
            FormatException e =
                    assertThrows(FormatException.class, () -> SignerRule.read(text.getBytes(StandardCharsets.UTF_8)));
            assertEquals("signer-rule", e.code());
        }
    }

    @Test
    void aNameThatIsSpeltOtherwiseIsTheUser() throws IOException {
        String accented = "\u00e9";
        serve(
                socket(),
                ME.toUpperCase(Locale.ROOT),
                ME + " ",
                " " + ME,
                ME + "\0",
                ME + "/",
                "0",
                "*",
                accented,
                Normalizer.normalize(accented, Normalizer.Form.NFD));
        refused(CustodyCode.DENIED, () -> SignerKey.about(socket(), "agent", TIME));
    }

    @Test
    void aNameOfAKeyThatIsSpeltOtherwiseIsThatKey() throws IOException {
        serve(socket(), ME);
        assertEquals(key, SignerKey.about(socket(), "agent", TIME).key());
        for (String name :
                List.of("AGENT", "agent ", "agent/", "./agent", "agent.key", "Agent", "agent\0", "\uff41gent", "")) {
            refused(CustodyCode.DENIED, () -> SignerKey.about(socket(), name, TIME));
        }
    }

    // ---- from where

    @Test
    void aFolderThatOthersCanChangeHasTheSocket() throws IOException {
        Path above = Files.createDirectory(folder.resolve("above"));
        Path place = Files.createDirectory(above.resolve("run"));
        Path socket = place.resolve("s.sock");
        for (Path open : List.of(place, above)) {
            for (String mode : List.of("rwxrwxrwx", "rwxrwx---", "rwx-w----", "rwx----w-")) {
                Files.setPosixFilePermissions(open, PosixFilePermissions.fromString(mode));
                refused(CustodyCode.UNSAFE, () -> serve(socket, ME));
                assertFalse(Files.exists(socket));
            }
            Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        serve(socket, ME);
        assertTrue(Files.exists(socket));
    }

    /** As in {@code /tmp}: others can put there what is theirs, and take away nothing else. */
    @Test
    void aFolderWhereNamesAreTheirOwnersIsRefused() throws IOException {
        Path place = Files.createDirectory(folder.resolve("run"));
        Files.setAttribute(place, "unix:mode", 01777);
        serve(place.resolve("s.sock"), ME);
        assertEquals(
                key, SignerKey.about(place.resolve("s.sock"), "agent", TIME).key());
    }

    @Test
    void aLinkLeadsToAFolderThatOthersCanChange() throws IOException {
        Path place = Files.createDirectory(folder.resolve("run"));
        Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), place);
        refused(CustodyCode.UNSAFE, () -> serve(link.resolve("s.sock"), ME));
    }

    @Test
    void aLinkToAFolderOfOnesOwnIsRefused() throws IOException {
        Path place = Files.createDirectory(folder.resolve("run"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), place);
        serve(link.resolve("s.sock"), ME);
        assertTrue(Files.exists(place.resolve("s.sock")));
    }

    @Test
    void aFolderOfAnotherUserHasTheSocket() throws IOException {
        assumeTrue(ME.equals("root"), "SKIPPED: only root can give a folder to another user");
        Path above = Files.createDirectory(folder.resolve("above"));
        Path place = Files.createDirectory(above.resolve("run"));
        for (Path theirs : List.of(place, above)) {
            Files.setAttribute(theirs, "unix:uid", 4711);
            refused(CustodyCode.UNSAFE, () -> serve(place.resolve("s.sock"), ME));
            Files.setAttribute(theirs, "unix:uid", 0);
        }
        serve(place.resolve("s.sock"), ME);
    }

    // ---- how much

    /** One user of a machine can be thousands to the kernel. */
    @Test
    void usersWhomNoRuleNamesHaveAShareEach() {
        SignerRule rule = new SignerRule("agent", AGENT, Set.of("ann", "bob"), SignerRule.KINDS, 1);
        try (SignerDesk desk = new SignerDesk(rule, custody.open("agent"), custody.kind())) {
            Callers callers = new Callers(List.of(desk));
            assertSame(callers.of("100000"), callers.of("100001"));
            assertSame(callers.of("100000"), callers.of("root"));
            assertSame(callers.of("ann"), callers.of("ann"));
            assertNotSame(callers.of("ann"), callers.of("bob"));
            assertNotSame(callers.of("ann"), callers.of("100000"));
            assertEquals(3 * UserPlaces.CONNECTIONS_MAX, callers.connectionsMax());
        }
    }

    @Test
    void aFloodOfRefusalsIsALineEach() throws Exception {
        serve(socket(), "somebody-else");
        int asked = 3 * Refusals.TOLD_PER_MINUTE;
        long from = System.nanoTime();
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket()))) {
            for (int i = 0; i < asked; i++) {
                Frames.write(
                        channel,
                        JsonBuilder.object()
                                .put("ask", "key")
                                .put("key", "x".repeat(7000))
                                .build());
                assertTrue(Frames.read(channel).toString().contains("custody-denied"));
            }
            long refilled = Refusals.TOLD_PER_MINUTE
                            * (System.nanoTime() - from)
                            / Duration.ofMinutes(1).toNanos()
                    + 1;
            assertTrue(told.size() <= Refusals.TOLD_PER_MINUTE + refilled, told.size() + " lines");
            assertTrue(
                    told.stream().allMatch(answer -> answer.key().equals("?")), "a name of a key is as long as wanted");
        }
        long before = told.stream().mapToLong(answer -> 1 + answer.untold()).sum();
        told.clear();
        Thread.sleep(Duration.ofMinutes(1).dividedBy(Refusals.TOLD_PER_MINUTE).plusMillis(50));
        refused(CustodyCode.DENIED, () -> SignerKey.about(socket(), "agent", TIME));
        SignerAnswer after = told.remove();
        assertEquals("agent", after.key());
        assertEquals(asked - before, after.untold(), "what was not told is not counted");
        assertTrue(after.untold() > 0);
    }

    /** A stopped signer whose waiting callers the system keeps no more of: connecting waits by itself. */
    @Test
    @Timeout(20)
    void aSignerThatTakesNobodyIsWaitedForWithoutEnd() throws Exception {
        Path full = folder.resolve("full.sock");
        List<SocketChannel> waiting = new ArrayList<>();
        try (ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listening.bind(UnixDomainSocketAddress.of(full), 1);
            boolean more = true;
            while (more) {
                SocketChannel one = SocketChannel.open(StandardProtocolFamily.UNIX);
                waiting.add(one);
                one.configureBlocking(false);
                more = connected(one, full);
            }
            refused(CustodyCode.TIMEOUT, () -> SignerKey.about(full, "agent", Duration.ofMillis(300)));
        } finally {
            for (SocketChannel one : waiting) {
                one.close();
            }
        }
    }

    private static boolean connected(SocketChannel channel, Path socket) {
        try {
            return channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            return false;
        }
    }
}
