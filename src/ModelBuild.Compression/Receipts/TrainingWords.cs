using System.Globalization;
using ModelBuild.Compression.Reports;

namespace ModelBuild.Compression.Receipts;

/// <summary>Describes the training of a step in words and numbers.</summary>
internal static class TrainingWords
{
    /// <summary>The sentence about a training that had no training data.</summary>
    public const string FewRows =
        "There was no TrainingData, so the rows of the calibration data were used without labels. More rows, with or without labels, would do better.";

    /// <summary>Returns a sentence with the rows, the steps, and the step whose values were kept.</summary>
    public static string Summary(TrainingReport training)
    {
        var labels = training.HasLabels ? " with labels" : "";
        var workers = training.Workers is { } group ? $" in {group.Count} workers over {group.Transport}" : "";
        var heldOut = training.HeldOutRows == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {training.HeldOutRows:N0} rows chose the best state");
        var kept = training.BestStep switch
        {
            0 => "no step was better, so the weights stay as they were",
            var best when best == training.Steps => "the values of the last step were kept",
            var best => string.Create(CultureInfo.InvariantCulture, $"the values of step {best:N0} were kept"),
        };
        var reassigned =
            training.Reassigned == 0
                ? ""
                : string.Create(CultureInfo.InvariantCulture, $" Then {training.Reassigned:N0} weights were assigned to another of the shared values.");
        return string.Create(
                CultureInfo.InvariantCulture,
                $"Trained on {training.Rows:N0} rows{labels} in {training.Steps:N0} steps of {training.Batch:N0}{workers}{heldOut}; {kept}."
            ) + reassigned;
    }

    /// <summary>Returns the loss on held-out rows before training and at the kept step; null if no rows were held out.</summary>
    public static (double Before, double After)? HeldOut(TrainingReport training)
    {
        TrainingPoint[] points = [.. training.Curve.Where(point => point.HeldOut is not null)];
        return points.Length == 0
            ? null
            : (points[0].HeldOut!.Value, (points.LastOrDefault(point => point.Step <= training.BestStep) ?? points[0]).HeldOut!.Value);
    }

    /// <summary>Returns the first and the last mean loss on training rows; null if the training had no step.</summary>
    public static (double Before, double After)? Trained(TrainingReport training)
    {
        double[] losses = [.. training.Curve.Select(point => point.Loss).OfType<double>()];
        return losses.Length == 0 ? null : (losses[0], losses[^1]);
    }

    /// <summary>Returns a sentence about each special fact of a training: a new last layer, statistics, moved rows, learned settings and the memory.</summary>
    public static IEnumerable<string> Facts(TrainingReport training) =>
        new[] { Transfer(training), Statistics(training), Moved(training), Learned(training), training.Memory?.Describe() }.OfType<string>();

