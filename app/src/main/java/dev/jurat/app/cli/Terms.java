package dev.jurat.app.cli;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.CallDetails;
import dev.jurat.proof.contract.Assumption;
import dev.jurat.proof.contract.Duty;
import dev.jurat.proof.contract.Effect;
import dev.jurat.proof.contract.ForeignJson;
import dev.jurat.proof.contract.Launch;
import dev.jurat.proof.contract.Limits;
import dev.jurat.proof.contract.Mode;
import dev.jurat.proof.contract.Offer;
import dev.jurat.proof.contract.Proposal;
import dev.jurat.proof.contract.Revocable;
import dev.jurat.proof.contract.Shape;
import dev.jurat.proof.contract.TargetRule;
import dev.jurat.proof.contract.ToolProfile;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.record.AuthorityFacts;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a person is asked to sign, in plain words: the proposal, member by member; then the call; and apart from both, marked, what the
 * signature does not cover and what the agent alone says.
 */
final class Terms {
    private final Screen screen;
    private final Excerpt excerpt;
    private final Waiting waiting;
    private final Proposal proposal;
    private final Offer offer;

    Terms(Screen screen, Excerpt excerpt, Waiting waiting) {
        this.screen = screen;
        this.excerpt = excerpt;
        this.waiting = waiting;
        this.proposal = waiting.proposed().proposal();
        this.offer = proposal.offer();
    }

    void show() {
        heading("What you would sign, computed here from the proposal:");
        who();
        what();
        howFar();
        heading(
                offer.shape() instanceof Shape.Exact
                        ? "The call, whose bytes the terms cover:"
                        : "The call that asks; the terms cover any other within them, too:");
        call();
        heading("Not covered by your signature:");
        around();
        heading("The agent's word, which nobody has checked:");
        word();
    }

    private void heading(String text) {
        screen.line("  " + screen.tone(Screen.Tone.STRONG, text));
    }

    private void line(String label, String text) {
        excerpt.line(screen, label, text);
    }

    private void lines(String label, List<String> lines) {
        excerpt.lines(screen, label, lines, lines.size());
    }

    private void who() {
        String name = waiting.name();
        line(
                "agent",
                offer.actor()
                        + (name.isEmpty() || name.equals(offer.actor())
                                ? ""
                                : ", called " + excerpt.name(name) + " by the node"));
        line(
                "session",
                offer.session().equals(Offer.ANY_SESSION)
                        ? "any of the agent's, "
                                + (launch().isPresent()
                                        ? "around a server that is launched as below"
                                        : "whatever server it is wrapped around then")
                        : offer.session());
        line("point", offer.point());
    }

    private void what() {
        line("what", offer.tool().method() + " " + excerpt.name(waiting.call().name()));
        line(
                "effect",
                offer.tool().effect().text()
                        + (offer.tool().idempotent() ? ", twice is as once" : ", twice may be more"));
        line("profile", profile());
        if (proposal.targets().isEmpty()) {
            line(
                    "on",
                    offer.tool().effect() == Effect.UNKNOWN
                            ? "not known: no profile says what this call touches"
                            : "nothing that the profile reads from the call");
        }
        lines("on", proposal.targets().stream().map(this::target).toList());
    }

    private String profile() {
        if (offer.tool().profile().isEmpty()) {
            return "no profile: nobody has said what this tool does";
        }
        Hash digest = offer.tool().profile().get();
        Optional<ToolProfile> read =
                waiting.around().profile().filter(p -> p.digest().equals(digest));
        String named = read.map(p -> p.name() + " ").orElse("") + digest.hex();
        if (read.filter(p -> p.tool(waiting.call().name()).isPresent()).isEmpty()) {
            return "no profile has this tool; the server's is " + named;
        }
        if (waiting.around().context().known()) {
            return named;
        }
        return named
                + (waiting.around().accepted()
                        ? ", which cannot read these arguments"
                        : ", for another definition of this tool");
    }

    private String target(TargetRule target) {
        return switch (target) {
            case TargetRule.Path path ->
                excerpt.text(path.path().text())
                        + switch (path.reach()) {
                            case ITSELF -> " itself";
                            case BELOW -> " and all below it";
                            case BESIDE -> " itself, with what is below it and beside it";
                        };
        };
    }

    private void howFar() {
        line(
                "how often",
                switch (offer.shape()) {
                    case Shape.Exact exact ->
                        "once, exactly the bytes of this call ("
                                + View.brief(exact.call().hex()) + ")";
                    case Shape.Ranged ignored -> String.format("%,d times", offer.uses());
                });
        offer.totals().forEach(t -> line("in all", "at most " + t.max().text() + " of " + excerpt.name(t.name())));
        lines("limits", limits());
        line(
                "how long",
                (offer.windowMillis() % 1000 == 0
                                ? String.format("%,d s", offer.windowMillis() / 1000)
                                : String.format("%,d ms", offer.windowMillis()))
                        + " from the start of the contract");
        proposal.assumptions().forEach(a -> line("while", excerpt.name(a.fact()) + " is " + excerpt.name(a.value())));
        launch().ifPresent(this::launched);
        if (restsOnLinks()) {
            lines("links", waiting.around().links(excerpt));
        }
        line("mode", offer.mode() == Mode.ENFORCED ? "enforced" : "observed: nothing is stopped");
        line(
                "evidence",
                proposal.duties().stream().map(Duty::text).collect(Collectors.joining(", ")) + "; " + Offer.FINALITY);
        line(
                "ends with",
                "revocation of: "
                        + proposal.revocation().stream().map(Revocable::text).collect(Collectors.joining(", ")));
        line("terms", waiting.proposed().terms().hex());
    }

