using System.Globalization;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Verification;

namespace ModelBuild.Compression.Receipts;

/// <summary>The texts about measured and unmeasured outputs in messages, receipts and reports.</summary>
internal static class FidelityWords
{
    /// <summary>Returns the reason why a comparison has no meaning.</summary>
    public static string Why(NotMeasured why) =>
        why switch
        {
            NotMeasured.Empty => "it has no elements on these inputs",
            NotMeasured.NotFinite => "it has no finite numbers on these inputs",
            NotMeasured.Constant => "it is the same on all of these inputs",
            NotMeasured.Saturated => "all its probabilities are near 0 or 1 on these inputs",
            NotMeasured.Missing => "the compressed model no longer has this value",
            _ => throw new ArgumentOutOfRangeException(nameof(why)),
        };

    /// <summary>Returns the name of an output, of a part, or of a value that a selection reads.</summary>
    public static string Name(OutputFidelity fidelity)
    {
        ArgumentNullException.ThrowIfNull(fidelity);
        return (fidelity.Feeds is null ? $"output '{fidelity.Output}'" : $"'{fidelity.Output}', an input of {fidelity.Feeds}")
            + (fidelity.Part is null ? "" : $", part '{fidelity.Part}'");
    }

    /// <summary>Returns a text with the outputs that were not measured, the reasons and the remedy; empty when all outputs were measured.</summary>
    public static string NotExercised(FidelityReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        OutputFidelity[] silent = [.. report.Outputs.Where(output => output is { IsMeasured: false, WhyNotMeasured: not NotMeasured.Missing })];
        return silent.Length == 0
            ? ""
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{string.Join(", ", silent.Select(output => $"{Name(output)} was not measured ({Why(output.WhyNotMeasured!.Value)})"))}: "
                    + $"{Wanted(report.Inputs)}"
            );
    }

    /// <summary>Returns the words for the samples of a comparison, to follow their number.</summary>
    public static string Samples(InputKind inputs) => inputs == InputKind.Synthetic ? "synthetic inputs" : "samples of the calibration data";

    /// <summary>Returns the advice which data the user can give so that more outputs can be measured.</summary>
    public static string Wanted(InputKind inputs) =>
        inputs == InputKind.Synthetic
            ? "give CalibrationData with inputs for which the output has elements"
            : "give more CalibrationData with inputs on which the outputs differ";
}
