package dev.jurat.gateway.mcp;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.LexicalPath;
import dev.jurat.proof.contract.Roots;
import dev.jurat.proof.contract.ToolProfile;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NodeException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the published tool profile that a server is read by: the one that was named, or the one whose rule knows the command; of several,
 * the one that was published last.
 */
final class Profiles {
    private Profiles() {}

    /**
     * What was found.
     *
     * @param accepted definitions accepted beyond the profile's own, by tool
     * @param passedOver the names of other profiles whose rule knows the command, in the order of the log
     */
    record Found(Optional<ToolProfile> profile, Map<String, Set<Hash>> accepted, Roots roots, List<String> passedOver) {
        /** A word for the error stream where several profiles know the command. */
        Optional<String> told(Commands commands) {
            return passedOver.isEmpty()
                    ? Optional.empty()
                    : Optional.of("jurat mcp wrap: of the profiles that know this server, "
                            + profile.map(ToolProfile::name).orElse("none")
                            + " was published last and is used; not used: " + String.join(", ", passedOver)
                            + "\n  next: " + commands.complete("jurat profile list"));
        }
    }

    private record Published(ToolProfile profile, Map<String, Set<Hash>> accepted) {}

    static Found find(JuratClient client, WrapOptions options, Path workingDirectory)
            throws NodeException, FormatException, WrapException {
        List<Published> fitting = published(client).stream()
                .filter(candidate -> options.profile().isPresent()
                        ? candidate.profile.name().equals(options.profile().get())
                        : !candidate.profile.tools().isEmpty() && candidate.profile.matches(options.command()))
                .toList();
        Optional<Published> published = fitting.reversed().stream().findFirst();
        if (options.profile().isPresent() && published.isEmpty()) {
            throw new FormatException(
                    "profile-unknown",
                    "no published tool profile is called " + options.profile().get());
        }
        return new Found(
                published.map(Published::profile),
                published.map(Published::accepted).orElse(Map.of()),
                roots(options, published.map(Published::profile), workingDirectory),
                fitting.stream()
                        .limit(Math.max(0, fitting.size() - 1))
                        .map(other -> other.profile.name())
                        .toList());
    }

    private static Roots roots(WrapOptions options, Optional<ToolProfile> profile, Path workingDirectory)
            throws FormatException, WrapException {
        LexicalPath here;
        try {
            here = LexicalPath.parse(workingDirectory.toString());
        } catch (FormatException e) {
            throw WrapException.folder("the folder that this was started in", e);
        }
        if (!options.roots().isEmpty()) {
            List<LexicalPath> paths = new ArrayList<>();
            for (Path root : options.roots()) {
                try {
                    paths.add(LexicalPath.parse(root.toString(), here));
                } catch (FormatException e) {
                    throw WrapException.folder("a folder that --root names", e);
                }
            }
            return based(paths, options, profile, here);
        }
        try {
            return profile.isPresent() ? profile.get().roots(options.command(), here) : Roots.NONE;
        } catch (FormatException e) {
            if (e.code().startsWith("path-")) {
                throw WrapException.folder("a folder after the server", e);
            }
            throw e;
        }
    }

    /**
     * The folder that relative paths start from where {@code --root} says what the server may touch: the server's own, where its command
     * names any; the wrapper's option changes nothing about that.
     */
    private static Roots based(
            List<LexicalPath> paths, WrapOptions options, Optional<ToolProfile> profile, LexicalPath here) {
        try {
            Roots own = profile.isPresent() ? profile.get().roots(options.command(), here) : Roots.NONE;
            return own.paths().isEmpty() ? Roots.of(paths) : new Roots(paths, own.base());
        } catch (FormatException e) {
            return e.code().equals("roots-none") || e.code().equals("roots-launch")
                    ? Roots.of(paths)
                    : new Roots(paths, Optional.empty());
        }
    }

    private static List<Published> published(JuratClient client) throws NodeException, FormatException {
        Json.Obj answer;
        try {
            answer = client.profiles();
        } catch (NodeException e) {
            if (e.status() == 404) {
                return List.of();
            }
            throw e;
        }
        List<Published> found = new ArrayList<>();
        for (Json item : Fields.of(answer, "answer").array("profiles")) {
            Fields fields = Fields.of(item, "answer.profiles");
            Hash digest = digest(fields.string("artefact"));
            Map<String, Set<Hash>> accepted = new HashMap<>();
            for (Json accepts : fields.array("accepts")) {
                Fields one = Fields.of(accepts, "answer.profiles.accepts");
                accepted.computeIfAbsent(one.string("tool"), t -> new HashSet<>())
                        .add(digest(one.string("definition")));
            }
            found.add(new Published(ToolProfile.read(client.artefact(digest)), accepted));
        }
        return found;
    }

    private static Hash digest(String hex) throws FormatException {
        if (!Hash.isHex(hex)) {
            throw new FormatException("digest-syntax", "not a digest");
        }
        return Hash.fromHex(hex);
    }
}
