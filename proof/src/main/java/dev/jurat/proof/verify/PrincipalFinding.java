package dev.jurat.proof.verify;

import dev.jurat.proof.lifecycle.Particulars;

/** A principal of whom administrators have said something ({@code docs/spec/bundle.md} §9). */
public record PrincipalFinding(String principal, Particulars particulars) {}
