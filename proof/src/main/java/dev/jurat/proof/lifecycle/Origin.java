package dev.jurat.proof.lifecycle;

import dev.jurat.proof.state.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The leaf that brought principals: genesis, or a {@code key} that enrols. Always in memory. */
final class Origin extends Entity {
    private final WorkingSet working;
    private final List<Member> members = new ArrayList<>();

    /** A principal, its first key, and the stream that was opened with it, if one was. */
    private record Member(Registry.Principal principal, Credential key, Optional<Streams.State> stream) {}

    Origin(Place place, WorkingSet working) {
        super(place);
        this.working = working;
    }

    void brings(Registry.Principal principal, Optional<Streams.State> stream) {
        Credential key = new Credential(principal.registered.key(), this, working);
        members.add(new Member(principal, key, stream));
        principal.credentials.add(key);
        principal.origin = this;
        stream.ifPresent(state -> state.holder = this);
    }

    @Override
    Standing standing() {
        if (place().leaf() == 0) {
            return new Standing.Genesis(members.stream().map(Origin::standing).toList());
        }
        Standing.Named only = standing(members.getFirst());
        return new Standing.Enrolled(only.principal(), only.key(), only.stream().orElseThrow());
    }

    private static Standing.Named standing(Member member) {
        return new Standing.Named(
                member.principal().standing(),
                member.key().standing(),
                member.stream().map(Streams.State::standing));
    }

    /** Takes the standings that its leaf had when it was kept. */
    void become(Standing kept, Streams streams, Archive archive) {
        List<Standing.Named> named = switch (kept) {
            case Standing.Genesis genesis -> genesis.principals();
            case Standing.Enrolled one ->
                List.of(new Standing.Named(one.principal(), one.key(), Optional.of(one.stream())));
            default -> throw new IllegalStateException("no standing of principals: " + kept);
        };
        for (int i = 0; i < members.size(); i++) {
            Standing.Named standing = named.get(i);
            members.get(i).principal().become(standing.principal(), streams);
            members.get(i).key().become(standing.key(), archive);
            members.get(i).stream()
                    .ifPresent(stream -> stream.become(standing.stream().orElseThrow()));
        }
    }

    @Override
    void letGo() {}
}
