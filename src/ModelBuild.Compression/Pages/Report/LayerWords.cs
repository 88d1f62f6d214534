using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Verification;

namespace ModelBuild.Compression.Pages.Report;

/// <summary>Describes the error of a layer in words.</summary>
internal static class LayerWords
{
    /// <summary>Returns a text with the SQNR at the inputs and at the output of a measured layer.</summary>
    public static string Error(LayerFacts layer) =>
        (layer.InputDb >= OutputFidelity.IdenticalDb ? "its inputs are those of the original" : $"its inputs are at {FidelityFigures.Decibels(layer.InputDb)}")
        + $", and its output is at {FidelityFigures.Decibels(layer.SqnrDb)}";
}
