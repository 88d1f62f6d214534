using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Signatures;

namespace ModelBuild.Compression.Verification;

/// <summary>Checks that two models have the same inputs and outputs, so that they can be compared.</summary>
internal static class SameInterface
{
    /// <summary>Checks that two models have inputs and outputs of the same names.</summary>
    /// <param name="original">The signature of the original.</param>
    /// <param name="other">The signature of the other model.</param>
    /// <param name="path">The path of the other model.</param>
    /// <exception cref="CompressionException">MB1009: the names differ, or the other model prepares pictures itself.</exception>
    public static void Check(ModelSignature original, ModelSignature other, string path)
    {
        if (!Names(original.Inputs).SequenceEqual(Names(other.Inputs)) || !Names(original.Outputs).SequenceEqual(Names(other.Outputs)))
            throw new CompressionException(
                Codes.FidelityMissed,
                "The two models do not have the same inputs and outputs, so there is nothing to compare.",
                path
            );
        if (original.Inputs.Zip(other.Inputs).Any(pair => pair is { First.Type: not "uint8", Second.Type: "uint8" }))
            throw new CompressionException(
                Codes.FidelityMissed,
                "The model takes pictures, because it prepares them itself, and the original takes prepared tensors. "
                    + "Compare a result without '--preprocess graph'.",
                path
            );
    }

    private static IEnumerable<string> Names(IReadOnlyList<ValueSignature> values) => values.Select(value => value.Name);
}
