package dev.jurat.custody.signer;

import dev.jurat.custody.CustodyCode;
import dev.jurat.custody.CustodyException;
import dev.jurat.custody.KeyName;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Base64Text;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** What one caller asks, one question after the other. */
final class SignerTalk {
    private final Map<String, SignerDesk> desks;
    private final String user;
    private final Refusals refusals;
    private final Consumer<SignerAnswer> told;

    SignerTalk(Map<String, SignerDesk> desks, String user, Refusals refusals, Consumer<SignerAnswer> told) {
        this.desks = desks;
        this.user = user;
        this.refusals = refusals;
        this.told = told;
    }

    /** Answers the next question; whether there may be another. */
    boolean next(SocketChannel channel) throws IOException {
        Json.Obj question;
        try {
            question = Frames.read(channel);
        } catch (EOFException e) {
            return false;
        } catch (FormatException e) {
            Frames.write(channel, error(CustodyException.of(CustodyCode.DAMAGED, "not a question: " + e.code())));
            return false;
        }
        Frames.write(channel, answer(question));
        return true;
    }

    /** Answers the next question with why there is no time for it. */
    void busy(SocketChannel channel) throws IOException {
        try {
            Frames.read(channel);
        } catch (FormatException e) {
            // The answer is the same.
        }
        Frames.write(
                channel,
                error(CustodyException.of(
                        CustodyCode.BUSY, "the signer serves as many connections of " + user + " as it may")));
    }

    private Json.Obj answer(Json.Obj question) {
        try {
            Fields in = Fields.of(question, "question");
            String ask = in.string("ask");
            SignerDesk desk = desk(in.string("key"));
            return switch (ask) {
                case "key" -> {
                    in.end();
                    yield desk.about(desk.next().flatMap(this::nameOf));
                }
                case "sign" -> {
                    byte[] message = Base64Text.decode(in.string("message"));
                    in.end();
                    yield sign(in.string("key"), desk, message);
                }
                default -> throw new FormatException("member-value", "no such question");
            };
        } catch (FormatException e) {
            return error(CustodyException.of(CustodyCode.DAMAGED, "not a question: " + e.code()));
        } catch (CustodyException e) {
            return error(e);
        }
    }

    /** A key that the caller may not use is not there. */
    private SignerDesk desk(String name) {
        SignerDesk desk = desks.get(name);
        if (desk == null || !desk.admits(user)) {
            refused(KeyName.allowed(name) ? name : "?", Optional.empty(), CustodyCode.DENIED);
            throw CustodyException.of(CustodyCode.DENIED, "no rule lets the user " + user + " use a key of that name");
        }
        return desk;
    }

    /** The name of a key that the caller may use. */
    private Optional<String> nameOf(VerifyKey key) {
        return desks.entrySet().stream()
                .filter(named -> named.getValue().has(key) && named.getValue().admits(user))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private Json.Obj sign(String name, SignerDesk desk, byte[] message) {
        Optional<String> record = Optional.empty();
        try {
            AskedRecord asked = AskedRecord.of(message);
            record = Optional.of(asked.id().hex());
            byte[] signature = desk.sign(asked, message);
            told.accept(new SignerAnswer(user, name, record, Optional.empty(), 0));
            return JsonBuilder.object()
                    .put("signature", Base64Text.encode(signature))
                    .build();
        } catch (CustodyException e) {
            refused(name, record, e.code());
            throw e;
        }
    }

    private void refused(String name, Optional<String> record, CustodyCode code) {
        refusals.next(System.nanoTime())
                .ifPresent(
                        untold -> told.accept(new SignerAnswer(user, name, record, Optional.of(code.text()), untold)));
    }

    private static Json.Obj error(CustodyException e) {
        return JsonBuilder.object()
                .put(
                        "error",
                        JsonBuilder.object()
                                .put("code", e.code().text())
                                .put("message", String.valueOf(e.getMessage()))
                                .put("next", e.next())
                                .build())
                .build();
    }
}
