package dev.jurat.app.node;

import dev.jurat.app.keys.Operators;
import dev.jurat.governance.LedgerDoor;
import dev.jurat.governance.UnavailableException;
import dev.jurat.ledger.Ledger;
import dev.jurat.ledger.LedgerException;
import dev.jurat.ledger.LedgerHead;
import dev.jurat.ledger.LedgerStatus;
import dev.jurat.ledger.witness.WitnessStatus;
import dev.jurat.ledger.witness.Witnesses;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.lifecycle.Lifecycle;
import dev.jurat.proof.record.LedgerFacts.Registered;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.Role;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What the node says of itself, and above all what an attacker could do there. */
final class StatusView {
    /** Beyond what the reading of a clock and a small step of it differ by. */
    private static final long CLOCK_AHEAD_MILLIS_MAX = 5_000;

    private final NodeConfig config;
    private final Ledger ledger;
    private final LedgerDoor door;
    private final Names names;
    private final int port;
    private final String origin;
    private final Optional<Json.Obj> predecessor;
    private final Optional<Witnesses> witnesses;
    private final Optional<Path> shared;
    private final Configured configured;

    StatusView(
            NodeConfig config,
            Ledger ledger,
            LedgerDoor door,
            Names names,
            int port,
            Optional<Witnesses> witnesses,
            Optional<Path> shared,
            Configured configured)
            throws LedgerException {
        this.witnesses = witnesses;
        this.shared = shared;
        this.configured = configured;
        this.names = names;
        this.config = config;
        this.ledger = ledger;
        this.door = door;
        this.port = port;
        this.origin = new Origin(ledger).text();
        this.predecessor = OldLogView.of(ledger);
    }

    /** How something is that its owner should know: a stable code, what it means here, and the command that helps, empty if none does. */
    record Warning(String code, String text, String next) {
        Warning(String code, String text) {
            this(code, text, "");
        }

        Json.Obj toJson() {
            return JsonBuilder.object()
                    .put("code", code)
                    .put("next", next)
                    .put("text", text)
                    .build();
        }
    }

    private record Counts(
            int holds, int pending, int contracts, int people, Optional<String> policy, List<Registered> unconfirmed) {
        static Counts of(Lifecycle state) {
            Optional<RecordId> decides = state.defaultPolicy();
            long people = state.principals().stream()
                    .filter(p -> p.type() == dev.jurat.proof.record.SignerType.HUMAN)
                    .count();
            return new Counts(
                    state.holds().size(),
                    state.pending().size(),
                    state.liveContracts().size(),
                    (int) people,
                    decides.flatMap(state::policy).map(RegistryFacts.Policy::name),
                    state.principals().stream()
                            .filter(p -> state.selfEnrolled(p.principal()))
                            .toList());
        }
    }

    Json.Obj toJson() {
        LedgerHead head = ledger.head();
        LedgerStatus status = ledger.status();
        Counts counts = door.ask(Counts::of);
        Optional<WitnessStatus> seen = witnesses.map(Witnesses::status);
        return JsonBuilder.object()
                .put("claimed", head.claimed())
                .put("data", config.data().toString())
                .put("holds", counts.holds())
                .put("ledger", ledgerJson(head, status))
                .put("live-contracts", counts.contracts())
                .put("pending", counts.pending())
                .put("people", counts.people())
                .put("policy", counts.policy().orElse("none"))
                .put("predecessor", predecessor)
                .put("process", ProcessHandle.current().pid())
                .put("shared", shared.map(folder -> new Json.Str(folder.toString())))
                .put("socket", config.socket().toString())
                .put("tiles", "http://127.0.0.1:" + port)
                .put("time", "operator-asserted")
                .put("user", System.getProperty("user.name"))
                .put(
                        "warnings",
                        new Json.Arr(Stream.concat(
                                        warnings(head, status, counts).stream(), WitnessView.warnings(seen).stream())
                                .<Json>map(Warning::toJson)
                                .toList()))
                .put("witnesses", WitnessView.json(seen))
                .build();
    }

