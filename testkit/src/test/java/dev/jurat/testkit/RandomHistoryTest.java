package dev.jurat.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.LedgerDetails;
import dev.jurat.proof.body.OutsideName;
import dev.jurat.proof.contract.Effect;
import dev.jurat.proof.contract.Tool;
import dev.jurat.proof.crypto.SignatureChecker;
import dev.jurat.proof.lifecycle.Candidate;
import dev.jurat.proof.lifecycle.Changes;
import dev.jurat.proof.lifecycle.Flag;
import dev.jurat.proof.lifecycle.Intake;
import dev.jurat.proof.lifecycle.Judgement;
import dev.jurat.proof.lifecycle.Lifecycle;
import dev.jurat.proof.lifecycle.Rule;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.ExecutionFacts.Result;
import dev.jurat.proof.record.Header;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.PrincipalFacts.KeptIn;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.RegistryFacts.KeyAction;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.record.Stream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A long random history, judged at once by a lifecycle that keeps everything, by one that lets go of what it can at every cut and is now and then
 * made again from what was saved and the leaves after it, and by a reader of the leaves: they answer alike.
 */
class RandomHistoryTest {
    private static final int STEPS = Integer.getInteger("jurat.history.steps", 300);
    private static final List<OutsideName> OUTSIDE = List.of(workload("mail"), workload("books"), workload("desk"));
    private static final Map<String, Boolean> VERIFIED = new ConcurrentHashMap<>();
    private static final SignatureChecker CHECKER = (key, message, signature) -> VERIFIED.computeIfAbsent(
            key.text() + HexFormat.of().formatHex(signature) + Arrays.hashCode(message),
            all -> SignatureChecker.standard().verifies(key, message, signature));

    static List<Long> seeds() {
        long first = Long.getLong("jurat.history.seed", 1);
        List<Long> seeds = new ArrayList<>();
        for (long i = 0; i < Integer.getInteger("jurat.history.seeds", 4); i++) {
            seeds.add(first + i);
        }
        return seeds;
    }

    /** What a ledger would have on its disk: leaves and standings of the newest save, and nothing of what came since. */
    private static final class Saved {
        private final MemoryArchive archive = new MemoryArchive();
        private Optional<Changes> taken = Optional.empty();
        private int takenSize;

        void finish(List<SignedRecord> leaves) {
            taken.ifPresent(changes -> {
                for (int i = (int) archive.size(); i < takenSize; i++) {
                    archive.add(leaves.get(i));
                }
                archive.take(changes);
            });
            taken = Optional.empty();
        }
    }

    /** A call, and how far it has come. */
    private static final class Call {
        private final Execution execution;
        private final boolean pending;
        private final Set<Kind> signed = new HashSet<>();
        private boolean decided;

        Call(Execution execution, boolean pending) {
            this.execution = execution;
            this.pending = pending;
        }
    }

    private final World world = World.claimed();
    private final Successions successions = new Successions(world);
    private final Party second = successions.secondAdministrator();
    private final Map<String, List<String>> keyNames = new HashMap<>();
    private final PrincipalDrafts drafts = new PrincipalDrafts(world);
    private final Lifecycle all = world.log().lifecycle();
    private final Saved saved = new Saved();
    private final MemoryArchive unbounded = new MemoryArchive();
    private final MemoryArchive ofReader = new MemoryArchive();
    private final Lifecycle reader = new Lifecycle(CHECKER);
    private Lifecycle little = new Lifecycle(CHECKER, saved.archive);
    private int read;
    private final List<Set<Flag>> flags = new ArrayList<>();
    private final Set<RecordId> foldedAway = new HashSet<>();

    private Random random = new Random(0);
    private final List<Party> agents = new ArrayList<>();
    private final List<Party> points = new ArrayList<>();
    private final List<Party> gone = new ArrayList<>();
    private final List<Call> calls = new ArrayList<>();
    private final List<Matter> offered = new ArrayList<>();
    private final List<RecordId> holds = new ArrayList<>();
    private final List<String> agentNames = new ArrayList<>(List.of("agent"));
    private final Map<String, Integer> seen = new TreeMap<>();
    private int names;
    private String doing = "";

