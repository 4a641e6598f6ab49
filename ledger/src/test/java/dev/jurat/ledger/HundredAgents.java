package dev.jurat.ledger;

import static dev.jurat.ledger.LedgerRig.committed;
import static dev.jurat.ledger.LedgerRig.group;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jurat.ledger.storage.FaultStorage;
import dev.jurat.proof.body.RegistryDetails;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.RegistryFacts.KeyAction;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignerType;
import dev.jurat.testkit.Draft;
import dev.jurat.testkit.Matter;
import dev.jurat.testkit.Party;
import dev.jurat.testkit.Successions;
import dev.jurat.testkit.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Agents that work side by side on a real ledger while their keys are rotated, reported and recovered, their sessions revoked and they
 * themselves suspended, at random from one seed. It keeps books of its own: who signed what, and what the answer must be.
 */
final class HundredAgents {
    private static final int AGENTS = 100;
    private static final int THREADS = 8;
    private static final long OVERLAP_MILLIS = 70_000;
    /** Nothing is expected of a moment that others may have moved the clock across. */
    private static final long MARGIN_MILLIS = 8_000;

    private static final long STEP_MILLIS = 100;

    /** A key of an agent. */
    static final class Key {
        final String name;
        final long leaf;
        final boolean recovered;
        /** Until when it may be used beside the next one; the next one's coming, after a recovery. */
        Optional<Long> until = Optional.empty();

        Optional<Long> reported = Optional.empty();
        Optional<Long> since = Optional.empty();

        Key(String name, long leaf, boolean recovered) {
            this.name = name;
            this.leaf = leaf;
            this.recovered = recovered;
        }
    }

    /** One run of an agent. */
    static final class Run {
        final Party party;
        final Key key;
        boolean revoked;

        Run(Party party, Key key) {
            this.party = party;
            this.key = key;
        }
    }

    /** An agent as the test knows it. One thread has it. */
    static final class Agent {
        final String name;
        final List<Key> keys = new ArrayList<>();
        final List<Run> runs = new ArrayList<>();
        boolean suspended;

        Agent(String name) {
            this.name = name;
        }

        Key newest() {
            return keys.getLast();
        }

        String principal() {
            return World.principal(name, SignerType.AGENT);
        }
    }

    /** What an acknowledged record is by the test's books. */
    record Signed(long leaf, Agent agent, Run run) {}

    final World world = World.claimed();
    final LedgerRig rig = new LedgerRig(world);
    final List<Agent> agents = new ArrayList<>();
    final Map<RecordId, Signed> admitted = new ConcurrentHashMap<>();
    final Map<String, Long> answers = new TreeMap<>();
    FaultStorage storage;

    private final Successions successions = new Successions(world);
    private final Party second;
    private final long seed;
    private Ledger ledger;
    private int names;

    HundredAgents(long seed) throws Exception {
        this.seed = seed;
        second = successions.secondAdministrator();
        storage = rig.seed();
        ledger = rig.open(storage);
        for (int i = 0; i < AGENTS; i++) {
            Agent agent = new Agent("worker-" + i);
            World.Entrance entrance = world.enrol(agent.name, SignerType.AGENT, Role.AGENT);
            long leaf = expect("", ours(entrance.draft()));
            agent.keys.add(new Key(agent.name, leaf, false));
            agents.add(agent);
        }
    }

