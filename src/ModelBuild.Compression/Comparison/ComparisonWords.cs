using System.Globalization;
using ModelBuild.Compression.Estimation;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Reports;

namespace ModelBuild.Compression.Comparison;

/// <summary>The texts about compared models in the terminal and on the page.</summary>
internal static class ComparisonWords
{
    /// <summary>The text that explains the ratios of the models' times.</summary>
    public const string RatioMeaning = "The ratio is the median over rounds in which the models run in turns; the range holds the middle half of the rounds.";

    /// <summary>Returns the text of a ratio of times with its range.</summary>
    public static string Ratio(RatioFigures ratio) =>
        ratio.Low == ratio.High
            ? ratio.Median.ToString("0.00", CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{ratio.Median:0.00} ({ratio.Low:0.00}–{ratio.High:0.00})");

    /// <summary>Returns the text that says whether a model is faster than the first one. The middle half of the rounds decides.</summary>
    public static string Speed(RatioFigures ratio) =>
        ratio.High < 1 ? string.Create(CultureInfo.InvariantCulture, $"{1 / ratio.Median:0.00} times as fast")
        : ratio.Low > 1 ? string.Create(CultureInfo.InvariantCulture, $"{ratio.Median:0.00} times as slow")
        : "about as fast";

    /// <summary>Returns the text of an accuracy with its confidence interval.</summary>
    public static string Accuracy(ShareEstimate accuracy) =>
        string.Create(CultureInfo.InvariantCulture, $"{accuracy.Value * 100:0.00} % ({accuracy.Low * 100:0.00}–{accuracy.High * 100:0.00})");

    /// <summary>Returns the text of the difference of two accuracies with its confidence interval.</summary>
    public static string Difference(PairedDifference difference) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Points(difference.Value)} points ({Points(difference.Low)} to {Points(difference.High)}), McNemar mid-p {difference.PValue:0.000}"
        ) + (difference.IsSignificant ? "" : ", not significant");

    /// <summary>Returns the sentence about the samples to which two models give different answers.</summary>
    public static string Changed(AnswerFigures answers)
    {
        var lost = answers.Difference is { } difference
            ? string.Create(
                CultureInfo.InvariantCulture,
                $": {difference.OnlyFirst:N0} right before and wrong after, {difference.OnlySecond:N0} wrong before and right after"
            )
            : "";
        return answers.Changed == 0
            ? string.Create(CultureInfo.InvariantCulture, $"All {answers.Samples:N0} answers are the same.")
            : string.Create(CultureInfo.InvariantCulture, $"{answers.Changed:N0} of {answers.Samples:N0} answers changed{lost}.");
    }

    /// <summary>Returns the sentence about the size, the speed and the outputs of a model.</summary>
    /// <param name="document">The comparison.</param>
    /// <param name="place">The position of the model, from 1.</param>
    public static string Verdict(ComparisonDocument document, int place)
    {
        var (first, model, names) = (document.Models[0], document.Models[place], document.Names());
        var outputs = model.Outputs!;
        var worst = FidelityFacts.Worst(outputs.Fidelity) is { } output ? $", {output.Name} {output.Nearness}" : "";
        var speeds = document.Latencies.Select(latency =>
            $"{Speed(latency.Models[place].Ratio)} with {Threads(latency.Threads)}{(latency.Rows == 1 ? "" : $" and {latency.Rows} rows")}"
        );
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{names[place]}: {100.0 * model.Bytes / Math.Max(1, first.Bytes):0} % of the bytes of {names[0]}, {string.Join(", ", speeds)}, outputs "
                + $"{(outputs.Passed ? "within" : "beyond")} the budget{worst}"
        );
    }

    /// <summary>Returns the text about the error at a value that two models have by the same name.</summary>
    public static string Step(ValueError value) =>
        $"{FidelityFigures.Decibels(value.BeforeDb)} → {FidelityFigures.Decibels(value.SqnrDb)}{(value.IsRescaled ? ", apart from factors of channels" : "")}";

    /// <summary>Returns the text of a classifier's answer with its score.</summary>
    public static string Answer(Answer answer) =>
        answer.Score is { } score ? string.Create(CultureInfo.InvariantCulture, $"{answer.Text} ({score:0.###})") : answer.Text;

    /// <summary>Returns the text that names the file and the row of a sample.</summary>
    /// <param name="answer">The sample.</param>
    /// <param name="isOneFile">Whether all samples come from one array, whose name is then left out.</param>
    public static string Origin(ChangedAnswer answer, bool isOneFile = false) =>
        answer.File is null ? string.Create(CultureInfo.InvariantCulture, $"synthetic input {answer.Sample}")
        : DataKinds.Of(answer.File) != DataKind.Arrays ? Path.GetFileName(answer.File)
        : isOneFile ? string.Create(CultureInfo.InvariantCulture, $"row {answer.Row}")
        : string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(answer.File)}, row {answer.Row}");

    /// <summary>Returns the text of a number of threads, such as <c>one thread</c>.</summary>
    public static string Threads(string threads) => threads == "1" ? "one thread" : $"{threads} threads";

    private static string Points(double share) => SignedNumber.Difference(share * 100, 2);
}
