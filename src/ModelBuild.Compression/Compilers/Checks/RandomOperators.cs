using ModelBuild.Onnx;

namespace ModelBuild.Compression.Compilers.Checks;

/// <summary>The standard operators that draw random numbers.</summary>
internal static class RandomOperators
{
    private static readonly HashSet<string> Names = ["Bernoulli", "Multinomial", "RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike"];

    /// <summary>Returns whether a node draws random numbers.</summary>
    public static bool Contains(NodeProto node) => node.IsStandard() && Names.Contains(node.OpType);
}
