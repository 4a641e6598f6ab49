package dev.jurat.assurance.bench;

import dev.jurat.ledger.SyntheticIndex;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * Makes up actions as a busy node has them, the same for the same seed. A few agents, tools, projects and words make up most of it, and many the rest: the
 * number of each falls with its rank. Six of ten are repeats under a ranged contract, three are decided by themselves, the rest is denied or waits.
 */
final class SyntheticActions {
    static final int AGENTS = 2_000;
    static final int TOOLS = 60;
    static final int PROJECTS = 500;
    static final int WORDS = 60_000;
    static final long STEP_MILLIS = 40;
    static final long FIRST_MILLIS = 1_750_000_000_000L;

    private static final int LIVE_MAX = 2_000;
    private static final List<String> FLAGS = List.of("late", "repeated", "foreign-point");

    private final SyntheticIndex index;
    private final Random random;
    private final List<Live> live = new ArrayList<>();
    private long now = FIRST_MILLIS;
    private long actions;

    /** A contract that more uses may come under. */
    private record Live(SyntheticIndex.Call call, long act) {}

    SyntheticActions(SyntheticIndex index, long seed) {
        this.index = index;
        this.random = new Random(seed);
    }

    long actions() {
        return actions;
    }

    /** A number below a bound, of which the low ones come often: about as often from each power of two. */
    static int rank(Random random, int bound) {
        return (int) Math.min(bound - 1, Math.pow(bound + 1.0, random.nextDouble()) - 1);
    }

    static String agent(int rank) {
        return (rank % 5 == 4 ? "team" : "local") + "/"
                + String.format("%026d", rank).replace('0', 'a').replace('1', 'b');
    }

    static String tool(int rank) {
        return "tool_" + rank;
    }

    static String word(int rank) {
        return "w" + Integer.toString(rank * 7919 + 100_003, 36);
    }

    static String project(int rank) {
        return "/home/dev/project-" + rank + "/";
    }

    private String resource() {
        if (random.nextInt(20) == 0) {
            return "https://api-" + rank(random, 50) + ".example/v1/items/" + random.nextInt(2_000_000);
        }
        return project(rank(random, PROJECTS)) + "src/module-" + rank(random, 40) + "/file-" + rank(random, 3_000)
                + ".java";
    }

    private Set<String> words(String resource) {
        Set<String> words = new LinkedHashSet<>(List.of(resource.split("[^a-z0-9]+")));
        words.removeIf(word -> word.length() < 2);
        for (int i = random.nextInt(8); i >= 0; i--) {
            words.add(word(rank(random, WORDS)));
        }
        return words;
    }

    private SyntheticIndex.Call call(String principal, String session, String tool) {
        String resource = resource();
        return new SyntheticIndex.Call(principal, session, tool, "read", List.of(resource), words(resource), now);
    }

    /** Makes up the next action. */
    void next() throws SQLException {
        now += random.nextInt((int) (2 * STEP_MILLIS));
        actions++;
        int kind = random.nextInt(100);
        if (kind < 60 && !live.isEmpty()) {
            Live old = live.get(live.size() - 1 - rank(random, live.size()));
            SyntheticIndex.Call call = call(
                    old.call().principal(), old.call().session(), old.call().tool());
            flag(index.used(call, old.act(), outcome()));
            return;
        }
        int agent = rank(random, AGENTS);
        SyntheticIndex.Call call =
                call(agent(agent), "session" + agent + "-" + random.nextInt(40), tool(rank(random, TOOLS)));
        if (kind < 90) {
            long act = index.decided(call, "allow", "rule-" + random.nextInt(9));
            index.minted(act);
            flag(index.used(call, act, outcome()));
            live.add(new Live(call, act));
            if (live.size() > LIVE_MAX) {
                live.removeFirst();
            }
        } else {
            boolean denied = kind < 98;
            index.decided(call, denied ? "deny" : "pending", denied ? "outside-root" : "approval-wanted");
        }
    }

    private Optional<String> outcome() {
        int of = random.nextInt(1_000);
        if (of < 960) {
            return Optional.of("success");
        }
        return of < 995 ? Optional.of("tool-error") : of < 998 ? Optional.of("unknown") : Optional.empty();
    }

    private void flag(long act) throws SQLException {
        if (random.nextInt(2_000) == 0) {
            index.flagged(act, FLAGS.get(rank(random, FLAGS.size())));
        }
    }
}