    @ParameterizedTest
    @MethodSource("seeds")
    void whatIsLetGoOfIsJudgedAsIfItWereKept(long seed) throws Exception {
        random = new Random(seed);
        System.out.println("random history, seed " + seed);
        agents.add(world.agent());
        points.add(world.point());
        try {
            catchUp();
            for (int step = 0; step < STEPS; step++) {
                doing = "seed " + seed + " step " + step;
                step();
                compare();
                int chance = random.nextInt(100);
                if (chance < 35) {
                    cut();
                } else if (chance < 45) {
                    saved.finish(world.log().leaves());
                } else if (chance < 50) {
                    restart();
                }
            }
            cut();
            compare();
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError(doing + ": " + e.getMessage(), e);
        }
        System.out.println("  " + world.log().leaves().size() + " leaves: " + seen);
    }

    // ---- the lifecycles

    private void catchUp() throws FormatException {
        List<SignedRecord> leaves = world.log().leaves();
        for (int i = 0; i < leaves.size(); i++) {
            SignedRecord leaf = leaves.get(i);
            if (i == 0) {
                little.begin(leaf);
                reader.begin(leaf);
                flags.add(Set.of());
            } else {
                follow(little, i, leaf);
                flags.add(follow(reader, i, leaf));
            }
        }
        read = leaves.size();
    }

    private static Set<Flag> follow(Lifecycle lifecycle, int index, SignedRecord leaf) {
        Judgement judgement = lifecycle.judge(Candidate.of(leaf));
        assertTrue(judgement instanceof Judgement.Admitted, () -> "leaf " + index + " " + leaf + ": " + judgement);
        Set<Flag> given = ((Judgement.Admitted) judgement).flags();
        lifecycle.placed(leaf, index, given);
        return given;
    }

    private List<Candidate> candidates(Lifecycle lifecycle, Matter... group) {
        List<Candidate> found = new ArrayList<>();
        for (Matter matter : group) {
            Optional<Rule> fault = Intake.bodyFault(
                    matter.record(),
                    matter.body().map(Body::bytes),
                    id -> lifecycle.identity(id).map(i -> i.facts().grant()));
            found.add(new Candidate(matter.record(), fault));
        }
        return found;
    }

    /** Offers a group to both ledgers, and has the leaves that come of it read. */
    private List<Judgement> offer(Matter... group) {
        return offer(true, group);
    }

    private List<Judgement> offer(boolean tell, Matter... group) {
        int from = world.log().leaves().size();
        List<Candidate> ofLittle = candidates(little, group);
        assertEquals(
                candidates(all, group).stream().map(Candidate::bodyFault).toList(),
                ofLittle.stream().map(Candidate::bodyFault).toList());
        List<Judgement> given = little.judge(ofLittle);
        List<Judgement> expected = tell ? world.offer(group) : world.log().take(group);
        assertEquals(expected.toString(), given.toString(), () -> Arrays.toString(group));
        Map<RecordId, Set<Flag>> admitted = new HashMap<>();
        for (int i = 0; i < group.length; i++) {
            seen.merge(group[i].record().kind().wire() + "/" + name(given.get(i)), 1, Integer::sum);
            if (given.get(i) instanceof Judgement.Admitted one) {
                admitted.put(group[i].id(), one.flags());
            }
            offered.add(group[i]);
        }
        List<SignedRecord> leaves = world.log().leaves();
        for (int at = from; at < leaves.size(); at++) {
            Set<Flag> given2 = admitted.get(leaves.get(at).id());
            if (given2 != null) {
                little.placed(leaves.get(at), at, given2);
            } else {
                follow(little, at, leaves.get(at));
            }
        }
        readOn(leaves.size());
        for (int i = 0; i < group.length; i++) {
            if (given.get(i) instanceof Judgement.Conflicting conflict) {
                Header header = group[i].record().header();
                own(world.draft(
                                world.ledger(),
                                new LedgerFacts.Conflict(
                                        header.stream(), header.sequence(), group[i].id(), conflict.admitted()))
                        .body(new LedgerDetails(List.of(LedgerDetails.Kept.of(
                                        group[i].record(), group[i].body().map(Body::bytes))))
                                .toJson()));
            }
        }
        settle();
        return given;
    }