    /** The digest of how the server was started, where the contract rests on that. */
    private Optional<String> launch() {
        return resting(Assumption.LAUNCH);
    }

    /** Whether the contract rests on where links led when it was asked for, and the context still says where. */
    private boolean restsOnLinks() {
        return resting(Assumption.RESOURCES)
                .filter(digest -> waiting.around().touches(digest))
                .isPresent();
    }

    private Optional<String> resting(String fact) {
        return proposal.assumptions().stream()
                .filter(a -> a.fact().equals(fact))
                .map(Assumption::value)
                .findFirst();
    }

    private void launched(String digest) {
        Optional<Launch> launch = waiting.around().launch(digest);
        if (launch.isEmpty()) {
            line("launched", "as no session record that is still there says: only the digest above is known");
            return;
        }
        line("launched", launch.get().command().stream().map(excerpt::name).collect(Collectors.joining(" ")));
        line("", "in the folder " + excerpt.text(launch.get().folder()));
        line("", "from the program " + excerpt.text(launch.get().program()));
        launch.get()
                .variables()
                .forEach((name, credential) -> line(
                        "",
                        "with the variable " + excerpt.name(name)
                                + (credential.isEmpty()
                                        ? " of the wrapper's own environment"
                                        : " from the credential " + excerpt.name(credential))));
    }

    /** Each argument's rule; all arguments that no rule lists are refused. */
    private List<String> limits() {
        Optional<Limits> limits = proposal.limits();
        if (limits.isEmpty()) {
            return List.of(
                    offer.shape() instanceof Shape.Exact ? "none but the bytes of the call" : "none on the arguments");
        }
        List<String> out = new ArrayList<>();
        Json.Obj top = limits.get().toJson();
        String required = View.text(top, "required");
        out.add("only the arguments here" + (required.isEmpty() ? "" : "; needed: " + Screen.clean(required)));
        if (View.at(top, "properties") instanceof Json.Obj properties) {
            for (Map.Entry<String, Json> rule : properties.members().entrySet()) {
                out.add(excerpt.name(rule.getKey()) + ": " + Screen.clean(CanonicalJson.writeString(rule.getValue())));
            }
        }
        return out;
    }

    private void call() {
        CallDetails call = waiting.call();
        if (call.redacted().isPresent()) {
            redacted(call.redacted().get());
        } else if (call.arguments().isPresent()) {
            values("arguments", call.arguments().get());
        } else {
            line("arguments", "none");
        }
        call.others().ifPresent(others -> values("besides", others));
    }

    private void values(String label, byte[] bytes) {
        try {
            Excerpt.Values values = excerpt.values(ForeignJson.parse(bytes));
            excerpt.lines(screen, label, values.lines(), values.count());
        } catch (FormatException e) {
            line(label, excerpt.text(new String(bytes, StandardCharsets.UTF_8)));
        }
    }

    private void redacted(Json.Obj members) {
        Excerpt.Values values = excerpt.redacted(members);
        excerpt.lines(screen, "arguments", values.lines(), values.count());
        line("", "Secret ones stand as digests: that the rest is the call's is the point's word.");
    }

    private void around() {
        Surroundings around = waiting.around();
        if (launch().isPresent()) {
            line("server", "what its program and files hold, and the values of its environment: they are in no record");
        } else {
            servers(around);
        }
        around.profile()
                .map(ToolProfile::server)
                .ifPresent(s ->
                        line("", "the profile is for " + excerpt.name(s.name()) + " " + excerpt.name(s.version())));
        line(
                "definition",
                around.context().definition().map(Hash::hex).orElse("none: the server does not list this tool")
                        + (around.accepted() ? ", accepted" : ", accepted by nobody"));
        List<String> folders = around.folders().stream().map(excerpt::text).toList();
        if (!folders.isEmpty()) {
            lines("folders", folders);
            line(
                    "",
                    "The point's word to the node, unsigned"
                            + (offer.shape() instanceof Shape.Ranged ? "; what the terms are on comes from it." : "."));
            if (around.clientMaySendFolders()) {
                line("", "The client may send the server other folders.");
            }
        }
        if (!restsOnLinks()) {
            lines("links", around.links(excerpt));
        }
        line("_meta", "what the client sends there is in no record before the use");
    }

    /** What may run, where the contract does not rest on it. */
    private void servers(Surroundings around) {
        List<String> servers = around.servers().stream()
                .map(s -> s.server().stream().map(excerpt::name).collect(Collectors.joining(" ")))
                .filter(s -> !s.isEmpty())
                .distinct()
                .toList();
        line(
                "server",
                servers.isEmpty()
                        ? "not known: no open session of the point says what it runs"
                        : servers.size() == 1
                                ? "by the session record of the point, its name and version in none:"
                                : "one of these, by session records of the point; no record says which:");
        if (!servers.isEmpty()) {
            lines("", servers);
        }
    }

    private void word() {
        CallDetails call = waiting.call();
        line(
                "purpose",
                call.purpose()
                        .map(excerpt::text)
                        .orElse(
                                waiting.origin() == AuthorityFacts.Origin.DERIVED
                                        ? "none: the wrapper made the intent from the call"
                                        : "none"));
        lines("touches", call.resources().stream().map(excerpt::text).toList());
    }
}
