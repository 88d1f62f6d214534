using ModelBuild.Compression.Counting;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Cli.Output;

/// <summary>Represents the description of a model that <c>inspect</c> prints.</summary>
/// <param name="Model">The path of the model as the user gave it.</param>
/// <param name="Bytes">The bytes of the model on disk, including external data.</param>
/// <param name="ExternalFiles">The names of the external data files.</param>
/// <param name="IrVersion">The version of the ONNX format.</param>
/// <param name="Opsets">The versions of the operator sets by domain.</param>
/// <param name="Producer">The name and version of the tool that wrote the model.</param>
/// <param name="Nodes">The number of nodes, including those of subgraphs.</param>
/// <param name="Operators">The number of nodes of each operator, the most frequent first.</param>
/// <param name="Parameters">The number of elements of all weights.</param>
/// <param name="MultiplyAdds">The number of multiply-adds of one call; null without ONNX Runtime.</param>
/// <param name="Uncounted">The number of nodes without a count of multiply-adds, because their shapes depend on the input.</param>
/// <param name="InputShapes">The shapes of the inputs in that call.</param>
/// <param name="LargestNodes">The nodes with parameters or multiply-adds; those with the largest share of either come first.</param>
/// <param name="Weights">The elements and bytes of all constant tensors by element type.</param>
/// <param name="Inputs">The inputs in the order of the graph.</param>
/// <param name="Outputs">The outputs in the order of the graph.</param>
/// <param name="SignatureHash">The hash of the contract that a generated class checks.</param>
/// <param name="Metadata">The metadata of the model.</param>
internal sealed record ModelDescription(
    string Model,
    long Bytes,
    IReadOnlyList<string> ExternalFiles,
    long IrVersion,
    IReadOnlyDictionary<string, long> Opsets,
    string Producer,
    int Nodes,
    IReadOnlyDictionary<string, int> Operators,
    long Parameters,
    long? MultiplyAdds,
    int Uncounted,
    IReadOnlyDictionary<string, long[]> InputShapes,
    IReadOnlyList<NodeCost> LargestNodes,
    IReadOnlyList<WeightDescription> Weights,
    IReadOnlyList<ValueDescription> Inputs,
    IReadOnlyList<ValueDescription> Outputs,
    string SignatureHash,
    IReadOnlyDictionary<string, string> Metadata
)
{
    /// <summary>Returns the number of bytes of all files of a model.</summary>
    public static long Size(string path) => Size(path, OnnxModel.Load(path, new OnnxLoadOptions { SkipWeights = true }));

    /// <summary>Returns the description of a model. The bytes of its weights are not read.</summary>
    public static ModelDescription Of(OnnxModel model, string path)
    {
        var proto = model.Proto;
        var nodes = new Graph(model).SelfAndSubgraphs().SelectMany(scope => scope.Nodes).ToArray();
        var signature = SignatureReader.Read(model);
        var weights = model
            .Tensors()
            .GroupBy(tensor => (DataType)tensor.DataType)
            .Select(group => WeightDescription.Of(group.Key, group.Sum(tensor => tensor.ElementCount())))
            .OrderByDescending(weight => weight.Bytes)
            .ThenBy(weight => weight.Type, StringComparer.Ordinal)
            .ToArray();
        var profile = ModelProfile.Of(model);
        return new ModelDescription(
            path,
            Size(path, model),
            [.. model.ExternalFiles.Select(file => Path.GetFileName(file))],
            proto.IrVersion,
            proto
                .OpsetImport.GroupBy(opset => opset.Domain.Length == 0 ? "ai.onnx" : opset.Domain)
                .ToDictionary(group => group.Key, group => group.Max(opset => opset.Version)),
            $"{proto.ProducerName} {proto.ProducerVersion}".Trim(),
            nodes.Length,
            nodes
                .GroupBy(node => node.IsStandard() ? node.OpType : $"{node.Domain}:{node.OpType}")
                .OrderByDescending(group => group.Count())
                .ThenBy(group => group.Key, StringComparer.Ordinal)
                .ToDictionary(group => group.Key, group => group.Count()),
            profile.Parameters,
            profile.MultiplyAdds,
            profile.Uncounted,
            profile.InputShapes,
            profile.Nodes,
            weights,
            [.. signature.Inputs.Select(ValueDescription.Of)],
            [.. signature.Outputs.Select(ValueDescription.Of)],
            signature.Hash(),
            proto.MetadataProps.GroupBy(entry => entry.Key).ToDictionary(group => group.Key, group => group.First().Value)
        );
    }

    private static long Size(string path, OnnxModel model) => new FileInfo(path).Length + model.ExternalFiles.Sum(file => new FileInfo(file).Length);
}