    private static String name(Judgement judgement) {
        return judgement instanceof Judgement.Refused refused
                ? refused.rule().code()
                : judgement instanceof Judgement.PushedBack pushed
                        ? "pushed " + pushed.rule().code()
                        : judgement instanceof Judgement.Admitted admitted
                                        && !admitted.flags().isEmpty()
                                ? admitted.flags().toString()
                                : judgement.getClass().getSimpleName();
    }

    private void own(Draft draft) {
        int from = world.log().leaves().size();
        Matter matter = draft.admit();
        seen.merge(matter.record().kind().wire(), 1, Integer::sum);
        follow(little, from, matter.record());
        readOn(from + 1);
    }

    /** The ledger's own leaves behind a group, which the one has not judged yet, and all of them by the reader. */
    private void readOn(int from) {
        List<SignedRecord> leaves = world.log().leaves();
        for (int i = from; i < leaves.size(); i++) {
            follow(little, i, leaves.get(i));
        }
        for (; read < leaves.size(); read++) {
            flags.add(follow(reader, read, leaves.get(read)));
        }
    }

    private void cut() {
        saved.finish(world.log().leaves());
        little.forget(random.nextBoolean() ? 1 : 0);
        saved.taken = Optional.of(little.changes());
        saved.takenSize = world.log().leaves().size();
        unbounded.take(all.changes());
        ofReader.take(reader.changes());
        if (random.nextBoolean()) {
            saved.finish(world.log().leaves());
            assertEquals(text(unbounded.standings()), text(saved.archive.standings()), "standings");
            assertEquals(parts(unbounded.parts()), parts(saved.archive.parts()), "parts");
        }
        assertEquals(text(unbounded.standings()), text(ofReader.standings()), "standings of a reader");
    }

    private static String text(SortedMap<Long, byte[]> standings) {
        StringBuilder text = new StringBuilder();
        standings.forEach((leaf, bytes) -> text.append(leaf)
                .append(' ')
                .append(HexFormat.of().formatHex(bytes))
                .append('\n'));
        return text.toString();
    }

    private static String parts(Map<String, byte[]> parts) {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(parts)
                .forEach((name, bytes) -> text.append(name)
                        .append(' ')
                        .append(new String(bytes, java.nio.charset.StandardCharsets.UTF_8))
                        .append('\n'));
        return text.toString();
    }

    private void restart() throws FormatException {
        if (saved.archive.size() == 0 || random.nextBoolean()) {
            saved.finish(world.log().leaves());
        } else {
            saved.taken = Optional.empty();
        }
        if (saved.archive.size() == 0) {
            return;
        }
        seen.merge("restart", 1, Integer::sum);
        little = Lifecycle.restore(CHECKER, saved.archive, saved.archive.parts());
        List<SignedRecord> leaves = world.log().leaves();
        for (int i = (int) saved.archive.size(); i < leaves.size(); i++) {
            assertEquals(flags.get(i), follow(little, i, leaves.get(i)), "flags of leaf " + i);
        }
    }

    // ---- answers

