package dev.jurat.assurance.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jurat.assurance.harness.Party;
import dev.jurat.assurance.harness.Site;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.References;
import dev.jurat.sdk.NodeException;
import dev.jurat.sdk.Receipt;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a token is good for: one session, one point, one call, once, for a while. Enforced by the ledger, whatever a point would let through. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TokenTest {
    private Site site;
    private Party agent;
    private Party point;

    @BeforeAll
    void start() throws IOException, NodeException, FormatException {
        site = Site.governed();
        agent = Party.open(site, agentKey());
        point = Party.open(site, pointKey());
    }

    @AfterAll
    void stop() throws IOException {
        if (site != null) {
            site.close();
        }
    }

    private Path agentKey() {
        return site.home().resolve("agents/agent.json");
    }

    private Path pointKey() {
        return site.home().resolve("points/mcp.json");
    }

    private Authority toWrite(String name) throws IOException, NodeException, FormatException {
        Path path = site.files().resolve(name);
        return Authority.ask(site, agent, point.principal(), "write_file", path, Texts.write(path.toString(), "text"));
    }

    private static void assertRefused(String rule, Receipt.Result result) {
        assertEquals(Receipt.Status.REFUSED, result.status());
        assertEquals(rule, result.rule());
    }

    @Test
    void aSingleUseIdentityIsUsedTwice() throws IOException, NodeException, FormatException {
        Authority authority = toWrite("twice");

        assertEquals(
                Receipt.Status.ADMITTED,
                authority.use(point, authority.sound(1, point)).status());
        assertRefused("contract-spent", authority.use(point, authority.sound(2, point)));
    }

    @Test
    void anIdentityIsUsedByAnotherProcess() throws IOException, NodeException, FormatException {
        Authority authority = toWrite("taken");
        Party thief = Party.open(site, agentKey());

        Authority.Saying stolen = new Authority.Saying(
                1,
                Texts.write(site.files() + "/taken", "text").getBytes(StandardCharsets.UTF_8),
                thief.session().key(),
                point.principal());

        assertRefused("use-proof", authority.use(point, stolen));
    }

    @Test
    void anIdentityIsUsedAtAnotherPoint() throws IOException, NodeException, FormatException {
        Authority authority = toWrite("elsewhere");
        Party other = otherPoint();

        assertRefused("use-point", authority.use(other, authority.sound(1, other)));
        assertRefused("use-point", authority.use(other, authority.sound(1, point)));
    }

    /** A second enforcement point that the administrator enrolled: that of another home of this user. */
    private Party otherPoint() throws IOException, NodeException, FormatException {
        Path mine = pointKey();
        Path aside = mine.resolveSibling("aside.json");
        Files.move(mine, aside);
        site.enrolAgent("unused");
        Path theirs = mine.resolveSibling("other.json");
        Files.move(mine, theirs);
        Files.move(aside, mine);
        return Party.open(site, theirs);
    }

    @Test
    void anIdentityCoversOtherArguments() throws IOException, NodeException, FormatException {
        Authority authority = toWrite("asked");
        byte[] others = Texts.write(site.files() + "/asked", "other text").getBytes(StandardCharsets.UTF_8);

        assertRefused(
                "use-call",
                authority.use(
                        point, new Authority.Saying(1, others, agent.session().key(), point.principal())));
    }

    @Test
    void anIdentityOutlivesItsContract() throws IOException, NodeException, FormatException {
        Path policy = site.folder().resolve("brief.cedar");
        Files.writeString(
                policy, "@id(\"brief\")\n@shape(\"exact\")\n@window(\"1s\")\npermit (principal, action, resource);\n");
        site.unlocked("policy", "publish", policy.toString(), "--name", "brief@v1");
        try {
            Authority authority = toWrite("late");
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1_300));

            Receipt.Result result = authority.use(point, authority.sound(1, point));

            assertEquals(Receipt.Status.REFUSED, result.status());
            assertEquals("contract-expired", result.rule());
        } finally {
            site.publish("starter@v1");
        }
    }

    @Test
    void aSuspendedSessionLosesItsOutcomes() throws IOException, NodeException, FormatException {
        Party doomed = Party.open(site, pointKey());
        Authority authority = Authority.ask(
                site,
                agent,
                doomed.principal(),
                "write_file",
                site.files().resolve("suspended"),
                Texts.write(site.files() + "/suspended", "text"));
        Receipt.Result use = authority.use(doomed, authority.sound(1, doomed));
        site.unlocked("revoke", doomed.session().stream().toString(), "--reason", "suspected");

        Receipt.Result outcome = doomed.say(
                new ExecutionFacts.Outcome(ExecutionFacts.Result.SUCCESS, Optional.empty(), 0),
                References.of("use", use.id()),
                new dev.jurat.proof.body.ExecutionDetails.Outcome(1, Optional.empty(), Optional.empty()).toJson());
        Receipt.Result next = doomed.say(
                new ExecutionFacts.Use(
                        dev.jurat.proof.crypto.Hash.of(new byte[0]),
                        2,
                        "0".repeat(32),
                        java.util.Base64.getEncoder().encodeToString(new byte[64]),
                        1000,
                        1000,
                        java.util.Map.of()),
                References.of("identity", authority.identity()),
                new dev.jurat.proof.body.CallDetails(
                                dev.jurat.proof.contract.Salt.of(new byte[16]),
                                "x",
                                Optional.empty(),
                                Optional.empty(),
                                java.util.List.of(),
                                Optional.empty(),
                                Optional.empty())
                        .toJson());

        assertEquals(Receipt.Status.ADMITTED, outcome.status());
        assertEquals(java.util.List.of("signer-suspended"), outcome.flags());
        assertRefused("session-suspended", next);
    }
}
