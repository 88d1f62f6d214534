using ModelBuild.Onnx;

namespace ModelBuild.Compression.Verification;

/// <summary>Which outputs are probabilities: their full scale is 1, and near 0 they say "nothing".</summary>
internal static class Probabilities
{
    private static readonly HashSet<string> HandOn = ["Cast", "Identity", "Reshape", "Squeeze", "Transpose", "Unsqueeze"];

    /// <summary>Whether the output comes out of a Sigmoid or a Softmax.</summary>
    public static bool IsProbability(Graph main, string output)
    {
        var producer = main.Producer(output);
        while (producer is not null && HandOn.Contains(producer.OpType))
            producer = main.Producer(producer.Input[0]);
        return producer?.OpType is "Sigmoid" or "Softmax";
    }
}
