using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Training.Data;
using ModelBuild.Compression.Training.Steps;

namespace ModelBuild.Compression.Training.Transfer;

/// <summary>Opens training data whose labels are the classes of a new last layer.</summary>
internal static class LabelledRows
{
    /// <summary>Opens the training data of a transfer.</summary>
    /// <exception cref="CompressionException">MB1019: the data cannot be used, has no labels, or has labels that are no classes.</exception>
    public static TrainingSet Open(string step, TrainingSource source, ModelSignature signature, ulong seed, NewHead head, CancellationToken cancellationToken)
    {
        var rows = TrainingSet.Open(source.Data, source.Validation, signature, TrainingSource.RowMemory, seed, cancellationToken);
        try
        {
            if (!rows.HasLabels)
                throw Missing(step, "TrainingData", source.Data);
            if (!rows.HasHeldOutLabels)
                throw Missing(step, "ValidationData", source.Validation);
            rows.CheckLabels(head.Classes);
            return rows;
        }
        catch
        {
            rows.Dispose();
            throw;
        }
    }

    private static CompressionException Missing(string step, string setting, IReadOnlyList<string> files) =>
        new(
            Codes.CalibrationData,
            $"The step '{step}' needs labels, and {setting} has none: add an array 'label' with the class of each row, from 0.",
            files.Count > 0 ? files[0] : null
        );
}
