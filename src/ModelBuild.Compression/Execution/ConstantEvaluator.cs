using Microsoft.ML.OnnxRuntime;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Execution;

/// <summary>Computes the outputs of nodes whose inputs are all constant. The nodes run once, as a separate model.</summary>
internal static class ConstantEvaluator
{
    /// <summary>Returns the values named in <paramref name="wanted"/>, or null when ONNX Runtime cannot run the nodes.</summary>
    /// <param name="scope">The scope that resolves the names of constants.</param>
    /// <param name="nodes">The nodes in topological order.</param>
    /// <param name="wanted">The names of values that the nodes compute.</param>
    /// <param name="cancellationToken">Checked before the run.</param>
    public static IReadOnlyDictionary<string, TensorProto>? TryEvaluate(
        Graph scope,
        IReadOnlyList<NodeProto> nodes,
        IReadOnlyList<string> wanted,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        var graph = new GraphProto { Name = "constants" };
        graph.Node.Add(nodes);
        var made = nodes.SelectMany(node => node.Output).ToHashSet(StringComparer.Ordinal);
        foreach (var value in nodes.SelectMany(node => node.Input).Where(value => value.Length > 0 && !made.Contains(value)).Distinct(StringComparer.Ordinal))
            if (scope.TryGetConstant(value, out var tensor))
                graph.Initializer.Add(tensor.WithName(value));
        graph.Output.Add(wanted.Select(name => new ValueInfoProto { Name = name }));

        var proto = new ModelProto { IrVersion = Math.Max(4, scope.Model.Proto.IrVersion), Graph = graph };
        proto.OpsetImport.Add(scope.Model.Proto.OpsetImport);
        try
        {
            using var session = Sessions.OpenUnoptimized(new OnnxModel(proto));
            using var options = new RunOptions();
            using var results = session.Run(options, [], [], wanted);
            return wanted.Zip(results, ToTensor).ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        }
        catch (Exception exception) when (exception is OnnxRuntimeException or OnnxException { Fault: OnnxFault.TooLarge })
        {
            // The nodes cannot be evaluated: ONNX Runtime does not have an operator, the model of the nodes is invalid, or the constants exceed the largest
            // size of a protobuf message. An invalid model is reported when the complete model is loaded.
            return null;
        }
    }

    // Copies a tensor value of ONNX Runtime to a TensorProto. The element type keeps its number, because ONNX Runtime numbers element types like ONNX
    // (onnxruntime_c_api.h).
    private static TensorProto ToTensor(string name, OrtValue value)
    {
        var type = value.GetTensorTypeAndShape();
        return Tensors.Create(name, (TensorProto.Types.DataType)(int)type.ElementDataType, type.Shape, value.GetTensorMutableRawData().ToArray());
    }
}
