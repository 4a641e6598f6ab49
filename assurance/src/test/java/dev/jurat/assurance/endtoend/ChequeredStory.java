package dev.jurat.assurance.endtoend;

import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.jurat.assurance.harness.CountingServer;
import dev.jurat.assurance.harness.Party;
import dev.jurat.assurance.harness.Site;
import dev.jurat.assurance.harness.StdioClient;
import dev.jurat.assurance.harness.Values;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.ExecutionDetails;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.References;
import dev.jurat.sdk.Entry;
import dev.jurat.sdk.NodeException;
import dev.jurat.sdk.Receipt;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A log in which every verdict occurs: allowed, waiting, approved, denied, refused, expired, flagged, in conflict; and what the node said of it. */
final class ChequeredStory {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final Site site;
    private final Party agent;
    private final List<Said> said = new ArrayList<>();

    private ChequeredStory(Site site, Party agent) {
        this.site = site;
        this.agent = agent;
    }

    /** A record, and what the node answered when it came. */
    record Said(Entry entry, String status, String rule, List<String> flags) {}

    /** Tells it to a governed site's node. */
    static List<Said> tell(Site site) throws IOException, NodeException, FormatException {
        var story = new ChequeredStory(site, Party.open(site, site.home().resolve("agents/agent.json")));
        story.people();
        story.refusedGroup();
        story.suspended();
        story.conflict();
        story.expiry();
        return story.said;
    }

    /** Approved while it was held and carried out; denied by a person; denied by the policy; and one that still waits. */
    private void people() throws IOException {
        List<String> server = CountingServer.command(site.folder().resolve("counter"));
        try (StdioClient client = Servers.ready(site.wrap(Site.AGENT, List.of("--hold", "25"), server))) {
            CompletableFuture<StdioClient.Answer> held = client.callLater("count", "{\"word\":\"one\"}");
            site.unlocked("approve", pending());
            assertFalse(client.await(held, Servers.SOON).failed());
            client.leave(Servers.SOON);
        }
        try (StdioClient client = Servers.ready(site.wrap(Site.AGENT, List.of("--hold", "0"), server))) {
            StdioClient.Answer rejected = client.call("fail", "{}", Servers.SOON);
            site.unlocked("deny", Texts.decision(rejected), "--reason", "no");
            client.request("resources/read", "{\"uri\":\"file:///etc/passwd\"}", Servers.SOON);
            client.call("count", "{\"word\":\"two\"}", Servers.SOON);
            client.leave(Servers.SOON);
        }
    }

    private String pending() throws IOException {
        long deadline = System.nanoTime() + Servers.SOON.toNanos();
        String decision = "";
        while (decision.isEmpty() && System.nanoTime() < deadline) {
            decision = Values.text(site.get("/v1/pending"), "pending.0.decision");
            LockSupport.parkNanos(20_000_000);
        }
        return decision;
    }

    private void refusedGroup() throws IOException, NodeException, FormatException {
        Party point = point();
        Authority once = authority(point, "once");
        send(once.sign(point, once.sound(1, point)));
        send(
                once.sign(point, once.sound(2, point)),
                once.sign(point, once.sound(3, point)),
                observation(point, "after"));
    }

    private void suspended() throws IOException, NodeException, FormatException {
        Party point = point();
        Authority authority = authority(point, "suspended");
        Entry use = authority.sign(point, authority.sound(1, point));
        send(use);
        site.unlocked("revoke", point.session().stream().toString(), "--reason", "suspected");
        send(point.sign(
                new ExecutionFacts.Outcome(ExecutionFacts.Result.SUCCESS, Optional.empty(), 0),
                References.of("use", use.record().id()),
                new ExecutionDetails.Outcome(1, Optional.empty(), Optional.empty()).toJson()));
        send(authority.sign(point, authority.sound(2, point)));
    }

    /** Two records for one number; then the session, suspended by that, goes on with the one that was admitted. */
    private void conflict() throws IOException, NodeException, FormatException {
        Party point = point();
        var before = point.session().mark();
        send(observation(point, "one"));
        var after = point.session().mark();
        point.session().resume(before);
        send(observation(point, "other"));
        point.session().resume(after);
        send(observation(point, "after"));
    }

    /** A contract that runs out unused. */
    private void expiry() throws IOException, NodeException, FormatException {
        Path policy = site.folder().resolve("brief.cedar");
        Files.writeString(
                policy, "@id(\"brief\")\n@shape(\"exact\")\n@window(\"1s\")\npermit (principal, action, resource);\n");
        site.unlocked("policy", "publish", policy.toString(), "--name", "brief@v1");
        authority(point(), "late");
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1_300));
        site.publish("starter@v1");
    }

    private Party point() throws IOException, NodeException, FormatException {
        return Party.open(site, site.home().resolve("points").resolve("mcp.json"));
    }

    private Authority authority(Party point, String name) throws IOException, NodeException, FormatException {
        Path path = site.files().resolve(name);
        return Authority.ask(site, agent, point.principal(), "write_file", path, Texts.write(path.toString(), "text"));
    }

    private static Entry observation(Party point, String what) throws NodeException {
        return point.observation(what.getBytes(StandardCharsets.UTF_8));
    }

    private void send(Entry... group) {
        said.addAll(send(agent, List.of(group)));
    }

    /** What the node answers to a group; every record of one that is pushed back has the code as its status. */
    static List<Said> send(Party through, List<Entry> group) {
        List<Said> out = new ArrayList<>();
        try {
            List<Receipt.Result> results = through.client().submit(group, SOON).results();
            for (int i = 0; i < group.size(); i++) {
                Receipt.Result result = results.get(i);
                out.add(new Said(group.get(i), result.status().name(), result.rule(), result.flags()));
            }
        } catch (NodeException e) {
            group.forEach(entry -> out.add(new Said(entry, e.code(), "", List.of())));
        }
        return out;
    }
}
