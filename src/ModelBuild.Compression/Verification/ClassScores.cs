using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Verification;

/// <summary>
/// Which outputs are class scores: rows of a fixed number of floats that end in Softmax or LogSoftmax, or that have as many columns as the project has labels.
/// Bare logits without labels cannot be told from embeddings, and are judged by SQNR, which is stricter.
/// </summary>
internal static class ClassScores
{
    /// <summary>The names of the outputs that are class scores.</summary>
    public static IReadOnlySet<string> Find(Graph main, ModelSignature signature, int labels) =>
        signature.Outputs
            .Where(output => output.Kind == ValueKind.Tensor && output.Shape is [_, { Size: > 1 and var classes }]
                && (classes == labels || main.Producer(output.Name)?.OpType is "Softmax" or "LogSoftmax"))
            .Select(output => output.Name)
            .ToHashSet(StringComparer.Ordinal);
}
