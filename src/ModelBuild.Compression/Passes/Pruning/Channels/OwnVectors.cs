using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Pruning.Channels;

/// <summary>
/// Gives each reader of a vector its own copy. An optimized graph stores equal biases and normalization parameters, such as zeros, only once, which would
/// join channels that are not related. Vectors that are still equal after the cut can be merged again.
/// </summary>
internal static class OwnVectors
{
    /// <summary>Gives each reader of a shared vector its own copy in a main graph.</summary>
    public static void Unshare(Graph main)
    {
        foreach (
            var vector in main
                .Proto.Initializer.Where(tensor => tensor.DataType == (int)TensorProto.Types.DataType.Float && tensor.Dims.Count(size => size > 1) == 1)
                .ToArray()
        )
        foreach (var use in main.Consumers(vector.Name).Skip(1).Where(use => ReferenceEquals(use.Graph, main)))
        {
            var name = main.FreshName($"{vector.Name}_of_{use.Node.Output[0]}");
            main.AddInitializer(vector.WithName(name));
            main.SetInput(use.Node, use.Index, name);
        }
    }
}