    /** So many steps on each of the threads. */
    void work(int steps, int round) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<?>> all = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                int mine = thread;
                Random random = new Random(seed * 1_000 + round * 100L + mine);
                all.add(threads.submit(() -> {
                    for (int step = 0; step < steps; step++) {
                        step(agents.get(random.nextInt(AGENTS / THREADS) * THREADS + mine), random);
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
    }

    /** The process is killed, and another one goes on. */
    void killed() throws Exception {
        FaultStorage left = storage.afterKill();
        ledger.close();
        storage = left;
        ledger = rig.open(left);
    }

    void close() throws Exception {
        synchronized (world) {
            rig.now.addAndGet(20_000);
            rig.follow(ledger);
        }
        ledger.close();
    }

    private void step(Agent agent, Random random) throws Exception {
        rig.now.addAndGet(STEP_MILLIS);
        int what = random.nextInt(100);
        if (what < 12 || agent.runs.isEmpty()) {
            open(agent, random);
        } else if (what < 20) {
            rotate(agent);
        } else if (what < 23) {
            report(agent, random);
        } else if (what < 28) {
            recover(agent);
        } else if (what < 31) {
            suspend(agent);
        } else if (what < 33) {
            revoke(agent.runs.get(random.nextInt(agent.runs.size())));
        } else {
            act(agent, agent.runs.get(random.nextInt(agent.runs.size())));
        }
    }

    // ---- what an agent does

    private void act(Agent agent, Run run) throws Exception {
        Matter intent;
        synchronized (world) {
            rig.follow(ledger);
            intent = world.execution(run.party, world.point()).intent().sign();
        }
        String refusal = standing(agent, run.key, run.revoked);
        long leaf = expect(refusal, answer(intent));
        if (refusal.isEmpty()) {
            admitted.put(intent.id(), new Signed(leaf, agent, run));
        }
    }

    private static String standing(Agent agent, Key key, boolean revoked) {
        if (agent.suspended) {
            return "principal-suspended";
        }
        if (revoked) {
            return "session-suspended";
        }
        return key.reported.isPresent() ? "key-compromised" : "";
    }

    private void open(Agent agent, Random random) throws Exception {
        Key key = random.nextInt(4) == 0 ? agent.keys.get(random.nextInt(agent.keys.size())) : agent.newest();
        long now = rig.now.get();
        if (key.until.filter(until -> Math.abs(until - now) < MARGIN_MILLIS).isPresent()) {
            return;
        }
        boolean over = key != agent.newest()
                && agent.keys.subList(agent.keys.indexOf(key), agent.keys.size() - 1).stream()
                        .anyMatch(k -> k.until.orElseThrow() < now);
        String refusal = standing(agent, key, false);
        refusal = refusal.isEmpty() && over ? "key-retired" : refusal;
        World.Entrance entrance;
        Matter opening;
        synchronized (world) {
            rig.follow(ledger);
            entrance = successions.session(agent.name, key.name, agent.name + "-run-" + names++);
            entrance.draft().fact("notAfter", Json.of(now + 3_600_000));
            opening = entrance.draft().sign();
        }
        expect(refusal, answer(opening));
        if (refusal.isEmpty()) {
            agent.runs.add(new Run(entrance.party(), key));
        }
    }

    private void rotate(Agent agent) throws Exception {
        Key old = agent.newest();
        long now = rig.now.get();
        long ends = agent.keys.stream().mapToLong(k -> k.until.orElse(0L)).max().orElse(0);
        if (Math.abs(ends - now) < MARGIN_MILLIS) {
            return;
        }
        String refusal = agent.suspended
                ? "principal-suspended"
                : old.reported.isPresent() ? "key-compromised" : ends > now ? "overlap-invalid" : "";
        String next;
        Matter rotation;
        synchronized (world) {
            rig.follow(ledger);
            next = agent.name + "-key-" + names++;
            World.Entrance entrance = successions.rotates(agent.name, SignerType.AGENT, old.name, next);
            rotation = entrance.draft()
                    .fact("until", Json.of(now + OVERLAP_MILLIS))
                    .sign();
        }
        long leaf = expect(refusal, answer(rotation));
        if (refusal.isEmpty()) {
            old.until = Optional.of(now + OVERLAP_MILLIS);
            agent.keys.add(new Key(next, leaf, false));
        }
    }

    // ---- what administrators do

    private void report(Agent agent, Random random) throws Exception {
        boolean bounded = random.nextBoolean();
        synchronized (world) {
            rig.follow(ledger);
            int size = world.log().leaves().size();
            int at = Math.max(0, agent.keys.size() - 1 - random.nextInt(2));
            Key key = agent.keys.get(at);
            if (key.reported.isPresent()) {
                return;
            }
            long since = key.leaf + 1 + random.nextInt((int) (size - key.leaf));
            Draft report = bounded
                    ? successions.compromised(
                            world.administrator(), second, agent.name, SignerType.AGENT, key.name, since)
                    : successions.compromised(world.administrator(), agent.name, SignerType.AGENT, key.name);
            long leaf = expect("", ours(report));
            reported(agent, at, leaf, bounded ? Math.min(since, leaf) : leaf);
        }
    }

    /** The key, and those that were brought by rotation after the boundary. */
    private static void reported(Agent agent, int at, long leaf, long since) {
        for (int i = at; i < agent.keys.size(); i++) {
            Key key = agent.keys.get(i);
            if (i > at && (key.recovered || key.leaf < since)) {
                return;
            }
            key.reported = key.reported.or(() -> Optional.of(leaf));
            key.since =
                    Optional.of(key.since.map(before -> Math.min(before, since)).orElse(since));
        }
    }

    private void recover(Agent agent) throws Exception {
        Key old = agent.newest();
        if (old.reported.isEmpty()) {
            return;
        }
        synchronized (world) {
            rig.follow(ledger);
            String next = agent.name + "-key-" + names++;
            World.Entrance entrance =
                    successions.recovers(agent.name, SignerType.AGENT, old.name, next, world.administrator(), second);
            long leaf = expect("", ours(entrance.draft()));
            agent.keys.forEach(key -> key.until = Optional.of(0L));
            agent.keys.add(new Key(next, leaf, true));
        }
    }

    private void suspend(Agent agent) throws Exception {
        synchronized (world) {
            rig.follow(ledger);
            RegistryFacts.Key facts = new RegistryFacts.Key(
                    agent.suspended ? KeyAction.RESUME : KeyAction.SUSPEND,
                    agent.principal(),
                    SignerType.AGENT,
                    List.of(Role.AGENT),
                    World.key(agent.newest().name).verifyKey().text(),
                    RegistryFacts.Enrolled.SELF,
                    Optional.empty());
            Draft change = agent.suspended
                    ? world.draft(world.administrator(), facts.with(second.principal()))
                            .signedBy(world.administrator().key(), second.key())
                    : world.draft(world.administrator(), facts);
            expect("", ours(change.body(b -> new RegistryDetails.Key(agent.name).toJson())));
            agent.suspended = !agent.suspended;
        }
    }

    private void revoke(Run run) throws Exception {
        synchronized (world) {
            rig.follow(ledger);
            expect("", ours(world.revokes(world.administrator(), run.party)));
            run.revoked = true;
        }
    }

    // ---- answers

    /** Of a stream that several threads write: signed and answered in one. */
    private RecordAnswer ours(Draft draft) throws Exception {
        synchronized (world) {
            rig.follow(ledger);
            return answer(draft.sign());
        }
    }

    private RecordAnswer answer(Matter matter) throws Exception {
        return committed(ledger.append(group(matter))).results().getFirst();
    }

    private long expect(String refusal, RecordAnswer answer) {
        String got = answer instanceof RecordAnswer.Refused refused
                ? refused.rule().code()
                : answer instanceof RecordAnswer.Admitted ? "" : answer.toString();
        assertEquals(refusal, got, () -> "seed " + seed + ", " + answer);
        synchronized (answers) {
            answers.merge(got.isEmpty() ? "admitted" : got, 1L, Long::sum);
        }
        return answer.index().value();
    }
}
