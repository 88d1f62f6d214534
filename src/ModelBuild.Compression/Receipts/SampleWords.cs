using System.Globalization;
using ModelBuild.Compression.Reports;

namespace ModelBuild.Compression.Receipts;

/// <summary>Describes rows for which a trained model differs from its teacher.</summary>
internal static class SampleWords
{
    /// <summary>Returns the heading of the table column with the differences of rows.</summary>
    public static string Measure(SampleMeasure measure) =>
        measure switch
        {
            SampleMeasure.Divergence => "divergence",
            SampleMeasure.RelativeError => "relative error",
            _ => "loss",
        };

    /// <summary>Returns the file and the position of a row.</summary>
    public static string Row(SampleDifference sample) =>
        string.Create(CultureInfo.InvariantCulture, $"{(sample.File is null ? "" : $"{sample.File}, ")}row {sample.Row}");

    /// <summary>Returns the answer of a model for a row as text; null if there is none.</summary>
    public static string? Answer(RowAnswer? answer) =>
        answer is null ? null
        : answer.Class is { } one ? string.Create(CultureInfo.InvariantCulture, $"{one} ({TrainingWords.Percent(answer.Value)})")
        : TrainingWords.Number(answer.Value);

    /// <summary>Returns the class of a row's label as text; null without a label.</summary>
    public static string? Label(SampleDifference sample) => sample.Label?.ToString(CultureInfo.InvariantCulture);

    /// <summary>Returns the difference of a row from its teacher or label as text.</summary>
    public static string Difference(SampleDifference sample, SampleMeasure measure) =>
        measure == SampleMeasure.RelativeError ? TrainingWords.Percent(sample.Difference) : TrainingWords.Number(sample.Difference);
}