    /// <summary>Returns a sentence about a new last layer; null if the step keeps the layers.</summary>
    public static string? Transfer(TrainingReport training)
    {
        if (training.Transfer is not { } transfer)
            return null;
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"The last layer '{transfer.Layer}' with {transfer.OldClasses} classes was replaced by one with {transfer.Classes}."
        );
        return transfer is { First: { } first, OfLayer: { } layer, Last: { } last }
            ? text
                + string.Create(
                    CultureInfo.InvariantCulture,
                    $" Accuracy on {training.HeldOutRows:N0} held-out rows: {first:P1} at first, {layer:P1} with the new layer trained alone, "
                        + $"{last:P1} at the end."
                )
            : text;
    }

    /// <summary>Returns sentences about statistics of normalizations that were to be estimated again; null if they are frozen.</summary>
    public static string? Statistics(TrainingReport training)
    {
        if (training.Statistics is not { } statistics)
            return null;
        if (statistics.Layers == 0)
            return statistics.Left.Count == 0
                ? "No statistics were estimated again, because the model has no node BatchNormalization: "
                    + "a normalization that is part of the weights of a layer has no statistics."
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"No statistics were estimated again: all {statistics.Left.Count:N0} nodes BatchNormalization keep theirs."
                );
        var estimated = string.Create(
            CultureInfo.InvariantCulture,
            $"The statistics of {statistics.Layers:N0} {(statistics.Layers == 1 ? "node" : "nodes")} BatchNormalization were estimated again from "
                + $"{statistics.Rows:N0} training rows"
        );
        return estimated
            + statistics switch
            {
                { IsKept: false, MeanShift: null } => ", and not kept, because some of them are not finite.",
                { IsKept: false, Before: { } before, After: { } after } =>
                    $", and not kept, because the loss on held-out rows would be {Number(after)} and not {Number(before)}.",
                { IsKept: false } => ", and not kept, because the loss on held-out rows would not be finite.",
                { Before: { } before, After: { } after } => $": the loss on held-out rows is {Number(after)} ({Number(before)} before). {Change(statistics)}",
                _ => $", and kept without a comparison, because no row is held out. {Change(statistics)}",
            };
    }

    private static string Change(StatisticsReport statistics) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"The means moved by up to {statistics.MeanShift:0.##} standard deviations, and the variances changed by factors of up to "
                + $"{statistics.VarianceFactor:0.##}."
        );

    /// <summary>Returns a sentence about rows that were moved against the model; null if none were.</summary>
    private static string? Moved(TrainingReport training) =>
        training.Moved is { Before: { } before, After: { } after } moved
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"On held-out rows that were moved against the model by {moved.Distance:0.###} of the range of its inputs, "
            )
                + (
                    moved.IsAgreement
                        ? string.Create(CultureInfo.InvariantCulture, $"it chooses the class of its teacher for {after:P1} ({before:P1} before).")
                        : $"the loss is {Number(after)} ({Number(before)} before)."
                )
            : null;

    /// <summary>Returns a sentence with the settings of the loss that training learned; null if it learned none.</summary>
    private static string? Learned(TrainingReport training) =>
        training.Learned is { } learned
            ? "Learned settings of the loss: "
                + string.Join(", ", learned.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key} {Number(one.Value)}"))
                + "."
            : null;

    /// <summary>
    /// Returns a sentence about how near the model is to its teacher after training, and its least similar layer; null if nothing explains the training.
    /// </summary>
    public static string? Explanation(TrainingReport training)
    {
        if (training.Explanation is not { } explanation)
            return null;
        if (explanation.Rows == 0)
            return "No row is held out, so the trained model was not compared with its teacher.";
        string[] parts = [.. new[] { Answers(explanation), Layer(explanation) }.OfType<string>()];
        if (parts.Length == 0)
            return "No answer and no layer of the trained model can be compared on held-out rows.";
        var text = string.Join("; ", parts);
        return $"{char.ToUpperInvariant(text[0])}{text.AsSpan(1)}.";
    }

    /// <summary>Formats a share as a percentage with one digit behind the point.</summary>
    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.0} %");

    /// <summary>Formats the similarity of two layers.</summary>
    public static string Cka(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>Formats a loss with four significant digits.</summary>
    public static string Number(double value) => (value + 0.0).ToString("G4", CultureInfo.InvariantCulture);

    private static string? Answers(TrainingExplanation explanation) =>
        explanation switch
        {
            { Classes.Agreement: { Rows: > 0 } agreement } => string.Create(
                CultureInfo.InvariantCulture,
                $"the model agrees with its teacher on {Percent((double)agreement.After / agreement.Rows)} of {agreement.Rows:N0} held-out rows"
            ),
            { Classes.Accuracy: { } accuracy } => string.Create(
                CultureInfo.InvariantCulture,
                $"the model is right for {Percent((double)accuracy.After / accuracy.Rows)} of {accuracy.Rows:N0} labelled held-out rows"
            ),
            { Outputs: { Count: > 0 } outputs } => string.Create(
                CultureInfo.InvariantCulture,
                $"the relative error of '{outputs.MaxBy(output => output.After)!.Output}' is {Percent(outputs.Max(output => output.After))} on "
                    + $"{explanation.Rows:N0} held-out rows"
            ),
            _ => null,
        };

    private static string? Layer(TrainingExplanation explanation) =>
        explanation.Layers.MinBy(layer => layer.Cka) is { } least ? $"least similar layer: {least.Layer}, CKA {Cka(least.Cka)}" : null;
}