    private void compare() {
        same("clock", l -> l.clockId() + " " + l.clock());
        same("awaited", Lifecycle::anyAwaited);
        same("open", Lifecycle::sessionOpen);
        same("pending", Lifecycle::pending);
        same("unsettled", Lifecycle::unsettled);
        same("holds", l -> l.holds().toString());
        same("erasures", Lifecycle::erasures);
        same("live", Lifecycle::liveContracts);
        same("principals", Lifecycle::principals);
        same("default", Lifecycle::defaultPolicy);
        same("policies", l -> l.policies().toString());
        same("profiles", l -> l.profiles().toString());
        same("published", Lifecycle::everPublished);
        for (String agent : agentNames) {
            String principal = World.principal(agent, SignerType.AGENT);
            same("particulars of " + agent, l -> l.particulars(principal).toString());
            same("suspended", l -> l.suspended(principal));
            same("keys", l -> l.keys(principal));
            same("self", l -> l.selfEnrolled(principal));
            same("sessions", l -> l.sessions(principal));
            same("openSessions", l -> l.openSessions(principal));
            same("unknowns", l -> l.unknowns(principal, tool(false)));
        }
        for (int i = 0; i < 8; i++) {
            RecordId id = world.log()
                    .leaves()
                    .get(random.nextInt(world.log().leaves().size()))
                    .id();
            same("contract", l -> l.contract(id));
            same("identity", l -> l.identity(id));
            same("use", l -> l.use(id));
            same("decision", l -> l.decision(id));
            same("decisionOf", l -> l.decisionOf(id));
        }
        for (Party party : parties()) {
            Stream stream = party.stream();
            same("head", l -> l.head(stream).toString().replaceAll("key=[^,]*", ""));
            long number = random.nextInt((int) party.next() + 2);
            Optional<RecordId> known = all.recordAt(stream, number);
            Optional<RecordId> found = little.recordAt(stream, number);
            if (!(found.isEmpty() && known.filter(foldedAway::contains).isPresent())) {
                assertEquals(known, found, stream + " " + number);
            }
            same(
                    "held",
                    l -> l.isHeld(
                            stream,
                            offered.isEmpty()
                                    ? RecordId.NONE
                                    : offered.getLast().id()));
        }
    }

    private void same(String what, java.util.function.Function<Lifecycle, Object> question) {
        assertEquals(question.apply(all), question.apply(little), what);
    }

    private List<Party> parties() {
        List<Party> parties = new ArrayList<>(agents);
        parties.addAll(points);
        parties.addAll(gone);
        parties.addAll(List.of(world.governor(), world.broker(), world.administrator(), world.approver()));
        return parties;
    }

    /** Who wrote goes on from where the log has them. */
    private void settle() {
        for (Party party : parties()) {
            all.head(party.stream()).ifPresent(head -> party.advance(head.next() - 1, head.previous()));
        }
    }

    // ---- what happens

