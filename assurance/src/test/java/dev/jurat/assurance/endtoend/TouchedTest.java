package dev.jurat.assurance.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.assurance.harness.CountingServer;
import dev.jurat.assurance.harness.Party;
import dev.jurat.assurance.harness.Site;
import dev.jurat.assurance.harness.StdioClient;
import dev.jurat.assurance.harness.Terminal;
import dev.jurat.assurance.harness.Values;
import dev.jurat.proof.body.CallDetails;
import dev.jurat.proof.contract.Salt;
import dev.jurat.proof.contract.Tool;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.References;
import dev.jurat.sdk.Entry;
import dev.jurat.sdk.Receipt;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** A thief who would have something left out of the list of what a key touched, or have it shown as something else; and whoever ends what the thief gave. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class TouchedTest {
    private static final Terminal.Line ANN = new Terminal.Line("of ann", Site.PASSPHRASE);
    private static final Terminal.Line BOB = new Terminal.Line("of bob", Site.PASSPHRASE);
    private static final Terminal.Line NEW = new Terminal.Line("assphrase", Site.PASSPHRASE);
    private static final Terminal.Line AGAIN = new Terminal.Line("again", Site.PASSPHRASE);
    private static final int LISTED = 1_000;
    private static final int NAMED = 1_200;
    /** As long as a listed one may be, so that they take several pages. */
    private static final int LENGTH = 512;

    private Site site;

    @BeforeAll
    void start() throws IOException {
        site = Site.governed();
        site.atTerminal(List.of(ANN, NEW, AGAIN), "operator", "enroll", "--name", "bob", "--by", "ann", "--light");
    }

    @AfterAll
    void stop() throws IOException {
        if (site != null) {
            site.close();
        }
    }

    private static String named(int number) {
        String name = "/srv/" + number + "/";
        return name + "x".repeat(LENGTH - name.length());
    }

    private static Entry intent(Party thief, List<String> resources) throws Exception {
        Tool tool = Tool.unknown("tools/call", "take");
        CallDetails details = new CallDetails(
                Salt.of(RandomSource.secure().bytes(Salt.BYTES)),
                "take",
                Optional.empty(),
                Optional.empty(),
                resources,
                Optional.empty(),
                Optional.empty());
        AuthorityFacts.Intent facts = new AuthorityFacts.Intent(
                AuthorityFacts.Origin.DERIVED, tool, details.commitment(tool).orElseThrow(), thief.principal());
        Entry signed = thief.sign(facts, References.NONE, details.toJson());
        assertEquals(Receipt.Status.ADMITTED, thief.send(signed).status());
        return signed;
    }

    /** More is named than a report has room for, some of it too long, one body is destroyed, and names move the cursor. */
    @Test
    @Order(1)
    void aThiefHasSomethingLeftOutUnseen() throws Exception {
        Party thief = Party.open(site, site.home().resolve("agents/agent.json"));
        for (int at = 0; at < NAMED; at += 300) {
            intent(
                    thief,
                    IntStream.range(at, at + 300).mapToObj(TouchedTest::named).toList());
        }
        intent(thief, List.of("/srv/" + "y".repeat(LENGTH)));
        intent(thief, List.of("/a\u001b[2J\u202e\nrecords    none"));
        Entry erased = intent(thief, List.of("/srv/hidden"));
        site.atTerminal(List.of(BOB), "log", "erase", erased.record().id().hex(), "--ground", "mistake", "--as", "bob");

        Json.Obj touched = site.json("key", "touched", Site.AGENT);
        assertEquals(LISTED, Values.list(touched, "resources").size());
        int beyond = NAMED + 1 - LISTED;
        assertEquals("" + (beyond + 2), Values.text(touched, "more"), "one too long, one without its body");
        String screen = site.jurat("key", "touched", Site.AGENT).out();
        assertTrue(screen.contains("/a\uFFFD[2J\uFFFD\uFFFDrecords    none"), screen.substring(0, 900));
        assertTrue(screen.contains("    and " + beyond + " more\n"), screen.substring(screen.length() - 900));
        assertTrue(screen.contains("! 2 are not among them"), screen.substring(screen.length() - 900));
        assertFalse(screen.contains("\u001b") || screen.contains("\u202e"));
        assertTrue(site.jurat("key", "touched", "bob").out().contains("erasure erase 1, leaf "));
    }

    /** Each page but the first is of contracts whose approvals stand before it. */
    @Test
    @Order(2)
    void whatAStolenApproverAllowedGoesOn() throws Exception {
        var counter = site.folder().resolve("counter");
        StdioClient client =
                Servers.ready(site.wrap(Site.AGENT, List.of("--hold", "0"), CountingServer.command(counter)));
        StdioClient.Answer waiting = client.call("count", "{\"word\":\"a\"}", Servers.SOON);
        site.atTerminal(List.of(BOB), "approve", Texts.decision(waiting), "--as", "bob");
        Json.Obj touched = site.json("key", "touched", "bob");
        assertEquals(1, Values.list(touched, "contracts").size(), touched.toString());
        assertEquals(Values.list(touched, "contracts"), Values.list(touched, "live"));
        String contract = Values.text(touched, "contracts.0");
        String shown = site.jurat("key", "touched", "bob").out();
        assertTrue(shown.contains("In force") && shown.contains("    " + contract), shown);
        pagesAfterTheApproval(contract);

        String said = site.atTerminal(
                        List.of(ANN), "key", "compromise", "bob", "--as", "ann", "--reason", "a laptop was lost")
                .screen();
        assertTrue(said.contains("Contracts revoked: 1"), said);
        StdioClient.Answer anew = client.call("count", "{\"word\":\"a\"}", Servers.SOON);
        assertEquals("approval-pending", Texts.refusal(anew), anew.line());
        assertNotEquals(Texts.decision(waiting), Texts.decision(anew));
        assertEquals(List.of(), CountingServer.ran(counter));
        client.leave(Servers.SOON);
    }

    private void pagesAfterTheApproval(String contract) throws IOException {
        Json bob = site.json("operator", "show", "bob");
        long leaf = ((Json.Int) site.get("/v1/records/" + contract).members().get("index")).value();
        String page = "/v1/keys/touched?principal=" + encoded(bob, "principal") + "&key=" + encoded(bob, "key")
                + "&from=" + leaf;
        assertEquals(List.of(), Values.list(site.get(page), "contracts"), "from the page's own first leaf on");
        assertEquals(1, Values.list(site.get(page + "&since=1"), "contracts").size());
    }

    private static String encoded(Json of, String member) {
        return java.net.URLEncoder.encode(Values.text(of, member), java.nio.charset.StandardCharsets.UTF_8);
    }

    /** What an administrator's key gave stands after its report, and each has a command that ends it. */
    @Test
    @Order(3)
    void whatAThiefGaveIsNotFoundOrNotEnded() throws Exception {
        site.atTerminal(List.of(ANN), "agent", "enroll", "mole", "--as", "ann");
        Json.Obj touched = site.json("key", "touched", "ann");
        String mole = Values.text(site.json("agent", "show", "mole"), "principal");
        List<String> commands = new ArrayList<>();
        ((Json.Obj) touched.members().get("ends"))
                .members()
                .values()
                .forEach(command -> commands.add(((Json.Str) command).value()));
        assertTrue(commands.contains("jurat agent suspend " + mole), commands.toString());
        assertTrue(site.jurat("key", "touched", "ann").out().contains("; to end it: jurat agent suspend " + mole));
        site.atTerminal(List.of(ANN), "agent", "suspend", mole, "--as", "ann");
        assertEquals("suspended", Values.text(site.json("agent", "show", "mole"), "state"));
    }
}
