using System.Globalization;

namespace ModelBuild.Compression.Reports;

/// <summary>The facts about a training whose values would take more memory than the limit.</summary>
/// <param name="Segments">The number of segments of the model whose gradients are computed one after another.</param>
/// <param name="Recomputed">The number of segments whose activations are computed again.</param>
/// <param name="Bytes">The estimated memory of the training: weights, gradients, the state of the optimizer, and activations.</param>
/// <param name="Undivided">The estimated memory with all activations of a batch.</param>
/// <param name="Limit">The limit.</param>
internal sealed record MemoryReport(int Segments, int Recomputed, long Bytes, long Undivided, long Limit)
{
    private const double Megabyte = 1e6;

    /// <summary>Returns the facts about the memory as one or two sentences.</summary>
    public string Describe() =>
        (
            Recomputed > 0 ? $"Activations are computed again in {Recomputed} of {Segments} segments: {Text(Bytes)} instead of {Text(Undivided)}."
            : Segments > 1 ? $"Gradients are computed in {Segments} segments one after another: {Text(Bytes)} instead of {Text(Undivided)}."
            : $"Training takes {Text(Bytes)}."
        ) + (Bytes > Limit ? $" This is more than the limit of {Text(Limit)}: a smaller batch takes less." : "");

    private static string Text(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / Megabyte:N0} MB");
}
