using System.Globalization;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Options;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Verification;

namespace ModelBuild.Compression.Pages.Report;

/// <summary>Chooses the next steps that a user can take by the figures of a receipt.</summary>
internal static class NextSteps
{
    private const int SamplesToDivide = 16;
    private const int MaxStep = 6;

    // The SQNR in dB below which the error of a result is clearly visible in its outputs.
    private const double NearDb = 40;
    private const double NotableShare = 0.2;
    private const string TrainingData = "Training/*.npz";

    private static readonly string[] Quantizing = ["int8", "int8-dynamic", "int8-weights", "int4", "int8-blocks"];
    private static readonly string[] Storing = ["int8-weights", "int4", "int8-blocks"];

    /// <summary>Returns the next steps for a receipt, the most important first.</summary>
    public static IReadOnlyList<NextStep> Of(Receipt receipt)
    {
        var lines = new CommandLine(receipt);
        return [.. All(receipt, lines).Take(MaxStep)];
    }

    /// <summary>Returns the layers that add the largest errors, the worst first.</summary>
    /// <param name="receipt">The receipt.</param>
    /// <param name="count">The largest number of layers.</param>
    public static IReadOnlyList<LayerFacts> Worst(Receipt receipt, int count) =>
        [
            .. (receipt.Inspection?.Layers ?? [])
                .Where(layer => layer.AddedNoise > 0 && layer.SqnrDb < OutputFidelity.IdenticalDb)
                .OrderByDescending(layer => layer.AddedNoise)
                .Take(count),
        ];

    private static IEnumerable<NextStep> All(Receipt receipt, CommandLine lines)
    {
        var verification = receipt.Verification;
        var isReal = verification?.Inputs == InputKind.Calibration;
        if (!isReal)
            yield return new NextStep(
                "Test it on real inputs",
                "No real inputs were given. A few hundred typical ones show whether the answers hold, and steps can be fitted to them.",
                lines.Setting(recipe: null, lines.Data)
            );
        else if (verification!.Fitted > 0 && verification.Fitted + verification.Judged > verification.Samples)
            yield return new NextStep(
                "Give more samples",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"There are {verification.Samples:N0} samples. From {SamplesToDivide} on, a quarter is held out, and the figures become honest."
                ),
                lines.Setting(recipe: null, lines.Data)
            );
        if (Exclude(receipt, lines) is { } exclude)
            yield return exclude;
        if (Recover(receipt, lines, isReal) is { } recover)
            yield return recover;
        if (receipt.GainsOnDiskOnly)
            yield return new NextStep(
                "Make it faster, too",
                "Only the file is smaller: the loaded model computes in float. Integer arithmetic needs less memory and time.",
                lines.Setting(isReal ? "int8" : "int8-dynamic", data: null)
            );
        if (isReal && receipt.Fidelity.Any(output => output is { Kind: FidelityKind.Scores, Accuracy: null }))
            yield return new NextStep(
                "Measure the accuracy",
                "The data has no labels. With an array 'label' beside the inputs, the report shows the accuracy before and after.",
                lines.Setting(recipe: null, lines.Data)
            );
        yield return new NextStep(
            "Search for a better recipe",
            "The search measures many recipes on your data, shows which sizes and fidelities are possible, and keeps the best for builds.",
            lines.Tune("balanced")
        );
        if (receipt.Recipe.Steps.Count > 0)
            yield return new NextStep(
                "Measure the speed on this machine",
                "The comparison also shows the samples whose answers changed.",
                lines.Before + lines.Compare()
            );
    }

    private static NextStep? Exclude(Receipt receipt, CommandLine lines)
    {
        var layers = receipt.Inspection?.Layers ?? [];
        var total = layers.Sum(layer => Math.Max(0, layer.AddedNoise ?? 0));
        if (
            Worst(receipt, 1) is not [{ RunsAs: not NodeForm.Float, AddedNoise: { } added } worst]
            || added < NotableShare * total
            || layers.Min(layer => layer.SqnrDb) >= NearDb
            || WithExclude(receipt.Recipe.Steps, worst.Name) is not { } recipe
        )
            return null;
        return new NextStep(
            "Keep the worst layer in float",
            $"{worst.Name} adds {Html.Percent(added / total)} of the error of all layers: {LayerWords.Error(worst)}. "
                + $"In float it takes {Html.Bytes(Math.Max(0, worst.BytesBefore - worst.BytesAfter))} more.",
            lines.Setting(recipe, data: null)
        );
    }

    private static NextStep? Recover(Receipt receipt, CommandLine lines, bool isReal)
    {
        var worst = receipt.Fidelity.Where(output => output.Measured).Min(output => output.SqnrDb);
        if (!isReal || worst is null or >= NearDb || !receipt.Recipe.Steps.Any(step => Quantizing.Contains(Name(step))))
            return null;
        var names = receipt.Recipe.Steps.Select(Name).ToArray();
        if (names.Any(name => Storing.Contains(name)) && !names.Contains("gptq"))
            return new NextStep(
                "Round the weights by their effect",
                $"The outputs are at {FidelityFigures.Decibels(worst)}. 'gptq' rounds weights so that later ones compensate for earlier errors; "
                    + "the size stays the same.",
                lines.Setting($"{lines.Recipe} gptq", data: null)
            );
        return receipt.Steps.Any(step => step.Training is not null)
            ? null
            : new NextStep(
                "Train the rounded weights",
                $"The outputs are at {FidelityFigures.Decibels(worst)}. A short training without labels brings them nearer to the original; "
                    + "the size stays the same.",
                lines.Setting($"{lines.Recipe} fine-tune", data: null, TrainingData)
            );
    }

    // Returns the recipe in which the quantizing step leaves a layer out; null if no step quantizes.
    private static string? WithExclude(IReadOnlyList<string> steps, string layer)
    {
        var place = steps.Select(Name).ToList().FindLastIndex(name => Quantizing.Contains(name));
        if (place < 0)
            return null;
        const string Option = "exclude=";
        var (step, name) = (steps[place], QuotedText.Quote(layer));
        var start = step.IndexOf(Option, StringComparison.Ordinal);
        var changed =
            start >= 0 ? step.Insert(start + Option.Length, $"{name}|")
            : step.EndsWith(')') ? $"{step[..^1]}, {Option}{name})"
            : $"{step}({Option}{name})";
        return string.Join(' ', steps.Select((one, i) => i == place ? changed : one));
    }

    private static string Name(string step) => step.Split('(')[0];
}