    private Json.Obj ledgerJson(LedgerHead head, LedgerStatus status) {
        return JsonBuilder.object()
                .put("commits", status.commits())
                .put("erased", status.erased())
                .put("genesis", head.genesis().hex())
                .put("index-lag", Math.max(0, status.size() - status.indexed()))
                .put("origin", origin)
                .put("packs-to-compact", status.packsToCompact())
                .put("root", head.root().hex())
                .put("signatures", status.signatures())
                .put("size", head.size().value())
                .put("state", status.state().name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .put("turned-away", counts(status.turnedAway()))
                .build();
    }

    private static Json.Obj counts(Map<String, Long> numbers) {
        JsonBuilder counts = JsonBuilder.object();
        numbers.forEach(counts::put);
        return counts.build();
    }

    private List<Warning> warnings(LedgerHead head, LedgerStatus status, Counts counts) {
        String user = System.getProperty("user.name");
        List<Warning> out = new ArrayList<>();
        if (!head.claimed()) {
            out.add(new Warning(
                    "unclaimed",
                    "this node only observes, and any process of " + user + " can claim it until somebody does",
                    "jurat operator enroll --name YOU"));
        } else {
            if (counts.policy().isEmpty()) {
                out.add(new Warning(
                        "policy-missing",
                        "no policy is published that could decide, so every call is refused",
                        "jurat policy publish starter@v1"));
            }
            counts.unconfirmed().forEach(p -> out.add(unconfirmed(p)));
            if (configured.state() == Configured.State.CHANGED) {
                out.add(new Warning(
                        "configuration-changed",
                        "the node is set up otherwise than an administrator signed for last",
                        "jurat configuration show"));
            }
        }
        out.add(new Warning(
                "same-user",
                "a process of " + user
                        + " with a shell can read the node's and the wrappers' keys and the servers' credentials, and start a server"
                        + " beside the wrapper; it cannot sign as an operator unless it captures the passphrase."
                        + " Run agents as another user where this matters"));
        out.add(new Warning(
                "one-node", "whoever runs it could rewrite what nobody else has seen; times are this host's word"));
        clock(head.latestMillis(), door.nowMillis()).ifPresent(out::add);
        damaged().forEach((digest, name) -> out.add(damage(digest, name)));
        if (!status.damagedBodies().isEmpty()) {
            out.add(bodies(status.damagedBodies()));
        }
        boolean told = status.state() == LedgerStatus.State.READ_ONLY && witnesses.isPresent();
        if (status.state() != LedgerStatus.State.RUNNING && !told) {
            out.add(new Warning(status.code(), "the ledger takes nothing in"));
        }
        if (!status.guarded()) {
            out.add(new Warning("unguarded", Node.UNGUARDED));
        }
        if (!status.headWhole()) {
            out.add(new Warning("half-guarded", Node.HALF_GUARDED));
        }
        if (!status.indexFault().isEmpty()) {
            out.add(new Warning(
                    "index-stopped", "the index has stopped (" + status.indexFault() + ")", "jurat log reindex"));
        }
        return out;
    }

    /** That the log's time is ahead of the host's: it never goes back, so it stands still until the host has caught up. */
    static Optional<Warning> clock(long latest, long now) {
        long ahead = latest - now;
        if (ahead <= CLOCK_AHEAD_MILLIS_MAX) {
            return Optional.empty();
        }
        return Optional.of(new Warning(
                "clock-ahead",
                String.format(
                        "the ledger's clock is %,d s ahead of this host's, which was set back: it stands still until the host's has caught up,"
                                + " and what ends by it, contracts, approvals and identities, stays open so much longer",
                        ahead / 1000),
                "if the host's clock is wrong now, set it right (timedatectl); if it was wrong before, wait, and end what must not stay"
                        + " open: jurat revoke ID --reason TEXT"));
    }

    /** The artefacts of what is published now that cannot be read as what they are named, with the names they are published under. */
    private Map<Hash, String> damaged() {
        Map<Hash, String> wanted = door.ask(StatusView::live);
        wanted.keySet().removeIf(this::isWhole);
        return wanted;
    }

    private static Map<Hash, String> live(Lifecycle state) {
        Map<Hash, String> live = new TreeMap<>(Comparator.comparing(Hash::hex));
        state.policies().values().forEach(policy -> live.put(policy.artefact(), "the policy " + policy.name()));
        state.profiles()
                .forEach((digest, all) -> all.forEach(profile -> live.put(digest, "the profile " + profile.name())));
        return live;
    }

    private boolean isWhole(Hash digest) {
        try {
            return door.artefact(digest).isPresent();
        } catch (UnavailableException e) {
            return false;
        }
    }

    private Warning damage(Hash digest, String name) {
        String hex = digest.hex();
        return new Warning(
                "artefact-damaged",
                name
                        + " is published, but its artefact is missing or damaged, so calls that need it are refused; restore "
                        + config.log()
                                .resolve("artefact")
                                .resolve(hex.substring(0, 2))
                                .resolve(hex) + " from a backup");
    }

    private Warning bodies(List<Long> leaves) {
        return new Warning(
                "body-damaged",
                "the bodies of " + leaves.size()
                        + " records are lost or damaged, although nobody erased them, the first that of leaf "
                        + leaves.getFirst() + "; restore its file in "
                        + config.log().resolve("body") + ", and that of its key in "
                        + config.log().resolve("slots/body") + ", from a backup",
                "jurat log show " + leaves.getFirst());
    }

    /** Names a principal as {@code jurat agent confirm} takes it: by a name that is fit for a command line and nobody else has, or by its id. */
    private Warning unconfirmed(Registered principal) {
        boolean point = principal.roles().contains(Role.POINT);
        String typed = names.only(principal.principal())
                .filter(name -> !point && Operators.nameAllowed(name) && !name.equals("point"))
                .orElse(principal.principal());
        return new Warning(
                "unconfirmed",
                point
                        ? "the enforcement point " + typed + " enrolled itself, and bundles say so"
                        : "the agent " + typed + " enrolled itself, and its calls are refused",
                "jurat agent confirm " + typed);
    }
}
