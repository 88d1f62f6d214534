using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Training;

/// <summary>Removes metadata with the names of classes that a model no longer has.</summary>
internal static class StaleLabels
{
    /// <summary>Removes each metadata entry that is a list with as many names as there were classes.</summary>
    public static void Remove(OnnxModel model, int classes, PassReport report)
    {
        foreach (var entry in model.Proto.MetadataProps.Where(entry => Count(entry.Value) == classes).ToArray())
        {
            model.Proto.MetadataProps.Remove(entry);
            report.Changed("lists of old class names removed from the metadata");
        }
    }

    private static int? Count(string text)
    {
        try
        {
            return LabelText.Structured(text)?.Count;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