    private <T> T any(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private boolean oneIn(int count) {
        return random.nextInt(count) == 0;
    }

    private Tool tool(boolean idempotent) {
        return world.tool(
                idempotent ? "read_text_file" : "write_file", idempotent ? Effect.READ : Effect.WRITE, idempotent);
    }

    private void step() {
        int chance = random.nextInt(100);
        if (chance < 10) {
            begin();
        } else if (chance < 22) {
            tick(oneIn(25) ? 400_000 + random.nextInt(600_000) : 200 + random.nextInt(oneIn(3) ? 40_000 : 3_000));
        } else if (chance < 76) {
            goOn();
        } else if (chance < 84) {
            again();
        } else if (chance < 92) {
            registry();
        } else if (chance < 97) {
            custody();
        } else {
            fold();
        }
    }

    private void tick(long millis) {
        int from = world.log().leaves().size();
        Matter clock = world.tick(millis);
        follow(little, from, clock.record());
        readOn(from + 1);
        List<Lifecycle.DueExpiry> expiries = all.expiriesDue();
        assertEquals(expiries, little.expiriesDue(), "expiries");
        expiries.forEach(due -> own(world.expiry(due.contract(), due.spent(), due.uses())));
        List<RecordId> incompletes = all.incompletesDue();
        assertEquals(incompletes, little.incompletesDue(), "incompletes");
        incompletes.forEach(use -> own(world.incomplete(use)));
    }

    private void begin() {
        Execution execution = world.execution(any(agents), any(points)).tool(tool(oneIn(2)));
        boolean pending = false;
        switch (random.nextInt(4)) {
            case 0 -> execution.ranged(1 + random.nextInt(6), oneIn(3) ? 5_000 : 600_000);
            case 1 -> execution.observed();
            case 2 -> pending = true;
            default -> execution.windowMillis(oneIn(3) ? 2_000 : 60_000);
        }
        Call call = new Call(execution, pending);
        calls.add(call);
        if (oneIn(3) && !pending) {
            List<Matter> group = new ArrayList<>(List.of(
                    execution.intent().sign(),
                    execution.context().sign(),
                    execution.decision().sign(),
                    execution.contract().sign(),
                    execution.identity().sign()));
            call.decided = true;
            call.signed.addAll(List.of(Kind.INTENT, Kind.CONTEXT, Kind.DECISION, Kind.CONTRACT, Kind.IDENTITY));
            for (int i = random.nextInt(3); i > 0; i--) {
                group.add(execution.use().sign());
                call.signed.add(Kind.USE);
                if (oneIn(2)) {
                    group.add(execution.outcome(any(List.of(Result.values()))).sign());
                }
            }
            offer(group.toArray(Matter[]::new));
        } else {
            offer(execution.intent().sign(), execution.context().sign());
            call.signed.addAll(List.of(Kind.INTENT, Kind.CONTEXT));
        }
    }

    private void goOn() {
        if (calls.isEmpty()) {
            begin();
            return;
        }
        Call call = oneIn(4) ? any(calls) : calls.get(Math.max(0, calls.size() - 1 - random.nextInt(4)));
        Execution e = call.execution;
        if (!call.signed.contains(Kind.DECISION)) {
            call.signed.add(Kind.DECISION);
            call.decided = !call.pending;
            offer((call.pending ? e.pending(1) : oneIn(8) ? e.denial("no") : e.decision()).sign());
        } else if (!call.decided) {
            switch (random.nextInt(5)) {
                case 0, 1 -> {
                    call.signed.add(Kind.APPROVAL);
                    offer(e.approval(oneIn(5) ? world.administrator() : world.approver())
                            .sign());
                }
                case 2 -> {
                    if (oneIn(3)) {
                        call.signed.add(Kind.APPROVAL);
                        offer(e.rejection(world.approver()).sign());
                    }
                }
                default -> {
                    if (!call.signed.contains(Kind.APPROVAL)) {
                        return;
                    }
                    call.decided = true;
                    offer(e.decisionAfterApproval().sign());
                }
            }
        } else if (!call.signed.contains(Kind.IDENTITY)) {
            Matter contract = e.contract().sign();
            call.signed.addAll(List.of(Kind.CONTRACT, Kind.IDENTITY));
            switch (random.nextInt(4)) {
                case 0 -> {
                    offer(contract);
                    offer(e.identity().sign());
                }
                case 1 -> offer(contract, e.identity().sign(), e.use().sign(), used(call, e));
                default -> offer(contract, e.identity().sign());
            }
        } else {
            execute(call, e);
        }
    }

    private Matter used(Call call, Execution e) {
        call.signed.add(Kind.USE);
        return e.outcome(any(List.of(Result.values()))).sign();
    }

    private void execute(Call call, Execution e) {
        switch (random.nextInt(12)) {
            case 0, 1, 2, 3 -> {
                offer(e.use().sign());
                call.signed.add(Kind.USE);
            }
            case 4, 5, 6, 7 -> {
                if (call.signed.contains(Kind.USE)) {
                    offer(e.outcome(any(List.of(Result.values()))).sign());
                }
            }
            case 8 -> offer(e.refusal("use-call").sign());
            case 9 -> {
                offer(e.use().sign(), e.use().sign(), used(call, e));
            }
            case 10 -> offer(e.identity().sign());
            default -> {
                if (oneIn(2)) {
                    boolean contract = oneIn(2);
                    offer(world.revokes(
                                    oneIn(2) ? world.administrator() : world.approver(),
                                    contract ? RegistryFacts.Target.CONTRACT : RegistryFacts.Target.IDENTITY,
                                    e.id(contract ? Kind.CONTRACT : Kind.IDENTITY))
                            .sign());
                }
            }
        }
    }

    /** The same again, another one at a number that is taken, or something unseen. */
    private void again() {
        switch (random.nextInt(6)) {
            case 0, 1, 2, 3 -> {
                if (!offered.isEmpty()) {
                    Matter matter = any(offered);
                    Header header = matter.record().header();
                    // A reader knows a folded number without its id.
                    boolean folded = all.recordAt(header.stream(), header.sequence())
                            .filter(foldedAway::contains)
                            .isPresent();
                    if (!folded) {
                        offer(matter);
                    }
                }
            }
            case 4 -> {
                Party party = any(parties());
                if (party.next() > 1 && agents.contains(party) && agents.size() > 2) {
                    long number = 1 + random.nextInt((int) party.next() - 1);
                    boolean folded = all.recordAt(party.stream(), number)
                            .filter(foldedAway::contains)
                            .isPresent();
                    if (!folded) {
                        offer(world.observation(party, "another-" + names++)
                                .sequence(number)
                                .peek());
                        agents.remove(party);
                        gone.add(party);
                    }
                }
            }
            default ->
                offer(world.observation(any(points), "ping")
                        .seen(any(world.log().leaves()).id())
                        .sign());
        }
    }

    private List<String> keys(String name) {
        return keyNames.computeIfAbsent(name, first -> new ArrayList<>(List.of(first)));
    }

    private String lastOrAny(String name) {
        return oneIn(4) ? any(keys(name)) : keys(name).getLast();
    }

    private String nextKey(String name) {
        return name + "-key-" + names++;
    }

    private void succeed(String name, String key, World.Entrance entrance) {
        if (offer(entrance.draft().sign()).getFirst() instanceof Judgement.Admitted) {
            keys(name).add(key);
        }
    }

    private void report() {
        String name = any(agentNames);
        int size = world.log().leaves().size();
        offer((oneIn(2)
                        ? successions.compromised(world.administrator(), name, SignerType.AGENT, any(keys(name)))
                        : successions.compromised(
                                world.administrator(),
                                second,
                                name,
                                SignerType.AGENT,
                                any(keys(name)),
                                1L + random.nextInt(size)))
                .sign());
    }

    private static OutsideName workload(String name) {
        try {
            return OutsideName.spiffe("spiffe://example.org/" + name);
        } catch (FormatException e) {
            throw new IllegalStateException(e);
        }
    }

    private void say() {
        String principal = World.principal(any(agentNames), SignerType.AGENT);
        Party by = world.administrator();
        switch (random.nextInt(8)) {
            case 0, 1, 2 ->
                offer(drafts.describes(by, principal, any(List.of("staging", "production")), Optional.empty())
                        .sign());
            case 3 ->
                offer(drafts.states(
                                by,
                                principal,
                                World.key(any(agentNames)).verifyKey().text(),
                                KeptIn.PKCS11)
                        .sign());
            case 4 -> {
                if (oneIn(4)) {
                    offer(drafts.retires(by, principal).sign());
                }
            }
            default -> offer(drafts.binds(by, principal, any(OUTSIDE), oneIn(2)).sign());
        }
    }

    private void registry() {
        switch (random.nextInt(14)) {
            case 13 -> say();
            case 0, 1, 2, 3 -> {
                boolean agent = oneIn(2) || points.size() > 4;
                String name = agent ? any(agentNames) : "point";
                World.Entrance entrance = successions.session(name, any(keys(name)), "session-" + names++);
                Matter opening = entrance.draft().sign();
                if (offer(opening).getFirst() instanceof Judgement.Admitted) {
                    (agent ? agents : points).add(entrance.party());
                }
            }
            case 4 -> {
                String name = "agent-" + names++;
                World.Entrance entrance = world.enrol(name, SignerType.AGENT, Role.AGENT);
                if (offer(entrance.draft().sign()).getFirst() instanceof Judgement.Admitted) {
                    agentNames.add(name);
                }
            }
            case 5 -> {
                String name = any(agentNames);
                offer(world.changes(
                                world.administrator(),
                                name,
                                SignerType.AGENT,
                                any(List.of(KeyAction.SUSPEND, KeyAction.RESUME, KeyAction.RESUME, KeyAction.CONFIRM)),
                                Role.AGENT)
                        .sign());
            }
            case 10 -> {
                String name = any(agentNames);
                String next = nextKey(name);
                succeed(name, next, successions.rotates(name, SignerType.AGENT, lastOrAny(name), next));
            }
            case 11 -> {
                String name = any(agentNames);
                String next = nextKey(name);
                Party administrator = world.administrator();
                succeed(
                        name,
                        next,
                        successions.recovers(name, SignerType.AGENT, lastOrAny(name), next, administrator, second));
            }
            case 12 -> report();
            case 6 -> {
                List<Party> of = oneIn(2) ? agents : points;
                if (of.size() > 1) {
                    Party party = any(of);
                    offer(world.sessionEnd(party).sign());
                    if (oneIn(3)) {
                        of.remove(party);
                        gone.add(party);
                    }
                }
            }
            case 7 -> {
                if (agents.size() > 1) {
                    Party party = any(agents);
                    offer(world.revokes(world.administrator(), party).sign());
                    agents.remove(party);
                    gone.add(party);
                }
            }
            case 8 -> {
                // The same key twice.
                offer(world.session(any(agentNames), "session-" + random.nextInt(names + 1))
                        .draft()
                        .sign());
            }
            default -> {
                if (oneIn(2)) {
                    offer(world.draft(
                                    world.administrator(),
                                    new RegistryFacts.Profile(
                                            world.profileArtefact(),
                                            "files@1.0.0",
                                            oneIn(3)
                                                    ? RegistryFacts.Publication.WITHDRAWN
                                                    : RegistryFacts.Publication.AVAILABLE,
                                            List.of()))
                            .sign());
                } else {
                    offer(world.draft(
                                    world.administrator(),
                                    new RegistryFacts.Policy(
                                            world.observeArtefact(),
                                            "observe@v1",
                                            RegistryFacts.Publication.AVAILABLE,
                                            RegistryFacts.Floors.NONE))
                            .sign());
                }
            }
        }
    }

    private void custody() {
        switch (random.nextInt(4)) {
            case 0 -> {
                Matter hold = (oneIn(2)
                                ? world.holds(world.administrator(), any(agents).principal())
                                : world.holds(
                                        world.administrator(),
                                        any(world.log().leaves()).id()))
                        .sign();
                offer(hold);
                holds.add(hold.id());
            }
            case 1 -> {
                if (!holds.isEmpty()) {
                    offer(world.lifts(world.administrator(), any(holds)).sign());
                }
            }
            default ->
                offer(world.erases(
                                world.administrator(),
                                any(world.log()
                                                .leaves()
                                                .subList(1, world.log().leaves().size()))
                                        .id())
                        .sign());
        }
    }

    /** Many refused by one rule, told of in one leaf. */
    private void fold() {
        Party point = any(points);
        List<Matter> refused = new ArrayList<>();
        RecordId noClock = world.policy();
        String rule = "";
        int count = 1 + random.nextInt(oneIn(3) ? 90 : 8);
        Party agent = any(agents);
        for (int i = 0; i < count; i++) {
            Matter matter = world.execution(agent, point)
                    .tool(tool(true))
                    .intent()
                    .seen(noClock)
                    .sign();
            List<Judgement> judged = offer(false, matter);
            if (refused.isEmpty() && !(judged.getFirst() instanceof Judgement.Refused)) {
                return;
            }
            if (!(judged.getFirst() instanceof Judgement.Refused one)
                    || (!rule.isEmpty() && !rule.equals(one.rule().code()))) {
                throw new IllegalStateException("not refused alike: " + judged);
            }
            rule = one.rule().code();
            refused.add(matter);
        }
        own(world.fold(rule, refused.toArray(Matter[]::new)));
        refused.subList(0, refused.size() - 1).forEach(m -> foldedAway.add(m.id()));
        settle();
    }
}
