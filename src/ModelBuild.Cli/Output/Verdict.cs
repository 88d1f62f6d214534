using System.Globalization;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Receipts;

namespace ModelBuild.Cli.Output;

/// <summary>Summarizes the result of a model in one line: sizes, fidelity, and the samples that it was measured on.</summary>
internal static class Verdict
{
    private const string DiskOnly = " (memory and time of the loaded model are as before)";

    /// <summary>Returns the last line of <c>compress</c>, such as <c>good: 88,914 -> 24,658 bytes (28 %), logits 42.7 dB</c>.</summary>
    public static string Of(Receipt receipt)
    {
        if (receipt.Recipe.Steps.Count == 0)
            return Kept(receipt);
        var fidelity = receipt.Verification is null or { Calls: 0 }
            ? ", not verified"
            : Joined(Measured(receipt.Fidelity), receipt.Verification.Inputs) + Silent(receipt);
        return $"good: {Sizes(receipt.Original.Bytes, receipt.Compressed.Bytes)}{fidelity}";
    }

    /// <summary>Returns the last line of <c>verify</c>, which summarizes the comparison of two models.</summary>
    public static string Of(VerifyDocument document, long original, long compressed)
    {
        var sizes = Sizes(original, compressed);
        FidelityFacts[] missed = [.. document.Fidelity.Where(output => !output.Passed)];
        if (missed.Length > 0)
            return $"fails: {string.Join("; ", missed.Select(output => $"{output.Name} {output.Nearness}, {FidelityFigures.Verdict(output)}"))}; {sizes}";
        var measured = Joined(Measured(document.Fidelity), document.Verification.Inputs);
        return measured.Length == 0 ? $"not measured: {sizes}" : $"good: {sizes}{measured}";
    }

    /// <summary>Returns the summary after the model's name in the build's terminal.</summary>
    public static string Terminal(Receipt receipt) => receipt.Recipe.Steps.Count == 0 ? Kept(receipt) : $"{Sizes(receipt)}{Fidelity(receipt)}";

    /// <summary>Returns the summary after the model's name in the build's log.</summary>
    public static string Log(Receipt receipt) =>
        receipt.Recipe.Steps.Count == 0
            ? Kept(receipt)
            : Sizes(receipt)
                + (receipt.GainsOnDiskOnly ? DiskOnly : "")
                + Change(receipt.Original.Parameters, receipt.Compressed.Parameters, "parameters")
                + Change(receipt.Original.MultiplyAdds, receipt.Compressed.MultiplyAdds, "multiply-adds")
                + ", "
                + ShortRecipe.Of(string.Join(' ', receipt.Recipe.Steps))
                + Fidelity(receipt);

    private static string Kept(Receipt receipt) =>
        string.Create(CultureInfo.InvariantCulture, $"original kept, {receipt.Compressed.Bytes:N0} bytes, because ") + WhyKept(receipt);

    // Returns the reason why the original model was kept. If several recipes were refused, it is the reason of the last one, because that recipe changes the
    // model least.
    private static string WhyKept(Receipt receipt) =>
        receipt.Attempts.LastOrDefault(attempt => attempt.Outcome == AttemptOutcome.Refused) is { } refused
            ? $"of '{ShortRecipe.Of(refused.Recipe)}': {refused.Why}"
            : receipt.Attempts[^1].Why;

    private static string Sizes(Receipt receipt) =>
        receipt.GainsWhenZippedOnly
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{receipt.Original.ZippedBytes:N0} -> {receipt.Compressed.ZippedBytes:N0} bytes when zipped ({receipt.Compressed.Bytes:N0} on "
                    + $"disk as before, and no faster)"
            )
            : string.Create(CultureInfo.InvariantCulture, $"{receipt.Original.Bytes:N0} -> {receipt.Compressed.Bytes:N0} bytes");

    private static string Sizes(long original, long compressed) =>
        string.Create(CultureInfo.InvariantCulture, $"{original:N0} -> {compressed:N0} bytes ({100.0 * compressed / Math.Max(1, original):0} %)");

    // Returns the change of a count. Parameters and multiply-adds are shown only if they changed, because most recipes keep them.
    private static string Change(long before, long after, string what) =>
        before == after ? "" : string.Create(CultureInfo.InvariantCulture, $", {before:N0} -> {after:N0} {what}");

    private static string Fidelity(Receipt receipt)
    {
        var inputs = receipt.Verification?.Inputs ?? InputKind.None;
        var nearness = Accuracy(receipt.Fidelity) is { Length: > 0 } accuracy ? accuracy : FidelityFacts.Worst(receipt.Fidelity)?.Nearness ?? "";
        return Joined(nearness, inputs) + Silent(receipt);
    }

    private static string Silent(Receipt receipt) =>
        FidelityFacts.NotExercised(receipt.Fidelity) is { Count: > 0 } silent
            ? $", not measured: {string.Join(", ", silent.Select(output => output.Name))} ({FidelityWords.Wanted(receipt.Verification!.Inputs)})"
            : "";

    private static string Measured(IReadOnlyList<FidelityFacts> outputs)
    {
        var worst = FidelityFacts.Worst(outputs) is { } output ? $"{output.Name} {output.Nearness}" : "";
        return string.Join(", ", new[] { worst, Accuracy(outputs) }.Where(text => text.Length > 0));
    }

    private static string Accuracy(IReadOnlyList<FidelityFacts> outputs) =>
        outputs.FirstOrDefault(output => output.Accuracy is not null)?.Accuracy is { } accuracy
            ? string.Create(CultureInfo.InvariantCulture, $"accuracy {accuracy.Before * 100:0.##} % -> {accuracy.After * 100:0.##} %")
            : "";

    private static string Joined(string measured, InputKind inputs) =>
        measured.Length == 0 ? "" : $", {measured}{(inputs == InputKind.Synthetic ? " on synthetic inputs" : "")}";
}
